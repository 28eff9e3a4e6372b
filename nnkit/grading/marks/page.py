"""The class report: one HTML file for an assignment, with what needs a person, what to talk about, and who has what.

Three readers of one page: the instructor who has to act today, the lecture of next week (which has no names in it), and
whoever looks up a student. Everything that comes from a student is escaped; the page has no script, asks for nothing
from outside, and says so to the browser. The same class gives the same bytes: there is no time in it.
"""

from __future__ import annotations

import html
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from nnkit.exercises.judge.report import inline
from nnkit.exercises.terms import BLOCKED, CRASHED, NOT_ATTEMPTED, PASSED, TIMED_OUT, WRONG
from nnkit.grading.intake.submissions import UNREADABLE
from nnkit.grading.marks.bars import COLOURS, Bar, bar_chart, style_sheet
from nnkit.grading.marks.class_table import Entry
from nnkit.grading.marks.mistakes import TRIED, ExerciseMistakes, Group
from nnkit.grading.marks.outcomes import DIED, FOR_A_PERSON, NEEDS_PERSON, OUT_OF_MEMORY, OUTCOMES

MOST_BARS = 8  # groups with a bar of their own
MOST_TOLD = 5  # groups that are open in the page; the others can be opened
MOST_FIRST = 6  # mistakes in the list to begin with
LONGEST_LINE = 240  # letters of a student's line
LONGEST_SENTENCE = 600

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
}
TO_DO = {
    UNREADABLE: "Look at what was handed in, and ask for the file again where it cannot be mended.",
    NEEDS_PERSON: "Open it in the formgrader, read the answer and give its points by hand.",
    DIED: "Grade it once more. If Python ends again, read the answer in the formgrader and give its points by hand.",
    OUT_OF_MEMORY: "Grade it once more. If the memory is again too small, read the answer and give its points by hand.",
}
TO_DO_ELSE = "The formgrader lists it for manual grading: give its points there."
# What makes a text look like another one or is no part of HTML: control signs, turns of direction, halves of letters.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)

STYLE = """
:root { color-scheme: light dark; --page: #ffffff; --ink: #1b1d21; --soft: #5a5f69; --line: #d5d8de; --box: #f4f5f7;
  --link: #0b5cad; --wrong: WRONG_ON_LIGHT; }
@media (prefers-color-scheme: dark) { :root { --page: #16181c; --ink: #e8e9ec; --soft: #a5abb6; --line: #3a3f48;
  --box: #20242a; --link: #7cc0ff; --wrong: WRONG_ON_DARK; } }
body { background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
  margin: 0 auto; max-width: 62rem; padding: 1rem 1.2rem 4rem; overflow-wrap: break-word; }
h1, h2, h3, h4 { line-height: 1.25; }
h2 { border-top: 2px solid var(--line); padding-top: 1.2rem; margin-top: 2.6rem; }
h3 { margin: 2.4rem 0 0.3rem; }
h3 code { font-size: 1.25rem; }
h4 { margin: 1.3rem 0 0.2rem; }
article p, blockquote p { margin: 0.3rem 0; }
a { color: var(--link); }
.soft { color: var(--soft); }
.tag { border: 1px solid var(--line); border-radius: 0.3rem; color: var(--soft); font-size: 0.8rem; font-weight: normal;
  padding: 0.05rem 0.4rem; vertical-align: middle; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.9rem; }
pre { background: var(--box); border-left: 4px solid var(--wrong); margin: 0.3rem 0; padding: 0.5rem 0.8rem;
  white-space: pre-wrap; }
blockquote { border-left: 4px solid var(--line); margin: 0.3rem 0; padding: 0.1rem 0.8rem; }
.scroll { overflow-x: auto; position: relative; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.7rem; text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead th { border-bottom-width: 2px; }
tbody th { font-weight: normal; max-width: 16rem; min-width: 6rem; overflow-wrap: anywhere; }
td { min-width: 2rem; }
.people td { min-width: 10rem; }
.class th.number { font-size: 0.85rem; font-weight: 600; white-space: normal; }
.not-passed { background: var(--box); }
.unseen { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }
summary { cursor: pointer; }
@media print { body { max-width: none; } h3 { break-after: avoid; } article { break-inside: avoid; } }
""".replace("WRONG_ON_LIGHT", COLOURS["mistake"][0]).replace("WRONG_ON_DARK", COLOURS["mistake"][1])


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
    path = Path(path)
    content = class_report(assignment, entries, mistakes, suspicion_html, names).encode("utf-8")
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise


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
    assignment = _clean(assignment)
    sections = [_person(entries, names), _lecture(mistakes)]
    if names and suspicion_html:
        sections.append(
            f'<section id="suspicions"><h2>What looks odd {_tag("with names")}</h2>\n{suspicion_html}\n</section>'
        )
    if names:
        sections.append(_class(entries))
    links = [("person", "Needs a person first"), ("lecture", "For the next lecture")]
    links += [("suspicions", "What looks odd")] if names and suspicion_html else []
    links += [("class", "The class, student by student")] if names else []
    students = len({entry.student for entry in entries})
    items = "".join(f'<li><a href="#{place}">{words}</a></li>' for place, words in links)
    content = "\n".join(sections)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Class report: {html.escape(assignment)}</title>
<style>{STYLE}{style_sheet()}</style>
</head>
<body>
<header>
<h1>Class report: {html.escape(assignment)}</h1>
<p>{_plural(students, "student")}, {_plural(len(_columns(entries)), "exercise")}.</p>
<nav aria-label="Sections"><ul>{items}</ul></nav>
</header>
<main>
{content}
</main>
</body>
</html>
"""


# ---------------------------------------------------------------------------------------------------------------------
# What needs a person
# ---------------------------------------------------------------------------------------------------------------------


def _person(entries: Sequence[Entry], names: bool) -> str:
    """Where grading could not say, and written answers that wait to be read."""
    waiting = [entry for entry in entries if entry.needs_person and entry.outcome != NOT_ATTEMPTED]
    written = Counter((one.notebook, one.exercise) for one in waiting if one.outcome == NEEDS_PERSON and not one.cause)
    trouble = [entry for entry in waiting if entry.outcome != NEEDS_PERSON or entry.cause]
    parts = []
    if trouble and names:
        # A file that cannot be read is one case, not one for each of its exercises.
        together: dict[tuple[str, str, str, str], list[str]] = {}
        for entry in trouble:
            place = (entry.student, entry.notebook, entry.outcome, str(entry.cause or ""))
            together.setdefault(place, []).append(entry.exercise)
        rows = [
            f'<tr><th scope="row">{_text(student)}</th><td>{_text(notebook)}: {_text(", ".join(exercises))}</td>'
            f"<td><strong>{_text(outcome)}</strong>{f': {_sentence(cause)}' if outcome in FOR_A_PERSON else ''}</td>"
            f"<td>{_text(TO_DO.get(outcome, TO_DO_ELSE))}</td></tr>"
            for (student, notebook, outcome, cause), exercises in together.items()
        ]
        parts.append(_table(["Student", "Where", "What happened", "What to do"], rows, look="people"))
    elif trouble:
        counted = Counter(entry.outcome for entry in trouble)
        parts += [
            f"<p><strong>{_text(outcome)}</strong>: {_plural(counted[outcome], 'answer')}. "
            f"{_text(TO_DO.get(outcome, TO_DO_ELSE))}</p>"
            for outcome in OUTCOMES
            if counted[outcome]
        ]
    for (notebook, exercise), number in written.items():
        parts.append(
            f"<p>{_plural(number, 'written answer')} to <strong>{_text(exercise)}</strong> ({_text(notebook)}) "
            f"{'waits' if number == 1 else 'wait'} in the formgrader to be read.</p>"
        )
    tag = f" {_tag('with names')}" if trouble and names else ""
    content = "\n".join(parts) or "<p>Nothing does: every answer has a verdict.</p>"
    return f'<section id="person"><h2>Needs a person first{tag}</h2>\n{content}\n</section>'


# ---------------------------------------------------------------------------------------------------------------------
# For the lecture
# ---------------------------------------------------------------------------------------------------------------------


def _lecture(mistakes: Sequence[ExerciseMistakes]) -> str:
    parts = [_begin_with(mistakes), _outcome_counts(mistakes)]
    parts += [_exercise(place, found) for place, found in enumerate(mistakes, start=1)]
    content = "\n".join(part for part in parts if part) or "<p>There is no exercise with a check.</p>"
    return f'<section id="lecture"><h2>For the next lecture {_tag("no names")}</h2>\n{content}\n</section>'


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
        f'<li><a href="#exercise-{place}">{_text(ones.exercise)}</a>: <strong>{_text(group.label)}</strong>, '
        f"{_of_those_who_tried(group.students, ones)}</li>"
        for group, place, ones in found[:MOST_FIRST]
    ]
    return f"<p>Mistakes that most students made:</p>\n<ol>{''.join(rows)}</ol>"


def _outcome_counts(mistakes: Sequence[ExerciseMistakes]) -> str:
    there = [outcome for outcome in OUTCOMES if any(dict(found.counts).get(outcome) for found in mistakes)]
    rows = []
    for place, found in enumerate(mistakes, start=1):
        counts = dict(found.counts)
        cells = "".join(f'<td class="number">{counts.get(outcome, 0) or "·"}</td>' for outcome in there)
        rows.append(f'<tr><th scope="row"><a href="#exercise-{place}">{_text(found.exercise)}</a></th>{cells}</tr>')
    if not rows:
        return ""
    about = (
        "Below, each mistake stands with the sentence that students were told and, where there are any, the lines that "
        "answers with this mistake share and right answers do not have, compared without spacing and names of "
        "students' own. Nobody has tried these lines; where answers differ too much to say, none is shown."
    )
    return f'{_table(["Exercise"], rows, there)}\n<p class="soft">{about}</p>'


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
        return f"({_percent(number, found.tried)})"

    bars = [Bar("✓ right", found.passed, "right", share(found.passed))]
    shown = found.groups if len(found.groups) <= MOST_BARS + 1 else found.groups[:MOST_BARS]
    for place, group in enumerate(shown, start=1):
        kind = "mistake" if group.known else "other"
        bars.append(Bar(f"{place}. {_clean(group.label)}", group.students, kind, share(group.students)))
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
        f'<h3 id="exercise-{place}"><code>{_text(found.exercise)}</code></h3>',
        f'<p class="soft">{words} {"Per cent are of those who tried." if found.groups else ""}</p>',
        bar_chart(_clean(found.exercise), bars_of(found)),
    ]
    told = [_group(number, group, found) for number, group in enumerate(found.groups, start=1)]
    open_ones = min(MOST_TOLD, max(2, sum(group.students > 1 for group in found.groups)))
    parts += told[:open_ones]
    if told[open_ones:]:
        summary = f"<summary>{_plural(len(told) - open_ones, 'further kind')}</summary>"
        parts += [f"<details>{summary}", *told[open_ones:], "</details>"]
    return "\n".join(parts)


def _group(number: int, group: Group, found: ExerciseMistakes) -> str:
    ended = f", {_text(group.outcome)}" if group.outcome not in (WRONG, BLOCKED) and group.known else ""
    told = "" if not group.cause else " They were told:" if group.known or group.students == 1 else " Most were told:"
    parts = [
        f"<h4>{number}. {_text(group.label)}</h4>",
        f'<p class="soft">{_of_those_who_tried(group.students, found)}{ended}.{told}</p>',
    ]
    if group.cause:
        parts.append(f"<blockquote><p>{_sentence(group.cause)}</p></blockquote>")
    if group.lines:
        parts.append(f'<p class="soft">{_lead(group)}</p>')
    for line in group.lines:
        comments = [f"{line.students} of {group.students}"] if group.students > 1 else []
        comments += [f"in {_text(line.where)}"] if line.where else []
        comments += [f"{line.right} of {found.passed} right answers have it, too"] if line.right else []
        beside = f'  <span class="soft"># {", ".join(comments)}</span>' if comments else ""
        parts.append(f"<pre><code>{_text(line.text, LONGEST_LINE)}</code>{beside}</pre>")
    return f"<article>{''.join(parts)}</article>"


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
    """Students × exercises: a sign for the outcome, and the points."""
    columns = _columns(entries)
    placed = {(entry.student, entry.notebook, entry.exercise): entry for entry in entries}
    rows = []
    for student in sorted({entry.student for entry in entries}):
        mine = [placed.get((student, *column)) for column in columns]
        cells = "".join(_cell(entry) for entry in mine)
        points = sum(entry.points or 0.0 for entry in mine if entry is not None)
        most = sum(entry.max_points for entry in mine if entry is not None)
        open_ones = "" if all(entry is not None and entry.points is not None for entry in mine) else " +"
        total = f'<td class="number"><strong>{points:g}{open_ones}</strong> of {most:g}</td>'
        rows.append(f'<tr><th scope="row">{_text(student)}</th>{cells}{total}</tr>')
    used = [outcome for outcome in OUTCOMES if any(entry.outcome == outcome for entry in entries)]
    legend = ", ".join(f"{SIGNS[outcome]} {outcome}" for outcome in used)
    table = _table(["Student"], rows, [*(exercise for _, exercise in columns), "Points"], "class")
    return (
        f'<section id="class"><h2>The class, student by student {_tag("with names")}</h2>\n'
        f'<p class="soft">{_text(legend)}. Beside each its points; – where none are given yet, and + where the sum '
        f"waits for them.</p>\n{table}\n</section>"
    )


def _cell(entry: Entry | None) -> str:
    if entry is None:
        return '<td class="number">–</td>'
    points = "–" if entry.points is None else f"{entry.points:g}"
    sign = SIGNS.get(entry.outcome, "?")
    look = "number" if entry.outcome == PASSED else "number not-passed"
    return (
        f'<td class="{look}"><span aria-hidden="true">{sign}</span> '
        f'<span class="unseen">{_text(entry.outcome)},</span> {points}</td>'
    )


# ---------------------------------------------------------------------------------------------------------------------
# Words and tables
# ---------------------------------------------------------------------------------------------------------------------


def _table(heads: Sequence[str], rows: Sequence[str], numbers: Sequence[str] = (), look: str = "") -> str:
    head = "".join(f'<th scope="col">{_text(word)}</th>' for word in heads)
    # A long name may be broken behind its underlines, and nowhere else.
    narrow = (_text(word).replace("_", "_<wbr>") for word in numbers)
    head += "".join(f'<th scope="col" class="number">{word}</th>' for word in narrow)
    kind = f' class="{look}"' if look else ""
    body = "\n".join(rows)
    # A box that scrolls has to be reached by the keyboard, too.
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="Table"><table{kind}><thead><tr>{head}</tr></thead>'
        f"\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _tag(words: str) -> str:
    return f'<span class="tag">{words}</span>'


def _of_those_who_tried(number: int, found: ExerciseMistakes) -> str:
    return f"{_plural(number, 'student')} ({_percent(number, found.tried)} of those who tried)"


def _percent(number: int, whole: int) -> str:
    return f"{100 * number / whole:.0f} %" if whole else "0 %"


def _plural(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _clean(text: str) -> str:
    """A text without what is no part of a page."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", str(text))


def _text(text: str, longest: int = LONGEST_SENTENCE) -> str:
    """HTML of a text by whomever."""
    text = _clean(text)
    return html.escape(text if len(text) <= longest else f"{text[: longest - 1]}…")


def _sentence(text: str) -> str:
    """HTML of what a check has told; what stands between backticks is code."""
    text = _clean(text)
    return inline(text if len(text) <= LONGEST_SENTENCE else f"{text[: LONGEST_SENTENCE - 1]}…")
