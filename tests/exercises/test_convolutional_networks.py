"""The exercises on pooling and on parameters where their judging needs more than the declared mistakes show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit.exercises import Report, evaluate
from nnkit.exercises.catalogue.convolutional_networks.parts.ties import shared_among_maxima
from nnkit.exercises.index import find
from tests.answers import answers_to, namespace_of

HIDDEN = [(seed, True) for seed in (3, 14, 15)]
SHARED = """
def maxpool_backward(dout, x, k, stride):
    dx, rng = np.zeros(x.shape), np.random.default_rng(7)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * stride : i * stride + k, j * stride : j * stride + k]
        places = np.argwhere(window == window.max())
        {}
        for (a, b), share in zip(places, shares):
            dx[n, c, i * stride + a, j * stride + b] += share * dout[n, c, i, j]
    return dx
"""


def verdict(name: str, source: str, seed: int = 1, hidden: bool = False) -> Report:
    return evaluate(name, namespace_of(source), seed, hidden)


def slopes(function: Any, x: np.ndarray, step: float = 1e-4) -> np.ndarray:
    """Central differences of a function of x that gives one number."""
    found = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        shift = np.zeros(x.shape)
        shift[place] = step
        found[place] = (function(x + shift) - function(x - shift)) / (2 * step)
    return found


# ---------------------------------------------------------------------------------------------------------------------
# The references
# ---------------------------------------------------------------------------------------------------------------------


def drawn(name: str) -> list[dict[str, Any]]:
    return [dict(case.arguments) for case in find(name).draw(5, hidden=True)]


def test_pooling_is_what_the_library_gives() -> None:
    for case in drawn("maxpool_forward"):
        got = nnkit.functional.max_pool2d(nnkit.tensor(case["x"]), case["k"], case["stride"])
        np.testing.assert_array_equal(find("maxpool_forward").reference(**case), got.numpy())


def test_its_gradient_is_what_differences_and_the_library_give() -> None:
    forward, backward = find("maxpool_forward").reference, find("maxpool_backward").reference
    for case in [case for case in drawn("maxpool_backward") if np.abs(case["x"]).min() > 0 and case["x"].min() > -1e6]:
        dout, x, k, stride = case.values()
        gradient = backward(dout, x, k, stride)
        differences = slopes(lambda x, k=k, stride=stride, dout=dout: np.sum(forward(x, k, stride) * dout), x)
        np.testing.assert_allclose(gradient, differences, atol=1e-9)
        tensor = nnkit.tensor(x, requires_grad=True)
        (nnkit.functional.max_pool2d(tensor, k, stride) * nnkit.tensor(dout)).sum().backward()
        np.testing.assert_allclose(gradient, tensor.grad.numpy(), atol=1e-12)


def test_the_parameters_are_those_of_the_text_and_of_the_library() -> None:
    nn = nnkit.nn
    count = find("count_parameters").reference
    network = [("conv", 1, 16, 3), ("pool", 2), ("dense", 16 * 13 * 13, 20), ("dense", 20, 10)]
    assert count(network) == 160 + 54_100 + 210 == 54_470
    assert count([network[0], ("dense", 16 * 26 * 26, 20), network[3]]) == 216_710
    assert count([("dense", 784, 128), ("dense", 128, 10)]) == 101_770
    layers = nn.Conv2d(1, 16, 3), nn.MaxPool2d(2), nn.Linear(16 * 13 * 13, 20), nn.Linear(20, 10)
    assert sum(parameter.numel() for layer in layers for parameter in layer.parameters()) == 54_470


# ---------------------------------------------------------------------------------------------------------------------
# Ties
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shares",
    [
        "shares = rng.dirichlet(np.ones(len(places)))",
        "shares = np.eye(len(places))[rng.integers(len(places))]",
        "shares = np.eye(len(places))[-1]",
        "shares = np.arange(len(places)) / max(sum(range(len(places))), 1) if len(places) > 1 else [1.0]",
    ],
)
def test_a_tie_may_be_shared_in_any_way(shares: str) -> None:
    for seed, hidden in [(1, False), *HIDDEN]:
        report = verdict("maxpool_backward", SHARED.format(shares), seed, hidden)
        assert report.passed, str(report)


@pytest.mark.parametrize(
    "shares",
    [
        "shares = [1.5] + [-0.5 / max(len(places) - 1, 1)] * (len(places) - 1) if len(places) > 1 else [1.0]",
        "shares = [0.9 / len(places)] * len(places) if len(places) > 1 else [1.0]",
        "shares = [0.6] * len(places) if len(places) > 1 else [1.0]",
        "shares = [0.0] * len(places) if len(places) > 1 else [1.0]",
    ],
)
def test_no_share_is_negative_and_together_they_are_the_message(shares: str) -> None:
    for seed, hidden in [(1, False), *HIDDEN]:
        report = verdict("maxpool_backward", SHARED.format(shares), seed, hidden)
        assert report.status == "wrong"
        assert "there are several right answers; expected is the one nearest yours" in report.message


def test_windows_that_overlap_may_share_the_same_ties_each_in_its_own_way() -> None:
    rng = np.random.default_rng(3)
    x, dout = np.zeros((1, 1, 4, 4)), rng.normal(size=(1, 1, 3, 3))
    for _ in range(20):
        dx = np.zeros(x.shape)
        for i, j in np.ndindex(3, 3):
            dx[0, 0, i : i + 2, j : j + 2] += dout[0, 0, i, j] * rng.dirichlet([0.4] * 4).reshape(2, 2)
        np.testing.assert_allclose(shared_among_maxima(dout, x, 2, 1, like=dx), dx, atol=1e-6)


def test_a_mistake_is_known_whichever_maximum_takes_the_message() -> None:
    last = SHARED.format("shares = np.eye(len(places))[-1]")
    source = last.replace("i * stride + a, j", "i + a, j").replace("j * stride + b", "j + b")
    assert "as if windows stood one pixel apart" in str(verdict("maxpool_backward", source).cause)
    overwritten = last.replace(
        "+= share * dout[n, c, i, j]", "= share * dout[n, c, i, j] or dx[n, c, i * stride + a, j * stride + b]"
    )
    assert "what becomes of messages that meet?" in str(verdict("maxpool_backward", overwritten).cause)


@pytest.mark.parametrize(
    "returned", ["[[1.0], [1.0, 2.0]]", "np.nan * x", "np.inf * x", "'dx'", "x.astype(complex)", "x > 0"]
)
def test_what_is_no_gradient_is_refused_in_words(returned: str) -> None:
    report = verdict("maxpool_backward", f"def maxpool_backward(dout, x, k, stride):\n    return {returned}\n")
    assert report.failed
    assert report.words != "could not be checked"


# ---------------------------------------------------------------------------------------------------------------------
# Known whatever number was chosen
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["0", "-1", "-999", "-1e6", "-1e10"])
def test_a_search_that_begins_at_a_number_is_known_whatever_the_number(start: str) -> None:
    source = answers_to("maxpool_forward").right["six loops and a running maximum"].replace("-math.inf", start)
    for seed, hidden in [(1, False), *HIDDEN]:
        assert "With what does your search begin?" in str(verdict("maxpool_forward", source, seed, hidden).cause)


@pytest.mark.parametrize("name", ["maxpool_forward", "maxpool_backward"])
def test_the_librarys_pooling_is_not_counted(name: str) -> None:
    signature = find(name).signature
    source = (
        f"import nnkit\ndef {signature}:\n    return nnkit.functional.max_pool2d(nnkit.tensor(x), k, stride).numpy()\n"
    )
    assert verdict(name, source).words == "not counted"


def test_a_network_that_the_library_counts_is_not_counted() -> None:
    source = """
import nnkit
def count_parameters(layers):
    made = {"conv": nnkit.nn.Conv2d, "dense": nnkit.nn.Linear}
    built = [made[kind](*sizes) for kind, *sizes in layers if kind in made]
    return sum(parameter.numel() for layer in built for parameter in layer.parameters())
"""
    assert verdict("count_parameters", source).words == "not counted"
