"""What a class got wrong: for every exercise the commonest mistakes, and the lines of the text that they come from.

Answers are grouped by the label of the mistake that the check has recognised; where it has recognised none, by the kind
of thing that is wrong. A line stands for a group if many of its answers share it and right answers do not have it.
Nobody has tried what the line does, and one that is not to blame is worse than none. So in most of the answers that
share it, it has to be the *only* line that right answers do not have: an answer with more of them goes a way of its
own, and each of them may be innocent. In classes of right answers of which half had been changed in one place, all of
the 383 lines that this rule has shown were lines that had been changed; with two such lines
allowed, 27 of 376 were not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import nbformat
from nbformat.notebooknode import NotebookNode

from nnkit.exercises import index
from nnkit.exercises.judge.verdict import WITHHELD_KIND
from nnkit.exercises.terms import BLOCKED, CRASHED, NOT_ATTEMPTED, PASSED, TIMED_OUT, WRONG
from nnkit.grading.marks.answer_lines import Line, answer_lines
from nnkit.grading.marks.class_table import Entry
from nnkit.grading.marks.outcomes import DIED, OUT_OF_MEMORY, OUTCOMES

TRIED: Final = (PASSED, WRONG, CRASHED, TIMED_OUT, BLOCKED, DIED, OUT_OF_MEMORY)
MOST_SHOWN = 3  # lines for a group
SHARED_BY = 0.5  # of a group at least, to be shown, unless two answers have nothing else that is new
FEW = 0.02  # of the right answers may have a line all the same

_BETWEEN_SENTENCES = re.compile(r"(?<=[.?!])\s+|(?<=[。？！])(?=.)")

Key = tuple[str, str, str]  # (student, notebook, exercise)
Answers = Mapping[Key, Sequence[Line]]


@dataclass(frozen=True)
class SharedLine:
    """A line that answers of a group have and right answers do not.

    Parameters
    ----------
    text : str
        In its commonest spelling.
    where : str
        The method in which it stands, "" outside classes.
    students : int
        How many of the group have it.
    right : int
        How many right answers have it all the same.
    """

    text: str
    where: str
    students: int
    right: int


@dataclass(frozen=True)
class Group:
    """Answers to an exercise that have the same thing wrong.

    Parameters
    ----------
    label : str
        What it is called: the label of a declared mistake, or the kind of what is wrong in words.
    known : bool
        Whether it is a declared mistake.
    outcome : str
        How these answers ended, the commonest of `nnkit.grading.marks.outcomes.OUTCOMES`.
    cause : str
        The sentence that most of these students were told; "" if they were told different ones.
    students : int
        How many there are.
    share : float
        Of those who tried.
    lines : tuple[SharedLine, ...]
        Those that separate the group best from the right answers; often none.
    """

    label: str
    known: bool
    outcome: str
    cause: str
    students: int
    share: float
    lines: tuple[SharedLine, ...] = ()


@dataclass(frozen=True)
class ExerciseMistakes:
    """What a class made of an exercise.

    Parameters
    ----------
    notebook, exercise : str
        Which one.
    counts : tuple[tuple[str, int], ...]
        Every outcome that there is, and how often.
    groups : tuple[Group, ...]
        Of those who tried and did not pass, the largest first.
    """

    notebook: str
    exercise: str
    counts: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...]

    @property
    def students(self) -> int:
        """How many the class has."""
        return sum(number for _, number in self.counts)

    @property
    def tried(self) -> int:
        """How many have written an answer that could be looked at."""
        return sum(number for outcome, number in self.counts if outcome in TRIED)

    @property
    def passed(self) -> int:
        """How many are right."""
        return dict(self.counts).get(PASSED, 0)


def read_mistakes(api: Any, assignment: str, entries: Sequence[Entry]) -> list[ExerciseMistakes]:
    """What a class got wrong in an assignment, from its autograded notebooks and the instructor's own.

    Parameters
    ----------
    api : Any
        See `nnkit.grading.course.steps.nbgrader_api`.
    assignment : str
        Its name.
    entries : Sequence[Entry]
        See `nnkit.grading.marks.class_table.read_class`.
    """
    course = api.coursedir
    answers: dict[Key, tuple[Line, ...]] = {}
    exercises: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        exercises.setdefault((entry.student, entry.notebook), []).append(entry.exercise)
    for (student, notebook), names in exercises.items():
        folder = Path(course.format_path(course.autograded_directory, student, assignment))
        answers |= {
            (student, notebook, name): lines
            for name, lines in answers_in(_read(folder / f"{notebook}.ipynb"), names).items()
        }
    source = solution_folder(api, assignment)
    solutions = {
        (notebook, name): lines
        for notebook in dict.fromkeys(entry.notebook for entry in entries)
        for name, lines in answers_in(
            _read(source / f"{notebook}.ipynb"),
            list(dict.fromkeys(entry.exercise for entry in entries if entry.notebook == notebook)),
        ).items()
    }
    return find_mistakes(entries, answers, solutions)


def solution_folder(api: Any, assignment: str) -> Path:
    """Where the instructor's own notebooks of an assignment are.

    Parameters
    ----------
    api : Any
        See `nnkit.grading.course.steps.nbgrader_api`.
    assignment : str
        Its name.
    """
    return Path(api.coursedir.format_path(api.coursedir.source_directory, ".", assignment))


def _read(path: Path) -> NotebookNode | None:
    """A notebook; None for a file that is missing or none, of which other parts of grading have more to say."""
    try:
        return nbformat.read(path, as_version=4)
    except Exception:
        return None


def answers_in(notebook: NotebookNode | None, exercises: Iterable[str]) -> dict[str, tuple[Line, ...]]:
    """For each of these exercises that is one of the course the lines of its answer in a notebook.

    Parameters
    ----------
    notebook : NotebookNode or None
        A student's, or the instructor's own.
    exercises : Iterable[str]
        Their names.
    """
    found = {}
    for name in exercises:
        if notebook is not None and name in index.names():
            exercise = index.find(name)
            found[name] = answer_lines(notebook, name, exercise.student_name, exercise.arguments)
    return found


def find_mistakes(
    entries: Sequence[Entry], answers: Answers, solutions: Mapping[tuple[str, str], Sequence[Line]]
) -> list[ExerciseMistakes]:
    """What a class got wrong in each exercise that is checked, in the order of the entries.

    Parameters
    ----------
    entries : Sequence[Entry]
        Of one assignment.
    answers : Mapping[tuple[str, str, str], Sequence[Line]]
        (student, notebook, exercise) → the lines of the answer, as far as they could be read.
    solutions : Mapping[tuple[str, str], Sequence[Line]]
        (notebook, exercise) → the lines of the instructor's own.

    Examples
    --------
    >>> wrong = Entry("ada", "01", "graphs", "neuron", "wrong", "Add it.", 0.0, 2.0, False, mistake="no bias")
    >>> [found] = find_mistakes([wrong], {}, {})
    >>> found.groups[0].label, found.groups[0].students, found.tried
    ('no bias', 1, 1)
    """
    together: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        together.setdefault((entry.notebook, entry.exercise), []).append(entry)
    # A written answer has no outcome of a check, and nothing to count.
    return [
        _of_exercise(ones, answers, solutions.get(place, ()))
        for place, ones in together.items()
        if any(entry.outcome in TRIED for entry in ones) or place[1] in index.names()
    ]


# ---------------------------------------------------------------------------------------------------------------------
# Inside
# ---------------------------------------------------------------------------------------------------------------------


def _of_exercise(entries: list[Entry], answers: Answers, solution: Sequence[Line]) -> ExerciseMistakes:
    notebook, exercise = entries[0].notebook, entries[0].exercise
    counted = Counter(entry.outcome for entry in entries)
    tried = [entry for entry in entries if entry.outcome in TRIED]

    def lines_of(entry: Entry) -> Sequence[Line]:
        return answers.get((entry.student, notebook, exercise), ())

    contrast = _Contrast([lines_of(entry) for entry in tried if entry.outcome == PASSED], solution)
    together: dict[tuple[str, str], list[Entry]] = {}
    for entry in tried:
        if entry.outcome != PASSED:
            together.setdefault(_group_of(entry), []).append(entry)
    groups = []
    for (mistake, kind), ones in together.items():
        outcome = Counter(entry.outcome for entry in ones).most_common(1)[0][0]
        # What waits for another exercise is not wrong by itself.
        lines = () if outcome == BLOCKED else contrast.lines([lines_of(entry) for entry in ones])
        groups.append(
            Group(
                label=mistake or kind_in_words(kind),
                known=bool(mistake),
                outcome=outcome,
                cause=_told(ones),
                students=len(ones),
                share=len(ones) / len(tried),
                lines=lines,
            )
        )
    groups.sort(key=lambda group: (-group.students, not group.known, group.label))
    counts = tuple((outcome, counted[outcome]) for outcome in OUTCOMES if counted[outcome])
    return ExerciseMistakes(notebook, exercise, counts, tuple(groups))


def _group_of(entry: Entry) -> tuple[str, str]:
    return (entry.mistake, "") if entry.mistake else ("", entry.kind or entry.outcome)


def _told(entries: list[Entry]) -> str:
    """The commonest sentence, if most were told it; a sentence that holds somebody's own numbers is nobody else's.

    What has not come to an end is told the seconds, the case and the line first, and in the last sentence what may be
    the reason, which holds for one student as for many.
    """
    told = Counter(_last_sentence(entry) if _endless(entry) else str(entry.cause or "") for entry in entries)
    [(cause, number)] = told.most_common(1)
    everybodys = number > 1 or bool(entries[0].mistake) or _endless(entries[0])
    return cause if number > len(entries) / 2 and everybodys else ""


def _endless(entry: Entry) -> bool:
    return entry.outcome == TIMED_OUT and not entry.mistake


def _last_sentence(entry: Entry) -> str:
    return _BETWEEN_SENTENCES.split(str(entry.cause or "").strip())[-1]


_KINDS = {
    "returned nothing": "returns nothing",
    "type": "returns something of another type",
    "shape": "wrong shape",
    "dtype": "wrong type of number",
    "input changed": "changes its arguments",
    "not finite": "not finite (inf or nan)",
    "value": "other values, none of the declared mistakes",
    "kind": "right values, wrong type of number",
    "warned": "right values, with a warning",
    "not written": "not finished",
    "raised": "stopped with an error",
    "raised: not written": "not finished",
    WITHHELD_KIND: "calls a function that is the answer itself",
    WRONG: "wrong",
    CRASHED: "stopped with an error",
    TIMED_OUT: "did not come to an end",
    BLOCKED: "waits for another exercise that is wrong",
    DIED: "Python itself ended",
    OUT_OF_MEMORY: "ran out of memory",
    NOT_ATTEMPTED: "not attempted",
}


def kind_in_words(kind: str) -> str:
    """What kind of thing is wrong, as an instructor reads it.

    Parameters
    ----------
    kind : str
        See `nnkit.exercises.judge.verdict.Verdict`, or an outcome where there is none.

    Examples
    --------
    >>> kind_in_words("raised: ValueError"), kind_in_words("value: start")
    ('stopped with an error: ValueError', 'other values: start')
    """
    if kind in _KINDS:
        return _KINDS[kind]
    rung, _, symptom = kind.partition(": ")
    return f"{_KINDS.get(rung, rung).split(',')[0]}: {symptom}" if symptom else kind


class _Contrast:
    """The right answers to an exercise, against which lines of wrong ones are held.

    Parameters
    ----------
    right : list[Sequence[Line]]
        The lines of each right answer of the class.
    solution : Sequence[Line]
        Those of the instructor's own.
    """

    def __init__(self, right: list[Sequence[Line]], solution: Sequence[Line]) -> None:
        self.right = [{piece for line in lines for piece in _places(line)} for lines in right if lines]
        self.having = Counter(piece for pieces in self.right for piece in pieces)
        self.solution = {piece for line in solution for piece in _places(line)}

    def lines(self, group: list[Sequence[Line]]) -> tuple[SharedLine, ...]:
        """The lines that separate a group best from the right answers, the best first."""
        if not self.right and not self.solution:
            return ()
        new = [self._new(lines) for lines in group if lines]
        alone = [pieces for pieces in new if len(set(pieces.values())) == 1]
        shared: dict[tuple[str, str], SharedLine] = {}
        for piece, number in Counter(piece for pieces in new for piece in pieces).items():
            only = sum(piece in pieces for pieces in alone)
            if number < min(2, len(group)) or 2 * only < number or (number < SHARED_BY * len(new) and only < 2):
                continue
            spelt = Counter(pieces[piece] for pieces in new if piece in pieces)
            where, text = min(spelt, key=lambda line: (-spelt[line], line))
            found = SharedLine(text, where, number, self.having[piece])
            if (where, text) not in shared or shared[where, text].students < number:
                shared[where, text] = found

        def separates(line: SharedLine) -> float:
            return line.students / len(new) - line.right / max(1, len(self.right))

        ranked = sorted(shared.values(), key=lambda line: (-separates(line), line.where, line.text))
        return tuple(ranked[:MOST_SHOWN])

    def _new(self, lines: Sequence[Line]) -> dict[tuple[str, str], tuple[str, str]]:
        """The pieces of an answer that right ones do not have, and the line of each: (where, text)."""
        return {
            piece: (line.where, line.text)
            for line in lines
            for piece in _places(line)
            if piece not in self.solution and self.having[piece] <= FEW * len(self.right)
        }


def _places(line: Line) -> list[tuple[str, str]]:
    return [(line.where, piece) for piece in line.pieces]
