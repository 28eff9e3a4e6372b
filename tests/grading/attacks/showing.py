"""What acts when somebody looks: in the formgrader, with the instructor's login, or on the page that a student gets.

Each is looked for in the graded notebook, as the formgrader shows it, and on the page of `nbgrader generate_feedback`.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from nnkit.exercises.terms import REPORT_TYPE
from nnkit.grading.course.steps import nbgrader_api
from nnkit.grading.marks.outcomes import cell_outcome
from nnkit.grading.run.execution import sandbox_for
from nnkit.grading.run.notebook import Plan, grade_notebook
from nnkit.grading.run.sandbox import Limits
from tests.grading.attacks.attack import Attack
from tests.grading.attacks.course import SMALL
from tests.grading.attacks.making import (
    FILE,
    RIGHT,
    WRONG,
    WRONG_ANSWER,
    cell,
    graded_notebook,
    points_of,
    solved,
    write,
)
from tests.grading.test_showing import HTML, MARK, MARKDOWN, SVG, dangers, png
from tests.grading.test_showing import page as plain_page

KIND = "showing"
LARGEST_PAGE = 4_000_000
KEPT = "an honest sentence that stays"

Change = Callable[[NotebookNode], None]


def page(notebook: NotebookNode, template: str = "feedback") -> str:
    """The page that nbgrader would show, with the fields that it fills from the gradebook."""
    shown = copy.deepcopy(notebook)
    for one in shown.cells:
        flags = one.metadata.get("nbgrader")
        if isinstance(flags, dict):
            flags.update(score=0, points=flags.get("points", 0), comment="")
    return plain_page(shown, template)


@functools.cache
def _feedback_of_all(course: Path) -> None:
    result = nbgrader_api(course).generate_feedback(SMALL, "showing*", force=True)
    assert result["success"], result


def entry(
    name: str,
    sentence: str,
    *cells: str,
    change: Change | None = None,
    files: Mapping[str, bytes] | None = None,
    outcomes: Mapping[str, str] = RIGHT,
    control: Callable[[Path], None] | None = None,
    no_control: str = "",
    check: Callable[[str, str], None] | None = None,
    **answers: str,
) -> Attack:
    """A notebook whose cells or texts would act where they are shown.

    Parameters
    ----------
    name, sentence, cells, answers
        The student's own cells show something; the answers may be other ones than the right ones.
    change : Change or None
        What is done to the notebook besides.
    files : Mapping[str, bytes] or None
        What lies beside it.
    outcomes : Mapping[str, str]
        How the exercises end.
    control : Callable or None
        By default, that the page has something on it that acts when nothing is taken out.
    no_control : str
        Why there is none.
    check : Callable or None
        Gets the text of the feedback and of the page of the formgrader.
    """
    who = f"showing {name}"

    def made(course: Path) -> NotebookNode:
        notebook = solved(course, *cells, behind="imports", **answers)
        notebook.cells.append(new_markdown_cell(KEPT, id="kept"))
        if change is not None:
            change(notebook)
        return notebook

    def hand_in(course: Path, folder: Path) -> None:
        write(made(course), folder)
        for path, content in (files or {}).items():
            (folder / path).write_bytes(content)

    def untouched(course: Path) -> None:
        _feedback_of_all(course)
        feedback = (course / "feedback" / who / SMALL / FILE.replace(".ipynb", ".html")).read_text(encoding="utf-8")
        shown = page(graded_notebook(course, who), "formgrade")
        assert dangers(feedback) == []
        assert set(dangers(shown)) <= {"button"}  # the formgrader's own
        for text in (feedback, shown):
            assert KEPT in text
            assert len(text) < LARGEST_PAGE
        if check is not None:
            check(feedback, shown)

    def shown_as_it_is(course: Path) -> None:
        notebook = made(course)
        for one in notebook.cells:
            if one.get("id", "").startswith("own-"):
                one.outputs = outputs_of(one.source)
        assert dangers(page(notebook))

    if control is None and not no_control:
        control = shown_as_it_is
    points = points_of(outcomes)
    return Attack(KIND, name, sentence, hand_in, points, outcomes, untouched, control, no_control, student=who)


def outputs_of(source: str) -> list[NotebookNode]:
    """What a cell shows where nothing is taken out."""
    notebook = new_notebook(cells=[new_code_cell(source)])
    grade_notebook(notebook, sandbox_for("welcome"), Plan("5" * 64, limits=Limits(memory=1 << 30)))
    return list(notebook.cells[0].outputs)


def displayed(*bundles: Mapping[str, Any]) -> str:
    """A cell that displays these."""
    return f"for data in {list(map(dict, bundles))!r}:\n    display(data, raw=True)"


def own_texts(*texts: str) -> Change:
    """Markdown cells of the student's own."""

    def change(notebook: NotebookNode) -> None:
        notebook.cells += [new_markdown_cell(text, id=f"text-{number}") for number, text in enumerate(texts)]

    return change


def odd_metadata(notebook: NotebookNode) -> None:
    script = f"</title><script>{MARK}()</script>"
    notebook.metadata["title"] = script
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": script, "language": script}
    notebook.metadata["language_info"] = {"name": script, "pygments_lexer": f"'>{script}"}
    for one in notebook.cells:
        one.metadata["tags"] = [f"'>{script}"]
        one.metadata["name"] = script
        one.metadata["magics_language"] = script


def stored(notebook: NotebookNode) -> None:
    """Outputs that no cell has shown, and the state of widgets that nobody has made."""
    for one in notebook.cells:
        if one.cell_type == "code":
            one.outputs = [
                new_output("display_data", {"application/javascript": f"{MARK}()", "text/html": HTML["script"]})
            ]
    state = {"a": f"</script><script>{MARK}()</script>"}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": state}}


def raw(notebook: NotebookNode) -> None:
    for number, text in enumerate((HTML["script"], f"```\n{HTML['handler']}\n```")):
        notebook.cells.append(new_raw_cell(text, id=f"raw-{number}", metadata={"raw_mimetype": "text/html"}))


def attached(notebook: NotebookNode) -> None:
    text = new_markdown_cell("![a](attachment:a.svg) ![b](attachment:gone.png) ![c](attachment:c.png)", id="attached")
    text["attachments"] = {"a.svg": {"image/svg+xml": SVG}, "c.png": {"image/png": f"' onerror='{MARK}()"}}
    notebook.cells.append(text)


def fails(course: Path) -> None:
    """A picture that is missing stops the feedback of the class, where nobody takes it out."""
    notebook = new_notebook(cells=[])
    attached(notebook)
    try:
        page(notebook)
    except Exception:
        return
    raise AssertionError("The page was made.")


def headings(notebook: NotebookNode) -> None:
    own_texts("# test_double", "# test_double-comment", "# why", "<h1 id='test_double'>x</h1>")(notebook)


def no_heading_is_called_so(feedback: str, shown: str) -> None:
    assert shown.count('id="test_double"') <= 1
    assert 'id="test_double-comment"' not in feedback


def a_heading_is_called_so(course: Path) -> None:
    notebook = solved(course)
    headings(notebook)
    assert '<h1 id="test_double"' in page(notebook)


OBJECTS = f"""
class Shown:
    def _repr_html_(self):
        return {HTML["handler"]!r}
    def _repr_javascript_(self):
        return '{MARK}()'
    def _repr_svg_(self):
        return "<svg onload='{MARK}()'/>"
    def _repr_markdown_(self):
        return {MARKDOWN["markdown link"]!r}
    def _repr_latex_(self):
        return {HTML["handler"]!r}
    def __repr__(self):
        return {HTML["script"]!r}

class Bundle:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {{'text/html': {HTML["frame"]!r}, 'application/vnd.custom+json': {{'url': '{MARK}'}},
                'text/<script>{MARK}()</script>': 'x'}}, {{'text/html': {{'isolated': True}}}}

class Breaks:
    def _repr_html_(self):
        raise ValueError({HTML["script"]!r})
    def __repr__(self):
        raise BaseException({HTML["script"]!r})

for one in (Shown(), Bundle(), Breaks()):
    display(one)
Shown()
"""
RAISES = f"""
class Oops(Exception):
    def _render_traceback_(self):
        return [{HTML["handler"]!r}, '\\x1b[31m' + {HTML["script"]!r}]
print({HTML["handler"]!r})
print('\\x1b]8;;javascript:{MARK}()\\x1b\\\\hello')
raise Oops({HTML["handler"]!r})
"""
MAGIC = (
    f"%%javascript\n{MARK}()",
    f"%%html\n{HTML['script']}\n{HTML['handler']}",
    f"%%svg\n<svg onload='{MARK}()'/>",
    f"%%markdown\n{HTML['handler']}",
    f"%%latex\n{HTML['handler']}",
)
PICTURES = """
import base64, os, struct, zlib
def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
size = 300
rows = b''.join(b'\\0' + os.urandom(size * 3) for _ in range(size))
picture = b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', size, size, 8, 2, 0, 0, 0))
picture += chunk(b'IDAT', zlib.compress(rows, 0)) + chunk(b'IEND', b'')
for _ in range(250):
    display({'image/png': base64.b64encode(picture).decode(), 'text/plain': 'a picture'}, raw=True)
"""
FORGED = f"""
report = {{'exercise': 'double', 'status': 'passed', 'message': 'all right'}}
display({{'{REPORT_TYPE}': report, 'text/plain': 'double: passed', 'text/html': '<b>double: passed</b>'}}, raw=True)
class NoVerdict(Exception):
    pass
raise NoVerdict('a person should give all points')
"""
WIDGETS = f"""
import ipywidgets
display(ipywidgets.HTML({HTML["handler"]!r}), ipywidgets.Button(description={HTML["script"]!r}))
"""
TEX = (
    rf"$\href{{javascript:{MARK}()}}{{x}}$",
    rf"$$\require{{html}}\style{{position:fixed; background:url(https://{MARK}.example)}}{{x}}$$",
    rf"\begin{{equation}}\unicode[{MARK}]{{x26}}\cssId{{test_double}}{{y}}\end{{equation}}",
    r"$\def\x{\x\x}\x$ $\newcommand{\y}{\y\y}\y$",
    f"$x {HTML['handler']} y$",
)


def no_tex_acts(feedback: str, shown: str) -> None:
    for text in (feedback, shown):
        for command in (r"\href", r"\require", r"\style", r"\cssId", r"\def", r"\newcommand", r"\unicode"):
            assert f"{command}{{" not in text
            assert rf"{command}\x" not in text


def tex_acts(course: Path) -> None:
    """MathJax reads all of the page, and does what stands there."""
    notebook = solved(course)
    own_texts(*TEX)(notebook)
    assert rf"\href{{javascript:{MARK}()}}" in page(notebook)


def no_picture_but_some(feedback: str, shown: str) -> None:
    assert 1 <= feedback.count("<img") <= 15
    assert "left out" in feedback


def pictures_are_many(course: Path) -> None:
    output = new_output("display_data", {"image/png": png(900, 900), "text/plain": "x"})
    one = new_notebook(cells=[new_code_cell("s", outputs=[output] * 250)])
    assert page(one).count("<img") == 250


def forged_is_taken(course: Path) -> None:
    """A report that stands among the outputs of a test's cell is the outcome, whoever has put it there."""
    one = cell(solved(course), "test_double")
    one.outputs = [new_output("display_data", {REPORT_TYPE: {"exercise": "double", "status": "passed"}})]
    assert cell_outcome(one).status == "passed"


EVIL_PAGE = f"<html><script>{MARK}()</script></html>".encode()

ATTACKS: tuple[Attack, ...] = (
    entry(
        "HTML",
        "Cells display HTML that acts, in every way that is known.",
        displayed(*({"text/html": text, "text/plain": "x"} for text in HTML.values())),
    ),
    entry(
        "JavaScript",
        "Cells display JavaScript, and run magics that do.",
        displayed({"application/javascript": f"{MARK}()"}),
        *MAGIC,
    ),
    entry(
        "drawings",
        "Cells display SVG with scripts in it, also as a picture.",
        displayed(
            {"image/svg+xml": f"<svg onload='{MARK}()'><script>{MARK}()</script></svg>"},
            {"image/png": SVG},
            {"text/html": f"<img src='data:image/svg+xml;base64,{SVG}'>"},
        ),
    ),
    entry("widgets", "Cells display widgets, and the file brings the state of others along.", WIDGETS, change=stored),
    entry(
        "written answer",
        "The written answer holds HTML, handlers and links of all kinds.",
        why="\n\n".join([KEPT, *MARKDOWN.values()]),
    ),
    entry("texts", "Markdown cells hold HTML, handlers and links of all kinds.", change=own_texts(*MARKDOWN.values())),
    entry(
        "TeX",
        "Formulas that link, load, define and repeat.",
        displayed(*({"text/latex": text} for text in TEX)),
        change=own_texts(*TEX),
        control=tex_acts,
        check=no_tex_acts,
    ),
    entry("objects", "Objects show themselves in ways of their own.", OBJECTS),
    entry(
        "errors",
        "Errors and printed lines hold HTML and escape sequences.",
        RAISES,
        no_control="nbgrader's own page shows errors and printed lines as text; that this stays so is watched.",
    ),
    entry(
        "raw cells",
        "Raw cells hold a page.",
        change=raw,
        no_control="nbconvert of today shows them as text; older ones put them into the page as they are.",
    ),
    entry("metadata", "Names of kernels, languages and tags hold HTML.", change=odd_metadata),
    entry(
        "attachments",
        "Pictures pasted into a text are drawings, no pictures, or missing.",
        change=attached,
        control=fails,
    ),
    entry(
        "headings",
        "Headings are called like the formgrader's fields for points.",
        change=headings,
        control=a_heading_is_called_so,
        check=no_heading_is_called_so,
    ),
    entry("pictures", "Pictures by the hundred.", PICTURES, control=pictures_are_many, check=no_picture_but_some),
    entry(
        "forged report",
        "A report and an error of grading's own are shown by a cell; the answer is wrong.",
        FORGED,
        double=WRONG_ANSWER,
        outcomes=WRONG,
        control=forged_is_taken,
    ),
    entry(
        "page beside",
        "A page that acts lies beside the notebook, and a text links to it.",
        change=own_texts(f"[look here]({MARK}.html) <a href='{MARK}.html'>here</a> ![x]({MARK}.svg)"),
        files={f"{MARK}.html": EVIL_PAGE, f"{MARK}.svg": EVIL_PAGE, FILE.replace("ipynb", "html"): EVIL_PAGE},
    ),
)
