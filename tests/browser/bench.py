"""A page with one moving widget on it, and Python behind it: what a notebook gives it, without the notebook.

Questions of the page reach the very object that a kernel would hold; so tests drive a widget with mouse and keyboard in
a second, and compare what is shown with what nnkit computes. That it does the same in JupyterLab is tested beside it.
"""

from __future__ import annotations

import base64
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from nnkit.widgets.arrays import packed
from nnkit.widgets.base import Moving
from nnkit.widgets.front_end import look, module

_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>bench</title><style>{look}
body{{margin:16px;background:{ground};color:{ink}}}</style></head>
<body data-jp-theme-light="{light}"><main id="widget"></main></body></html>"""

_MOUNT = """async ({program, kept}) => {
  const front = (await import(URL.createObjectURL(new Blob([program], {type: "text/javascript"})))).default;
  const heard = [];
  const bytes = (text) => {
    const signs = atob(text);
    const array = new Uint8Array(signs.length);
    for (let index = 0; index < signs.length; index += 1) array[index] = signs.charCodeAt(index);
    return new DataView(array.buffer);
  };
  const model = {
    get: (name) => kept[name],
    set: (name, value) => { kept[name] = value; },
    save_changes: () => window.nnkitKeep(kept.state),
    on: (_, act) => heard.push(act),
    off: (_, act) => heard.splice(heard.indexOf(act), 1),
    send: async ({number, question}) => {
      const {answer, arrays, sent} = await window.nnkitAsk(question);
      heard.forEach((act) => act({number, answer, arrays}, sent.map(bytes)));
    },
  };
  window.nnkitEnd = front.render({model, el: document.getElementById("widget")});
}"""


def violations(page: Any) -> list[str]:
    """Return what axe-core finds on a page, rule by rule; best practices of whole pages do not concern an output."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes']]}"
        for one in found.response["violations"]
    ]


class Bench:
    """A widget on a page.

    Parameters
    ----------
    page : playwright Page
        A new one.
    widget : Moving
    dark : bool
        Whether the page is nearly black instead of white.
    """

    def __init__(self, page: Any, widget: Moving, dark: bool = False) -> None:
        self.page, self.widget = page, widget
        self.complaints: list[str] = []
        page.on(
            "console", lambda line: self.complaints.append(line.text) if line.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        ground, ink = ("#111111", "#dddddd") if dark else ("#ffffff", "#222222")
        page.set_content(_PAGE.format(look=look(widget.front), ground=ground, ink=ink, light=str(not dark).lower()))
        page.expose_function("nnkitAsk", self._ask)
        page.expose_function("nnkitKeep", self._keep)
        page.evaluate(_MOUNT, {"program": module(widget.front), "kept": {"setup": widget.setup, "state": widget.state}})
        self.root = page.locator(".nnkit-widget")
        self.root.wait_for()

    def _hear(self, line: Any) -> None:
        if line.type in ("error", "warning"):
            self.complaints.append(line.text)

    def _ask(self, question: Any) -> dict[str, Any]:
        answer, arrays, buffers = packed(self.widget.reply(question))
        return {"answer": answer, "arrays": arrays, "sent": [base64.b64encode(one).decode() for one in buffers]}

    def _keep(self, state: Any) -> None:
        self.widget.state = self.widget.read(state)

    @property
    def words(self) -> str:
        """The sentence beneath the picture."""
        return str(self.root.locator(".nnkit-words").inner_text())

    @property
    def drawn(self) -> int:
        """How many pictures there have been."""
        return int(self.root.get_attribute("data-drawn"))

    def wait_until_drawn(self, after: int) -> None:
        """Wait for a picture after this one."""
        self.page.wait_for_function(
            "after => Number(document.querySelector('.nnkit-widget').dataset.drawn) > after", arg=after
        )

    def settled(self) -> dict[str, Any]:
        """Wait until the state has reached Python, and return it."""
        self.page.wait_for_timeout(700)
        return self.widget.state

    def drag(self, target: Any, x: float, y: float, steps: int = 8) -> None:
        """Drag the middle of an element by so many pixels, with the mouse."""
        box = target.bounding_box()
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        before = self.drawn
        self.page.mouse.move(*middle)
        self.page.mouse.down()
        self.page.mouse.move(middle[0] + x, middle[1] + y, steps=steps)
        self.page.mouse.up()
        self.wait_until_drawn(before)

    def violations(self) -> list[str]:
        """What axe-core finds."""
        return violations(self.page)
