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
START_SECONDS = 60


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """`nnkit lab FOLDER --no-browser` for as long as the block runs; yields its address. Ended by its process id."""
    port = free_port()
    settings = folder.parent / "jupyter-settings"
    settings.mkdir()
    (settings / "jupyter_server_config.json").write_text(json.dumps(_SETTINGS))
    (settings / "jupyter_lab_config.json").write_text(json.dumps(_SETTINGS))
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(settings)}
    environment.pop("NNKIT_STATIC", None)
    command = [sys.executable, "-m", "nnkit", "lab", str(folder), "--no-browser", "--port", str(port)]
    with open(folder.parent / "lab.log", "wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        try:
            _wait_until_up(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(10)
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait(10)


# The application object lets a test find cells by id; no token, because the server listens on this machine only.
_SETTINGS = {
    "LabApp": {"expose_app_in_browser": True},
    "ServerApp": {"allow_root": True, "ip": "127.0.0.1"},
    "IdentityProvider": {"token": ""},
}


def _wait_until_up(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"JupyterLab ended with code {server.returncode} before it answered.")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status", timeout=2):
            return
        time.sleep(0.3)
    raise TimeoutError(f"JupyterLab did not answer within {START_SECONDS} s.")


class Notebook:
    """One notebook, open in a page of a browser.

    Cells are found by their ids. What is typed goes in as text, without the editor's own indentation.
    """

    def __init__(self, page: Any, address: str, path: str) -> None:
        self.page = page
        page.goto(f"{address}/lab/tree/{path}?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        self.wait_until_idle()
        cells = json.loads(page.evaluate(_CELLS))
        self.position = {cell: number for number, cell in enumerate(cells)}

    def wait_until_idle(self, seconds: float = 120) -> None:
        """The status bar says idle once a kernel is connected and has nothing to do; the toolbar says so too early."""
        self.page.wait_for_function(
            "() => /\\| Idle/.test(document.querySelector('#jp-main-statusbar')?.innerText ?? '')",
            timeout=1000 * seconds,
        )

    def cell(self, cell_id: str) -> Any:
        """The cell's element, scrolled into view (JupyterLab draws only what is near)."""
        number = self.position[cell_id]
        self.page.evaluate(_SCROLL, number)
        element = self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{number}"]')
        element.wait_for(state="attached", timeout=20_000)
        element.scroll_into_view_if_needed()
        return element

    def write(self, cell_id: str, source: str) -> None:
        """Replace the cell's text, with the keyboard."""
        self.cell(cell_id).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)

    def run(self, cell_id: str) -> str:
        """Run one cell with the keyboard and return the text of its output."""
        editor = self.cell(cell_id).locator(".cm-content")
        if editor.count() and editor.is_visible():
            editor.click()
            self.page.keyboard.press("ControlOrMeta+Enter")
        else:  # a folded cell has no editor to click into; a click on its bar would unfold it
            self.page.evaluate(_RUN, self.position[cell_id])
        self.page.wait_for_timeout(150)
        self.wait_until_idle()
        return self.output(cell_id)

    def output(self, cell_id: str) -> str:
        """The text that a reader sees beneath a cell."""
        area = self.cell(cell_id).locator(".jp-OutputArea")
        return str(area.first.inner_text()) if area.count() else ""

    def failed(self, cell_id: str) -> bool:
        """Whether an error or anything on stderr stands beneath the cell."""
        selector = '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
        return bool(self.cell(cell_id).locator(selector).count())

    def save(self) -> None:
        """Save the notebook and wait until it is written."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")

    def use_theme(self, name: str) -> None:
        """Settings, Theme."""
        self.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        self.page.wait_for_timeout(1000)


_CELLS = "() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.widgets.map(w => w.model.id))"
_RUN = """async number => {
    window.jupyterapp.shell.currentWidget.content.activeCellIndex = number;
    await window.jupyterapp.commands.execute('notebook:run-cell');
}"""
_SCROLL = "number => window.jupyterapp.shell.currentWidget.content.scrollToItem(number, 'center')"
