"""How nnkit came onto this machine: its version, its checkout if it has one, the command that installs more of it."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

# What pip knows the package by. The name "nnkit" belongs to another project there; the import is nnkit all the same.
DISTRIBUTION = "nnkit-course"
OTHER_PROJECT = "nnkit"


def nnkit_version() -> str:
    """The installed version of nnkit, "unknown" when it runs from a folder that is not installed."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown"


def intruder() -> str | None:
    """The version of the other project called nnkit, where it is installed beside this one; None where it is not.

    Both bring a file ``nnkit/__init__.py``: whichever came last has it, and whoever removes one takes it away.
    """
    try:
        other = metadata.distribution(OTHER_PROJECT)
    except metadata.PackageNotFoundError:
        return None
    # An editable installation from before this project had a name of its own brings no such file.
    return other.version if any(file.as_posix() == "nnkit/__init__.py" for file in other.files or ()) else None


def complete() -> bool:
    """Whether ``import nnkit`` gives this project, and not what another one has left of it."""
    return hasattr(sys.modules["nnkit"], "manual_seed")


def repair_command() -> str:
    """The commands, one a line, that leave this project's nnkit and no other."""
    repaired = f"{install_command()} --force-reinstall --no-deps"
    return f'"{sys.executable}" -m pip uninstall --yes {OTHER_PROJECT}\n{repaired}' if intruder() else repaired


def checkout() -> Path | None:
    """The repository that nnkit is installed from in editable mode, None for an installed package."""
    folder = Path(__file__).resolve().parents[1]
    return folder if (folder / "pyproject.toml").is_file() and (folder / "course").is_dir() else None


def install_command(extra: str = "course") -> str:
    """The command that installs everything that an extra needs, for the way nnkit is installed here.

    Parameters
    ----------
    extra : str
        One of those in ``pyproject.toml``.
    """
    folder = checkout()
    if folder is not None:
        return f'"{sys.executable}" -m pip install -e "{folder}[{extra}]"'
    file = _installed_file()
    if file is not None:  # as long as it is there, it is what was installed; an index may have another version, or none
        return f'"{sys.executable}" -m pip install "{DISTRIBUTION}[{extra}] @ {file.as_uri()}"'
    return f'"{sys.executable}" -m pip install "{DISTRIBUTION}[{extra}]"'


def _installed_file() -> Path | None:
    """The wheel or folder of this machine that nnkit was installed from, None when it came from an index or is gone."""
    try:
        noted = metadata.distribution(DISTRIBUTION).read_text("direct_url.json")
        address = urlsplit(json.loads(noted or "{}").get("url", ""))
    except (metadata.PackageNotFoundError, OSError, ValueError, AttributeError):
        return None
    file = Path(url2pathname(unquote(address.path)))
    return file if address.scheme == "file" and file.exists() else None
