"""Which class is graded: that of the folder that is named or stood in, or none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from nnkit.cli import main
from nnkit.grading.course.folder import NoCourseError, class_folder
from nnkit.grading.course.names import assignment_name, no_assignment
from nnkit.grading.course.steps import nbgrader_api, run_step
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, REPOSITORY

COMMANDS = (["grade", ASSIGNMENT], ["report"])


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return small_course.make_course(tmp_path / "course")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_is_named_and_none_is_refused(
    command: list[str],
    course: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(course)  # not even the course that one stands in takes its place
    (course / "notes").mkdir()
    for named in (tmp_path / "nowhere", course / "notes", course / "solutions"):
        assert main([*command, "--course", str(named)]) == 2
        said = capsys.readouterr()
        assert f"{named} is no course folder: it has no nbgrader_config.py and no solutions/." in said.err
        assert said.out == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_the_checkout_that_nnkit_is_installed_from_is_no_class_of_ones_own(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "submitted" / "zoe" / ASSIGNMENT).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    for more in ([], ["--course", "."]):
        assert main([*command, *more]) == 2
        assert f"{tmp_path.resolve()} is no course folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["submitted"]


@pytest.mark.parametrize("part", ["nbgrader_config.py", "submitted", "gradebook.db"])
def test_a_class_in_a_folder_that_is_not_whole_is_not_taken_for_that_of_the_course_above(
    part: str, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = course / "sections" / "a"
    section.mkdir(parents=True)
    (section / part).touch()
    (section / "notes").mkdir()
    for place in (section, section / "notes"):
        monkeypatch.chdir(place)
        with pytest.raises(NoCourseError, match=f"{re.escape(str(section.resolve()))} is no course folder"):
            class_folder()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder that somebody is in")
def test_a_working_folder_that_was_removed_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    for more in ([], ["--course", "."]):
        assert main(["report", *more]) == 2
        assert "The folder that you are in is no longer there." in capsys.readouterr().err


def test_what_is_missing_is_named(course: Path) -> None:
    shutil.rmtree(course / "solutions")
    with pytest.raises(NoCourseError, match=r"no course folder: it has no solutions/\."):
        class_folder(course)


def test_a_course_folder_above_is_taken_and_said_first(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for place, first in (
        (course / "solutions" / ASSIGNMENT, f"The course folder is {course.resolve()}.\n"),
        (course, ""),
    ):
        monkeypatch.chdir(place)
        assert main(["report"]) == 1
        said = capsys.readouterr()
        assert said.out == first
        assert f"There is no gradebook {course.resolve()}" in said.err


@pytest.mark.skipif(os.name == "nt", reason="the guide's commands are those of a shell")
def test_a_folder_for_a_section_is_made_as_the_guide_says(course: Path) -> None:
    guide = (REPOSITORY / "GRADING.md").read_text(encoding="utf-8")
    (commands,) = re.findall(r"^## The course folder\n.*?^```sh\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
    *making, last = commands.splitlines()
    assert last == "nbgrader generate_assignment 02_backprop_by_hand"
    subprocess.run(["sh", "-ec", "\n".join(making)], cwd=course, check=True)
    section = course.parent / "section_a"
    assert class_folder(section) == section.resolve()
    api = nbgrader_api(section)
    run_step("generate", api.generate_assignment(ASSIGNMENT))
    with api.gradebook as gradebook:
        assert [one.name for one in gradebook.assignments] == [ASSIGNMENT]


@pytest.mark.parametrize("typed", ["01_small", "01_small/", "solutions/01_small", "./course/01_small/", " 01_small"])
def test_an_assignment_may_be_typed_as_a_shell_completes_it(typed: str) -> None:
    assert assignment_name(typed) == ASSIGNMENT


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("01_comp", ["01_computation_graphs"]),
        ("computation_graphs", ["01_computation_graphs"]),
        ("02_Backprop_By_Hand", ["02_backprop_by_hand"]),
        ("01_computational_graph", ["01_computation_graphs"]),
        ("graph", ["01_computation_graphs", "03_graphs"]),
        ("07_mnist", []),
        ("", []),
    ],
)
def test_what_may_have_been_meant_is_asked(typed: str, meant: list[str]) -> None:
    known = ["00_welcome", "01_computation_graphs", "02_backprop_by_hand", "03_graphs"]
    said = no_assignment(typed, known)
    if meant:
        assert said == f"There is no assignment {typed}. Did you mean {' or '.join(meant)}?"
    else:
        assert said == f"There is no assignment {typed}; there are {', '.join(known)}."


def test_how_an_assignment_is_generated_is_said_only_where_its_source_is_there(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = course / "solutions" / "02_more"
    place.mkdir()
    (place / "more.ipynb").write_bytes((course / "solutions" / ASSIGNMENT / "small.ipynb").read_bytes())
    api = nbgrader_api(course)
    run_step("generate", api.generate_assignment(ASSIGNMENT))
    for typed, generated in (("02_more/", True), ("02_mor", False)):
        assert main(["grade", typed, "--course", str(course)]) == 1
        said = capsys.readouterr().err
        assert ("`nbgrader generate_assignment 02_more`" in said) == generated
        assert ("Did you mean 02_more?" in said) != generated
    with api.gradebook as gradebook:
        gradebook.add_submission(ASSIGNMENT, gradebook.add_student("ada").id)
    for typed, graded in (("02_more", True), ("nonsense", False)):
        assert main(["report", typed, "--course", str(course)]) == 1
        assert ("`nnkit grade 02_more` grades it" in capsys.readouterr().err) == graded
