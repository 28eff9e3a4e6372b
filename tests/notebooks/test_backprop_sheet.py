"""The page of backpropagation rules in notebook 00: every rule against finite differences, and the same in print."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "solutions" / "00_welcome"
STEP = 1e-6

Arrays = tuple[np.ndarray, ...]


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


def _rows_of_the_notebook() -> list[list[str]]:
    notebook = nbformat.read(FOLDER / "welcome.ipynb", as_version=4)
    (source,) = [cell.source for cell in notebook.cells if cell.id == "sheet"]
    lines = [line for line in source.splitlines() if line.startswith("| ")]
    return [[_plain(cell) for cell in line.strip("| ").split(" | ")] for line in lines[1:]]


def _rows_in_print() -> list[list[str]]:
    page = (FOLDER / "welcome_sheet.html").read_text(encoding="utf-8")
    return [
        [_plain(cell) for cell in re.findall(r"<td>(.*?)</td>", row)] for row in re.findall(r"<tr>(<td>.*)</tr>", page)
    ]


def _softmax(z: np.ndarray) -> np.ndarray:
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


CLASSES = np.array([2, 0, 1, 2])
A, B = (4, 3), (3, 2)

# Row of the sheet: value, gradients as the sheet says them (G arrives), shapes of the inputs.
RULES: dict[str, tuple[Callable[..., Any], Callable[..., Arrays], list[tuple[int, ...]]]] = {
    "sum of two": (lambda x, y: x + y, lambda g, x, y: (g, g), [A, A]),
    "difference": (lambda x, y: x - y, lambda g, x, y: (g, -g), [A, A]),
    "product, element by element": (lambda x, y: x * y, lambda g, x, y: (g * y, g * x), [A, A]),
    "power, n constant": (lambda x: x**3, lambda g, x: (g * 3 * x**2,), [A]),
    "exponential": (np.exp, lambda g, x: (g * np.exp(x),), [A]),
    "logarithm": (lambda x: np.log(x**2), lambda g, x: (g / x**2 * 2 * x,), [A]),
    "matrix product": (lambda x, w: x @ w, lambda g, x, w: (g @ w.T, x.T @ g), [A, B]),
    "bias": (lambda a, b: a + b, lambda g, a, b: (g, g.sum(axis=0)), [A, (3,)]),
    "sigmoid": (
        lambda z: 1 / (1 + np.exp(-z)),
        lambda g, z: ((lambda h: g * h * (1 - h))(1 / (1 + np.exp(-z))),),
        [A],
    ),
    "tanh": (np.tanh, lambda g, z: (g * (1 - np.tanh(z) ** 2),), [A]),
    "ReLU": (lambda z: np.maximum(0, z), lambda g, z: (np.where(z > 0, g, 0),), [A]),
    "sum of all": (np.sum, lambda g, x: (np.full(x.shape, g),), [A]),
    "mean of all": (np.mean, lambda g, x: (np.full(x.shape, g / x.size),), [A]),
    "squared loss": (
        lambda p, y: np.sum((p - y) ** 2) / (2 * len(p)),
        lambda g, p, y: (g * (p - y) / len(p), -g * (p - y) / len(p)),
        [A, A],
    ),
    "softmax and cross-entropy": (
        lambda z: -np.mean(np.log(_softmax(z)[np.arange(len(z)), CLASSES])),
        lambda g, z: (g * (_softmax(z) - np.eye(3)[CLASSES]) / len(z),),
        [A],
    ),
    "transpose, reshape": (lambda x: x.T.reshape(2, 6), lambda g, x: (g.reshape(3, 4).T,), [A]),
    "used more than once": (lambda x: x * x + x, lambda g, x: (g * x + g * x + g,), [A]),
    "broadcast": (
        lambda x, y: x * np.ones(A) + y * np.ones(A),
        lambda g, x, y: (g.sum(axis=0), g.sum(axis=1, keepdims=True)),
        [(3,), (4, 1)],
    ),
}


def test_the_sheet_is_the_same_in_print() -> None:
    assert _rows_of_the_notebook() == _rows_in_print()
    assert [row[0] for row in _rows_of_the_notebook()] == list(RULES)
    assert all(len(row) == 4 and all(row) for row in _rows_of_the_notebook())


@pytest.mark.parametrize("name", RULES)
def test_every_rule_agrees_with_finite_differences(name: str) -> None:
    function, gradients, shapes = RULES[name]
    generator = np.random.default_rng(5)
    inputs = [generator.normal(size=shape) for shape in shapes]
    arrives = generator.normal(size=np.shape(function(*inputs)))
    for position, gradient in enumerate(gradients(arrives, *inputs)):
        assert np.shape(gradient) == shapes[position]
        for place in np.ndindex(shapes[position]):
            ends = []
            for sign in (1, -1):
                moved = [array.copy() for array in inputs]
                moved[position][place] += sign * STEP
                ends.append(np.sum(arrives * function(*moved)))
            assert gradient[place] == pytest.approx((ends[0] - ends[1]) / (2 * STEP), rel=1e-6, abs=1e-8)


def test_the_printed_page_needs_nothing_from_elsewhere() -> None:
    page = (FOLDER / "welcome_sheet.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "http" not in page
    assert '<html lang="en">' in page
