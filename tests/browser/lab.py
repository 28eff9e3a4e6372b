"""JupyterLab in a real browser, driven as a student would use it: open, write, run, read."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CLICK = 60  # seconds in which a cell comes to be where it can be clicked
PATIENCE = 300  # seconds for whatever is waited for; a machine may be slow, or busy with other things


@contextlib.contextmanager
def opened_chromium() -> Iterator[Any]:
    """A browser of Playwright's; without it, or without a Chromium, the tests that want one are skipped."""
    playwright = pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
    if CHROMIUM is None:
        pytest.skip("the browser tests need a Chromium, and none was found")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=BROWSER_FLAGS, timeout=1000 * PATIENCE)
        yield opened
        opened.close()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Run `nnkit lab FOLDER --no-browser` for as long as the block runs, and yield its address."""
    with running([sys.executable, "-m", "nnkit", "lab", str(folder)], folder.parent) as address:
        yield address


@contextlib.contextmanager
def running(command: list[str], beside: Path, working_folder: Path | None = None) -> Iterator[str]:
    """Run a command that starts JupyterLab for as long as the block runs, and yield its address.

    Its settings and what it logs are written into the folder `beside`.
    """
    port = free_port()
    settings = beside / "jupyter-settings"
    settings.mkdir()
    (settings / "jupyter_server_config.json").write_text(json.dumps(_SETTINGS))
    (settings / "jupyter_lab_config.json").write_text(json.dumps(_SETTINGS))
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(settings)}
    environment.pop("NNKIT_STATIC", None)
    command = [*command, "--no-browser", "--port", str(port)]
    with open(beside / "lab.log", "wb") as log:
        server = subprocess.Popen(
            command, stdout=log, stderr=log, env=environment, cwd=working_folder, start_new_session=True
        )
        try:
            _wait_until_up(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(60)
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait(60)


# The application object lets a test find cells by id; no token, because the server listens on this machine only.
_SETTINGS = {
    "LabApp": {"expose_app_in_browser": True},
    "ServerApp": {"allow_root": True, "ip": "127.0.0.1"},
    "IdentityProvider": {"token": ""},
}


def _wait_until_up(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"JupyterLab ended with code {server.returncode} before it answered.")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status", timeout=30):
            return
        time.sleep(0.3)
    raise TimeoutError(f"JupyterLab did not answer within {PATIENCE} s.")


class Notebook:
    """One notebook, open in a page of a browser.

    Cells are found by their ids. What is typed goes in as text, without the editor's own indentation.
    """

    def __init__(self, page: Any, address: str, path: str) -> None:
        self.page = page
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(f"{address}/lab/tree/{path}?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.wait_until_idle()
        cells = json.loads(page.evaluate(_CELLS))
        self.position = {cell: number for number, cell in enumerate(cells)}

    def wait_until_idle(self) -> None:
        """Wait until a kernel is connected and has nothing to do.

        The status bar says so; the toolbar does too early.
        """
        self.page.wait_for_function(
            "() => /\\| Idle/.test(document.querySelector('#jp-main-statusbar')?.innerText ?? '')"
        )

    def cell(self, cell_id: str) -> Any:
        """Return the cell's element, scrolled into view (JupyterLab draws only what is near)."""
        number = self.position[cell_id]
        self.page.evaluate(_SCROLL, number)
        element = self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{number}"]')
        element.wait_for(state="attached")
        element.scroll_into_view_if_needed()
        return element

    def write(self, cell_id: str, source: str) -> None:
        """Replace the cell's text, with the keyboard."""
        self.cell(cell_id).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)

    def run(self, cell_id: str) -> str:
        """Run one cell with the keyboard and return the text of its output."""
        number = self.position[cell_id]
        before = self.page.evaluate(_COUNT, number)
        editor = self.cell(cell_id).locator(".cm-content")
        if editor.count() and editor.is_visible() and self._clicked(editor):
            self.page.keyboard.press("ControlOrMeta+Enter")
        else:  # a folded cell has no editor to click into; a click on its bar would unfold it
            self.page.evaluate(_RUN, number)
        self.page.wait_for_function(_HAS_RUN, arg=[number, before])
        self.wait_until_idle()
        self.cell(cell_id)
        self.page.wait_for_function(_IS_SHOWN, arg=number)
        return self.output(cell_id)

    def _clicked(self, editor: Any) -> bool:
        """Whether a click has reached an editor: behind a long output JupyterLab may keep another cell in its place."""
        try:
            editor.click(timeout=1000 * CLICK)
        except Exception as error:
            if "intercepts pointer events" not in str(error):
                raise
            return False
        return True

    def output(self, cell_id: str) -> str:
        """Return the text that a reader sees beneath a cell."""
        area = self.cell(cell_id).locator(".jp-OutputArea")
        return str(area.first.inner_text()) if area.count() else ""

    def failed(self, cell_id: str) -> bool:
        """Say whether an error or anything on stderr stands beneath the cell."""
        selector = '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
        return bool(self.cell(cell_id).locator(selector).count())

    def save(self) -> None:
        """Save the notebook and wait until it is written."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")

    def use_theme(self, name: str) -> None:
        """Change the theme, as in the menu of settings, and wait until the page has it."""
        self.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        self.page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=name)


_CELLS = "() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.widgets.map(w => w.model.id))"
_CELL = "window.jupyterapp.shell.currentWidget.content.widgets[number]"
_COUNT = f"number => {_CELL}.model.executionCount"
# A cell has its number, which no run before had, once the kernel has answered.
_HAS_RUN = f"""([number, before]) => {{
    const count = {_CELL}.model.executionCount;
    return count !== null && count !== before;
}}"""
_IS_SHOWN = f"""number => {{
    const cell = {_CELL};
    const shown = [...cell.node.querySelectorAll('.jp-OutputArea-output')];
    // JupyterLite's kernel sends an empty result for a value that has displayed itself.
    const sent = cell.model.outputs.toJSON().filter(one => !one.data || Object.keys(one.data).length);
    return shown.length >= sent.length && shown.every(output => output.hasChildNodes());
}}"""
_RUN = """async number => {
    window.jupyterapp.shell.currentWidget.content.activeCellIndex = number;
    await window.jupyterapp.commands.execute('notebook:run-cell');
}"""
_SCROLL = "number => window.jupyterapp.shell.currentWidget.content.scrollToItem(number, 'center')"
