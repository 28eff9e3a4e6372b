"""The class report: one HTML file for an assignment, with what needs a person, what to talk about, and who has what.

Three readers of one page: the instructor who has to act today, the lecture of next week (which has no names in it), and
whoever looks up a student. Everything that comes from a student is escaped; the page has no script, asks for nothing
from outside, and says so to the browser. The same class gives the same bytes: there is no time in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from nnkit.exercises.terms import BLOCKED, CRASHED, NOT_ATTEMPTED, PASSED, TIMED_OUT, WRONG
from nnkit.grading.intake.submissions import UNREADABLE
from nnkit.grading.marks.bars import Bar, bar_chart
from nnkit.grading.marks.class_table import Entry
from nnkit.grading.marks.kept_marks import BEFORE, CONFIRM
from nnkit.grading.marks.mistakes import TRIED, ExerciseMistakes, Group
from nnkit.grading.marks.outcomes import DIED, FOR_A_PERSON, NEEDS_PERSON, NOT_HANDED_IN, OUT_OF_MEMORY, OUTCOMES
from nnkit.grading.marks.page_parts import (
    clean,
    document,
    percent,
    plural,
    sentence,
    table,
    tag,
    text,
    write_page,
)

MOST_BARS = 8  # groups with a bar of their own
MOST_TOLD = 5  # groups that are open in the page; the others can be opened
MOST_FIRST = 6  # mistakes in the list to begin with
LONGEST_LINE = 240  # letters of a student's line

SIGNS = {
    PASSED: "✓",
    WRONG: "✗",
    CRASHED: "!",
    TIMED_OUT: "∞",
    NOT_ATTEMPTED: "○",
    BLOCKED: "…",
    DIED: "†",
    OUT_OF_MEMORY: "▲",
    UNREADABLE: "?",
    NEEDS_PERSON: "◆",
    NOT_HANDED_IN: "□",
}
TO_DO = {
    UNREADABLE: "Look at what was handed in, and ask for the file again where it cannot be mended.",
    NEEDS_PERSON: "Open it in the formgrader, read the answer and give its points by hand.",
    DIED: "Grade it once more. If Python ends again, read the answer in the formgrader and give its points by hand.",
    OUT_OF_MEMORY: "Grade it once more. If the memory is again too small, read the answer and give its points by hand.",
}
TO_DO_ELSE = "The formgrader lists it for manual grading: give its points there."


def write_class_report(
    path: str | Path,
    assignment: str,
    entries: Sequence[Entry],
    mistakes: Sequence[ExerciseMistakes],
    suspicion_html: str = "",
    names: bool = True,
) -> None:
    """Write the report as one file, at once or not at all; as it may name students, only its owner can read it.

    Parameters
    ----------
    path : str or Path
        Where it is to be; an older one is replaced.
    assignment, entries, mistakes, suspicion_html, names
        See `class_report`.
    """
    write_page(path, class_report(assignment, entries, mistakes, suspicion_html, names))


def class_report(
    assignment: str,
    entries: Sequence[Entry],
    mistakes: Sequence[ExerciseMistakes],
    suspicion_html: str = "",
    names: bool = True,
) -> str:
    """The report on an assignment as an HTML page.

    Parameters
    ----------
    assignment : str
        Its name.
    entries : Sequence[Entry]
        See `nnkit.grading.marks.class_table.read_class`.
    mistakes : Sequence[ExerciseMistakes]
        See `nnkit.grading.marks.mistakes`.
    suspicion_html : str
        What a person should look at for other reasons, as HTML that is put in as it is: whoever makes it has escaped
        it.
    names : bool
        Whether there is anything in the page that names a student. Without it the suspicions are left out as well.

    Examples
    --------
    >>> ada = Entry("ada", "01", "graphs", "neuron", "passed", None, 2.0, 2.0, False)
    >>> "ada" in class_report("01", [ada], []), "ada" in class_report("01", [ada], [], names=False)
    (True, False)
    """
    sections = [_person(entries, names), _lecture(mistakes)]
    if names and suspicion_html:
        sections.append(
            f'<section id="suspicions"><h2>What looks odd {tag("with names")}</h2>\n{suspicion_html}\n</section>'
        )
    if names:
        sections.append(_class(entries))
    links = [("person", "Needs a person first"), ("lecture", "For the next lecture")]
    links += [("suspicions", "What looks odd")] if names and suspicion_html else []
    links += [("class", "The class, student by student")] if names else []
    students = len({entry.student for entry in entries})
    lead = f"{plural(students, 'student')}, {plural(len(_columns(entries)), 'exercise')}."
    return document(f"Class report: {assignment}", lead, links, "\n".join(sections))


# ---------------------------------------------------------------------------------------------------------------------
# What needs a person
# ---------------------------------------------------------------------------------------------------------------------


def _person(entries: Sequence[Entry], names: bool) -> str:
    """Where grading could not say, and written answers that wait to be read."""
    changed = [entry for entry in entries if entry.needs_person and entry.by_hand]
    waiting = [one for one in entries if one.needs_person and not one.by_hand and one.outcome != NOT_ATTEMPTED]
    written = Counter((one.notebook, one.exercise) for one in waiting if one.outcome == NEEDS_PERSON and not one.cause)
    trouble = [entry for entry in waiting if entry.outcome != NEEDS_PERSON or entry.cause]
    parts = []
    if (trouble or changed) and names:
        # A file that cannot be read is one case, not one for each of its exercises.
        together: dict[tuple[str, str, str, str], list[str]] = {}
        for entry in trouble:
            place = (entry.student, entry.notebook, entry.outcome, str(entry.cause or ""))
            together.setdefault(place, []).append(entry.exercise)
        rows = [
            f'<tr><th scope="row">{text(student)}</th><td>{text(notebook)}: {text(", ".join(exercises))}</td>'
            f"<td><strong>{text(outcome)}</strong>{f': {sentence(cause)}' if outcome in FOR_A_PERSON else ''}</td>"
            f"<td>{text(TO_DO.get(outcome, TO_DO_ELSE))}</td></tr>"
            for (student, notebook, outcome, cause), exercises in together.items()
        ]
        rows += [
            f'<tr><th scope="row">{text(one.student)}</th><td>{text(one.notebook)}: {text(one.exercise)}</td>'
            f"<td><strong>{text(one.outcome)}</strong>: {BEFORE}.</td><td>{CONFIRM}</td></tr>"
            for one in changed
        ]
        caption = "Answers that grading could not judge, and what to do about each"
        parts.append(table(caption, ["Student", "Where", "What happened", "What to do"], rows, look="people"))
    else:
        counted = Counter(entry.outcome for entry in trouble)
        parts += [
            f"<p><strong>{text(outcome)}</strong>: {plural(counted[outcome], 'answer')}. "
            f"{text(TO_DO.get(outcome, TO_DO_ELSE))}</p>"
            for outcome in OUTCOMES
            if counted[outcome]
        ]
        if changed:
            parts.append(f"<p>{plural(len(changed), 'mark')} by hand: given before this grading. {CONFIRM}</p>")
    for (notebook, exercise), number in written.items():
        parts.append(
            f"<p>{plural(number, 'written answer')} to <strong>{text(exercise)}</strong> ({text(notebook)}) "
            f"{'waits' if number == 1 else 'wait'} in the formgrader to be read.</p>"
        )
    remark = f" {tag('with names')}" if (trouble or changed) and names else ""
    content = "\n".join(parts) or "<p>Nothing does: every answer has a verdict.</p>"
    return f'<section id="person"><h2>Needs a person first{remark}</h2>\n{content}\n</section>'


# ---------------------------------------------------------------------------------------------------------------------
# For the lecture
# ---------------------------------------------------------------------------------------------------------------------


def _lecture(mistakes: Sequence[ExerciseMistakes]) -> str:
    parts = [_begin_with(mistakes), _outcome_counts(mistakes)]
    parts += [_exercise(place, found) for place, found in enumerate(mistakes, start=1)]
    content = "\n".join(part for part in parts if part) or "<p>There is no exercise with a check.</p>"
    return f'<section id="lecture"><h2>For the next lecture {tag("no names")}</h2>\n{content}\n</section>'


def _begin_with(mistakes: Sequence[ExerciseMistakes]) -> str:
    """The mistakes that most students of all have made, wherever that was."""
    found = [
        (group, place, ones)
        for place, ones in enumerate(mistakes, start=1)
        for group in ones.groups
        if group.students > 1 and group.known
    ]
    found.sort(key=lambda one: -one[0].students)
    if not found:
        return "<p>No declared mistake was made by more than one student.</p>"
    rows = [
        f'<li><a href="#exercise-{place}">{text(ones.exercise)}</a>: <strong>{text(group.label)}</strong>, '
        f"{of_those_who_tried(group.students, ones)}</li>"
        for group, place, ones in found[:MOST_FIRST]
    ]
    return f"<p>Mistakes that most students made:</p>\n<ol>{''.join(rows)}</ol>"


def _outcome_counts(mistakes: Sequence[ExerciseMistakes]) -> str:
    there = [outcome for outcome in OUTCOMES if any(dict(found.counts).get(outcome) for found in mistakes)]
    rows = []
    for place, found in enumerate(mistakes, start=1):
        counts = dict(found.counts)
        cells = "".join(f'<td class="number">{counts.get(outcome, 0) or "·"}</td>' for outcome in there)
        rows.append(f'<tr><th scope="row"><a href="#exercise-{place}">{text(found.exercise)}</a></th>{cells}</tr>')
    if not rows:
        return ""
    about = (
        "Below, each mistake stands with the sentence that students were told and, where there are any, the lines that "
        "answers with this mistake share and right answers do not have, compared without spacing and names of "
        "students' own. Nobody has tried these lines; where answers differ too much to say, none is shown."
    )
    caption = "How the answers to each exercise ended: students by outcome"
    return f'{table(caption, ["Exercise"], rows, there)}\n<p class="soft">{about}</p>'


def bars_of(found: ExerciseMistakes) -> list[Bar]:
    """The bars of an exercise: what is right, each group, and who has not tried; together the whole class.

    Parameters
    ----------
    found : ExerciseMistakes
        What the class made of it.

    Examples
    --------
    >>> bars_of(ExerciseMistakes("graphs", "neuron", (("passed", 3), ("not attempted", 1)), ()))[0].said
    '3 (100 %)'
    """

    def share(number: int) -> str:
        return f"({percent(number, found.tried)})"

    bars = [Bar("✓ right", found.passed, "right", share(found.passed))]
    shown = found.groups if len(found.groups) <= MOST_BARS + 1 else found.groups[:MOST_BARS]
    for place, group in enumerate(shown, start=1):
        kind = "mistake" if group.known else "other"
        bars.append(Bar(f"{place}. {clean(group.label)}", group.students, kind, share(group.students)))
    rest = found.groups[len(shown) :]
    if rest:
        number = sum(group.students for group in rest)
        bars.append(Bar(f"{len(rest)} further kinds", number, "other", share(number)))
    for outcome, number in found.counts:
        if outcome not in TRIED:
            bars.append(Bar(f"{SIGNS[outcome]} {outcome}", number, "untried"))
    return bars


def _exercise(place: int, found: ExerciseMistakes) -> str:
    words = f"{found.passed} of the {found.tried} who tried are right." if found.tried else "Nobody has tried it yet."
    parts = [
        f'<h3 id="exercise-{place}"><code>{text(found.exercise)}</code></h3>',
        f'<p class="soft">{words} {"Per cent are of those who tried." if found.groups else ""}</p>',
        bar_chart(clean(found.exercise), bars_of(found)),
    ]
    told = [
        group_article(f"{number}. {text(group.label)}", group, found)
        for number, group in enumerate(found.groups, start=1)
    ]
    open_ones = min(MOST_TOLD, max(2, sum(group.students > 1 for group in found.groups)))
    parts += told[:open_ones]
    if told[open_ones:]:
        summary = f"<summary>{plural(len(told) - open_ones, 'further kind')}</summary>"
        parts += [f"<details>{summary}", *told[open_ones:], "</details>"]
    return "\n".join(parts)


def group_article(heading: str, group: Group, found: ExerciseMistakes, level: str = "h4") -> str:
    """What is known of answers that have the same thing wrong: how many, what they were told, and their lines.

    Parameters
    ----------
    heading : str
        HTML.
    group : Group
        Them.
    found : ExerciseMistakes
        The exercise.
    level : str
        Which heading it is.
    """
    ended = f", {text(group.outcome)}" if group.outcome not in (WRONG, BLOCKED) and group.known else ""
    told = "" if not group.cause else " They were told:" if group.known or group.students == 1 else " Most were told:"
    parts = [
        f"<{level}>{heading}</{level}>",
        f'<p class="soft">{of_those_who_tried(group.students, found)}{ended}.{told}</p>',
    ]
    if group.cause:
        parts.append(f"<blockquote><p>{sentence(group.cause)}</p></blockquote>")
    if group.lines:
        parts.append(f'<p class="soft">{_lead(group)}</p>')
    for line in group.lines:
        comments = [f"{line.students} of {group.students}"] if group.students > 1 else []
        comments += [f"in {text(line.where)}"] if line.where else []
        comments += [f"{line.right} of {found.passed} right answers have it, too"] if line.right else []
        beside = f'  <span class="soft"># {", ".join(comments)}</span>' if comments else ""
        parts.append(f"<pre><code>{text(line.text, LONGEST_LINE)}</code>{beside}</pre>")
    return f"<article>{''.join(parts)}</article>"


def of_those_who_tried(number: int, found: ExerciseMistakes) -> str:
    """So many students, and their share.

    Parameters
    ----------
    number : int
        How many.
    found : ExerciseMistakes
        The exercise that they have tried.
    """
    return f"{plural(number, 'student')} ({percent(number, found.tried)} of those who tried)"


def _lead(group: Group) -> str:
    """What the lines are that stand below: nothing more is known of them."""
    if group.students == 1:
        return "The line that this answer has and right answers do not have:"
    one = len(group.lines) == 1
    which = "these answers" if all(line.students == group.students for line in group.lines) else "some of these answers"
    line = "The line" if one else "Lines"
    return f"{line} that {which} share and right answers do not have:"


# ---------------------------------------------------------------------------------------------------------------------
# The class
# ---------------------------------------------------------------------------------------------------------------------


def _columns(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((entry.notebook, entry.exercise) for entry in entries))


def _class(entries: Sequence[Entry]) -> str:
    """Students × exercises, a table for each notebook: a sign for the outcome, and the points; and all together."""
    notebooks = list(dict.fromkeys(entry.notebook for entry in entries))
    used = [outcome for outcome in OUTCOMES if any(entry.outcome == outcome for entry in entries)]
    legend = ", ".join(f"{SIGNS[outcome]} {outcome}" for outcome in used)
    tables = [_notebook(name, [entry for entry in entries if entry.notebook == name]) for name in notebooks]
    if len(notebooks) > 1:
        tables.append(_all_notebooks(notebooks, entries))
    return (
        f'<section id="class"><h2>The class, student by student {tag("with names")}</h2>\n'
        f'<p class="soft">{text(legend)}. Beside each its points; – where none are given yet, and + where the sum '
        f"waits for them.</p>\n{chr(10).join(tables)}\n</section>"
    )


def _notebook(notebook: str, entries: Sequence[Entry]) -> str:
    columns = list(dict.fromkeys(entry.exercise for entry in entries))
    placed = {(entry.student, entry.exercise): entry for entry in entries}
    rows = []
    for student in sorted({entry.student for entry in entries}):
        mine = [placed.get((student, column)) for column in columns]
        cells = "".join(_cell(entry) for entry in mine)
        rows.append(f'<tr><th scope="row">{text(student)}</th>{cells}{_sum(mine)}</tr>')
    caption = f"{notebook}: outcome and points of each student in each exercise"
    return table(caption, ["Student"], rows, [*columns, "Points"], "class")


def _all_notebooks(notebooks: Sequence[str], entries: Sequence[Entry]) -> str:
    own: dict[tuple[str, str], list[Entry | None]] = {}
    for entry in entries:
        own.setdefault((entry.student, entry.notebook), []).append(entry)
    rows = []
    for student in sorted({entry.student for entry in entries}):
        mine = [own.get((student, notebook), [None]) for notebook in notebooks]
        cells = "".join(map(_sum, mine)) + _sum([entry for ones in mine for entry in ones])
        rows.append(f'<tr><th scope="row">{text(student)}</th>{cells}</tr>')
    caption = "All notebooks: points of each student, before anything is taken off for being late"
    return table(caption, ["Student"], rows, [*notebooks, "Together"], "class")


def _sum(entries: Sequence[Entry | None]) -> str:
    points = sum(entry.points or 0.0 for entry in entries if entry is not None)
    most = sum(entry.max_points for entry in entries if entry is not None)
    waits = " +" if any(entry is None or entry.points is None or entry.needs_person for entry in entries) else ""
    return f'<td class="number"><strong>{points:g}{waits}</strong> of {most:g}</td>'


def _cell(entry: Entry | None) -> str:
    if entry is None:
        return '<td class="number">–</td>'
    points = "–" if entry.points is None else f"{entry.points:g}"
    sign = SIGNS.get(entry.outcome, "?")
    look = "number" if entry.outcome == PASSED else "number not-passed"
    return (
        f'<td class="{look}"><span aria-hidden="true">{sign}</span> '
        f'<span class="unseen">{text(entry.outcome)},</span> {points}</td>'
    )
