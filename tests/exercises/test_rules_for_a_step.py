"""What is special to notebook 03, optimizers: references that walk as the library does, and slips that are not told the
cause of another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import optim
from nnkit.exercises import evaluate, index
from tests.answers import answers_to, changed, namespace_of

POINT = np.array([1.5, -0.7, 2.0])


def gradient(w: Any) -> Any:
    return w * np.array([1.0, 25.0, 3.0]) + w[::-1]


def of_library(make: Any, steps: int = 5) -> np.ndarray:
    """Where an optimizer of the library stands after some steps along `gradient`."""
    w = nnkit.tensor(POINT.copy(), requires_grad=True)
    optimizer = make([w])
    for _ in range(steps):
        w.grad = nnkit.tensor(gradient(w.detach().numpy()))
        optimizer.step()
    return w.detach().numpy()


def test_momentum_walks_as_the_library_does() -> None:
    update = index.find("momentum_update").reference
    w, delta = POINT, np.zeros(3)
    for _ in range(5):
        w, delta = update(w, gradient(w), delta, 0.03, 0.9)
    np.testing.assert_allclose(w, of_library(lambda p: optim.SGD(p, lr=0.03, momentum=0.9)), rtol=1e-12)


def test_rmsprop_walks_as_the_library_does() -> None:
    update = index.find("rmsprop_update").reference
    w, s = POINT, np.zeros(3)
    for _ in range(5):
        w, s = update(w, gradient(w), s, 0.03, 0.9, 1e-3)
    np.testing.assert_allclose(w, of_library(lambda p: optim.RMSprop(p, lr=0.03, alpha=0.9, eps=1e-3)), rtol=1e-12)


def test_adam_walks_as_the_library_does() -> None:
    update = index.find("adam_update").reference
    w, m, v = POINT, np.zeros(3), np.zeros(3)
    for t in range(1, 6):
        w, m, v = update(w, gradient(w), m, v, t, 0.03, 0.9, 0.99, 1e-3)
    expected = of_library(lambda p: optim.Adam(p, lr=0.03, betas=(0.9, 0.99), eps=1e-3))
    np.testing.assert_allclose(w, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "label", "change", "untrue"),
    [
        (
            "momentum_update",
            "two lines",
            ("w + delta_new, delta", "w - mu * delta - lr * g, delta"),
            "sign turned round",
        ),
        ("adam_update", "four lines", ("beta1 * m + (1 - beta1)", "beta2 * m + (1 - beta2)"), "your v keeps beta1"),
    ],
)
def test_a_slip_is_not_told_the_cause_of_another(name: str, label: str, change: tuple[str, str], untrue: str) -> None:
    source = answers_to(name).right[label]
    for seed, hidden in ((1, False), (11, True), (12, True)):
        report = evaluate(name, namespace_of(changed(source, change)), seed, hidden)
        assert not report.passed
        assert untrue not in str(report), str(report)
