"""The page itself: a table of the exercises, then the notebook with each verdict, its points and comments once."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbformat.notebooknode import NotebookNode

from nnkit.draw.style import COLOURS, dark
from nnkit.grading.course.demonstrations import DEMO_TAG
from nnkit.grading.feedback.marked import Row, comment_anchor, comment_of, number_text, read_rows
from nnkit.grading.feedback.shown import own_error, report_panel, shown_html
from nnkit.grading.feedback.texts import Texts
from nnkit.grading.intake.standing_in import NOT_RUN
from nnkit.grading.marks.outcomes import checked_exercise

TEMPLATE = Path(__file__).with_name("template")
_NOTHING = Markup("")
_TITLE = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_HIDDEN_TESTS = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?(?:END HIDDEN TESTS[^\n]*\n?|\Z)", re.DOTALL | re.MULTILINE)


@dataclass
class Block:
    """A part of the page, in the order of the notebook.

    Parameters
    ----------
    kind : str
        "text", "answer", "code", "given" (which is folded), "demonstration" or "verdict".
    body : Markup
        Its text or its program.
    shown : list[Markup]
        What its cell has shown.
    row : Row or None
        The exercise whose points it has.
    verdict : Markup
        What grading says of it, besides the points.
    is_panel : bool
        Whether that names the exercise.
    comment, comment_anchor : Markup, str
        What a person has written about it, and where that is.
    """

    kind: str
    body: Markup = _NOTHING
    shown: list[Markup] = field(default_factory=list)
    row: Row | None = None
    verdict: Markup = _NOTHING
    is_panel: bool = False
    comment: Markup = _NOTHING
    comment_anchor: str = ""


def feedback_page(
    notebook: NotebookNode, about: Mapping[str, Any], files: Mapping[tuple[str, ...], bytes] | None = None
) -> str:
    """The page on a graded notebook: one file of HTML that needs no other, no program and no host.

    Parameters
    ----------
    notebook : NotebookNode
        As grading left it, with the score, the points and the comment of each cell in nbgrader's metadata.
    about : Mapping[str, Any]
        What nbgrader's resources say of it: "notebook", and where they are there "student", "assignment", "score",
        "max_score" and "late_penalty".
    files : Mapping[tuple[str, ...], bytes] or None
        What lies beside the notebook; pictures that its texts mention come into the page.

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> page = feedback_page(new_notebook(cells=[new_markdown_cell("# Small")]), {"notebook": "small"})
    >>> "<title>Small: feedback</title>" in page, "<script" in page
    (True, False)
    """
    texts = Texts(files)
    rows = read_rows(notebook)
    blocks = _blocks(notebook, rows, texts)
    penalty = float(about.get("late_penalty") or 0)
    return _template().render(
        title=_title(notebook) or str(about.get("notebook", "")),
        student=str(about.get("student") or ""),
        assignment=str(about.get("assignment") or ""),
        rows=rows,
        blocks=blocks,
        score=number_text(about.get("score")),
        most=number_text(about.get("max_score")),
        penalty=number_text(penalty) if penalty > 0 else "",
        waiting=any(row.points == "–" for row in rows),
        commented=any(row.comments for row in rows),
        style=Markup(_style()),
    )


def _title(notebook: NotebookNode) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := _TITLE.search(cell.source)):
            return re.sub(r"[`*$]", "", found[1])
    return ""


def _blocks(notebook: NotebookNode, rows: Sequence[Row], texts: Texts) -> list[Block]:
    by_cell = {row.cell: row for row in rows}
    was_run = notebook.metadata.get("nnkit", {}).get("state") not in NOT_RUN
    blocks = []
    for number, cell in enumerate(notebook.cells):
        flags = cell.metadata.get("nbgrader") or {}
        if cell.cell_type == "markdown":
            block = _text(cell, flags, number, texts)
        elif cell.cell_type == "code":
            block = _code(cell, flags, texts, was_run)
        else:
            block = Block("code", Markup(texts.code(cell.source, "text")))
        if flags.get("grade") or flags.get("task"):
            block.row = by_cell.get(flags["grade_id"])
        if words := comment_of(cell):
            block.comment = Markup(texts.markdown(words))
            block.comment_anchor = comment_anchor(number)
        if block.body or block.shown or block.row or block.comment:
            blocks.append(block)
    return blocks


def _text(cell: NotebookNode, flags: Mapping[str, Any], number: int, texts: Texts) -> Block:
    source = cell.source
    if not flags.get("solution") and not number:  # the page's own heading says it
        source = _TITLE.sub("", source, count=1)
    kind = "answer" if flags.get("solution") else "text"
    return Block(kind, Markup(texts.markdown(source, cell.get("attachments"))))


def _code(cell: NotebookNode, flags: Mapping[str, Any], texts: Texts, was_run: bool) -> Block:
    outputs = cell.get("outputs", [])
    if flags.get("grade") and not flags.get("solution"):
        return (
            _test(cell, outputs, texts) if was_run else Block("verdict", verdict=Markup('<p class="said">Not run.</p>'))
        )
    shown = [Markup(one) for one in shown_html(outputs, texts)]
    kind = "code"
    if flags.get("solution"):
        kind = "answer"
    elif DEMO_TAG in cell.metadata.get("tags", []):
        kind = "demonstration"
    elif flags.get("locked") or _is_folded(cell, "source_hidden"):
        kind = "given"
    if shown and _is_folded(cell, "outputs_hidden"):
        summary = Markup("<details><summary>What this cell has shown</summary>")
        shown = [summary + Markup("\n").join(shown) + Markup("</details>")]
    body = Markup(texts.code(cell.source)) if cell.source.strip() else Markup("")
    return Block(kind, body, shown)


def _is_folded(cell: NotebookNode, what: str) -> bool:
    how = cell.metadata.get("jupyter")
    return isinstance(how, Mapping) and how.get(what) is True


def _test(cell: NotebookNode, outputs: Sequence[Mapping[str, Any]], texts: Texts) -> Block:
    """A check says what it has to say in its panel; of a test of the plain kind the lines may be looked at."""
    exercise = checked_exercise(cell.source)
    shown = [Markup(one) for one in shown_html(outputs, texts, short_errors=True)]
    said = own_error(outputs)
    panel = report_panel(outputs, exercise) if exercise and not said else None
    verdict = panel or (f'<p class="said">{said}</p>' if said else "")
    source = "" if exercise else _HIDDEN_TESTS.sub("", cell.source)
    body = Markup(texts.code(source)) if source.strip() else Markup("")
    return Block("verdict", body, shown, verdict=Markup(verdict), is_panel=panel is not None)


@functools.cache
def _template() -> Any:
    loader = FileSystemLoader(TEMPLATE)
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return found.get_template("page.html.j2")


@functools.cache
def _style() -> str:
    """The rules of the page, with nnkit's colours and those of programs, for light pages and for dark ones."""
    from pygments.formatters import HtmlFormatter

    def programs(style: str) -> str:
        rules = HtmlFormatter(style=style).get_style_defs(".code").splitlines()
        return "\n".join(rule for rule in rules if rule.startswith(".code ."))

    roles = {role: value for role, value in COLOURS.items() if role != "right"}
    light = "".join(f"--nnkit-{role}: {value}; " for role, value in roles.items())
    other = "".join(f"--nnkit-{role}: {dark(value)}; " for role, value in roles.items())
    rules = (TEMPLATE / "page.css").read_text("utf-8")
    return (
        f":root {{ {light}}}\n{programs('default')}\n{rules}\n"
        f"@media screen and (prefers-color-scheme: dark) {{\n:root {{ {other}}}\n{programs('github-dark')}\n}}\n"
    )
