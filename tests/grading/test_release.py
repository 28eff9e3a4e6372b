"""course/ is exactly what solutions/ generates, and generating leaves no half-done work behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from nnkit.cli import main
from nnkit.grading.course.folder import CourseError
from nnkit.grading.course.release import check_release, differences, generate, release
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return small_course.make_course(tmp_path / "course folder")


def test_the_repository_is_in_step(repository: Path) -> None:
    assert check_release(repository) == []


def test_generating_twice_gives_the_same_bytes(repository: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        generate(repository, tmp_path / name)
    assert differences(tmp_path / "one", tmp_path / "two") == []
    assert any((tmp_path / "one").rglob("*.ipynb"))


def test_what_students_get_holds_no_carriage_returns_and_no_answers(repository: Path) -> None:
    for path in (repository / "course").rglob("*.ipynb"):
        assert b"\r" not in path.read_bytes()
        text = path.read_text(encoding="utf-8")
        assert "BEGIN SOLUTION" not in text
        assert "HIDDEN TESTS" not in text


def test_only_changes_are_written(course: Path) -> None:
    assert release(course) == [f"{ASSIGNMENT}/{NOTEBOOK}.ipynb is new."]
    written = course / "course" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    before = written.stat().st_mtime_ns
    assert release(course) == []
    assert written.stat().st_mtime_ns == before
    assert check_release(course) == []


def test_a_difference_is_named(
    course: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    release(course)
    monkeypatch.chdir(course)
    path = course / "course" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    path.write_bytes(path.read_bytes().replace(b"# Small", b"# Large"))
    assert main(["release", "--check"]) == 1
    assert f"{ASSIGNMENT}/{NOTEBOOK}.ipynb differs from what is generated, first in line" in capsys.readouterr().err
    (course / "course" / "stray.ipynb").write_text("{}")
    assert "stray.ipynb is there but is not generated from anything." in check_release(course)
    assert main(["release"]) == 0
    assert main(["release", "--check"]) == 0
    assert not (course / "course" / "stray.ipynb").exists()


def test_a_failure_leaves_the_course_as_it_was(course: Path) -> None:
    release(course)
    path = course / "course" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    before = path.read_bytes()
    source = course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook = nbformat.read(source, as_version=4)
    notebook.cells[3].source = "### BEGIN SOLUTION\nno end"
    nbformat.write(notebook, source)
    with pytest.raises(CourseError, match=f"could not generate {ASSIGNMENT}"):
        release(course)
    assert path.read_bytes() == before
    assert not [path.name for path in course.iterdir() if path.name.startswith(".nnkit-release")]


def test_without_sources_it_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import nnkit.grading.course.folder as module

    place = tmp_path / "site-packages" / "nnkit" / "grading" / "course" / "folder.py"
    monkeypatch.setattr(module, "__file__", str(place))
    monkeypatch.chdir(tmp_path)
    for command in (["release"], ["execute"], ["demo", "--out", str(tmp_path / "out")]):
        assert main(command) == 1
        assert "git clone" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_command_that_writes_into_another_course_folder_than_the_one_you_stand_in_says_so(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import nnkit.grading.course.folder as module

    monkeypatch.setattr(module, "__file__", str(course / "nnkit" / "grading" / "course" / "folder.py"))
    for command in (["release"], ["times"]):
        monkeypatch.chdir(course / "solutions")
        assert main(command) == 0
        assert str(course) not in capsys.readouterr().out
        monkeypatch.chdir(tmp_path)
        assert main(command) == 0
        assert capsys.readouterr().out.startswith(
            f"You are in no course folder. This is about the one that nnkit is installed from, {course}."
        )


def test_an_unknown_assignment_is_named(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course)
    assert main(["execute", "09_none"]) == 1
    assert f"There is no assignment 09_none; there are {ASSIGNMENT}." in capsys.readouterr().err


def test_execute_keeps_ids_and_leaves_no_times(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course)
    path = course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    before = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert main(["execute"]) == 0
    first = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    assert [cell.id for cell in notebook.cells] == before
    assert [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"] == [1, 2, 3, 4, 5, 6]
    assert all("execution" not in cell.metadata for cell in notebook.cells)
    assert "widgets" not in notebook.metadata
    for name in (ASSIGNMENT, f"solutions/{ASSIGNMENT}/", NOTEBOOK, f"{ASSIGNMENT}/{NOTEBOOK}.ipynb"):
        capsys.readouterr()
        assert main(["execute", name]) == 0
        assert f"{NOTEBOOK}.ipynb: " in capsys.readouterr().out
        assert path.read_bytes() == first


def test_execute_writes_nothing_when_a_cell_fails(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course)
    path = course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].source = "1 / 0"
    nbformat.write(notebook, path)
    before = path.read_bytes()
    assert main(["execute"]) == 1
    assert "did not run to its end" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == [path]


def test_files_beside_the_notebook_are_released_too(course: Path) -> None:
    place = course / "solutions" / ASSIGNMENT
    (place / "data.csv").write_bytes(b"1,2\r\n")
    (place / "__pycache__").mkdir()
    (place / "__pycache__" / "x.pyc").write_bytes(b"")
    release(course)
    found = sorted(path.name for path in (course / "course").rglob("*") if path.is_file())
    assert found == ["data.csv", f"{NOTEBOOK}.ipynb"]
    assert (course / "course" / ASSIGNMENT / "data.csv").read_bytes() == b"1,2\n"
    shutil.rmtree(place / "__pycache__")
