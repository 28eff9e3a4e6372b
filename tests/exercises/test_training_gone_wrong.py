"""Notebook 07, third part: trainings judged by what their steps do to a watched network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import functional as F  # noqa: N812
from nnkit.exercises import evaluate
from nnkit.exercises.beside.probes.watched import gradient
from nnkit.exercises.beside.probes.watched_network import Watched
from tests.answers import answers_to, changed, namespace_of


def report(name: str, *pairs: tuple[str, str], seed: int = 1, hidden: bool = False) -> Any:
    known = answers_to(name)
    return evaluate(name, namespace_of(changed(known.right["the one line"], *pairs), known.provided), seed, hidden)


def test_the_gradient_by_hand_is_that_of_nnkit() -> None:
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=shape) for shape in ((6, 5), (6,), (3, 6), (3,))]
    model = Watched(weights, drop=0.5)
    labels = np.array([0, 2, 1, 1])
    F.cross_entropy(model(rng.normal(size=(4, 5)).astype(np.float32)), nnkit.tensor(labels)).backward()
    by_hand = gradient(model.record.questions[0], labels)[1]
    for parameter, expected in zip(model.parameters(), by_hand, strict=True):
        np.testing.assert_allclose(parameter.grad.numpy(), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("rate", ["0.05", "0.1", "0.5"])
def test_any_rate_of_a_wide_range_mends_b(rate: str) -> None:
    assert report("mended_b", ("lr=0.2", f"lr={rate}")).passed


@pytest.mark.parametrize("name", [f"mended_{letter}" for letter in "abcde"])
def test_weights_made_smaller_before_the_first_step_are_told(name: str) -> None:
    pair = ("    for epoch", "    for p in model.parameters():\n        p.data[...] = p.data * 0.1\n    for epoch")
    assert "before the first step" in report(name, pair).cause


def test_momentum_is_not_told_to_be_a_sum_that_was_not_taken_away() -> None:
    assert "taken away" not in report("mended_c", ("lr=0.2", "lr=0.2, momentum=0.9")).cause


@pytest.mark.parametrize("name", [f"mended_{letter}" for letter in "abcde"])
def test_the_shuffling_stays_as_it_was(name: str) -> None:
    draw = "        order = rng.permutation(len(X))\n"
    once = (draw, ""), ("    for epoch", f"{draw[4:]}    for epoch")
    assert "a new one for each epoch" in report(name, *once).cause
    assert "draws nothing from it" in report(name, ("rng.permutation", "np.random.permutation")).cause
    whole = "rng.permutation(np.arange(-(-len(X) // 32) * 32).reshape(-1, 32)).ravel()"
    neighbours = f"np.array([row for row in {whole} if row < len(X)])"
    told = report(name, ("rng.permutation(len(X))", neighbours)).cause
    assert "neighbours" in told or "in which the images were given" in told  # two batches, in order by chance
    assert "backwards" in report(name, ("rng.permutation(len(X))", "np.arange(len(X))[::-1]")).cause


@pytest.mark.parametrize("name", [f"mended_{letter}" for letter in "abcde"])
def test_new_images_may_be_read_in_parts(name: str) -> None:
    parts = "np.concatenate([model(X_new[i : i + 4]).numpy() for i in range(0, len(X_new), 4)])"
    assert report(name, ("model(X_new).numpy()", parts)).passed


def test_a_sentence_about_inputs_does_not_speak_of_a_first_loss_that_is_right() -> None:
    told = report("mended_a", ("X_new / 255", "X_new / 65025")).cause
    assert "both places" in told
    assert "first loss" not in told
