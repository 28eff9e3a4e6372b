"""What a cell shows, from the events that the student's process sends: each is looked at, none is believed.

An output that is not what the notebook format allows is dropped, and what only grading may show (its reports, its own
errors) is never taken from a cell.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from nnkit.exercises.terms import REPORT_TYPE
from nnkit.grading.marks.outcomes import ERRORS

MOST_OUTPUTS = 400
MOST_SIZE = 8_000_000


class CellOutputs:
    """The outputs of one cell, as they come.

    Parameters
    ----------
    displays : dict[str, list[NotebookNode]]
        The notebook's displays by their names, so that a later cell may show something in their place.
    """

    def __init__(self, displays: dict[str, list[NotebookNode]]) -> None:
        self.outputs: list[NotebookNode] = []
        self._displays = displays
        self._size = 0
        self._clears = False

    def take(self, event: dict[str, Any]) -> bool:
        """Take one event; False when the cell has shown more than any cell may."""
        kind = event.get("shows")
        if kind == "clear":
            self._clears = event.get("wait") is True
            if not self._clears:
                self.outputs.clear()
            return True
        made = _MAKERS[kind](event) if isinstance(kind, str) and kind in _MAKERS else None
        if made is None:
            return True
        self._size += _size_of(made)
        if self._size > MOST_SIZE or len(self.outputs) >= MOST_OUTPUTS:
            return False
        if self._clears:
            self.outputs.clear()
            self._clears = False
        name = event.get("id")
        if made.output_type == "display_data" and isinstance(name, str):
            if event.get("update") is True:
                for shown in self._displays.get(name, []):
                    shown.data, shown.metadata = made.data, made.metadata
                return True
            self._displays.setdefault(name, []).append(made)
        last = self.outputs[-1] if self.outputs else None
        if made.output_type == "stream" and last is not None and last.get("name") == made.name:
            last.text += made.text
        else:
            self.outputs.append(made)
        return True


def _stream(event: dict[str, Any]) -> NotebookNode | None:
    name, text = event.get("name"), event.get("text")
    if name not in ("stdout", "stderr") or not isinstance(text, str):
        return None
    return new_output("stream", name=name, text=_clean(text))


def _display(event: dict[str, Any]) -> NotebookNode | None:
    data, metadata = event.get("data"), event.get("metadata")
    if not isinstance(data, dict):
        return None
    kept = {
        kind: _clean(value) if isinstance(value, str) else value
        for kind, value in data.items()
        if "/" in kind and kind != REPORT_TYPE and (isinstance(value, str) or kind.endswith("json"))
    }
    if not kept:
        return None
    about = metadata if isinstance(metadata, dict) else {}
    if event["shows"] == "display_data":
        return new_output("display_data", data=kept, metadata=about)
    count = event.get("count")
    count = count if type(count) is int and 0 <= count < 1_000_000 else None
    return new_output("execute_result", data=kept, metadata=about, execution_count=count)


def _error(event: dict[str, Any]) -> NotebookNode | None:
    name, text, lines = event.get("ename"), event.get("evalue"), event.get("traceback")
    if not isinstance(name, str) or not isinstance(text, str) or not isinstance(lines, list):
        return None
    name = f"student's {name}" if name in ERRORS else name
    return new_output(
        "error",
        ename=_clean(name),
        evalue=_clean(text),
        traceback=[_clean(line) for line in lines if isinstance(line, str)],
    )


_MAKERS = {"stream": _stream, "display_data": _display, "execute_result": _display, "error": _error}


def _clean(text: str) -> str:
    """Text that any file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _size_of(output: NotebookNode) -> int:
    return 100 + sum(len(str(value)) for value in output.values())
