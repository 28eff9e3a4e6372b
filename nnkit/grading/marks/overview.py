"""The overview: one page on all assignments, with everybody's marks, how the answers ended, and the commonest causes.

What is known of one assignment stands in its own page (`nnkit.grading.marks.page`), to which this one leads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from nnkit.grading.marks.class_table import Entry
from nnkit.grading.marks.mistakes import ExerciseMistakes, Group
from nnkit.grading.marks.outcomes import OUTCOMES
from nnkit.grading.marks.page import SIGNS, group_article
from nnkit.grading.marks.page_parts import document, plural, table, tag, text
from nnkit.grading.marks.totals import ABSENT, FINAL, OPEN, ClassMarks, Person, Total, number

MOST_CAUSES = 10

Found = Mapping[str, Sequence[ExerciseMistakes]]  # by assignment


def commonest(mistakes: Found, most: int = MOST_CAUSES) -> list[tuple[str, ExerciseMistakes, Group]]:
    """The commonest causes of wrong answers, over all assignments.

    A cause is a mistake that the exercise declares, or a line that answers have and right ones do not. In a small class
    one student may be all.

    Parameters
    ----------
    mistakes : Mapping[str, Sequence[ExerciseMistakes]]
        Assignment → what its class got wrong.
    most : int
        How many at most.

    Returns
    -------
    list of tuple[str, ExerciseMistakes, Group]
        Assignment, exercise and answers, the commonest first.
    """
    found = [
        (assignment, exercise, group)
        for assignment, exercises in mistakes.items()
        for exercise in exercises
        for group in exercise.groups
        if group.known or group.lines
    ]
    return sorted(found, key=lambda one: (-one[2].students, not one[2].known))[:most]


def overview(marks: ClassMarks, entries: Mapping[str, Sequence[Entry]], mistakes: Found) -> str:
    """The overview as an HTML page.

    Parameters
    ----------
    marks : ClassMarks
        The totals.
    entries : Mapping[str, Sequence[Entry]]
        Assignment → its entries.
    mistakes : Mapping[str, Sequence[ExerciseMistakes]]
        Assignment → what its class got wrong.

    Examples
    --------
    >>> total = Total("ada", "01", 3.0, 4.0, 0.0, FINAL)
    >>> marks = ClassMarks(("01",), (Person("ada", "Ada", "Lovelace"),), {("ada", "01"): total})
    >>> "Lovelace, Ada" in overview(marks, {"01": []}, {"01": []})
    True
    """
    links = [("marks", "Marks"), ("assignments", "The assignments"), ("causes", "The commonest causes")]
    lead = f"{plural(len(marks.people), 'student')}, {plural(len(marks.assignments), 'assignment')}."
    sections = [_marks(marks), _assignments(marks, entries), _causes(mistakes)]
    return document("Class overview", lead, links, "\n".join(sections))


def _marks(marks: ClassMarks) -> str:
    rows = []
    for person in marks.people:
        own = [marks.totals[person.student, assignment] for assignment in marks.assignments]
        cells = "".join(map(_cell, own))
        waits = " +" if any(total.state == OPEN for total in own) else ""
        points, most = sum(total.points for total in own), sum(total.max_points for total in own)
        whole = f'<td class="number"><strong>{number(points)}{waits}</strong> of {number(most)}</td>'
        rows.append(f'<tr><th scope="row">{_name(person)}</th>{cells}{whole}</tr>')
    means = "".join(f'<td class="number">{_mean(marks.of(assignment))}</td>' for assignment in marks.assignments)
    foot = f'<tr><th scope="row">Mean of the final marks</th>{means}<td class="number"></td></tr>'
    heads = [f"{assignment} (of {number(marks.max_points(assignment))})" for assignment in marks.assignments]
    caption = "Points of each student in each assignment, what is taken off for being late already taken off"
    shown = table(caption, ["Student"], rows, [*heads, "Together"], "class", foot)
    about = "+ where more points wait for a person, so that the mark is not final; – where nothing was handed in."
    return f'<section id="marks"><h2>Marks {tag("with names")}</h2>\n<p class="soft">{about}</p>\n{shown}\n</section>'


def _name(person: Person) -> str:
    name = person.sortable_name
    return f'{text(name)} <span class="soft">{text(person.student)}</span>' if name else text(person.student)


def _cell(total: Total) -> str:
    if total.state == ABSENT:
        return (
            f'<td class="number not-passed"><span aria-hidden="true">–</span><span class="unseen">{ABSENT}</span></td>'
        )
    late = f'<br><span class="late">late: −{number(total.penalty)}</span>' if total.penalty else ""
    waits = f' <span aria-hidden="true">+</span><span class="unseen">{OPEN}</span>' if total.state == OPEN else ""
    return f'<td class="number">{number(total.points)}{waits}{late}</td>'


def _mean(totals: Sequence[Total]) -> str:
    final = [total.points for total in totals if total.state == FINAL]
    return f"{sum(final) / len(final):.1f}" if final else "–"


def _assignments(marks: ClassMarks, entries: Mapping[str, Sequence[Entry]]) -> str:
    states = (FINAL, OPEN, ABSENT)
    rows = []
    for assignment in marks.assignments:
        counted = Counter(total.state for total in marks.of(assignment))
        cells = "".join(f'<td class="number">{counted[state] or "·"}</td>' for state in states)
        rows.append(f'<tr><th scope="row">{_link(assignment)}</th>{cells}</tr>')
    shown = table("Students by the state of their mark", ["Assignment"], rows, [state.capitalize() for state in states])
    counts = {assignment: Counter(entry.outcome for entry in own) for assignment, own in entries.items()}
    there = [outcome for outcome in OUTCOMES if any(count[outcome] for count in counts.values())]
    rows = []
    for assignment in marks.assignments:
        cells = "".join(f'<td class="number">{counts[assignment][outcome] or "·"}</td>' for outcome in there)
        rows.append(f'<tr><th scope="row">{_link(assignment)}</th>{cells}</tr>')
    heads = [f"{SIGNS[outcome]} {outcome}" for outcome in there]
    ended = table("Answers by how they ended", ["Assignment"], rows, heads, "class")
    about = "Each leads to a page of its own: the outcome of every exercise for every student, and what looks odd."
    return (
        f'<section id="assignments"><h2>The assignments {tag("no names")}</h2>\n<p class="soft">{about}</p>\n'
        f"{shown}\n{ended}\n</section>"
    )


def _link(assignment: str, place: str = "", words: str = "") -> str:
    return f'<a href="{text(quote(assignment))}.html{place}">{text(words or assignment)}</a>'


def _causes(mistakes: Found) -> str:
    parts = []
    for assignment, exercise, group in commonest(mistakes):
        place = list(mistakes[assignment]).index(exercise) + 1
        link = _link(assignment, f"#exercise-{place}", exercise.exercise)
        parts.append(group_article(f"{link}: {text(group.label)}", group, exercise, "h3"))
    content = "\n".join(parts) or "<p>No cause was found.</p>"
    about = (
        "The mistakes that most students made, with the sentence that they were told. Below it stand the lines that "
        "those answers have and right answers do not; nobody has tried these lines."
    )
    return (
        f'<section id="causes"><h2>The commonest causes {tag("no names")}</h2>\n<p class="soft">{about}</p>\n'
        f"{content}\n</section>"
    )
