"""What a student's cell showed: text, pictures, harmless HTML and formulas remain, within limits.

An output is input: it is written anew from what is allowed. Nothing that only grading may say, a report or one of the
errors by which an outcome is known, comes from a student's cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode

from nnkit.grading.intake.drawings import as_picture
from nnkit.grading.intake.markup import harmless_tex
from nnkit.grading.intake.written import clean_markdown, clean_markup, is_picture
from nnkit.grading.marks.outcomes import ERRORS

OUTPUTS_PER_CELL = 40
PICTURES_PER_CELL = 12
CHARACTERS_PER_CELL = 1_000_000
CHARACTERS_PER_NOTEBOOK = 8_000_000
LONGEST_STREAM = 200_000
_DRAWING = "image/svg+xml"
_UNTIDY = re.compile(r"[\x00\ud800-\udfff]")
_CUT = "… the rest of this output is left out."


def clean_outputs(outputs: Iterable[Any], room: int = CHARACTERS_PER_CELL) -> tuple[list[NotebookNode], list[str]]:
    """The outputs of one cell, made anew from what is harmless and within limits.

    Parameters
    ----------
    outputs : Iterable[Any]
        As the student's process sent them, or as they stand in a file; what is no output is dropped.
    room : int
        How many characters they may take together.

    Returns
    -------
    tuple of list of NotebookNode and list of str
        The outputs, and what was left out. Cleaning what was cleaned changes nothing.

    Examples
    --------
    >>> shown = {"output_type": "display_data", "data": {"text/plain": "x", "application/javascript": "steal()"}}
    >>> outputs, notes = clean_outputs([shown])
    >>> dict(outputs[0].data), notes
    ({'text/plain': 'x'}, ['application/javascript'])
    """
    room = min(room, CHARACTERS_PER_CELL)
    kept: list[NotebookNode] = []
    notes: set[str] = set()
    pictures = used = 0
    cut = False
    for given in _joined(outputs):
        output = _clean(given, notes)
        if output is None:
            continue
        data = output.get("data", {})
        if any(kind in data for kind in ("image/png", "image/jpeg")):
            pictures += 1
            if pictures > PICTURES_PER_CELL:
                notes.add(f"pictures beyond the first {PICTURES_PER_CELL} of a cell")
                cut = True
                continue
        size = _size(output)
        if len(kept) >= OUTPUTS_PER_CELL or used + size > room:
            notes.add("outputs beyond what a cell may show")
            cut = True
            break
        used += size
        last = kept[-1] if kept else None
        if last is not None and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text = _shortened(last.text + output.text)  # what stood between them was left out
        else:
            kept.append(output)
    if cut and not (kept and kept[-1] == _sentence()):
        del kept[OUTPUTS_PER_CELL - 1 :]
        kept.append(_sentence())
    return kept, sorted(notes)


def output_node(kind: str, **content: Any) -> NotebookNode:
    """An output of which it is known that the format allows it.

    nbformat's `new_output` validates each one against the schema, which takes longer than all else that is done here.

    Parameters
    ----------
    kind : str
        Its ``output_type``.
    content : Any
        All other fields that the format asks for.

    Examples
    --------
    >>> from nbformat.v4 import new_output
    >>> output_node("stream", name="stdout", text="x") == new_output("stream", name="stdout", text="x")
    True
    """
    return NotebookNode(output_type=kind, **content)


def _sentence() -> NotebookNode:
    return output_node("display_data", data={"text/plain": _CUT}, metadata={})


def _joined(outputs: Iterable[Any]) -> list[Mapping[str, Any]]:
    """The outputs with neighbouring streams of one name joined: a loop that prints makes one output of each line."""
    joined: list[dict[str, Any]] = []
    for output in outputs if isinstance(outputs, Iterable) else ():
        if not isinstance(output, Mapping):
            continue
        if output.get("output_type") == "stream":
            name, text = "stderr" if output.get("name") == "stderr" else "stdout", _text(output.get("text"))
            last = joined[-1] if joined else {}
            if last.get("output_type") == "stream" and last["name"] == name:
                if len(last["text"]) <= LONGEST_STREAM:
                    last["text"] += text
            elif text:
                joined.append({"output_type": "stream", "name": name, "text": text})
        elif len(joined) <= 1000:
            joined.append(dict(output))
    return [*joined]


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    return _UNTIDY.sub("\ufffd", value) if isinstance(value, str) else ""


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_STREAM else text[: LONGEST_STREAM - 60].rstrip() + f"\n{_CUT}\n"


def _clean(output: Mapping[str, Any], notes: set[str]) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        return output_node("stream", name=output["name"], text=_shortened(output["text"]))
    if kind == "error":
        name = _text(output.get("ename"))[:200] or "Error"
        if name in ERRORS:
            notes.add(f"an error with grading's own name {name}")
            name = f"{name} (raised by the cell)"
        lines = output.get("traceback")
        traceback = [_shortened(_text(line)) for line in lines[:200]] if isinstance(lines, list) else []
        return output_node("error", ename=name, evalue=_shortened(_text(output.get("evalue"))), traceback=traceback)
    if kind not in ("display_data", "execute_result"):
        notes.add("an output of no known kind")
        return None
    given = output.get("data")
    data: dict[str, str] = {}
    for mime, content in given.items() if isinstance(given, Mapping) else ():
        cleaned = _content(str(mime), content, notes)
        if cleaned is not None:
            data[str(mime)] = cleaned
    if "text/html" not in data and (drawing := data.pop(_DRAWING, None)) is not None:
        data["text/html"] = drawing  # no page would show a drawing without making it a part of itself
    data.pop(_DRAWING, None)
    if not data:
        data["text/plain"] = "(What this cell showed is left out: it was neither text nor a picture.)"
    metadata = _metadata(output.get("metadata"), data)
    if kind == "display_data":
        return output_node("display_data", data=data, metadata=metadata)
    count = output.get("execution_count")
    count = count if type(count) is int and count >= 0 else None
    return output_node("execute_result", data=data, metadata=metadata, execution_count=count)


def _content(mime: str, content: Any, notes: set[str]) -> str | None:
    if mime in ("image/png", "image/jpeg"):
        data = content if isinstance(content, str) else _text(content)
        if is_picture(mime, data):
            return data
        notes.add(f"{mime} that is no picture, or too large")
        return None
    text = _text(content)
    if mime == _DRAWING:
        picture = as_picture(text)
        if picture is None:
            notes.add(f"{_DRAWING} that shows nothing, or too much")
        return picture
    if mime == "text/plain":
        return _shortened(text)
    if mime == "text/latex":
        if len(text) > 20_000:
            notes.add("a formula that is too long")
            return None
        return harmless_tex(text)
    if mime == "text/html":
        cleaned, left_out = clean_markup(text)
        notes.update(f"{one} in HTML" for one in left_out)
        # A page prefers HTML to text: where nothing of it is left to see, the text that came with it is shown.
        return cleaned if "<img" in cleaned or re.sub(r"<[^>]*>", "", cleaned).strip() else None
    if mime == "text/markdown":
        cleaned, _, changed = clean_markdown(text)
        notes.update(f"{one} in Markdown" for one in changed)
        return cleaned
    notes.add(mime if re.fullmatch(r"[\w.+-]{1,40}/[\w.+-]{1,80}", mime) else "an output of no known type")
    return None


def _metadata(metadata: Any, data: Mapping[str, str]) -> dict[str, Any]:
    """What a picture's frame needs: its size in numbers, and the words that stand for it."""
    kept: dict[str, Any] = {}
    given = metadata if isinstance(metadata, Mapping) else {}
    for mime in ("image/png", "image/jpeg"):
        own = given.get(mime)
        if mime not in data or not isinstance(own, Mapping):
            continue
        about: dict[str, Any] = {
            name: own[name] for name in ("width", "height") if type(own.get(name)) is int and 0 < own[name] <= 4000
        }
        if isinstance(own.get("alt"), str):
            about["alt"] = _text(own["alt"])[:1000]
        if about:
            kept[mime] = about
    return kept


def _size(output: NotebookNode) -> int:
    if output.output_type == "stream":
        return len(output.text)
    if output.output_type == "error":
        return len(output.evalue) + sum(map(len, output.traceback))
    return sum(map(len, output.data.values()))
