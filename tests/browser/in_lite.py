"""The course in JupyterLite, driven as a student would use it: the site served from a folder, a notebook, its cells."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from tests.browser.lab import PATIENCE, Notebook

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(path.relative_to(REPOSITORY / "solutions") for path in REPOSITORY.glob("solutions/*/*.ipynb"))
# Nothing but this machine can be reached: who asks another host is refused, and heard.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


class _Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@contextlib.contextmanager
def served_folder(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine for as long as the block runs, and yield its address."""
    handler = functools.partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class Visit:
    """A browser's visit to the site: its pages share what the browser keeps; what goes wrong is noted.

    Parameters
    ----------
    browser : playwright Browser
    address : str
        The site's.
    """

    def __init__(self, browser: Any, address: str) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.context.set_default_timeout(1000 * PATIENCE)
        self.outside: set[str] = set()
        self.complaints: list[str] = []
        self.context.on("request", self._see)
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _see(self, request: Any) -> None:
        if request.url.startswith("http") and not request.url.startswith(f"{self.address}/"):
            self.outside.add(request.url)

    def _hear(self, line: Any) -> None:
        # A file that is not on the site, such as a saved notebook before it is saved, is asked for and not found.
        if line.type == "error":
            self.complaints.append(f"{line.text} {line.location}")

    def open(self, path: str, interface: str = "lab") -> LiteNotebook:
        """Open a notebook in a page of its own (JupyterLab's, or Notebook's), and wait until its kernel is ready."""
        page = self.context.new_page()
        page.goto(f"{self.address}/{interface}/index.html?path={path}")
        return LiteNotebook(page)

    def close(self) -> None:
        """End the visit, and what the browser has kept for it."""
        self.context.close()


class LiteNotebook(Notebook):
    """A notebook that is open in JupyterLite."""

    def __init__(self, page: Any) -> None:
        self.page = page
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.wait_until_idle()
        cells = json.loads(page.evaluate(_CELLS))
        self.position = {cell: number for number, cell in enumerate(cells)}

    def wait_until_idle(self) -> None:
        """Wait until a kernel is connected and has nothing to do; only JupyterLab's page has a bar that says so."""
        self.page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget?.sessionContext?.kernelDisplayStatus === 'idle'"
        )

    def replace(self, cell_id: str, source: str) -> None:
        """Replace the text of a cell, of whatever kind and wherever it is."""
        self.page.evaluate(_REPLACE, [self.position[cell_id], source])

    def run_all(self) -> None:
        """Clear all outputs, run all cells by the menu, and wait until the tool bar, which counts them, is done."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
        self.page.wait_for_function(_IS_DONE)

    def download(self) -> Any:
        """Take the notebook out by the menu, as a student does; what Playwright says of the download."""
        self.page.get_by_role("menuitem", name="File", exact=True).click()
        with self.page.expect_download() as download:
            self.page.locator(".lm-Menu").get_by_role("menuitem", name="Download", exact=True).click()
        return download.value

    def counts(self) -> list[int | None]:
        """Return the execution count of every code cell."""
        return list(json.loads(self.page.evaluate(_COUNTS)))

    def widgets(self, cell_id: str) -> Any:
        """Return the widgets beneath a cell."""
        return self.cell(cell_id).locator(".nnkit-widget")

    def wants_widget(self, cell_id: str) -> bool:
        """Say whether the kernel has sent a widget to this cell."""
        return bool(self.page.evaluate(_VIEWS, self.position[cell_id]))


def solution_of(notebook: Path) -> dict[str, Any]:
    """Return the code cells of the source notebook by their ids."""
    cells = nbformat.read(REPOSITORY / "solutions" / notebook, as_version=4).cells
    return {cell.id: cell for cell in cells if cell.cell_type == "code"}


def gone_through(opened: LiteNotebook, cells: dict[str, Any], solved: bool) -> list[str]:
    """Run all cells from the first to the last, and return what is not as it should be.

    Parameters
    ----------
    opened : LiteNotebook
    cells : dict
        Those of the source, see `solution_of`.
    solved : bool
        Whether to write the solutions into the answers first, or leave them as a student gets them.
    """
    wrong = []
    for cell_id, cell in cells.items():
        about = cell.metadata.get("nbgrader", {})
        if solved and about.get("solution") and not about.get("grade"):
            opened.write(cell_id, cell.source)
        said = opened.run(cell_id)
        if about.get("grade"):
            if ("right." if solved else "not started") not in said or "Traceback" in said:
                wrong.append(f"{cell_id}: {said}")
        elif opened.failed(cell_id):
            wrong.append(f"{cell_id} fails: {said}")
        if opened.wants_widget(cell_id):
            try:
                opened.widgets(cell_id).first.wait_for(timeout=20_000)
            except Exception:
                wrong.append(f"{cell_id} shows no widget: {opened.output(cell_id)}")
    return wrong


_CELLS = "() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.widgets.map(w => w.model.id))"
_REPLACE = """([number, source]) => {
    window.jupyterapp.shell.currentWidget.content.widgets[number].model.sharedModel.setSource(source);
}"""
_COUNTS = """() => JSON.stringify(
    window.jupyterapp.shell.currentWidget.content.widgets
        .filter(cell => cell.model.type === 'code').map(cell => cell.model.executionCount ?? null)
)"""
_IS_DONE = f"""() => JSON.parse(({_COUNTS})())[0] !== null &&
    document.querySelector('.jp-Notebook-ExecutionIndicator').dataset.status === 'idle'"""
_VIEWS = """number => {
    const outputs = window.jupyterapp.shell.currentWidget.content.widgets[number].model.outputs.toJSON();
    return outputs.some(output => 'application/vnd.jupyter.widget-view+json' in (output.data ?? {}));
}"""
