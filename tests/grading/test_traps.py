"""What students hand in, by accident or on purpose, and what plain `nbgrader autograde` makes of it.

One class of odd submissions is graded by one command; every trap is a test of its own. Stock nbgrader stops the batch
at some of them, loses every score of some others, and gives full points for several that hold no right answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from nnkit.exercises.terms import TIME_LIMIT_VARIABLE
from nnkit.grading.course.steps import nbgrader_api
from nnkit.grading.marks.class_table import Entry, read_class
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK, cell, hand_in, released, solved

# Short, because several traps only end by them, but ten times what the honest cells of a submission take here; and an
# answer that never returns is stopped well before its cell is.
SETTINGS = """
c.ExecuteSubmission.timeout = 8
c.ExecuteSubmission.notebook_timeout = 40
"""
ANSWER_SECONDS = "3"
LOOPS = 6  # together longer than a notebook may take
RIGHT = {"double": "passed", "test_triple": "passed", "why": "needs a person"}
NOTHING = {"double": "not attempted", "test_triple": "wrong", "why": "not attempted"}
POINTS = {"double": 2.0, "test_triple": 1.0}

Trap = Callable[[Path], NotebookNode | str | bytes]
TRAPS: dict[str, tuple[Trap, dict[str, str]]] = {}


def trap(expected: dict[str, str]) -> Callable[[Trap], Trap]:
    """Enter a submission into the class, with the outcome that it must have."""

    def enter(make: Trap) -> Trap:
        TRAPS[make.__name__] = (make, expected)
        return make

    return enter


@trap(RIGHT)
def perfect(course: Path) -> NotebookNode:
    return solved(course)


@trap(NOTHING)
def untouched(course: Path) -> NotebookNode:
    return released(course)


@trap(NOTHING)
def emptied_tests(course: Path) -> NotebookNode:
    notebook = released(course)
    cell(notebook, "test_double").source = ""
    cell(notebook, "test_triple").source = "pass"
    return notebook


@trap(NOTHING)
def replaced_by_points(course: Path) -> NotebookNode:
    notebook = released(course)
    cell(notebook, "test_double").source = "2.0"
    cell(notebook, "test_triple").source = "100"
    return notebook


@trap(NOTHING)
def check_rebound_to_nothing(course: Path) -> NotebookNode:
    notebook = released(course)
    cell(notebook, "double").source = "check = lambda name: None"
    return notebook


@trap(NOTHING)
def check_rebound_to_a_number(course: Path) -> NotebookNode:
    notebook = released(course)
    cell(notebook, "double").source = "check = lambda name: 1000"
    return notebook


@trap(NOTHING)
def check_rebound_to_an_object_without_text(course: Path) -> NotebookNode:
    notebook = released(course)
    cell(notebook, "double").source = (
        "class Shown:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        return {'text/html': '2'}\n"
        "check = lambda name: Shown()"
    )
    return notebook


@trap(NOTHING)
def skipped_tests(course: Path) -> NotebookNode:
    notebook = released(course)
    for name in ("test_double", "test_triple"):
        cell(notebook, name).metadata["tags"] = ["skip-execution"]
    return notebook


@trap(RIGHT)
def copies_of_every_cell(course: Path) -> str:
    content = json.loads(nbformat.writes(solved(course), version=4))
    content["cells"] = [one for each in content["cells"] for one in (each, each)]
    return json.dumps(content)


@trap(RIGHT)
def answer_in_the_first_of_two_copies(course: Path) -> NotebookNode:
    """The answer that a person reads is the one that was written, wherever the untouched copy is."""
    notebook = solved(course)
    notebook.cells.append(NotebookNode(cell(released(course), "why") | {"id": "copy"}))
    return notebook


@trap(RIGHT)
def flipped_flags_and_points(course: Path) -> NotebookNode:
    notebook = solved(course)
    cell(notebook, "test_double").metadata["nbgrader"].update(grade=False, solution=True, locked=False, points=50)
    cell(notebook, "double").metadata["nbgrader"].update(grade=True, solution=False, points=50)
    cell(notebook, "test_triple").metadata["nbgrader"].update(points=-1)
    cell(notebook, "why").metadata["nbgrader"].update(grade=False, task=True)
    return notebook


@trap(NOTHING)
def flag_of_a_written_answer(course: Path) -> NotebookNode:
    notebook = released(course)
    cell(notebook, "test_double").metadata["nbgrader"].update(solution=True, locked=False)
    return notebook


@trap(RIGHT)
def metadata_wiped(course: Path) -> NotebookNode:
    """As some other notebook programs do; cell ids survive."""
    notebook = solved(course)
    for one in notebook.cells:
        one.metadata = NotebookNode()
    return notebook


@trap(RIGHT | {"why": "needs a person"})
def metadata_and_ids_wiped(course: Path) -> NotebookNode:
    notebook = solved(course)
    for number, one in enumerate(notebook.cells):
        one.metadata = NotebookNode()
        one["id"] = f"other-{number}"
    return notebook


@trap(RIGHT)
def metadata_of_another_kind(course: Path) -> str:
    content = json.loads(nbformat.writes(solved(course), version=4))
    for one, wrong in zip(content["cells"][2:], ("yes", [], None, 3, {"grade_id": 7}, {}), strict=True):
        one["metadata"] = {"nbgrader": wrong, "tags": "demo"}
    return json.dumps(content)


@trap(RIGHT)
def old_schema(course: Path) -> NotebookNode:
    notebook = solved(course)
    for one in notebook.cells:
        if "nbgrader" in one.metadata:
            one.metadata["nbgrader"]["schema_version"] = 1
    return notebook


@trap(NOTHING)
def deleted_tests(course: Path) -> NotebookNode:
    notebook = released(course)
    notebook.cells = [one for one in notebook.cells if not one.id.startswith("test_")]
    return notebook


@trap(RIGHT)
def deleted_tests_and_provided_code(course: Path) -> NotebookNode:
    notebook = solved(course)
    notebook.cells = [one for one in notebook.cells if not one.id.startswith(("test_", "provided"))]
    return notebook


@trap(NOTHING | {"why": "needs a person"})
def everything_deleted(course: Path) -> NotebookNode:
    notebook = released(course)
    notebook.cells = []
    return notebook


@trap(RIGHT)
def other_cell_types(course: Path) -> NotebookNode:
    notebook = solved(course)
    for one in notebook.cells:
        if one.id in ("test_double", "test_triple", "double"):
            one.cell_type = "markdown"
            del one["outputs"], one["execution_count"]
    return notebook


@trap(RIGHT)
def prints_to_stderr(course: Path) -> NotebookNode:
    """A right answer that warns is right: nbgrader alone takes every point away for anything on stderr."""
    notebook = solved(course)
    cell(notebook, "double").source = (
        "import os, sys\n\ndef double(x):\n    print('here', file=sys.stderr)\n    warnings.warn('careful')\n"
        "    os.write(2, b'here\\n')\n    return 2 * x"
    )
    return notebook


@trap(RIGHT)
def python_ends(course: Path) -> NotebookNode:
    notebook = solved(course)
    notebook.cells.insert(5, new_code_cell("import os\nos._exit(3)", id="end"))
    return notebook


@trap({"double": "died", "test_triple": "passed", "why": "needs a person"})
def python_ends_in_an_answer(course: Path) -> NotebookNode:
    notebook = solved(course)
    cell(notebook, "double").source = "import os\n\ndef double(x):\n    os._exit(0)"
    return notebook


@trap(RIGHT)
def exit_is_called(course: Path) -> NotebookNode:
    notebook = solved(course)
    notebook.cells.insert(5, new_code_cell("raise SystemExit", id="end"))
    return notebook


@trap(RIGHT)
def endless_loop_in_a_cell(course: Path) -> NotebookNode:
    """It is stopped, and what was defined before still counts."""
    notebook = solved(course)
    notebook.cells.insert(5, new_code_cell("while True:\n    pass", id="loop"))
    return notebook


@trap(RIGHT)
def endless_loop_that_cannot_be_stopped(course: Path) -> NotebookNode:
    notebook = solved(course)
    source = "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except BaseException:\n        pass"
    notebook.cells.insert(5, new_code_cell(source, id="loop"))
    return notebook


@trap({"double": "timed out", "test_triple": "passed", "why": "needs a person"})
def endless_loop_in_an_answer(course: Path) -> NotebookNode:
    notebook = solved(course)
    cell(notebook, "double").source = "def double(x):\n    while True:\n        pass"
    return notebook


@trap({"double": "passed", "test_triple": "timed out", "why": "needs a person"})
def endless_loop_in_a_plain_test(course: Path) -> NotebookNode:
    notebook = solved(course)
    cell(notebook, "triple").source = "def triple(x):\n    while True:\n        pass"
    return notebook


@trap(RIGHT)
def endless_printing(course: Path) -> NotebookNode:
    notebook = solved(course)
    notebook.cells.insert(5, new_code_cell("while True:\n    print('x' * 1000)", id="loop"))
    return notebook


@trap({"double": "passed", "test_triple": "timed out", "why": "needs a person"})
def many_endless_loops(course: Path) -> NotebookNode:
    """The notebook as a whole has a limit, too."""
    notebook = solved(course)
    notebook.cells[5:5] = [new_code_cell("while True:\n    pass", id=f"loop-{number}") for number in range(LOOPS)]
    return notebook


@trap(RIGHT)
def asks_for_input(course: Path) -> NotebookNode:
    notebook = solved(course)
    notebook.cells.insert(5, new_code_cell("input('your name? ')", id="input"))
    return notebook


@trap(RIGHT)
def kernel_of_another_language(course: Path) -> NotebookNode:
    notebook = solved(course)
    notebook.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    return notebook


@trap(RIGHT)
def prints_its_environment(course: Path) -> NotebookNode:
    notebook = solved(course)
    notebook.cells.insert(5, new_code_cell("import os\nprint(dict(os.environ))\ndict(os.environ)", id="environment"))
    return notebook


@trap(RIGHT)
def notes_of_its_own(course: Path) -> NotebookNode:
    notebook = solved(course)
    notebook.metadata["nnkit"] = {"state": "file unreadable", "restored_answers": ["test_double"]}
    return notebook


@trap(RIGHT)
def broken_cells(course: Path) -> str:
    """Cells without text, of an unknown kind, with a repeated id, with outputs that are none."""
    content = json.loads(nbformat.writes(solved(course), version=4))
    content["cells"] += [{"cell_type": "code"}, {"cell_type": "poem", "source": ["x"]}, "cell", {}]
    content["cells"][1]["outputs"] = [{"output_type": "nonsense"}, 3]
    content["cells"][0]["id"] = content["cells"][1]["id"]
    return json.dumps(content)


@trap(RIGHT)
def older_format(course: Path) -> str:
    """Before 4.5 cells had no ids."""
    notebook = solved(course)
    content = json.loads(nbformat.writes(notebook, version=4))
    content["nbformat_minor"] = 2
    for one in content["cells"]:
        del one["id"]
    return json.dumps(content)


UNREADABLE = dict.fromkeys(RIGHT, "file unreadable")


@trap(UNREADABLE)
def cut_off(course: Path) -> str:
    text = nbformat.writes(solved(course), version=4)
    return text[: len(text) // 2]


@trap(UNREADABLE)
def empty_file(course: Path) -> str:
    return ""


@trap(UNREADABLE)
def not_text(course: Path) -> bytes:
    return bytes(range(256))


@trap(UNREADABLE)
def json_of_something_else(course: Path) -> str:
    return '{"a": [1, 2, 3]}'


@trap(UNREADABLE)
def json_that_is_too_deep(course: Path) -> str:
    return "[" * 100_000


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All traps, graded by one command; it must end well."""
    folder = small_course.make_course(tmp_path_factory.mktemp("traps"), SETTINGS)
    made = small_course.nbgrader(folder, "generate_assignment", ASSIGNMENT)
    assert made.returncode == 0, made.stderr
    for student, (make, _) in TRAPS.items():
        hand_in(folder, student, make(folder))
    done = small_course.nbgrader(folder, "autograde", ASSIGNMENT, **{TIME_LIMIT_VARIABLE: ANSWER_SECONDS})
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.fixture(scope="module")
def entries(course: Path) -> dict[str, dict[str, Entry]]:
    found: dict[str, dict[str, Entry]] = {}
    for entry in read_class(nbgrader_api(course), ASSIGNMENT):
        found.setdefault(entry.student, {})[entry.exercise] = entry
    return found


@pytest.mark.parametrize("student", TRAPS)
def test_every_trap_has_its_outcome_and_points(student: str, entries: dict[str, dict[str, Entry]]) -> None:
    expected = TRAPS[student][1]
    found = entries[student]
    assert {name: entry.outcome for name, entry in found.items()} == expected
    for name, points in POINTS.items():
        assert found[name].points == (points if expected[name] == "passed" else 0.0)
        assert found[name].max_points == points
    assert found["why"].max_points == 3.0
    if expected["why"] == "needs a person":
        assert found["why"].needs_person


@pytest.mark.parametrize("student", ["cut_off", "python_ends_in_an_answer"])
def test_a_person_is_asked(student: str, entries: dict[str, dict[str, Entry]]) -> None:
    """What is odd about a submission as a whole is listed in the formgrader."""
    assert any(entry.needs_person for name, entry in entries[student].items() if name != "why")


def test_submitted_files_are_not_touched(course: Path) -> None:
    for student, (make, _) in TRAPS.items():
        content = make(course)
        if isinstance(content, str):
            written = (course / "submitted" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_bytes()
            assert written == content.encode()


def test_a_renamed_file_and_a_broken_time_stamp_are_graded(tmp_path: Path) -> None:
    """nbgrader alone gives both up."""
    folder = small_course.make_course(tmp_path)
    assert small_course.nbgrader(folder, "generate_assignment", ASSIGNMENT).returncode == 0
    for student in ("renamed", "stamped", "well"):
        hand_in(folder, student, solved(folder))
    place = folder / "submitted"
    (place / "renamed" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").rename(place / "renamed" / ASSIGNMENT / "mine.ipynb")
    (place / "stamped" / ASSIGNMENT / "timestamp.txt").write_text("yesterday, maybe")
    assert small_course.nbgrader(folder, "autograde", ASSIGNMENT).returncode == 0
    found = {(one.student, one.exercise): one for one in read_class(nbgrader_api(folder), ASSIGNMENT)}
    assert len(found) == 9
    for student in ("renamed", "stamped", "well"):
        assert found[student, "double"].outcome == "passed"
        assert found[student, "double"].points == 2.0


def test_missing_cells_come_back_in_their_place(course: Path) -> None:
    notebook = small_course.graded(course, "deleted_tests_and_provided_code")
    names = [one.metadata.get("nbgrader", {}).get("grade_id") for one in notebook.cells]
    wanted = [None, None, "provided", "double", "test_double", "triple", "test_triple", "why"]
    assert names == wanted


def test_repairs_are_noted(course: Path) -> None:
    repairs = small_course.graded(course, "emptied_tests").metadata["nnkit"]["repairs"]
    assert "The locked cell test_double has its released text again." in repairs
    assert "repairs" not in small_course.graded(course, "perfect").metadata.get("nnkit", {})


def test_endless_output_is_cut(course: Path) -> None:
    path = course / "autograded" / "endless_printing" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    assert path.stat().st_size < 2_000_000


def test_feedback_is_written_and_does_not_tell_the_seed(course: Path, entries: dict[str, dict[str, Entry]]) -> None:
    """One command writes feedback for everybody; the environment has nothing of the seed or of this machine."""
    done = small_course.nbgrader(course, "generate_feedback", ASSIGNMENT)
    assert done.returncode == 0, done.stderr[-3000:]
    for student in TRAPS:
        assert (course / "feedback" / student / ASSIGNMENT / f"{NOTEBOOK}.html").exists()
    page = (course / "feedback" / "prints_its_environment" / ASSIGNMENT / f"{NOTEBOOK}.html").read_text(
        encoding="utf-8"
    )
    text = str(small_course.graded(course, "prints_its_environment").cells)
    assert "'HOME'" in text
    assert "HOME" in page
    for hidden in ("SEED", "NNKIT_GRADING_SECRET", "NNKIT_INSTRUCTOR_FOLDER", str(course)):
        assert hidden not in text
    assert (course / ".nnkit-secret").read_text().strip() not in text
    unreadable = (course / "feedback" / "cut_off" / ASSIGNMENT / f"{NOTEBOOK}.html").read_text(encoding="utf-8")
    assert "could not be read" in unreadable
