"""A sample class: for any notebook of the course, submissions of students of whom it is known what they did.

Each student is a function that takes a `Notebook` and returns what they hand in for it, a `Submission`; `STUDENTS`
lists them all. Nothing here knows an exercise by name. The right answers are the instructors' own, everything else is a
small edit of the stub or of the right answer, found by looking at the cells; a new notebook needs no new sample.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from nnkit.exercises import index
from nnkit.exercises.terms import CRASHED, NOT_ATTEMPTED, PASSED, TIMED_OUT, WRONG
from nnkit.grading.intake.submissions import UNREADABLE
from nnkit.grading.marks.outcomes import NEEDS_PERSON, checked_exercise

STUB = re.compile(r"^(?P<indent>[ \t]*)raise NotImplementedError(\(\))?[ \t]*$", re.MULTILINE)
_MARKERS = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)

# Put below a right function: it returns something of the same kind that is off.
_OFF = """

def _off(value):
    if isinstance(value, str):
        return value[::-1] + "?"
    if isinstance(value, bool):
        return not value
    if isinstance(value, (tuple, list)):
        numbers = value and all(isinstance(entry, (int, float)) or hasattr(entry, "shape") for entry in value)
        return type(value)(_off(entry) for entry in value) if numbers else value[:-1]
    try:
        return 2.0 * value + 1.0
    except TypeError:
        return [value]

_right_{name} = {name}

def {name}(*arguments):
    return _off(_right_{name}(*arguments))
"""

# Put below a right class: every number that its objects keep is off.
_KEEPS_OFF = """

_right_{name} = {name}

class {name}(_right_{name}):
    def __setattr__(self, attribute, value):
        is_number = isinstance(value, (int, float)) or hasattr(value, "dtype")
        super().__setattr__(attribute, 1.01 * value + 0.01 if is_number else value)
"""

Definition = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Notebook:
    """A notebook as the instructors have it and as it was released.

    Parameters
    ----------
    assignment, name : str
        Which one.
    solved : NotebookNode
        The instructors'.
    released : NotebookNode
        The students'.
    """

    assignment: str
    name: str
    solved: NotebookNode
    released: NotebookNode

    @cached_property
    def checked(self) -> list[str]:
        """Names of the exercises that a check judges, in order."""
        found = (checked_exercise(cell.source) for cell in self.released.cells if _flag(cell, "grade"))
        return [name for name in found if name is not None]

    @cached_property
    def exercises(self) -> list[str]:
        """Those that have an answer of their own."""
        return [name for name in self.checked if not any(name in marks for marks in self.further.values())]

    @cached_property
    def further(self) -> dict[str, list[str]]:
        """Exercise → the further marks of its answer, which are checked as well."""
        cells = {_name(cell) for cell in self.solved.cells if _flag(cell, "solution")}
        found: dict[str, list[str]] = {}
        for name in self.checked:
            if name not in cells and name in index.names():
                found.setdefault(index.find(name).student_name, []).append(name)
        return found

    @cached_property
    def written(self) -> list[str]:
        """Names of the answers that a person judges, in order."""
        return [
            cell.metadata["nbgrader"]["grade_id"]
            for cell in self.released.cells
            if _flag(cell, "grade") and _flag(cell, "solution")
        ]

    @cached_property
    def right(self) -> dict[str, str]:
        """Exercise → the instructors' answer.

        Raises
        ------
        ValueError
            An exercise has no solution cell of its name.
        """
        cells = {_name(cell): cell.source for cell in self.solved.cells if _flag(cell, "solution")}
        missing = [name for name in self.exercises if name not in cells]
        if missing:
            raise ValueError(
                f"{self.name}: the answer to an exercise should be in a solution cell of the same name, but there is "
                f"none for {', '.join(missing)}."
            )
        return {name: _MARKERS.sub("", cells[name]).rstrip("\n") for name in self.exercises}

    @cached_property
    def stubs(self) -> dict[str, str]:
        """Exercise → the cell that students start from."""
        cells = {_name(cell): cell.source for cell in self.released.cells if _flag(cell, "solution")}
        return {name: cells[name] for name in self.exercises}

    def uses(self, name: str) -> set[str]:
        """The other exercises whose answers the right answer to this one calls.

        Parameters
        ----------
        name : str
            The exercise.
        """
        tree = ast.parse(self.right[name])
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        # A class that is built in steps is there as a whole in each of them.
        own = {node.name for node in tree.body if isinstance(node, Definition)}
        return used & set(self.exercises) - own - {name}

    def definition(self, name: str) -> Definition | None:
        """The function or class that a stub leaves open in one place; None where it does so in several.

        Parameters
        ----------
        name : str
            The exercise. A step of a class is called otherwise than the class.
        """
        stub = self.stubs[name]
        places = [stub.count("\n", 0, match.start()) + 1 for match in STUB.finditer(stub)]
        if len(places) != 1:
            return None
        for node in ast.parse(stub).body:
            if isinstance(node, Definition) and node.lineno <= places[0] <= (node.end_lineno or 0):
                return node
        return None

    @cached_property
    def open_in_one_place(self) -> dict[str, Definition]:
        """The exercises that one line in place of the stub answers, in order; of others it would break only parts."""
        found = {name: self.definition(name) for name in self.exercises}
        return {name: definition for name, definition in found.items() if definition is not None}

    @cached_property
    def last_alone(self) -> str:
        """The last of these that no other exercise uses: breaking it breaks nothing else."""
        return [name for name in self.open_in_one_place if not any(name in self.uses(one) for one in self.exercises)][-1]


@dataclass(frozen=True)
class Submission:
    """What a sample student handed in for one notebook, and what is known to come of it.

    Parameters
    ----------
    content : bytes
        The file.
    expected : Mapping[str, str]
        Exercise or written answer → outcome.
    """

    content: bytes
    expected: Mapping[str, str]


@dataclass
class Draft:
    """A submission in the making: the released notebook, and what each edit is known to lead to.

    Parameters
    ----------
    notebook : Notebook
        What is edited a copy of.
    """

    notebook: Notebook
    cells: NotebookNode = field(init=False)
    expected: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.cells = copy.deepcopy(self.notebook.released)
        self.expected = dict.fromkeys([*self.notebook.checked, *self.notebook.written], NOT_ATTEMPTED)

    def cell(self, name: str) -> NotebookNode:
        """nbgrader's cell of a name.

        Parameters
        ----------
        name : str
            Its ``grade_id``.

        Raises
        ------
        StopIteration
            There is none.
        """
        return next(cell for cell in self.cells.cells if _name(cell) == name)

    def answer(self, name: str, source: str, outcome: str) -> None:
        """Write an answer.

        Parameters
        ----------
        name : str
            The exercise or written answer.
        source : str
            The text of its cell.
        outcome : str
            What is known to come of it.
        """
        self.cell(name).source = source
        self.expected |= dict.fromkeys([name, *self.notebook.further.get(name, ())], outcome)

    def answer_right(self, but: str | None = None) -> None:
        """Write all right answers, also those that a person judges.

        Parameters
        ----------
        but : str or None
            The exercise that is left out.
        """
        for name in self.notebook.exercises:
            if name != but:
                self.answer(name, self.notebook.right[name], PASSED)
        for name in self.notebook.written:
            self.answer(name, "Because every path from the loss to this node counts.", NEEDS_PERSON)

    def replace_stub(self, name: str, line: str, outcome: str) -> None:
        """Put one line where the stub says that nothing is there yet.

        Parameters
        ----------
        name : str
            The exercise.
        line : str
            Python, which gets the stub's indentation.
        outcome : str
            What is known to come of it.
        """
        self.answer(name, STUB.sub(lambda match: match["indent"] + line, self.notebook.stubs[name]), outcome)

    def finish(self) -> Submission:
        """The file."""
        return Submission((nbformat.writes(self.cells, version=4) + "\n").encode("utf-8"), self.expected)


def perfect(notebook: Notebook) -> Submission:
    """Everything right, and the written answers written."""
    draft = Draft(notebook)
    draft.answer_right()
    return draft.finish()


def partly_done(notebook: Notebook) -> Submission:
    """The first half right, the rest as released, and a note to themselves."""
    draft = Draft(notebook)
    for name in notebook.exercises[: (len(notebook.exercises) + 1) // 2]:
        draft.answer(name, notebook.right[name], PASSED)
    draft.cells.cells.append(new_markdown_cell("I got this far on Sunday; the rest is still to do.", id="so-far"))
    return draft.finish()


def untouched(notebook: Notebook) -> Submission:
    """As released."""
    return Draft(notebook).finish()


def returns_nothing(notebook: Notebook) -> Submission:
    """Computes, perhaps, but forgets to return it, or to keep it."""
    draft = Draft(notebook)
    for name in notebook.open_in_one_place:
        draft.replace_stub(name, "return None", WRONG)
    return draft.finish()


def off_by_a_factor(notebook: Notebook) -> Submission:
    """Right up to a factor and a constant, or with the last entry lost."""
    draft = Draft(notebook)
    for name, definition in notebook.open_in_one_place.items():
        if not notebook.uses(name):
            off = _KEEPS_OFF if isinstance(definition, ast.ClassDef) else _OFF
            draft.answer(name, notebook.right[name] + off.replace("{name}", definition.name), WRONG)
    return draft.finish()


def crashing(notebook: Notebook) -> Submission:
    """Every answer divides by zero."""
    draft = Draft(notebook)
    for name in notebook.exercises:
        draft.replace_stub(name, "1 / 0", CRASHED)
    return draft.finish()


def endless_loop(notebook: Notebook) -> Submission:
    """Everything right but one answer, which never returns."""
    draft = Draft(notebook)
    draft.answer_right(but=notebook.last_alone)
    line = "while True: pass"
    draft.replace_stub(notebook.last_alone, line, TIMED_OUT)
    return draft.finish()


def bad_order(notebook: Notebook) -> Submission:
    """Everything right, but one answer needs a helper from a cell below, which had been run first.

    A function is found there, because tests are graded behind what they need; a method that returns something made of
    its own names crashes all the same.
    """
    draft = Draft(notebook)
    name = notebook.last_alone
    draft.answer_right(but=name)
    is_class = re.search(rf"^class {notebook.open_in_one_place[name].name}\b", notebook.right[name], re.MULTILINE)
    draft.replace_stub(name, f"return {name}_from_below(*locals().values())", CRASHED if is_class else PASSED)
    called = notebook.open_in_one_place[name].name
    helper = re.sub(rf"\b(def|class) {called}\b", rf"\1 {name}_from_below", notebook.right[name])
    draft.cells.cells.append(new_code_cell(helper, id="helper-from-below"))
    count = len(draft.cells.cells)
    for number, cell in enumerate(draft.cells.cells):
        if cell.cell_type == "code":
            cell.execution_count = count - number
    return draft.finish()


def broken_file(notebook: Notebook) -> Submission:
    """The upload broke off in the middle."""
    whole = perfect(notebook)
    return Submission(whole.content[: len(whole.content) // 2], dict.fromkeys(whole.expected, UNREADABLE))


def tampered(notebook: Notebook) -> Submission:
    """Nothing answered, but tests emptied, replaced, deleted, copied, skipped, and worth a hundred points."""
    draft = Draft(notebook)
    edits: list[Callable[[NotebookNode], None]] = [_empty, _number, _skip, _points, _unlock, _copy_of_itself, _delete]
    for number, name in enumerate(notebook.exercises):
        test = next(cell for cell in draft.cells.cells if checked_exercise(cell.source) == name)
        edits[number % len(edits)](test)
    cells = []
    for cell in draft.cells.cells:
        copies = cell.metadata.pop("copies", 1)
        cells += [cell] + [copy.deepcopy(cell) for _ in range(copies - 1)] if copies else []
    for number, cell in enumerate(cells):
        cell["id"] = f"{cell['id']}-{number}"[-64:]
    draft.cells.cells = cells
    return draft.finish()


def _empty(test: NotebookNode) -> None:
    test.source = ""


def _number(test: NotebookNode) -> None:
    test.source = "100"


def _skip(test: NotebookNode) -> None:
    test.metadata["tags"] = ["skip-execution"]


def _points(test: NotebookNode) -> None:
    test.metadata["nbgrader"]["points"] = 100


def _unlock(test: NotebookNode) -> None:
    test.metadata["nbgrader"].update(locked=False, grade=False, solution=True)


def _copy_of_itself(test: NotebookNode) -> None:
    test.metadata["copies"] = 2


def _delete(test: NotebookNode) -> None:
    test.metadata["copies"] = 0


def killed(notebook: Notebook) -> Submission:
    """Everything right, but a cell after the first check ends Python itself; the rest is graded all the same."""
    draft = Draft(notebook)
    draft.answer_right()
    first = notebook.checked[0]
    place = next(index for index, cell in enumerate(draft.cells.cells) if checked_exercise(cell.source) == first)
    draft.cells.cells.insert(place + 1, new_code_cell("import os\nos._exit(1)", id="the-end-of-python"))
    return draft.finish()


# The class, in the order of the table. The names are those of people who know about mathematics.
STUDENTS: dict[str, Callable[[Notebook], Submission]] = {
    "ada": perfect,
    "boole": partly_done,
    "cantor": untouched,
    "dirac": returns_nothing,
    "euler": off_by_a_factor,
    "fermat": crashing,
    "gauss": endless_loop,
    "hopper": bad_order,
    "kepler": broken_file,
    "lovelace": tampered,
    "noether": killed,
}


def _flag(cell: NotebookNode, name: str) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get(name))


def _name(cell: NotebookNode) -> str | None:
    name: str | None = cell.metadata.get("nbgrader", {}).get("grade_id")
    return name
