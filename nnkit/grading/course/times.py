"""How long a notebook takes a reader, by section, and the labels that say so.

The estimate is that of three careful readings of the course: 130 words of text in a minute, 2 minutes for a prediction,
8 for an exercise and 3 for each of its points, 6 for each point of a written question. A section is what stands below a
heading of the second level, or of the third where it has a label of its own. A label is the line below a heading,
``*core, 8 minutes*`` or ``*deeper, 8 minutes*``, so that a table of contents has room for the heading itself. Sections
without a label count as core; what is there ``*to look up*`` is not counted at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from nnkit.grading.course.execute import write_notebook
from nnkit.grading.marks.outcomes import checked_exercise

CORE = "core"
DEEPER = "deeper"
LOOK_UP = "to look up"
CORE_LIMIT = 90
WORDS_A_MINUTE = 130
PREDICTION = 2
EXERCISE = 8
EXERCISE_POINT = 3
QUESTION_POINT = 6

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_FENCE = re.compile(r"\s*(```|~~~)")
_LABEL = re.compile(
    r"(?P<heading>\A#[^\n]*\n+)\*(?P<kind>core|deeper|to look up)(?:, (?:(?P<minutes>\d+) minutes?|[^*\n]*))?\*$",
    re.MULTILINE,
)
_PREDICTION = re.compile(r"\bwidgets\.(?:predict\(|playground\(challenge=)")
_DURATION = r"(?:\d+|[a-z]+)\s(?:minutes?|hours?)"
_CORE_SENTENCE = re.compile(rf"(\*?core\*?[^.]*?\btakes? about ){_DURATION}")
_DEEPER_SENTENCE = re.compile(rf"(\*?deeper\*?[^.]*?\btakes? )(?:about )?(?:half an hour|{_DURATION})( more)")


@dataclass
class Section:
    """What a reader does in one section of a notebook.

    Parameters
    ----------
    title : str
        The heading, without its label; empty for what stands before the first one.
    kind : str
        `CORE`, `DEEPER` or `LOOK_UP`.
    level : int
        Of its heading, 1 for the notebook's title.
    label : int or None
        The minutes that the line below the heading announces, None where it announces none.
    labelled : bool
        Whether the line below the heading says core or deeper.
    words : int
        Read in it, its heading included without the label.
    predictions : int
        Asked for in it.
    points : list of int
        Those of each exercise.
    question_points : list of int
        Those of each written question.
    """

    title: str
    kind: str = CORE
    level: int = 1
    label: int | None = None
    labelled: bool = False
    words: int = 0
    predictions: int = 0
    points: list[int] = field(default_factory=list)
    question_points: list[int] = field(default_factory=list)

    @property
    def minutes(self) -> float:
        """The estimate."""
        return (
            self.words / WORDS_A_MINUTE
            + PREDICTION * self.predictions
            + EXERCISE * len(self.points)
            + EXERCISE_POINT * sum(self.points)
            + QUESTION_POINT * sum(self.question_points)
        )

    @property
    def whole_minutes(self) -> int:
        """What a label says: the estimate, rounded, and at least a minute."""
        return max(1, round(self.minutes))


def count_words(markdown: str) -> int:
    """Count the words of a Markdown text that a reader reads: no fenced code, no targets of links, no tags.

    Parameters
    ----------
    markdown : str
        The source of a cell or of a part of one.

    Returns
    -------
    int

    Examples
    --------
    >>> count_words("See **the** [second notebook](../02/b.ipynb): <b>θ</b> = 3.")
    6
    """
    text = re.sub(r"(?ms)^\s*(```|~~~).*?^\s*\1[^\n]*$", " ", markdown)
    text = re.sub(r"<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^>]*>", "", text)
    text = re.sub(r"https?://\S+", "link", text)
    text = re.sub(r"\\[a-zA-Z]+", " ", text)  # the commands of a formula; its letters and numbers are read
    return sum(bool(re.search(r"\w", word)) for word in text.split())


def sections(notebook: NotebookNode) -> list[Section]:
    """Divide a notebook into its sections, in order.

    Parameters
    ----------
    notebook : NotebookNode
        As it stands in ``solutions/``; the answers to written questions are not read by a student and do not count.

    Returns
    -------
    list of Section
        The first one is what stands before the first heading of the second level.
    """
    found = [Section("")]
    open_sections = [found[0]]
    written = {
        cell.metadata["nbgrader"]["grade_id"]
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    for cell in notebook.cells:
        flags = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and not flags.get("solution"):
            for heading, text in _parts(cell.source):
                if heading is not None:
                    _enter(heading, _LABEL.match(text), open_sections, found)
                open_sections[-1].words += count_words(_LABEL.sub(r"\g<heading>", text))
            if flags.get("task"):
                open_sections[-1].question_points.append(flags["points"])
        elif cell.cell_type == "markdown" and flags.get("grade"):
            open_sections[-1].question_points.append(flags["points"])
        elif cell.cell_type == "code":
            open_sections[-1].predictions += len(_PREDICTION.findall(cell.source))
            exercise = checked_exercise(cell.source) if flags.get("grade") else None
            if exercise is not None and exercise not in written and open_sections[-1].points:
                open_sections[-1].points[-1] += flags["points"]  # a further mark of the answer above
            elif exercise is not None:
                open_sections[-1].points.append(flags["points"])
    return found


def _parts(source: str) -> Iterator[tuple[re.Match[str] | None, str]]:
    """Cut a Markdown text before each heading: (heading or None, the text with the heading)."""
    heading, lines, fenced = None, list[str](), False
    for line in source.split("\n"):
        fenced ^= bool(_FENCE.match(line))
        match = None if fenced else _HEADING.match(line)
        if match:
            if lines:
                yield heading, "\n".join(lines)
            heading, lines = match, []
        lines.append(line)
    yield heading, "\n".join(lines)


def _enter(
    heading: re.Match[str], label: re.Match[str] | None, open_sections: list[Section], found: list[Section]
) -> None:
    """Go on to the section that a heading begins; a heading without a label below the second level begins none."""
    level, title = len(heading.group(1)), heading.group(2)
    while len(open_sections) > 1 and open_sections[-1].level >= level:
        open_sections.pop()
    if level == 1 or (level > 2 and label is None):
        return
    kind = label["kind"] if label else CORE
    minutes = int(label["minutes"]) if label and label["minutes"] else None
    section = Section(title, kind, level, minutes, label is not None and kind != LOOK_UP)
    open_sections.append(section)
    found.append(section)


def core_minutes(found: list[Section]) -> float:
    """Add up what a reader cannot leave out.

    Parameters
    ----------
    found : list of Section
        Of one notebook.
    """
    return sum(section.minutes for section in found if section.kind == CORE)


def deeper_minutes(found: list[Section]) -> float:
    """Add up what can wait.

    Parameters
    ----------
    found : list of Section
        Of one notebook.
    """
    return sum(section.minutes for section in found if section.kind == DEEPER)


def label_faults(notebook: NotebookNode) -> list[str]:
    """Say where the labels of a notebook are not what the estimate makes of them.

    Parameters
    ----------
    notebook : NotebookNode
        As it stands in ``solutions/``.

    Returns
    -------
    list of str
        One line for each.
    """
    faults = [
        f"{section.title}: the label says {section.label or 'no'} minutes, the estimate is {section.whole_minutes}"
        for section in sections(notebook)
        if section.labelled and section.label != section.whole_minutes
    ]
    for before, after in zip(_markdown(notebook), _markdown(relabelled(notebook)), strict=True):
        if (said := _said_at_the_start(before)) != (wanted := _said_at_the_start(after)):
            faults.append(f"the opening says {said}; the estimate is {wanted}")
    return faults


def order_faults(notebook: NotebookNode) -> list[str]:
    """Say where the order of sections does not let a reader leave the deeper ones out.

    Parameters
    ----------
    notebook : NotebookNode
        As it stands in ``solutions/``.

    Returns
    -------
    list of str
        One line for each core section behind a deeper one, and for each deeper one that holds points.
    """
    faults, deeper = list[str](), None
    for section in sections(notebook):
        if section.kind == DEEPER:
            deeper = deeper or section.title
            if section.points or section.question_points:
                faults.append(f"{section.title}: is deeper and has points")
        elif section.labelled and section.kind == CORE and deeper:
            faults.append(f"{section.title}: is core and stands behind the deeper section “{deeper}”")
    return faults


def relabelled(notebook: NotebookNode) -> NotebookNode:
    """Copy a notebook with the labels that the estimate makes; nothing else is changed.

    In the opening, "the core takes about … minutes" is brought up to date too, to five minutes, and "deeper ones take
    … more" to what the labels of these sections add up to.

    Parameters
    ----------
    notebook : NotebookNode
        Stays as it is.

    Returns
    -------
    NotebookNode
    """
    # The opening's own words count too: what the first pass writes is counted by the second, which changes no number
    # of words any more.
    return _with_labels(_with_labels(notebook))


def write_labels(path: Path) -> bool:
    """Bring the labels of a notebook up to date.

    Parameters
    ----------
    path : Path
        In ``solutions/``.

    Returns
    -------
    bool
        Whether anything had to be changed; the file is not touched otherwise.
    """
    notebook = nbformat.read(path, as_version=4)
    new = relabelled(notebook)
    if new == notebook:
        return False
    write_notebook(new, path)
    return True


def _with_labels(notebook: NotebookNode) -> NotebookNode:
    copy = nbformat.from_dict(notebook)
    found = sections(copy)
    labels = iter(section.whole_minutes for section in found if section.labelled)
    core = max(5, 5 * round(core_minutes(found) / 5))
    added = sum(section.whole_minutes for section in found if section.kind == DEEPER and section.labelled)
    deeper = "a minute" if added <= 1 else f"{added} minutes"
    opening = True
    for cell in copy.cells:
        if cell.cell_type != "markdown" or cell.metadata.get("nbgrader", {}).get("solution"):
            continue
        texts = []
        for heading, text in _parts(cell.source):
            opening = opening and (heading is None or len(heading.group(1)) == 1)
            label = _LABEL.match(text) if heading is not None and len(heading.group(1)) > 1 else None
            if label is not None and label["kind"] != LOOK_UP:
                minutes = next(labels)
                unit = "minute" if minutes == 1 else "minutes"
                text = _LABEL.sub(rf"\g<heading>*\g<kind>, {minutes} {unit}*", text)
            if opening:
                text = _CORE_SENTENCE.sub(rf"\g<1>{core} minutes", text)
                text = _DEEPER_SENTENCE.sub(rf"\g<1>{deeper}\g<2>", text)
            texts.append(text)
        cell.source = "\n".join(texts)
    return copy


def _markdown(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def _said_at_the_start(text: str) -> str:
    """The durations that an opening names."""
    matches = [found for form in (_CORE_SENTENCE, _DEEPER_SENTENCE) for found in form.finditer(text)]
    return ", ".join(" ".join(found.group().split()[-4:]) for found in matches)
