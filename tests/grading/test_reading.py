"""A file is read whichever way it was saved; what cannot be read becomes a notebook that says so."""

from __future__ import annotations

import io
import json
from typing import Any

import nbformat
import pytest

from nnkit.grading.intake import submissions
from nnkit.grading.intake.submissions import DEEPEST, MOST_CELLS, SubmissionExporter, decode, read_notebook

CELL = {"cell_type": "code", "source": "x = 'é'", "metadata": {}, "outputs": [], "execution_count": None, "id": "a"}


def file(**changes: Any) -> str:
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [CELL]}
    return json.dumps(content | changes, ensure_ascii=False)


SAVED = {
    "UTF-8": file().encode(),
    "with a mark": file().encode("utf-8-sig"),
    "UTF-16": file().encode("utf-16"),
    "UTF-16, other end": b"\xfe\xff" + file().encode("utf-16-be"),
    "UTF-16 without a mark": file().encode("utf-16-le"),
    "other end without a mark": file().encode("utf-16-be"),
    "UTF-32": file().encode("utf-32"),
    "NULs behind it": file().encode() + b"\0" * 4096,
    "as old editors on Windows do": file().encode("cp1252"),
    "a page behind it": file().encode() + b"\n<!-- handed in at noon -->",
    "the end of a longer file behind it": file().encode() + file().encode()[-40:],
}


@pytest.mark.parametrize("content", SAVED.values(), ids=SAVED)
def test_a_file_is_read_whichever_way_it_was_saved(content: bytes) -> None:
    assert read_notebook(decode(content)).cells[0].source == "x = 'é'"
    text, _ = SubmissionExporter().from_file(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
    assert json.loads(text)["cells"][0]["source"] in ("x = 'é'", ["x = 'é'"])


def test_json_alone_would_not_read_them() -> None:
    for name in ("with a mark", "NULs behind it"):
        with pytest.raises(ValueError, match=r"Extra data|BOM"):
            json.loads(SAVED[name].decode("utf-8"))


ODD = [
    file(cells=[CELL | {"source": "'\ud800'"}]).replace("\ud800", "\\ud800"),
    file(metadata={"name": "HALF"}).replace("HALF", "\\udfff"),
    file(metadata={"number": float("nan")}),
    file(metadata={"number": 1}).replace("1}", "1e999}"),
    file(metadata=None),
    file(metadata={"kernelspec": 3, "language_info": []}),
    file(cells=[CELL | {"metadata": [1]}]),
]


@pytest.mark.parametrize("text", ODD)
def test_what_is_read_can_be_written(text: str) -> None:
    notebook = read_notebook(text)
    assert len(notebook.cells) == 1
    assert "state" not in notebook.metadata.get("nnkit", {})
    written = nbformat.writes(notebook)
    assert b"\xef" not in written.encode("utf-8") or "\ufffd" in written
    assert "NaN" not in written
    assert "Infinity" not in written


BEYOND = [
    "",
    '{"a": 1} and more',
    "[" * 100_000,
    file(metadata={"deep": json.loads("[" * (DEEPEST + 5) + "]" * (DEEPEST + 5))}),
    file(cells=[CELL] * (MOST_CELLS + 1)),
    file(cells="none"),
]


@pytest.mark.parametrize("text", BEYOND, ids=["empty", "something else", "brackets", "deep", "many cells", "no cells"])
def test_what_is_beyond_the_limits_says_so(text: str) -> None:
    assert read_notebook(text).metadata.nnkit.state == submissions.UNREADABLE


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO(SAVED["UTF-8"])
    monkeypatch.setattr(submissions, "LARGEST", 50)
    text, _ = SubmissionExporter().from_file(io.TextIOWrapper(stream, encoding="utf-8"))
    assert json.loads(text)["metadata"]["nnkit"]["state"] == submissions.UNREADABLE
