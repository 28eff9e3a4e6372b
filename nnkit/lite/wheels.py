"""What runs in the browser on top of Pyodide: nnkit itself, and the pure-Python packages that its notebooks use.

Those come in the versions that are installed here, from the index that pip is set up with, or from a folder. nnkit's
own wheel is built from the checkout, or packed again from the installed package.
"""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from nnkit.installation import DISTRIBUTION, checkout
from nnkit.lite.pyodide import SiteError, normal
from nnkit.saving import whole_file

PYTHON = "3.12"  # Pyodide's
# Package → what it imports when it is used in a browser. Of psygnal there are compiled wheels and a pure one: the
# latter. What widgets need on the page (jupyterlab_widgets, widgetsnbextension) is part of the site, not of Python.
PACKAGES = {
    "anywidget": ("ipywidgets", "psygnal", "typing-extensions"),
    "comm": (),
    "ipywidgets": ("comm", "ipython", "traitlets"),
    "psygnal": (),
    "tqdm": (),
    "typing-extensions": (),
}
NNKIT = ("numpy", "matplotlib", "ipython", "anywidget", "ipywidgets", "tqdm")
SECONDS = 600.0  # for pip; a slow line is patient, a dead one ends


@dataclass(frozen=True)
class Wheel:
    """A wheel that any Python can install.

    Parameters
    ----------
    path : Path
        Where it lies.
    depends : tuple[str, ...]
        The packages that are to be loaded with it.
    imports : tuple[str, ...]
        The modules that bring it in when a cell imports them.
    """

    path: Path
    depends: tuple[str, ...]
    imports: tuple[str, ...]

    @property
    def name(self) -> str:
        """The package's name."""
        return normal(self.path.name.split("-")[0])

    @property
    def version(self) -> str:
        """The package's version."""
        return self.path.name.split("-")[1]

    def entry(self) -> dict[str, Any]:
        """Return what Pyodide's list of packages says of it."""
        return {
            "name": self.name,
            "version": self.version,
            "file_name": self.path.name,
            "sha256": hashlib.sha256(self.path.read_bytes()).hexdigest(),
            "imports": list(self.imports),
            "depends": list(self.depends),
            "install_dir": "site",
            "package_type": "package",
            "unvendored_tests": False,
        }


def gathered(folder: Path, given: Path | None = None) -> list[Wheel]:
    """Return the wheels of nnkit, which is the first, and of what it needs beyond Pyodide.

    Parameters
    ----------
    folder : Path
        Where to put those that are fetched or built; it is there.
    given : Path or None
        A folder with the wheels of all `PACKAGES`; one of nnkit in it is taken too. Nothing is fetched then.

    Raises
    ------
    SiteError
        One is missing, or cannot be fetched or built.
    """
    if given is None:
        _download(folder)
    found = [
        Wheel(_pure(given or folder, name), depends, (name.replace("-", "_"),)) for name, depends in PACKAGES.items()
    ]
    own = _wheels(given, DISTRIBUTION) if given is not None else []
    return [Wheel(own[-1] if own else own_wheel(folder), NNKIT, ("nnkit",)), *found]


def own_wheel(folder: Path) -> Path:
    """Make the wheel of the nnkit that runs here.

    Parameters
    ----------
    folder : Path
        Where to put it; it is there.

    Raises
    ------
    SiteError
        It cannot be built.
    """
    source = checkout()
    return _packed_again(folder) if source is None else _built(source, folder)


def _built(source: Path, folder: Path) -> Path:
    """Have pip build a checkout."""
    inside = folder / "own"
    inside.mkdir()
    command = ["wheel", "--no-deps", "--wheel-dir", str(inside), str(source)]
    if importlib.util.find_spec("hatchling"):  # then nothing has to be fetched for it
        command.insert(1, "--no-build-isolation")
    _pip(command, f"nnkit's own wheel could not be built from {source}")
    (wheel,) = inside.glob("*.whl")
    return wheel


def _packed_again(folder: Path) -> Path:
    """Pack the installed package again: a wheel is what was installed, as an archive."""
    installed = metadata.distribution(DISTRIBUTION)
    own = {"INSTALLER", "REQUESTED", "direct_url.json", "RECORD"}  # of this installation, not of the package
    listed = [path for path in installed.files or () if path.parts[0] != ".." and "__pycache__" not in path.parts]
    info = next((path.parts[0] for path in listed if path.parts[0].endswith(".dist-info")), None)
    if info is None or not any(path.parts[0] == "nnkit" for path in listed):
        raise SiteError(
            f"The installed {DISTRIBUTION} does not say which files are its own, so no wheel can be packed of it. Put "
            "its wheel into a folder with those of the other packages, and name that with --wheels."
        )
    wheel = folder / f"{DISTRIBUTION.replace('-', '_')}-{installed.version}-py3-none-any.whl"
    with whole_file(wheel) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(listed, key=str):
            if path.name not in own:
                archive.write(str(path.locate()), path.as_posix())
        archive.writestr(f"{info}/RECORD", "")
    return wheel


def _download(folder: Path) -> None:
    """Have pip fetch the wheels of the installed versions."""
    wanted = []
    for name in PACKAGES:
        try:
            wanted.append(f"{name}=={metadata.version(name)}")
        except metadata.PackageNotFoundError as problem:
            raise ImportError(f"{name} is not installed.", name=name) from problem
    command = ["download", "--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    command += ["--platform", "any", "--implementation", "py", "--abi", "none", "--python-version", PYTHON]
    _pip([*command, *wanted], "The wheels of what widgets need could not be fetched")


def _pip(command: list[str], failed: str) -> None:
    """Run pip; if it cannot, say so with its own last word."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *command],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SiteError(f"{failed}: pip did not end within {SECONDS:g} s. Try again, or use --wheels FOLDER.") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR") or "No module" in line]
        reason = (said or done.stderr.strip().splitlines() or ["pip says nothing"])[-1]
        raise SiteError(f"{failed}. pip: {reason}. Try again when there is a network, or use --wheels FOLDER.")


def _wheels(folder: Path, name: str) -> list[Path]:
    """The pure wheels of a package in a folder."""
    return [path for path in sorted(folder.glob("*-none-any.whl")) if normal(path.name.split("-")[0]) == name]


def _pure(folder: Path, name: str) -> Path:
    found = _wheels(folder, name)
    if not found:
        raise SiteError(
            f"{folder} should hold a wheel of {name} for any Python ({name.replace('-', '_')}-…-py3-none-any.whl), but "
            "there is none. `pip download` with `--only-binary=:all: --platform any` brings it; or leave --wheels out, "
            "and it is fetched."
        )
    return found[-1]
