"""`nnkit lab` serves a notebook from an installed wheel without a checkout."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnkit.cli.lab import SETTINGS, lab_command
from nnkit.cli.upgrade.placing import place_notebooks

# Seconds: what takes a moment here may take many times as long on a slow and busy machine, but not for ever.
COMMAND, SERVER, ANSWER = 1200, 600, 120


def test_a_file_is_no_folder(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="Name another folder"):
        place_notebooks(repository / "course", tmp_path / "file")


def test_the_settings_for_students_are_json() -> None:
    files = list(SETTINGS.rglob("*.json"))
    assert len(files) == 3
    for path in files:
        json.loads(path.read_text(encoding="utf-8"))


def test_the_first_notebook_is_opened() -> None:
    command = lab_command(Path("/x y"), no_browser=True, port=8900, notebook="00_a/my notebook.ipynb")
    assert "--LabApp.default_url=/lab/tree/00_a/my%20notebook.ipynb" in command
    assert {"--no-browser", "--port=8900", f"--ServerApp.root_dir={Path('/x y')}"} <= set(command)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(repository)],
        capture_output=True,
        text=True,
        timeout=COMMAND,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_the_students_notebooks_and_no_answers(wheel: Path, repository: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for path in (repository / "course").rglob("*.ipynb"):
            name = "nnkit/course/" + path.relative_to(repository / "course").as_posix()
            assert archive.read(name) == path.read_bytes()
    assert {"nnkit/py.typed", "nnkit/cli/upgrade/earlier_cells.txt"} <= names
    assert {f"nnkit/cli/settings/{path.relative_to(SETTINGS).as_posix()}" for path in SETTINGS.rglob("*.json")} <= names
    assert not [name for name in names if "solutions" in name or name.startswith("tests")]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel in it; what it stands on comes from the environment of the tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    places = "Scripts" if os.name == "nt" else "bin"
    python = folder / places / ("python.exe" if os.name == "nt" else "python")
    where = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
        timeout=COMMAND,
    )
    packages = Path(where.stdout.strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    import jupyterlab

    (packages / "rest.pth").write_text(str(Path(jupyterlab.__file__).parents[1]) + "\n")
    return python


@pytest.fixture
def server(installed: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """`nnkit lab` from the wheel in a clean folder, ended by its own process id."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER"))}
    environment |= {"HOME": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"), "PYTHONUTF8": "1"}
    log = (tmp_path / "log.txt").open("w+", encoding="utf-8")
    process = subprocess.Popen(
        [installed, "-m", "nnkit", "lab", "mine", "--no-browser", "--port", "18888"],
        cwd=tmp_path,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        address = None
        end = time.monotonic() + SERVER
        while address is None and time.monotonic() < end and process.poll() is None:
            time.sleep(0.25)
            address = re.search(r"http://127\.0\.0\.1:\d+/\S*\?token=\w+", Path(log.name).read_text(encoding="utf-8"))
        assert address is not None, Path(log.name).read_text(encoding="utf-8")[-3000:]
        yield address.group(0), tmp_path
    finally:
        process.terminate()
        try:
            process.wait(ANSWER)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(ANSWER)
        log.close()


def test_lab_from_the_wheel_serves_a_notebook(server: tuple[str, Path], repository: Path) -> None:
    address, folder = server
    base, token = re.fullmatch(r"(http://[^/]+)/.*token=(\w+)", address).groups()  # type: ignore[union-attr]
    first = min(path.relative_to(repository / "course").as_posix() for path in (repository / "course").rglob("*.ipynb"))
    request = urllib.request.Request(f"{base}/api/contents/{first}", headers={"Authorization": f"token {token}"})
    with urllib.request.urlopen(request, timeout=ANSWER) as answer:
        content = json.load(answer)
    assert content["type"] == "notebook"
    assert content["content"]["cells"]
    assert (folder / "mine" / first).read_bytes() == (repository / "course" / first).read_bytes()
    with urllib.request.urlopen(address, timeout=ANSWER) as page:
        assert page.status == 200
        assert first in page.geturl()


def test_the_library_comes_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [installed, "-c", "import nnkit; print(nnkit.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=COMMAND,
    )
    assert str(installed.parents[1].resolve()) in str(Path(done.stdout.strip()).resolve())


def test_demo_from_the_wheel_says_what_it_needs(installed: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [installed, "-m", "nnkit", "demo"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=COMMAND,
    )
    assert done.returncode == 1
    assert "git clone" in done.stderr
    assert "Traceback" not in done.stderr
