"""The course in the browser alone: the site that `nnkit lite` builds, read as a student reads it.

Once in a run the site is built and its first notebook gone through, untouched and solved; `-m slow` takes all of them.
What the course adds to the pages is seen in the plainer interface of Notebook, too, and slowly in JupyterLab's.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from nnkit.grading.run.sandbox import why_no_sandbox
from tests.browser.in_lite import (
    ALONE,
    NOTEBOOKS,
    REPOSITORY,
    LiteNotebook,
    Visit,
    gone_through,
    served_folder,
    solution_of,
)
from tests.browser.lab import BROWSER_FLAGS, CHROMIUM, PATIENCE
from tests.grading.small_course import LONGEST, nbgrader
from tests.pyodide_files import pyodide_folder

playwright = pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
for needed in ("jupyterlite_core", "jupyterlite_pyodide_kernel", "anywidget"):
    pytest.importorskip(needed, reason='the site is built with pip install -e ".[lite]"')
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need a Chromium, and none was found")

FIRST = Path("00_welcome/welcome.ipynb")
SECOND = Path("01_computation_graphs/neurons.ipynb")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from nnkit.lite import build

    return build(tmp_path_factory.mktemp("lite") / "site", pyodide_folder()).folder


@pytest.fixture(scope="module")
def visit(site: Path) -> Iterator[Visit]:
    with served_folder(site) as address, playwright.sync_playwright() as driver:
        flags = [*BROWSER_FLAGS, ALONE]
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=flags, timeout=1000 * PATIENCE)
        begun = Visit(browser, address)
        yield begun
        begun.close()
        browser.close()


@pytest.fixture(scope="module")
def first(visit: Visit) -> LiteNotebook:
    """What is open when somebody follows the site's address."""
    page = visit.context.new_page()
    page.goto(f"{visit.address}/")
    return LiteNotebook(page)


@pytest.fixture(autouse=True)
def nothing_asked_outside_and_nothing_complained(visit: Visit) -> Iterator[None]:
    yield
    complaints = visit.complaints[:]
    visit.complaints.clear()
    assert visit.outside == set()
    assert complaints == []


def test_the_site_opens_on_the_first_notebook(first: LiteNotebook) -> None:
    path = first.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    assert path == FIRST.as_posix()


@pytest.mark.parametrize(("width", "interface"), [(390, "notebooks"), (1280, "lab")])
def test_a_phone_gets_the_page_without_panels(visit: Visit, width: int, interface: str) -> None:
    context = visit.context.browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(f"{visit.address}/?path={SECOND.as_posix()}")
    page.wait_for_url(f"**/{interface}/index.html*", wait_until="commit")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context?.path", timeout=1000 * PATIENCE)
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path") == SECOND.as_posix()
    context.close()


def test_the_first_notebook_is_gone_through_untouched_and_solved(first: LiteNotebook) -> None:
    cells = solution_of(FIRST)
    assert gone_through(first, cells, solved=False) == []
    assert gone_through(first, cells, solved=True) == []
    pictures = first.cell("nerve_picture").locator(".jp-OutputArea svg, .jp-OutputArea img")
    assert pictures.first.is_visible()


def test_what_is_downloaded_is_handed_in_and_graded_as_any_other(first: LiteNotebook, tmp_path: Path) -> None:
    for identifier, cell in solution_of(FIRST).items():
        if cell.metadata.get("nbgrader", {}).get("solution"):
            first.write(identifier, cell.source)
    assignment = FIRST.parts[0]
    shutil.copy(REPOSITORY / "nbgrader_config.py", tmp_path)
    shutil.copytree(REPOSITORY / "solutions" / assignment, tmp_path / "solutions" / assignment)
    place = tmp_path / "submitted" / "ada" / assignment
    place.mkdir(parents=True)
    first.download().save_as(place / FIRST.name)
    assert "Pyodide" in nbformat.read(place / FIRST.name, as_version=4).metadata.kernelspec.display_name
    released = nbgrader(tmp_path, "generate_assignment", assignment, "--force")
    assert released.returncode == 0, released.stderr
    walls = ["--unsafe-no-sandbox"] if why_no_sandbox() else []
    graded = subprocess.run(
        [sys.executable, "-m", "nnkit", "grade", assignment, *walls],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LONGEST,
    )
    assert graded.returncode == 0, graded.stdout + graded.stderr
    with (tmp_path / "reports" / f"{assignment}.csv").open(encoding="utf-8", newline="") as file:
        outcomes = {row["exercise"]: row["outcome"] for row in csv.DictReader(file)}
    assert outcomes.items() >= {"double": "passed", "double_twice": "passed"}.items()


def test_doctor_finds_all_that_is_needed(first: LiteNotebook) -> None:
    first.run("imports")
    assert "Everything that the course needs is there" in first.run("environment")


def test_labels_are_counted_as_elsewhere_though_python_is_a_32_bit_one(first: LiteNotebook) -> None:
    first.run("imports")
    first.write("show_value", "print(np.bincount(np.array([1, 1, 2], dtype=np.int64)), np.array([50_000]) ** 2)")
    assert "[0 2 1] [-1794967296]" in first.run("show_value")  # what the page on the browser says of both


def test_a_sealed_question_is_answered(first: LiteNotebook) -> None:
    first.run("imports")
    first.run("drift_prediction")
    root = first.widgets("drift_prediction").first
    box = root.get_by_role("textbox")
    box.fill("90")
    box.press("Enter")
    first.page.wait_for_function("root => /You: 90\\. Answer: 90/.test(root.innerText)", arg=root.element_handle())


def test_a_picture_follows_its_slider_by_asking_python(first: LiteNotebook) -> None:
    first.run("imports")
    first.write("double", solution_of(FIRST)["double"].source)
    first.run("double")
    first.run("closing_experiment")
    root = first.widgets("closing_experiment").first
    before = root.locator(".nnkit-words").inner_text()
    root.get_by_role("slider").first.focus()
    for _ in range(5):
        first.page.keyboard.press("ArrowRight")
    first.page.wait_for_function(
        "([root, before]) => root.querySelector('.nnkit-words').innerText !== before",
        arg=[root.element_handle(), before],
    )
    assert "cannot be drawn" not in root.inner_text()


def test_an_endless_loop_is_stopped_and_told(first: LiteNotebook) -> None:
    first.run("imports")
    said = first.run("show_loop")
    assert "double: stopped after 0.5 seconds" in said
    assert "in your line total = total + x" in said
    assert "restart the kernel" not in said
    assert first.run("hints")  # the kernel goes on


def test_what_is_saved_what_has_passed_and_what_is_mine_is_there_when_the_page_is_opened_again(
    first: LiteNotebook, visit: Visit
) -> None:
    first.run("imports")
    first.write("double", "def double(x):\n    return x + x  # my own words")
    first.run("double")
    assert "double: right." in first.run("test_double")
    first.save()
    first.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    first.page.close()
    again = visit.open(FIRST.as_posix())
    assert "# my own words" in again.cell("double").inner_text()
    again.write("show_known", "import nnkit\n\nprint(nnkit.progress())")
    said = again.run("show_known")
    assert re.search(r"✓ double: passed", said), said
    again.write("show_value", "from nnkit import mine\n\nprint(mine.gather('/drive'))")
    said = again.run("show_value")
    # Where the tests before have solved the whole notebook, its other exercise is the reader's, too.
    assert re.search(r"^[12] of \d+ exercises are yours", said), said
    assert "double" not in re.split(r"\W+", said.partition("Still nnkit's:")[2])
    again.page.close()


@pytest.fixture(scope="module", params=["notebooks", pytest.param("lab", marks=pytest.mark.slow)])
def reader(visit: Visit, request: pytest.FixtureRequest) -> Iterator[LiteNotebook]:
    """The second notebook as it is handed out, in each of the two interfaces, for a browser that was never here."""
    begun = Visit(visit.context.browser, visit.address)
    yield begun.open(SECOND.as_posix(), request.param)
    begun.close()
    assert begun.outside == set()
    assert begun.complaints == []


def test_the_menu_downloads_the_notebook_as_it_is_written(reader: LiteNotebook) -> None:
    written = "# mine, and not saved yet"
    reader.replace(next(iter(reader.position)), written)
    download = reader.download()
    assert download.suggested_filename == SECOND.name
    handed_in = json.loads(Path(download.path()).read_text(encoding="utf-8"))
    handed_out = json.loads((REPOSITORY / "course" / SECOND).read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in handed_in["cells"]]
    assert sources == [written, *("".join(cell["source"]) for cell in handed_out["cells"][1:])]
    assert [cell["metadata"] for cell in handed_in["cells"] if "nbgrader" in cell["metadata"]] == [
        cell["metadata"] for cell in handed_out["cells"] if "nbgrader" in cell["metadata"]
    ]


def test_no_menu_is_empty(reader: LiteNotebook) -> None:
    reader.page.get_by_role("menuitem", name="File", exact=True).click()
    menu = reader.page.locator(".lm-Menu").last
    menu.get_by_role("menuitem", name="Download", exact=True).wait_for()
    assert "Export" not in menu.inner_text()
    reader.page.keyboard.press("Escape")


def test_run_all_goes_through_an_untouched_notebook_to_its_end(reader: LiteNotebook) -> None:
    reader.run_all()
    assert None not in reader.counts()


def test_run_all_ends_at_a_cell_of_the_readers_own_that_fails(reader: LiteNotebook) -> None:
    third = list(solution_of(SECOND))[2]
    reader.replace(third, "1 / 0")
    reader.run_all()
    assert [count is not None for count in reader.counts()] == [True] * 3 + [False] * (len(solution_of(SECOND)) - 3)


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_gone_through_untouched_and_solved(visit: Visit, notebook: Path) -> None:
    opened = visit.open(notebook.as_posix())
    cells = solution_of(notebook)
    complaints = gone_through(opened, cells, solved=False) + gone_through(opened, cells, solved=True)
    opened.page.close()
    assert not complaints, "\n\n".join(complaints)
