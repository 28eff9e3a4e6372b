"""`nnkit lab` serves a notebook from an installed wheel without a checkout."""

from __future__ import annotations

import json
import re
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from nnkit.cli.lab import ASSIGNMENT_LIST, SETTINGS, lab_command
from nnkit.cli.upgrade.placing import place_notebooks
from tests.package.served import ANSWER, clean, run, serving


def test_a_file_is_no_folder(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="Name another folder"):
        place_notebooks(repository / "course", tmp_path / "file")


def test_the_settings_for_students_are_json() -> None:
    files = [*SETTINGS.rglob("*.json"), *ASSIGNMENT_LIST.rglob("*.json")]
    assert len(files) == 6
    for path in files:
        json.loads(path.read_text(encoding="utf-8"))


def test_a_student_sees_nothing_of_nbgraders() -> None:
    """Each of its plugins is named in its program; one that stays on would show pages that only tell errors."""
    place = Path(sys.prefix, "share", "jupyter", "labextensions", "@jupyter", "nbgrader", "static")
    if not place.is_dir():
        pytest.skip("nbgrader is not installed")
    found = {name for path in place.glob("*.js") for name in re.findall(r"@jupyter/nbgrader:[a-z-]+", path.read_text())}
    off = json.loads((SETTINGS / "labconfig" / "page_config.json").read_text())["disabledExtensions"]
    assert "@jupyter/nbgrader:menu" in found
    assert found == set(off)
    assert all(off.values())


def test_the_first_notebook_is_opened() -> None:
    command = lab_command(Path("/x y"), no_browser=True, port=8900, notebook="00_a/my notebook.ipynb")
    assert "--LabApp.default_url=/lab/tree/00_a/my%20notebook.ipynb" in command
    assert {"--no-browser", "--port=8900", f"--ServerApp.root_dir={Path('/x y')}"} <= set(command)


@pytest.fixture
def server(installed: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """`nnkit lab` from the wheel in a clean folder."""
    environment = clean(HOME=str(tmp_path), JUPYTER_RUNTIME_DIR=str(tmp_path / "runtime"))
    command = [installed, "-m", "nnkit", "lab", "mine", "--no-browser", "--port", "18888"]
    with serving(command, tmp_path, environment) as address:
        yield address, tmp_path


def test_lab_from_the_wheel_serves_a_notebook(server: tuple[str, Path], repository: Path) -> None:
    address, folder = server
    base, token = re.fullmatch(r"(http://[^/]+)/.*token=(\w+)", address).groups()  # type: ignore[union-attr]
    first = "00_welcome/welcome.ipynb"  # and not the glossary, which the alphabet has before it
    request = urllib.request.Request(f"{base}/api/contents/{first}", headers={"Authorization": f"token {token}"})
    with urllib.request.urlopen(request, timeout=ANSWER) as answer:
        content = json.load(answer)
    assert content["type"] == "notebook"
    assert content["content"]["cells"]
    assert (folder / "mine" / first).read_bytes() == (repository / "course" / first).read_bytes()
    with urllib.request.urlopen(address, timeout=ANSWER) as page:
        assert page.status == 200
        assert urlsplit(page.geturl()).path == f"/lab/tree/{first}"


def test_the_library_comes_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = run([installed, "-c", "import nnkit; print(nnkit.__file__)"], tmp_path)
    assert str(installed.parents[1].resolve()) in str(Path(done.stdout.strip()).resolve())


def test_demo_from_the_wheel_says_what_it_needs(installed: Path, tmp_path: Path) -> None:
    done = run([installed, "-m", "nnkit", "demo"], tmp_path)
    assert done.returncode == 1
    assert "git clone" in done.stderr
    assert "Traceback" not in done.stderr
