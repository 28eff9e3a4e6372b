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
