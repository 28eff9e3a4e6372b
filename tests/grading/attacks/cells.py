"""Attacks that are made by what a student writes into cells and lays beside the notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

from tests.grading.attacks import course as attacked
from tests.grading.attacks.attack import Attack
from tests.grading.attacks.controls import Control, gains

Source = str | Callable[[Path], str]
WRONG_ANSWER = "def double(x):\n    return x + 2"


def attack(
    kind: str,
    name: str,
    sentence: str,
    *cells: Source,
    on: str = "double",
    answer: Source = "",
    outcome: str = "wrong",
    behind: str = "imports",
    files: Mapping[str, str] | None = None,
    prepare: Callable[[Path, Path], None] | None = None,
    control: Control | None = None,
    no_control: str = "",
    limit: str = "",
) -> Attack:
    """An attack on one exercise; the others of the assignment are answered honestly, and their points stay.

    Parameters
    ----------
    kind, name, sentence
        As in `Attack`.
    cells : str or function of the course folder
        The student's own cells.
    on : str
        The exercise.
    answer : str or function of the course folder
        What stands in its cell; nothing leaves it as it was handed out.
    outcome : str
        How it must end; no points are given unless it has passed.
    behind : str
        The cell behind which the student's own stand.
    files : Mapping[str, str] or None
        What lies beside the notebook.
    prepare : Callable or None
        Gets the course folder and the student's, and does something more there.
    control : Callable or None
        By default, that all points are gained where everything runs in one process.
    no_control, limit : str
        As in `Attack`.
    """
    assignment = next((task for task, some in attacked.EXERCISES.items() if on in some), attacked.SMALL)
    others = {name: text for name, text in attacked.SOLUTIONS[assignment].items() if name != on}

    def hand_in(course: Path, folder: Path) -> None:
        texts = [text if isinstance(text, str) else text(course) for text in (answer, *cells)]
        texts = [dedent(text).strip() for text in texts]
        answers = others | ({on: texts[0]} if texts[0] else {})
        attacked.handed_in(assignment, answers, *texts[1:], behind=behind, files=files)(course, folder)
        if prepare is not None:
            prepare(course, folder)

    test = f"test_{on}"
    right = attacked.RIGHT[assignment]
    if control is None and not no_control:
        control = gains(hand_in, assignment, test)
    return Attack(
        kind=kind,
        name=name,
        student=f"{kind} {name}",
        sentence=sentence,
        hand_in=hand_in,
        points={**attacked.POINTS[assignment], **({} if outcome == "passed" else {test: 0.0})},
        outcomes={**{key: right[key] for key in right if key != "why"}, on: outcome},
        control=control,
        no_control=no_control,
        limit=limit,
        assignment=assignment,
    )
