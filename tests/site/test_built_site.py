"""The site as a reader finds it: built once, without a warning; then its links, its texts, and its pages in a browser.

One build takes about half a minute of one processor. Without the packages of the extra `site` all of this is skipped,
and without a Chromium what is looked at in it.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import http.server
import importlib.util
import inspect
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from nnkit import widgets
from nnkit.cli.site import NEEDS
from nnkit.draw import style
from nnkit.engine import PRIMITIVES
from nnkit.widgets.sealing import SEALED_PARAMETERS
from tests.browser.lab import PATIENCE, opened_chromium

sys.path.insert(0, str(Path(__file__).parent))
import links_inside

REPOSITORY = Path(__file__).resolve().parents[2]
MISSING = [name for name in NEEDS if importlib.util.find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"the site needs pip install -e '.[site]' ({MISSING})")

NOTEBOOKS = sorted((REPOSITORY / "solutions").glob("*/*.ipynb"))
BESIDE = ("lite/",)  # the course in the browser is put there when the site is published
NO_SHEETS = {"preload": False}  # axe would look for style sheets that others import, in the wrong folder
LONGEST = 1800  # seconds after which the build is given up; a machine may be busy with other things


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, made by the command, which takes a warning for an error."""
    out = tmp_path_factory.mktemp("built") / "site"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "nnkit", "site", "--quiet", str(out)],
        cwd=REPOSITORY, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=LONGEST, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == ""
    assert [file.name for file in out.parent.iterdir()] == ["site"], "something is left beside the site"
    return out


@pytest.fixture(scope="module")
def site(folder: Path) -> links_inside.Site:
    return links_inside.Site(folder, without=BESIDE)


def page_of(site: links_inside.Site, path: Path) -> links_inside.Page:
    return site.pages[f"course/{path.parent.name}/{path.stem}.html"]


def squeezed(text: str) -> str:
    """A text without anything that is not a letter, a digit or a sign."""
    return re.sub(r"\s+", "", text)


def test_every_link_inside_leads_to_a_page_and_a_place_on_it(site: links_inside.Site) -> None:
    assert len(site.pages) > len(NOTEBOOKS) + 15
    assert site.broken() == []


def test_no_page_loads_anything_from_another_server(site: links_inside.Site) -> None:
    assert site.loaded_from_outside() == []


def test_links_out_of_the_site_are_few_and_safe(site: links_inside.Site) -> None:
    outside = site.outside()
    print("\n".join(sorted(outside)))  # they are listed, with pytest -rP, and not fetched
    assert [link for link in outside if not link.startswith(("https://", "mailto:"))] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_stands_there_whole_with_the_outputs_of_its_demonstrations(
    site: links_inside.Site, folder: Path, path: Path
) -> None:
    solved = nbformat.read(path, as_version=4)
    student = nbformat.read(REPOSITORY / "course" / path.parent.name / path.name, as_version=4)
    page = page_of(site, path)
    text = squeezed(page.text)
    secret = [line for cell in solved.cells for line in solution_lines(cell.source)]
    shown = 0
    for cell, answer in zip(student.cells, solved.cells, strict=True):
        notes = cell.metadata.get("nbgrader", {})
        graded = notes.get("grade") or notes.get("solution")
        if cell.cell_type == "code" and "sealed=" not in cell.source:
            assert squeezed(cell.source) in text, cell.id
        if cell.cell_type == "code" and not graded and answer.outputs:
            said = squeezed("".join(plain_text(output) for output in answer.outputs))
            shown += not any(squeezed(line) in said for line in secret)  # a trace of the answer is kept back
    html = (folder / "course" / path.parent.name / f"{path.stem}.html").read_text(encoding="utf-8")
    assert html.count('<div class="cell_output ') == shown
    assert (folder / "notebooks" / path.parent.name / path.name).is_file()


def plain_text(output: Any) -> str:
    """What an output says where no HTML is read."""
    return str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", ""))


def solution_lines(source: str) -> list[str]:
    """The lines of a solution that are long enough to be somebody's own."""
    lines, inside = [], False
    for line in source.split("\n"):
        if "### BEGIN SOLUTION" in line or "### END SOLUTION" in line:
            inside = "BEGIN" in line
        elif inside and len(squeezed(line)) >= 20 and not line.strip().startswith("#"):
            lines.append(line)
    return lines


def test_no_page_holds_a_line_of_a_solution(site: links_inside.Site) -> None:
    students = (nbformat.read(path, as_version=4) for path in (REPOSITORY / "course").glob("*/*.ipynb"))
    released = squeezed("\n".join(cell.source for notebook in students for cell in notebook.cells))
    texts = {name: squeezed(page.text) for name, page in site.pages.items() if name.startswith("course/")}
    looked_for, found = 0, []
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            for line in solution_lines(cell.source):
                code = squeezed(line)
                if code in released:
                    continue
                looked_for += 1
                found += [f"{name}: {line.strip()}" for name, text in texts.items() if code in text]
    assert looked_for > 200
    assert found == []


def sealed_words(source: str) -> list[str]:
    """What a question of `solutions/` says in answer, where it is long enough to be recognised."""
    words = []
    for node in ast.walk(ast.parse(source)):
        called = getattr(node, "func", None)
        if isinstance(node, ast.Call) and getattr(called, "attr", "") in SEALED_PARAMETERS:
            asks = called.attr  # type: ignore[union-attr]
            names = list(inspect.signature(getattr(widgets, asks)).parameters)
            given = [*zip(names, node.args, strict=False), *((one.arg, one.value) for one in node.keywords)]
            words += [
                part.value
                for name, value in given
                if name in SEALED_PARAMETERS[asks]
                for part in ast.walk(value)
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) > 30
            ]
    return words


def test_no_page_holds_the_answer_of_a_question(site: links_inside.Site) -> None:
    looked_for, found = 0, []
    for path in NOTEBOOKS:
        text = squeezed(page_of(site, path).text)
        student = nbformat.read(REPOSITORY / "course" / path.parent.name / path.name, as_version=4)
        asked = {cell.id: squeezed(cell.source) for cell in student.cells}
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code" and "widgets." in cell.source:
                for words in sealed_words(cell.source):
                    if squeezed(words) in asked[cell.id]:
                        continue  # one of the choices that the question itself names
                    looked_for += 1
                    found += [f"{path.stem}: {words}"] if squeezed(words) in text else []
    assert looked_for > 100
    assert found == []
    assert [name for name, page in site.pages.items() if name.startswith("course/") and 'sealed="' in page.text] == []


def test_the_table_of_primitives_has_all_of_them(site: links_inside.Site) -> None:
    text = site.pages["reference/primitives.html"].text
    assert [name for name in PRIMITIVES if name not in text] == []
    assert "∂/∂x = y, ∂/∂y = x" in text


@pytest.mark.parametrize(
    ("page", "anchor"),
    [
        ("tensors", "nnkit.Tensor.backward"),
        ("functional", "nnkit.functional.cross_entropy"),
        ("nn", "nnkit.nn.LSTM"),
        ("optim", "nnkit.optim.Adam"),
        ("data", "nnkit.data.mnist"),
        ("training", "nnkit.training.fit"),
        ("exercises", "nnkit.exercises.check"),
        ("widgets", "nnkit.widgets.backward_walk"),
    ],
)
def test_the_reference_has_a_place_for_each_name(site: links_inside.Site, page: str, anchor: str) -> None:
    assert anchor in site.pages[f"reference/{page}.html"].ids


# ------------------------------------------------------------------------------------------- in a browser

KINDS = {
    "first page": "index.html",
    "map": "course/index.html",
    "notebook": "course/02_backprop_by_hand/backprop_through_layers.html",
    "reference": "reference/functional.html",
    "primitives": "reference/primitives.html",
    "guide": "first_hour.html",
    "tables": "grading.html",
    "moving pictures": "play.html",
    "search": "search.html?q=softmax",
}


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with opened_chromium() as opened:
        yield opened


@contextlib.contextmanager
def looked_at(browser: Any, address: str, page: str, theme: str = "light", width: int = 1280) -> Iterator[Any]:
    """A page in a window of its own, and afterwards: nothing was asked of another host, and nothing went wrong."""
    window = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    window.set_default_timeout(1000 * PATIENCE)
    opened = window.new_page()
    problems: list[str] = []
    opened.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("response", lambda got: problems.append(f"{got.status} {got.url}") if got.status >= 400 else None)

    def asked(request: Any) -> None:
        if not request.url.startswith((address, "data:", "blob:", "about:")):
            problems.append(f"asked {request.url}")

    opened.on("request", asked)
    opened.goto(f"{address}/{page}", wait_until="load")
    opened.evaluate("async () => { await window.MathJax?.startup?.promise; }")  # until formulas are set
    yield opened
    window.close()
    assert problems == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_each_kind_is_accessible_and_asks_nobody(browser: Any, address: str, kind: str, theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is in the extra `browser`")
    with looked_at(browser, address, KINDS[kind], theme) as page:
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        page.wait_for_timeout(300)  # what is wider than the page gets its place in the order of keys a moment later
        violations = axe.Axe().run(page, options=NO_SHEETS).response["violations"]
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in violations] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_each_kind_fits_a_phone(browser: Any, address: str, kind: str) -> None:
    with looked_at(browser, address, KINDS[kind], width=390) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_first_page_says_what_it_is_and_where_to_begin(browser: Any, address: str) -> None:
    with looked_at(browser, address, "index.html") as page:
        buttons = page.locator(".nnkit-button")
        assert buttons.first.inner_text() == "Open in the browser"
        assert buttons.first.get_attribute("href") == "lite/index.html"
        box = buttons.first.bounding_box()
        assert box["y"] + box["height"] < 900, "the first button is seen without scrolling"
        assert page.locator(".nnkit-animation img").evaluate("image => image.naturalWidth") > 0
        assert page.locator("ul.nnkit-map > li").count() == len({path.parent for path in NOTEBOOKS})
        page.locator('ul.nnkit-map a[href$="neurons.html"]').click()
        page.wait_for_url("**/course/01_computation_graphs/neurons.html")


def test_a_notebook_has_its_formulas_pictures_and_links(browser: Any, address: str) -> None:
    with looked_at(browser, address, "course/03_gradient_descent/descent.html") as page:
        page.locator("mjx-container").first.wait_for(state="attached")
        assert "\\frac" not in page.locator(".bd-article").inner_text()
        plot = page.locator("img.nnkit-plot").first
        plot.scroll_into_view_if_needed()
        page.wait_for_function("image => image.naturalWidth > 0", arg=plot.element_handle())
        assert plot.get_attribute("alt")
        page.goto(f"{address}/course/00_welcome/glossary.html")
        word = page.locator("li", has_text="condition number:").first.locator("a").first
        word.click()
        page.wait_for_url("**/course/03_gradient_descent/descent.html#*")
        anchor = page.url.partition("#")[2]
        assert page.locator(f"[id='{anchor}']").count() == 1


def test_a_dark_page_shows_its_pictures_dark(browser: Any, address: str) -> None:
    with looked_at(browser, address, "course/03_gradient_descent/descent.html", "light") as page:
        look = "() => getComputedStyle(document.querySelector('img.nnkit-plot')).filter"
        ground = "() => getComputedStyle(document.body).backgroundColor"
        assert (page.evaluate(look), page.evaluate(ground)) == ("none", "rgb(255, 255, 255)")
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        assert "invert" in page.evaluate(look)
        dark = style.dark("#FFFFFF")
        wanted = tuple(int(dark[at : at + 2], 16) for at in (1, 3, 5))
        page.wait_for_function(f"() => ({ground})() === 'rgb{wanted}'")


def test_search_finds_softmax_without_a_server_that_searches(browser: Any, address: str) -> None:
    with looked_at(browser, address, "index.html") as page:
        page.wait_for_load_state("networkidle")  # what listens to the keys is there only then
        page.keyboard.press("Control+k")
        field = page.locator("input[type=search]:focus")
        field.wait_for()
        field.fill("softmax")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=softmax*")
        page.locator("#search-results li a", has_text="nnkit.functional").first.wait_for()
        page.locator("#search-results li a", has_text="Losses for classes").first.wait_for()  # they come one by one


def test_what_moves_moves_and_follows_the_theme(browser: Any, address: str) -> None:
    with looked_at(browser, address, "play.html", "dark") as page:
        frame = page.frame_locator("iframe.nnkit-live").first
        frame.locator(".nnkit-widget").wait_for()
        page.wait_for_function(
            "() => document.querySelector('iframe.nnkit-live').contentDocument.documentElement.dataset.theme === 'dark'"
        )
        words = frame.locator(".nnkit-words")
        before = words.inner_text()
        frame.get_by_role("button", name="Step").click()
        page.wait_for_function(
            "before => document.querySelector('iframe.nnkit-live').contentDocument"
            ".querySelector('.nnkit-words').innerText !== before",
            arg=before,
        )
        assert page.locator("iframe.nnkit-live:not([title])").count() == 0


def test_it_works_from_a_disk_too(browser: Any, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "search.html").as_uri() + "?q=softmax")
    page.locator("#search-results li a", has_text="nnkit.functional").first.wait_for()
    page.close()
