"""What `nnkit lab` has made of a reader's notebook is handed in and graded like any other, under any of its names."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from nnkit.cli.upgrade.placing import place_notebooks
from nnkit.exercises.copies import NEWER, OLD, copy_name
from nnkit.grading.course import demo
from nnkit.grading.course.sample_class import STUDENTS, Notebook, Submission
from nnkit.grading.course.steps import nbgrader_api, run_step
from nnkit.grading.marks.class_table import read_class
from nnkit.grading.marks.outcomes import NEEDS_PERSON
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK, cell, released
from tests.grading.whole_class import grade

FILE = f"{NOTEBOOK}.ipynb"
RIGHT = {"double": "passed", "test_triple": "passed", "why": NEEDS_PERSON}


def older(notebook: NotebookNode) -> NotebookNode:
    """The version of the course before this one: other texts, another stub, a cell less, and one that is gone now."""
    before = copy.deepcopy(notebook)
    cells = [one for one in before.cells if one.id != "provided"]
    for one in cells:
        flags = one.metadata.get("nbgrader", {})
        if one.cell_type == "markdown" and not flags:
            one.source = f"Older. {one.source}"
        if one.cell_type == "code" and flags.get("solution"):
            one.source = f"# Older.\n{one.source}"
    before.cells = [*cells, nbformat.v4.new_markdown_cell("Gone in the newer version.", id="gone")]
    return before


def upgraded(place: Path, newer: NotebookNode, work: Callable[[NotebookNode], None]) -> Path:
    """The folder of somebody who got the older version, worked on it, and asked for the newer one."""
    source, target = place / "course", place / "mine"
    (source / ASSIGNMENT).mkdir(parents=True)
    nbformat.write(older(newer), source / ASSIGNMENT / FILE)
    place_notebooks(source, target)
    mine = target / ASSIGNMENT / FILE
    notebook = nbformat.read(mine, as_version=4)
    work(notebook)
    nbformat.write(notebook, mine)
    nbformat.write(newer, source / ASSIGNMENT / FILE)
    (placed,) = place_notebooks(source, target)
    assert placed.action == "merged"
    return target / ASSIGNMENT


def with_answers(notebook: NotebookNode) -> None:
    cell(notebook, "double").source = "def double(x):\n    return two * x"
    cell(notebook, "triple").source = "three = 3\n\n\ndef triple(x):\n    return three * x"
    cell(notebook, "why").source = "Because."
    cell(notebook, "test_triple").source += "\ntwo = 2"  # what was written into a locked cell is kept, too
    notebook.cells.insert(2, nbformat.v4.new_code_cell("two = 2"))


NAMES = {
    "merged": FILE,
    "merged, by a browser": f"{NOTEBOOK} (1).ipynb",
    "merged, copied": f"{NOTEBOOK}-Copy1.ipynb",
    "merged, as newer": copy_name(FILE, NEWER),
    "merged, as old": copy_name(FILE, OLD),
}


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, dict[str, str]], Path]:
    """Student → exercise → outcome; what was handed in says the student's name."""
    course = small_course.make_course(tmp_path_factory.mktemp("course"))
    run_step("generate", nbgrader_api(course).generate_assignment(ASSIGNMENT))
    folder = upgraded(tmp_path_factory.mktemp("student"), released(course), with_answers)
    merged, old = (folder / FILE).read_bytes(), (folder / copy_name(FILE, OLD)).read_bytes()
    fresh = nbformat.writes(released(course)).encode()
    handed_in = {student: {name: merged} for student, name in NAMES.items()}
    handed_in["never upgraded"] = {FILE: old}
    handed_in["the old one by its name"] = {copy_name(FILE, OLD): old}
    handed_in["everything"] = {FILE: merged, copy_name(FILE, OLD): old, copy_name(FILE, NEWER): fresh}
    handed_in["after a reset"] = {FILE: fresh, copy_name(FILE, OLD): merged}
    handed_in["as released"] = {FILE: fresh}
    for student, files in handed_in.items():
        place = course / "submitted" / student / ASSIGNMENT
        place.mkdir(parents=True)
        for name, content in files.items():
            (place / name).write_bytes(content)
    done = grade(course)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, dict[str, str]] = {}
    for entry in read_class(nbgrader_api(course), ASSIGNMENT):
        found.setdefault(entry.student, {})[entry.exercise] = entry.outcome
    return found, course


@pytest.mark.parametrize(
    "student", [*NAMES, "never upgraded", "the old one by its name", "everything", "after a reset"]
)
def test_a_merged_notebook_gets_its_marks_under_any_of_its_names(
    student: str, marks: tuple[dict[str, dict[str, str]], Path]
) -> None:
    found, _ = marks
    assert found[student] == RIGHT
    assert found["as released"] != RIGHT  # the control


def test_nbgrader_knows_every_cell_of_a_merged_notebook(marks: tuple[dict[str, dict[str, str]], Path]) -> None:
    """No flag is missing, changed or there twice: nothing had to be repaired before it was graded."""
    _, course = marks
    wanted = {one.id: one.metadata.get("nbgrader") for one in released(course).cells}
    for student in ("merged", "everything"):
        content = json.loads((course / "submitted" / student / ASSIGNMENT / FILE).read_bytes())
        found = [one for one in content["cells"] if "nbgrader" in one["metadata"]]
        assert {one["id"]: one["metadata"]["nbgrader"] for one in found} == {
            name: flags for name, flags in wanted.items() if flags
        }
        graded = nbformat.read(course / "autograded" / student / ASSIGNMENT / FILE, as_version=4)
        assert not [
            note for note in graded.metadata.get("nnkit", {}).get("repairs", []) if "flags" in note or "copies" in note
        ]


@pytest.mark.slow
def test_the_sample_class_gets_the_marks_that_are_known_after_an_upgrade(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each student of `nnkit demo` works on an older version, upgrades, and hands in what came of it."""
    counter = iter(range(1000))

    def upgrading(student: Callable[[Notebook], Submission]) -> Callable[[Notebook], Submission]:
        def make(notebook: Notebook) -> Submission:
            made = student(notebook)
            place = tmp_path / str(next(counter))
            source, target = place / "course", place / "mine"
            source.mkdir(parents=True)
            before = older(notebook.released)
            nbformat.write(before, source / FILE)
            place_notebooks(source, target)
            try:
                mine = nbformat.reads(made.content.decode(), as_version=4)
            except ValueError:
                (target / FILE).write_bytes(made.content)
            else:
                texts = {
                    one.source: other.source
                    for other in before.cells
                    for one in notebook.released.cells
                    if one.id == other.id
                }
                for one in mine.cells:
                    one.source = texts.get(one.source, one.source)
                nbformat.write(mine, target / FILE)
            nbformat.write(notebook.released, source / FILE)
            place_notebooks(source, target)
            return Submission((target / FILE).read_bytes(), made.expected)

        return make

    monkeypatch.setattr(demo, "STUDENTS", {name: upgrading(make) for name, make in STUDENTS.items()})
    name = "01_computation_graphs"
    demo.prepare_folder(repository, tmp_path / "class")

    class Silent:
        def set_description(self, text: str, /) -> None: ...
        def update(self) -> None: ...

    entries, expected, problems = demo.play(tmp_path / "class", [name], 2, Silent())
    assert problems == []
    assert demo.compare(entries, expected) == []
    assert len(entries) > 50
