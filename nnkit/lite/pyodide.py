"""Pyodide, the Python for browsers: which of its files the course needs, where they come from, and that they are whole.

They are taken file by file from Pyodide's own distribution and kept, or from a folder. Its list of packages (the lock)
is known by its hash, which stands here; that list in turn has a hash for every package. So nothing enters a site that
Pyodide's authors have not released, wherever it was fetched.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nnkit.bar import bar as progress_bar
from nnkit.data.downloads import reason_of
from nnkit.saving import whole_file

VERSION = "0.27.7"
DISTRIBUTION = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
RELEASE = f"https://github.com/pyodide/pyodide/releases/tag/{VERSION}"  # the same files in one archive
LOCK = "pyodide-lock.json"
SHA256 = {
    "pyodide.js": "b4cb23a53aba19c221659b9fb40a2f18281d685691dc06647fb0afd0681baf98",
    "pyodide.mjs": "04c052c815abb0bf2981fa38c2dfa58e3120ee5288c956df2b2a15e301782c5f",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
    LOCK: "9c45b916001a750f4102fc287494f3eab215909c7535c626a20db80fd6333e2c",
}
# What the course imports, what the kernel of JupyterLite loads when it starts, and what both stand on.
WANTED = ("numpy", "matplotlib", "ipython", "jedi", "micropip", "sqlite3", "ssl", "pyodide-unix-timezones")
TIMEOUT = (10.0, 60.0)  # seconds until the distribution answers, and between two pieces of a file


class SiteError(Exception):
    """Why a site cannot be built, in a sentence for whoever wanted it."""


def fetched(target: Path, given: Path | None = None) -> dict[str, Any]:
    """Put the files of Pyodide that the course needs into a folder, every one of them verified.

    Parameters
    ----------
    target : Path
        The folder; it is there.
    given : Path or None
        A folder that holds them, such as an unpacked release of Pyodide; else they are fetched once, and kept.

    Returns
    -------
    dict
        Pyodide's list of packages, cut down to those that were put there.

    Raises
    ------
    SiteError
        A file is missing, is not the official one, or cannot be fetched.
    """
    lock = json.loads(_content(LOCK, SHA256[LOCK], given))
    lock["packages"] = needed(lock["packages"], WANTED)
    wanted = {name: hash_ for name, hash_ in SHA256.items() if name != LOCK}
    wanted |= {package["file_name"]: package["sha256"] for package in lock["packages"].values()}
    with progress_bar(len(wanted), f"Pyodide {VERSION}", unit="file") as bar:
        for name, hash_ in wanted.items():
            bar.set_postfix_str(name)
            with whole_file(target / name) as file:
                file.write(_content(name, hash_, given))
            bar.update()
    return dict(lock)


def needed(packages: dict[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    """Return some packages of the lock and all that they depend on.

    Parameters
    ----------
    packages : dict
        Name → what the lock says of it, among it ``depends``.
    wanted : iterable of str
        Their names, with ``-`` or ``_``.

    Examples
    --------
    >>> lock = {"a": {"depends": ["b_b"]}, "b-b": {"depends": []}, "c": {"depends": []}}
    >>> list(needed(lock, ["a"]))
    ['a', 'b-b']
    """
    spelled = {normal(name): name for name in packages}
    found: dict[str, Any] = {}
    todo = list(wanted)
    while todo:
        name = spelled[normal(todo.pop())]
        if name not in found:
            found[name] = packages[name]
            todo += packages[name]["depends"]
    return dict(sorted(found.items()))


def normal(name: str) -> str:
    """The one spelling of a package's name.

    Parameters
    ----------
    name : str

    Examples
    --------
    >>> normal("Typing_Extensions")
    'typing-extensions'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def _content(name: str, sha256: str, given: Path | None) -> bytes:
    """The bytes of an official file."""
    if given is None:
        return _from_the_distribution(name, sha256).read_bytes()
    path = given / name
    if not path.is_file():
        raise SiteError(
            f"{given} should hold the files of Pyodide {VERSION}, but there is no {name} in it. Unpack the whole "
            f"release pyodide-{VERSION}.tar.bz2 ({RELEASE}) and name the folder that holds {LOCK}; or leave --pyodide "
            "out, and the files are fetched."
        )
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SiteError(
            f"{path} is not the official file of Pyodide {VERSION}: its SHA-256 differs. It may be of another version "
            "or cut off. Put the right one there, or leave --pyodide out, and the files are fetched."
        )
    return content


def _from_the_distribution(name: str, sha256: str) -> Path:
    """The path of an official file that is kept from before, or fetched now; whole either way."""
    import pooch

    pooch.get_logger().setLevel("WARNING")  # it would announce every download on standard error
    folder = Path(pooch.os_cache("nnkit")) / f"pyodide-{VERSION}"
    download = pooch.HTTPDownloader(chunk_size=65536, timeout=TIMEOUT)
    try:
        return Path(pooch.retrieve(DISTRIBUTION + name, f"sha256:{sha256}", name, folder, downloader=download))
    except (OSError, ValueError) as error:  # requests' errors are OSErrors, pooch's on a wrong hash a ValueError
        reason = "what came is not the official file" if isinstance(error, ValueError) else reason_of(error)
        kept = "What has been fetched is kept; try" if folder.is_dir() and any(folder.iterdir()) else "Try"
        raise SiteError(
            f"{name} of Pyodide {VERSION} could not be fetched from {DISTRIBUTION}: {reason}. {kept} again later, or "
            f"unpack the release pyodide-{VERSION}.tar.bz2 ({RELEASE}) and name its folder with --pyodide."
        ) from None
