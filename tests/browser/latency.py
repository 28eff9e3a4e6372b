"""How long the page takes from an event to changed pixels, and how many pictures it shows while it plays.

An event's time is when the browser received it. A picture's time is the first moment after the frame in which the
widget says that it has drawn (its ``data-drawn`` grows, or ``data-answered`` with what Python has computed), when that
frame has been handed on to the screen. An event during which the last one waits for its picture is not counted twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

WATCH = """(root, until) => {
  const seen = {events: [], pictures: [], waits: []};
  let begun = null;
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    seen.pictures.push(performance.now());
    if (begun !== null) seen.events.push(performance.now() - begun);
    begun = null;
  };
  const hear = (event) => { if (begun === null && root.contains(event.target)) begun = event.timeStamp; };
  const kinds = ["pointermove", "pointerdown", "keydown", "input", "change", "click"];
  kinds.forEach((kind) => window.addEventListener(kind, hear, true));
  const watch = new MutationObserver(() => channel.port2.postMessage(0));
  watch.observe(root, {attributes: true, attributeFilter: [until]});
  const answers = new MutationObserver(() => seen.waits.push(Number(root.dataset.waited)));
  answers.observe(root, {attributes: true, attributeFilter: ["data-answered"]});
  window.nnkitSeen = () => {
    watch.disconnect();
    answers.disconnect();
    kinds.forEach((kind) => window.removeEventListener(kind, hear, true));
    return seen;
  };
}"""


@dataclass
class Seen:
    """What was measured while something was done to a widget; milliseconds.

    Parameters
    ----------
    events : array
        From each event to the picture that answered it.
    pictures : array
        When each picture was there.
    waits : array
        From each question to Python to the picture with its answer.
    """

    events: np.ndarray
    pictures: np.ndarray
    waits: np.ndarray

    def line(self, name: str) -> str:
        """Say it in a line: the median and the 95th percentile."""
        middle, slow = np.percentile(self.events, (50, 95))
        return f"{name}: {middle:.0f} ms from event to picture, 95 % within {slow:.0f} ms ({len(self.events)} events)"

    def asked(self, name: str) -> str:
        """Say in a line how long Python's answers took."""
        middle, slow = np.percentile(self.waits, (50, 95))
        return (
            f"{name}: {middle:.0f} ms from question to picture, 95 % within {slow:.0f} ms ({len(self.waits)} questions)"
        )

    def playing(self, name: str) -> str:
        """Say how many pictures a second there were, and how long the gaps between them."""
        gaps = np.diff(self.pictures)
        middle, slow = np.percentile(gaps, (50, 95))
        return (
            f"{name}: {1000 / gaps.mean():.0f} pictures a second while it plays; between two "
            f"{middle:.0f} ms, 95 % within {slow:.0f} ms ({len(gaps) + 1} pictures)"
        )


class Watch:
    """Measure what happens in a block: ``with Watch(root) as watch: …``, then ``watch.seen``.

    Parameters
    ----------
    root : playwright Locator
        The widget.
    answered : bool
        Whether a picture counts that Python has answered for, or each that the page draws.
    """

    seen: Seen

    def __init__(self, root: Any, answered: bool = False) -> None:
        self.root = root
        self.until = "data-answered" if answered else "data-drawn"

    def __enter__(self) -> Watch:
        self.root.evaluate(WATCH, self.until)
        return self

    def __exit__(self, *error: object) -> None:
        seen = self.root.page.evaluate("() => window.nnkitSeen()")
        self.seen = Seen(*(np.array(seen[name]) for name in ("events", "pictures", "waits")))
