"""What a submission shows, in the formgrader and in feedback: nothing of it acts, and honest work stays readable."""

from __future__ import annotations

import base64
import copy
import functools
import os
import re
import struct
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbgrader
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from traitlets.config import Config

from nnkit.draw import style
from nnkit.exercises.terms import REPORT_TYPE
from nnkit.grading.feedback.exporter import FeedbackExporter
from nnkit.grading.intake import outputs as limits
from nnkit.grading.intake.markup import clean_html, harmless_address, harmless_tex
from nnkit.grading.intake.outputs import clean_outputs
from nnkit.grading.intake.sanitise import neutralise
from nnkit.grading.intake.written import LONGEST_TEXT, clean_markdown
from nnkit.grading.marks.outcomes import ERRORS

MARK = "stolen"  # every attack calls a function of this name, or loads something that is called so
TEMPLATES = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"


@functools.cache
def exporter(template: str) -> Any:
    """nbconvert with the template of nbgrader's own pages, or the course's own."""
    if template == "course":
        return FeedbackExporter()
    config = Config()
    config.HTMLExporter.template_name = template
    config.HTMLExporter.extra_template_basedirs = [str(TEMPLATES)]
    static = TEMPLATES.parent / "static" / "node_modules" / "bootstrap" / "dist" / "css"
    config.HTMLExporter.extra_template_paths = [str(static)]
    return HTMLExporter(config=config)


def page(notebook: NotebookNode, template: str = "feedback") -> str:
    """The page that nbgrader would show."""
    shown = copy.deepcopy(notebook)
    resources: dict[str, Any] = {
        "nbgrader": {"notebook": "small", "score": 0, "max_score": 0, "late_penalty": 0},
        "base_url": "",
        "index": 0,
        "total": 1,
        "student": "ada",
        "notebook_id": "small",
        "assignment_id": "01",
        "submission_id": "1",
        "notebook_path": "x",
    }
    text, _ = exporter(template).from_notebook_node(shown, resources=resources)
    return str(text)


class Danger(HTMLParser):
    """Everything on a page that acts and mentions the mark."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in ("script", "style") else None
        for name, value in attrs:
            value = value or ""
            harmless = name in ("alt", "title", "id", "for") or (tag == "a" and harmless_address(value))
            if MARK in value and not harmless:
                self.found.append(f"{tag} {name}={value[:60]}")
            if name.startswith("on") and MARK in value:
                self.found.append(f"{tag} {name}")
            if value.startswith("data:image/svg"):
                self.found += [f"{tag} {name}: {fault}" for fault in faults_of_drawing(value)]
                if (tag, name) != ("img", "src"):
                    self.found.append(f"{tag} {name}={value[:40]}")
            if value.startswith("data:text"):
                self.found.append(f"{tag} {name}={value[:40]}")
        if tag in ("iframe", "object", "embed", "base", "form", "svg", "button", "select"):
            self.found.append(tag)
        if tag == "meta" and (dict(attrs).get("http-equiv") or "") not in ("", "Content-Security-Policy"):
            self.found.append("meta refresh")

    def handle_endtag(self, tag: str) -> None:
        self.inside = None

    def handle_data(self, data: str) -> None:
        if self.inside and MARK in data:
            self.found.append(f"text of {self.inside}")


# What our own rules in a drawing may say, and no word besides.
RULES = re.compile(
    r"svg\{background:#fff\}"
    r"|svg\{font-family:[\w ,'()-]+\}svg\{color:#\w{6};background:none\}"
    r"@media\(prefers-color-scheme:dark\)\{svg\{color:#\w{6}\}(\[(fill|stroke)=\"#\w{6}\"\]\{(fill|stroke):#\w{6}\})*\}"
)


def faults_of_drawing(address: str) -> list[str]:
    """What in a drawing would act, or ask for something, if it were opened by itself as an XML file."""
    try:
        root = ElementTree.fromstring(base64.b64decode(address.partition("base64,")[2]))
    except (ElementTree.ParseError, ValueError) as problem:
        return [str(problem)]
    found = []
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if name not in DRAWN or not element.tag.startswith("{http://www.w3.org/2000/svg}"):
            found.append(element.tag)
        if name == "style" and not RULES.fullmatch(element.text or ""):
            found.append(f"style: {element.text}")
        for key, value in element.attrib.items():
            refers = key.endswith("href") and not re.fullmatch(
                r"#[\w.-]+|data:image/(png|jpeg);base64,[\w+/=\s]*", value
            )
            loads = re.search(r"url\((?!\s*['\"]?#)|image|expression|\\|@|/\*|:", value) and name != "image"
            if key.lower().startswith("on") or refers or (loads and key not in ("aria-label", "style")):
                found.append(f"{name} {key}={value[:60]}")
            if key == "style" and re.search(r"url\((?!\s*['\"]?#)|image|expression|\\|@|/\*|var\(", value):
                found.append(f"{name} {key}={value[:60]}")
    return found


DRAWN = frozenset(
    "svg g defs path rect circle ellipse line polyline polygon text tspan use image marker clipPath linearGradient "
    "radialGradient stop title desc style".split()
)


def dangers(text: str) -> list[str]:
    reader = Danger()
    reader.feed(text)
    reader.close()
    return reader.found


def png(width: int = 2, height: int = 2) -> str:
    """A picture that is one."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height))) if width * height < 10**6 else b""
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return base64.b64encode(data).decode()


SVG = base64.b64encode(f"<svg xmlns='http://www.w3.org/2000/svg' onload='{MARK}()'/>".encode()).decode()

ACTIVE_SVG = base64.b64encode(
    f"<svg xmlns='http://www.w3.org/2000/svg' onload='{MARK}()'><script>{MARK}()</script><rect/></svg>".encode()
).decode()

HTML = {
    "script": f"<script>{MARK}()</script>",
    "script in capitals": f"<ScRiPt>{MARK}()</sCrIpT>",
    "handler": f"<img src=x onerror={MARK}()>",
    "handler behind a slash": f"<svg/onload={MARK}()>",
    "handler of an honest element": f"<b onmouseover='{MARK}()'>hello</b>",
    "link": f"<a href='javascript:{MARK}()'>hello</a>",
    "link with a tab": f"<a href='java\tscript:{MARK}()'>hello</a>",
    "link with entities": f"<a href='&#106;avascript&colon;{MARK}()'>hello</a>",
    "link to data": f"<a href='data:text/html,<script>{MARK}()</script>'>hello</a>",
    "link to a page that was handed in": f"<a href='{MARK}.html'>hello</a>",
    "frame": f"<iframe src='https://{MARK}.example'></iframe>",
    "frame with a document": f"<iframe srcdoc='<script>{MARK}()</script>'></iframe>",
    "object": f"<object data='https://{MARK}.example'></object>",
    "embedded": f"<embed src='https://{MARK}.example'>",
    "base": f"<base href='https://{MARK}.example/'>",
    "refresh": f"<meta http-equiv=refresh content='0;url=https://{MARK}.example'>",
    "form": f"<form action='https://{MARK}.example'><input name=password><button>Sign in</button></form>",
    "style": f"<style>* {{ background: url(https://{MARK}.example) }}</style>",
    "style of an element": f"<p style='background-image: url(https://{MARK}.example)'>hello</p>",
    "sheet": f"<link rel=stylesheet href='https://{MARK}.example'>",
    "picture that tells": f"<img src='https://{MARK}.example/seen.gif'>",
    "drawing": f"<svg><script>{MARK}()</script></svg>",
    "drawing as a picture": f"<img src='data:image/svg+xml;base64,{SVG}'>",
    "drawing with a shape": f"<svg onload='{MARK}()'><script>{MARK}()</script><circle r='3' onclick='{MARK}()'/></svg>",
    "drawing that links": f"<svg><a href='javascript:{MARK}()'><text>hello</text></a></svg>",
    "drawing that loads": f"<svg><image href='https://{MARK}.example/a'/><use href='https://{MARK}.example/a.svg#x'/>"
    f"<rect fill='url(https://{MARK}.example/a.svg#x)' style='fill: u\\72l(https://{MARK}.example)'/></svg>",
    "drawing with a style": f"<svg><style>@import url(https://{MARK}.example); * {{ fill: url(//{MARK}.example) }}"
    "</style><rect/></svg>",
    "drawing that changes itself": f"<svg><a><set attributeName='href' to='javascript:{MARK}()'/><rect/></a>"
    f"<animate attributeName='onclick' values='{MARK}()'/></svg>",
    "drawing with a page in it": f"<svg><foreignObject><img src=x onerror={MARK}()></foreignObject><rect/></svg>",
    "drawing that ends early": f"<svg><rect/><p></svg><img src=x onerror={MARK}()>",
    "drawing with a hidden end": f"<svg><title></title><text></svg><img src=x onerror={MARK}()></text></title></svg>",
    "drawing in a picture's address": f"<img src='data:image/svg+xml;base64,{ACTIVE_SVG}'>",
    "drawing in an address without base64": f"<img src='data:image/svg+xml,<svg onload={MARK}()><rect/></svg>'>",
    "formula that acts": f"<math><mtext><style><img src=x onerror='{MARK}()'></style></mtext></math>",
    "comment that ends late": f"<!-- --!><img src=x onerror='{MARK}()'> -->",
    "text that ends early": f"<textarea></textarea><img src=x onerror='{MARK}()'>",
    "unclosed": f"<img src=x onerror={MARK}() ",
    "noscript": f"<noscript><p title='</noscript><img src=x onerror={MARK}()>'></noscript>",
}
MARKDOWN = {
    **HTML,
    "markdown link": f"[hello](javascript:{MARK}())",
    "markdown link in brackets": f"[hello](<javascript:{MARK}()>)",
    "markdown link with entities": f"[hello](&#106;avascript:{MARK}())",
    "markdown link with a named entity": f"[hello](javascript&colon;{MARK}())",
    "link to a page that was handed in, in markdown": f"[hello](work/{MARK}.html)",
    "link to a drawing that was handed in": f"[hello]({MARK}.svg#.png)",
    "link to a page with a hidden ending": f"[hello]({MARK}%2ehtml)",
    "link to the server": f"[hello](../../../api/{MARK}?x=.png)",
    "link by reference": f"[hello][x]\n\n[x]: javascript:{MARK}()",
    "link by reference in brackets": f"[hello][x]\n\n[x]:\n   <javascript:{MARK}()>",
    "automatic link": f"<javascript:{MARK}()>",
    "link around a picture": f"[![hello](a.png)](javascript:{MARK}())",
    "link in capitals": f"[hello](JaVaScRiPt:{MARK}())",
    "link to vbscript": f"[hello](vbscript:{MARK}())",
    "markdown link to data": f"[hello](data:text/html;base64,{SVG}{MARK})",
    "markdown picture that tells": f"![hello](https://{MARK}.example/seen.png)",
    "diagram": f"```mermaid\ngraph TD; A-->B\n</pre><img src=x onerror={MARK}()>\n```",
    "html in a list": f"- one\n  - <img src=x onerror={MARK}()>",
    "html in a quotation": f"> <script>\n> {MARK}()\n> </script>",
    "html in a table": f"| a |\n|---|\n| <img src=x onerror={MARK}()> |",
    "html behind code": f"`` ` ``<img src=x onerror={MARK}()>",
    "html in a formula": f"$x <img src=x onerror={MARK}()> y$",
    "environment with a name": f"\\begin{{a}}<img src=x onerror={MARK}()>\\end{{a}}",
    "element inside a kept one": f"<b><img src=x onerror={MARK}()></b>",
}


def student_notebook(*cells: NotebookNode) -> NotebookNode:
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    return new_notebook(cells=list(cells), metadata=metadata)


@pytest.mark.parametrize("name", MARKDOWN)
def test_markdown_does_not_act(name: str) -> None:
    notebook = student_notebook(new_markdown_cell(MARKDOWN[name], id="why"))
    neutralise(notebook, None)
    for template in ("course", "feedback", "formgrade"):
        assert dangers(page(notebook, template)) == []


def test_markdown_would_act_otherwise() -> None:
    """The control: most of these are found on a page of nbgrader's, when nobody takes them out."""
    found = [
        name for name, text in MARKDOWN.items() if dangers(page(student_notebook(new_markdown_cell(text, id="why"))))
    ]
    assert len(found) >= 30, sorted(set(MARKDOWN) - set(found))


@pytest.mark.parametrize("name", HTML)
def test_html_of_an_output_does_not_act(name: str) -> None:
    output = new_output("display_data", {"text/html": HTML[name], "text/plain": "hello"})
    notebook = student_notebook(new_code_cell("show()", id="shown", outputs=[output]))
    neutralise(notebook, None)
    assert dangers(page(notebook)) == []
    assert dangers(page(notebook, "course")) == []


def test_html_of_an_output_would_act_otherwise() -> None:
    found = [
        name
        for name, text in HTML.items()
        if dangers(
            page(
                student_notebook(new_code_cell("s", id="s", outputs=[new_output("display_data", {"text/html": text})]))
            )
        )
    ]
    assert len(found) >= 20, sorted(set(HTML) - set(found))


BUNDLES: dict[str, dict[str, Any]] = {
    "javascript": {"application/javascript": f"{MARK}()"},
    "drawing": {"image/svg+xml": f"<svg onload='{MARK}()'><script>{MARK}()</script></svg>"},
    "widget": {"application/vnd.jupyter.widget-view+json": {"model_id": MARK}},
    "markdown": {"text/markdown": f"<img src=x onerror={MARK}()> [x](javascript:{MARK}())"},
    "png that is html": {"image/png": f"' onerror='{MARK}()"},
    "jpeg that is a drawing": {"image/jpeg": SVG},
    "latex that is html": {"text/latex": f"<img src=x onerror={MARK}()>"},
    "another notebook's format": {"application/vnd.vegalite.v5+json": {"url": f"https://{MARK}.example"}},
    "type that is markup": {f"text/<script>{MARK}()</script>": "x"},
}


@pytest.mark.parametrize("name", BUNDLES)
def test_other_kinds_of_output_do_not_act(name: str) -> None:
    cell = new_code_cell("s", id="s", outputs=[new_output("display_data", {**BUNDLES[name]})])
    notebook = student_notebook(cell)
    neutralise(notebook, None)
    assert dangers(page(notebook)) == []
    assert dangers(page(notebook, "course")) == []
    assert set(cell.outputs[0].data) <= {"text/plain", "text/html", "text/markdown", "text/latex"}


def test_javascript_of_an_output_would_act_otherwise() -> None:
    for name in ("javascript", "markdown", "drawing"):
        notebook = student_notebook(new_code_cell("s", id="s", outputs=[new_output("display_data", {**BUNDLES[name]})]))
        assert dangers(page(notebook))


@pytest.mark.parametrize(
    "frame",
    [
        {"image/png": {"width": f"1 onload={MARK}()", "height": 3}},
        {"image/png": {"alt": f"' onload='{MARK}()"}},
        {"image/png": {"width": 10**9}},
        {"width": f"1 onload={MARK}()"},
        {"filenames": {"image/png": f"https://{MARK}.example"}},
        {"text/html": {"isolated": True}},
        {"image/png": [1, 2]},
    ],
)
def test_the_frame_of_a_picture_does_not_act(frame: dict[str, Any]) -> None:
    output = new_output("display_data", {"image/png": png(), "text/plain": "x"}, metadata=frame)
    notebook = student_notebook(new_code_cell("s", id="s", outputs=[output]))
    neutralise(notebook, None)
    text = page(notebook)
    assert dangers(text) == []
    assert "onload=stolen" not in text.replace("&#39;", "'").replace("alt=\"' onload='stolen()\"", "")
    assert png() in text


def test_metadata_do_not_reach_a_page() -> None:
    cell = new_code_cell(
        "1",
        id="a",
        metadata={
            "magics_language": MARK,
            "tags": [f"x'><script>{MARK}()</script>", "demo"],
            "alt": MARK,
            "name": MARK,
        },
    )
    notebook = new_notebook(
        cells=[cell],
        metadata={
            "title": f"</title><script>{MARK}()</script>",
            "kernelspec": {"name": MARK, "display_name": MARK, "language": MARK},
            "language_info": {"name": MARK, "pygments_lexer": f"'><script>{MARK}()</script>"},
            "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"a": f"</script><script>{MARK}()"}}},
        },
    )
    neutralise(notebook, None)
    assert MARK not in page(notebook)
    assert cell.metadata.tags == ["demo"]


def test_raw_cells_are_shown_as_they_were_typed() -> None:
    notebook = student_notebook(new_raw_cell(f"```\n<script>{MARK}()</script>", id="raw"))
    notebook.cells[0].metadata["raw_mimetype"] = "text/html"
    neutralise(notebook, None)
    assert dangers(page(notebook)) == []
    assert dangers(page(notebook, "course")) == []
    assert f"script&gt;{MARK}()" in page(notebook)


@pytest.mark.parametrize(
    "text",
    [
        r"$\href{javascript:stolen()}{x}$",
        r"$$\require{action}$$",
        r"\begin{equation}\def\x{\x\x}\x\end{equation}",
        r"$\newcommand{\x}{\x\x}\x$",
        r"$\style{position:fixed}{x}$",
        r"$\class{score}{x} \cssId{test_double}{y}$",
        r"$\re\newcommand{\a}{b}$",
    ],
)
def test_tex_neither_links_nor_repeats(text: str) -> None:
    cleaned, _, notes = clean_markdown(text)
    assert notes
    assert "\\" not in cleaned or harmless_tex(cleaned) == cleaned
    for command in ("href", "require", "def", "newcommand", "style", "class", "cssId"):
        assert f"\\{command}" not in cleaned
    assert (
        clean_outputs([{"output_type": "display_data", "data": {"text/latex": text}}])[0][0].data["text/latex"] != text
    )


HONEST = [
    "a < b and c > d, but not a <= b",
    "It is **bold**, *slanted*, `x <- y`, and ~~not~~ so.",
    "1. one\n2. two\n   - three\n\n> quoted",
    r"$\frac{\partial L}{\partial W} = X^\top \delta$ and $$\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$$",
    "```python\nfor i in range(3):\n    print(i)\n```",
    "see [NumPy](https://numpy.org/doc/stable/) and https://docs.python.org or [above](#top-of-all)",
    "see [my data](data/all%20points.csv), [plot](plot.png) and [before](../03_b/optimizers.ipynb#cell-id=momentum)",
    "| a | b |\n|---|---:|\n| 1 | 2 |",
    "- [x] done\n- [ ] not yet",
    "H<sub>2</sub>O<br>second line, <b>bold</b> and x<sup>2</sup>",
    "Umlaute äöü, 漢字, 🙂, and \\*no emphasis\\*",
    "The gradient is `dout @ W.T`; if x<y it is 0, else 2**3 = 8 & more.",
]


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_stays_as_it_is(text: str) -> None:
    cleaned, _, notes = clean_markdown(text)
    assert cleaned.replace("< y", "<y").replace("< -", "<-") == text
    assert not any("as it was typed" in note for note in notes)


def test_pictures_in_a_text_stay_and_others_go() -> None:
    attachments = {
        "mine.png": {"image/png": png()},
        "evil.svg": {"image/svg+xml": SVG},
        "both.png": {"image/png": png(), "image/svg+xml": SVG},
        "none.png": {"image/png": SVG},
        "odd": 3,
    }
    text = "![a](attachment:mine.png) ![b](attachment:evil.svg) ![c](attachment:both.png) ![d](attachment:gone.png)"
    notebook = student_notebook(new_markdown_cell(text, id="why"))
    notebook.cells[0]["attachments"] = attachments
    neutralise(notebook, None)
    assert set(notebook.cells[0].attachments) == {"mine.png", "both.png"}
    assert set(notebook.cells[0].attachments["both.png"]) == {"image/png"}
    assert page(notebook).count(png()) == 2
    assert "picture: d; it was taken out" in page(notebook)


def test_a_missing_attachment_would_stop_the_feedback_otherwise() -> None:
    with pytest.raises(Exception, match="missing attachment"):
        page(student_notebook(new_markdown_cell("![a](attachment:gone.png)", id="why")))


def test_a_heading_cannot_take_the_place_of_a_field() -> None:
    """The formgrader finds the field for points by the name of the cell; the first element of this name counts."""
    flags = {"grade": True, "grade_id": "test_double", "locked": True, "solution": False, "schema_version": 3}
    notebook = student_notebook(
        new_markdown_cell("# test_double", id="a"),
        new_markdown_cell("# test_double-comment", id="b"),
        new_code_cell("1", id="c", metadata={"nbgrader": {**flags, "points": 1}}),
    )
    neutralise(notebook, None)
    assert all(cell.source.startswith("```text") for cell in notebook.cells[:2])


def test_what_was_released_keeps_its_html() -> None:
    text = f"<div style='position: fixed' onclick='{MARK}()'>The instructor's own</div>"
    released = student_notebook(new_markdown_cell(text, id="given"))
    notebook = student_notebook(new_markdown_cell(text, id="given"), new_markdown_cell(text + " ", id="changed"))
    notes = neutralise(notebook, released)
    assert notebook.cells[0].source == text
    assert notebook.cells[1].source != text
    assert len(notes) == 1


def test_nobody_but_grading_reports() -> None:
    report = {"exercise": "double", "status": "passed"}
    forged = [
        new_output("display_data", {REPORT_TYPE: report, "text/plain": "double: passed"}),
        *(new_output("error", ename=name, evalue="x", traceback=["x"]) for name in ERRORS),
    ]
    outputs, notes = clean_outputs(forged)
    assert REPORT_TYPE not in outputs[0].data
    assert not any(output.get("ename") in ERRORS for output in outputs)
    assert len(notes) == 1 + len(ERRORS)


def test_what_grading_itself_has_written_stays() -> None:
    flags = {"grade": True, "grade_id": "test_double", "locked": True, "solution": False, "schema_version": 3}
    written = [new_output("display_data", {REPORT_TYPE: {"status": "passed"}, "text/html": "<div style='x'>ok</div>"})]
    cell = new_code_cell("1", id="c", metadata={"nbgrader": {**flags, "points": 1}}, outputs=copy.deepcopy(written))
    assert neutralise(student_notebook(cell), None, own_outputs={"test_double"}) == []
    assert cell.outputs == written
    assert neutralise(student_notebook(cell), None)


@pytest.mark.parametrize(
    "text",
    [
        "<table border='1' class='dataframe'><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody>"
        "</table>",
        "<b>bold</b> and <i>slanted</i><br>x &lt; y",
        "<ul><li>one</li><li>two</li></ul>",
        '<p style="color: red; font-weight: bold">red</p>',
        f'<img src="data:image/png;base64,{png()}" alt="a picture">',
        '<a href="https://numpy.org">NumPy</a>',
    ],
)
def test_honest_html_of_an_output_keeps_its_form(text: str) -> None:
    cleaned, left_out = clean_html(text)
    assert left_out == []
    plain = text.replace(" border='1' class='dataframe'", "").replace(
        '">NumPy', '" rel="noopener noreferrer nofollow">NumPy'
    )
    assert cleaned == plain


def test_pictures_and_panels_of_nnkit_give_no_reason_for_a_note() -> None:
    """The rules of their colours are left out in silence; what remains is the light picture, and the panel's text."""
    figure = style.figure(2, 1)
    cleaned, left_out = clean_html(style.caption(figure, alt="An empty figure.", caption="Nothing.").html)
    assert left_out == []
    assert "Nothing." in cleaned
    assert '<img src="data:image/png' in cleaned
    assert "nnkit-" not in cleaned
    cleaned, left_out = clean_html(f"{style.sheet()}<p>right</p><style>p{{color:red}}</style>")
    assert (cleaned, left_out) == ("<p>right</p>", ["<style>"])


def test_where_no_html_is_left_its_text_is_shown() -> None:
    data = {"text/html": "<div><svg><script>x</script></svg></div>", "text/plain": "a graph of three nodes"}
    outputs, _ = clean_outputs([{"output_type": "display_data", "data": data}])
    assert dict(outputs[0].data) == {"text/plain": "a graph of three nodes"}


def test_every_element_is_closed() -> None:
    """What one output opens cannot swallow what comes after it."""
    assert clean_html("<table><tr><td><b>x")[0] == "<table><tr><td><b>x</b></td></tr></table>"
    assert clean_html("</div></div>x")[0] == "x"


@pytest.mark.parametrize("size", [(200, png()), (limits.OUTPUTS_PER_CELL + 5, None)])
def test_outputs_by_the_hundred_are_cut_with_a_sentence(size: tuple[int, str | None]) -> None:
    number, picture = size
    data = {"text/plain": "x"} | ({"image/png": picture} if picture else {})
    outputs, notes = clean_outputs([{"output_type": "display_data", "data": data}] * number)
    assert len(outputs) <= limits.OUTPUTS_PER_CELL
    assert sum("image/png" in one.data for one in outputs) <= limits.PICTURES_PER_CELL
    assert "left out" in outputs[-1].data["text/plain"]
    assert notes


def test_a_notebook_of_many_large_outputs_stays_small() -> None:
    large = [new_output("display_data", {"text/plain": "x" * 150_000})] * 30
    cells = [new_code_cell("s", id=f"c{number}", outputs=list(large)) for number in range(30)]
    notebook = student_notebook(*cells)
    neutralise(notebook, None)
    assert sum(len(str(cell.outputs)) for cell in notebook.cells) < limits.CHARACTERS_PER_NOTEBOOK * 1.3
    assert all(cell.outputs for cell in notebook.cells)


def test_a_picture_too_large_to_be_shown_is_left_out() -> None:
    outputs, notes = clean_outputs([{"output_type": "display_data", "data": {"image/png": png(60_000, 60_000)}}])
    assert "image/png" not in outputs[0].data
    assert notes


def test_a_text_too_long_to_be_shown_is_cut_with_a_sentence() -> None:
    cleaned, _, notes = clean_markdown("word " * LONGEST_TEXT)
    assert len(cleaned) < LONGEST_TEXT + 200
    assert "left out" in cleaned
    assert notes


TOKENS = (
    *("<", ">", "&", "\\", "`", "```\n", "$", "$$", "[", "](", ")", "!", "\n", "\n\n", "> ", "<b>", "</b>", "<br>"),
    *("javascript:", "\\href", "re", "\\newcommand", "attachment:", "<!--", "-->", "x" * 30),
)
PIECES = st.sampled_from([*MARKDOWN.values(), *HONEST, *TOKENS])


@settings(max_examples=int(os.environ.get("NNKIT_EXAMPLES", "60")), deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=8))
def test_no_mixture_acts_and_cleaning_again_changes_nothing(pieces: list[str]) -> None:
    text = "".join(pieces)
    notebook = student_notebook(
        new_markdown_cell(text, id="why"),
        new_code_cell("s", id="s", outputs=[new_output("display_data", {"text/html": text, "text/latex": text})]),
    )
    neutralise(notebook, None)
    once = copy.deepcopy(notebook)
    assert neutralise(notebook, None) == []
    assert notebook == once
    assert dangers(page(notebook)) == []


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["output_type", "data", "metadata", "text", "name", "ename", "evalue", "traceback"])
VALUES = st.sampled_from(["stream", "error", "display_data", "execute_result", "stdout"])


def test_printed_lines_stay_together_where_something_between_them_is_left_out() -> None:
    said = [new_output("stream", name="stdout", text=text) for text in ("one\n", "", "two\n")]
    outputs, _ = clean_outputs([said[0], {"output_type": "unknown"}, said[1], {}, said[2]])
    assert [output.text for output in outputs] == ["one\ntwo\n"]


@settings(max_examples=int(os.environ.get("NNKIT_EXAMPLES", "100")), deadline=None)
@given(st.lists(st.dictionaries(KEYS, VALUES | ODD, max_size=6) | ODD, max_size=6))
@example(sent=[{"output_type": "stream"}, {}, {"output_type": "stream"}])
def test_whatever_a_process_sends_becomes_outputs_of_a_notebook(sent: list[Any]) -> None:
    outputs, _ = clean_outputs(sent)
    again, notes = clean_outputs(outputs)
    assert again == outputs
    assert notes == []
    page(student_notebook(new_code_cell("s", id="s", outputs=outputs))).encode("utf-8")
