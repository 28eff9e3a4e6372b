"""Notebook `gradients_through_time`: new arrays, and what is said of a factor that nobody foresaw."""

from __future__ import annotations

import numpy as np
import pytest

import nnkit
from nnkit.exercises import evaluate, index
from nnkit.exercises.catalogue.gradients_through_time.parts.clipping import joint_norm
from tests.answers import answers_to, changed, namespace_of

CLIP = index.find("clip_by_norm")
LIST = next(iter(answers_to("clip_by_norm").right.values()))
FACTOR = "max_norm / norm if norm > max_norm else 1.0"


def report(source: str):
    return evaluate("clip_by_norm", namespace_of(source))


def test_the_reference_is_what_the_library_makes_of_gradients() -> None:
    for case in CLIP.draw(7, True):
        grads, max_norm = case.arguments["grads"], case.arguments["max_norm"]
        weights = [nnkit.tensor(np.zeros_like(array), requires_grad=True) for array in grads]
        for weight, array in zip(weights, grads, strict=True):
            weight.grad = nnkit.tensor(array)
        nnkit.nn.utils.clip_grad_norm_(weights, max_norm)
        for weight, array in zip(weights, CLIP.reference(grads, max_norm)["arrays"], strict=True):
            np.testing.assert_allclose(array, weight.grad.numpy(), rtol=1e-5, atol=1e-9)


def test_the_reference_is_never_longer_than_before_nor_than_allowed() -> None:
    for case in CLIP.draw(8, True):
        grads, max_norm = case.arguments["grads"], case.arguments["max_norm"]
        norm = joint_norm(CLIP.reference(grads, max_norm)["arrays"])
        assert norm == pytest.approx(min(max_norm, joint_norm(grads)))


@pytest.mark.parametrize("handed_on", ["grads", "list(grads)", "[g for g in grads]", "[g[:] for g in grads]"])
def test_arrays_that_were_given_are_not_new(handed_on: str) -> None:
    found = report(changed(LIST, ("    return", f"    if factor == 1.0:\n        return {handed_on}\n    return")))
    assert "The values are right, but not all arrays are new." in found.message
    assert found.cause.startswith("Where nothing is to be shortened you hand on what was given")


def test_one_array_that_was_given_is_not_new_either() -> None:
    found = report(changed(LIST, ("[factor * g for", "[factor * g if g.any() else g for")))
    assert "The values are right here, but" in found.message or "The values are right, but" in found.message
    assert found.cause.startswith("An array in your list is one that was given")


def test_a_list_that_is_written_into_is_told_from_arrays_that_are() -> None:
    into = "    for i, g in enumerate(grads):\n        {}\n    return grads"
    line = "    return [factor * g for g in grads]"
    assert (
        "`grads[i] = …` changes the caller's list"
        in report(changed(LIST, (line, into.format("grads[i] = factor * g")))).cause
    )
    assert "`g *= factor` changes the caller's" in report(changed(LIST, (line, into.format("g *= factor")))).cause
    beside = into.format("grads[i] = np.zeros_like(g)")
    assert "holds other arrays now" in report(changed(LIST, (line, beside))).cause


@pytest.mark.parametrize(
    "copied", ["[g.copy() for g in grads]", "[1 * g for g in grads]", "[g.tolist() for g in grads]"]
)
def test_copies_are_new(copied: str) -> None:
    assert report(changed(LIST, ("    return", f"    if factor == 1.0:\n        return {copied}\n    return"))).passed


def test_a_factor_that_nobody_foresaw_is_told_in_numbers() -> None:
    cause = report(changed(LIST, (FACTOR, "0.9 * max_norm / norm if norm > max_norm else 1.0"))).cause
    assert cause.startswith("Here all arrays are multiplied by 0.")
    assert "allowed" in cause


def test_factors_that_differ_from_array_to_array_are_told_in_numbers() -> None:
    source = changed(LIST, ("[factor * g for g in grads]", "[factor**k * g for k, g in enumerate(grads, 1)]"))
    assert "Here every array has a factor of its own" in report(source).cause


def test_factors_that_differ_within_an_array_are_told_so() -> None:
    source = changed(LIST, ("factor * g for", "np.tanh(factor * g) for"))
    assert "the entries of one array are not all multiplied by the same number" in report(source).cause


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("None", "expected a list of 1 array"),
        ("norm", "expected a list of 1 array"),
        ("(factor * g for g in grads)", "generator"),
        ("{'grads': grads}", "expected a list of 1 array"),
        ("[factor * g for g in grads][:-1]", "0 entries, expected 1 array"),
    ],
)
def test_what_is_no_list_of_as_many_arrays_is_told_so(returned: str, said: str) -> None:
    assert said in report(changed(LIST, ("[factor * g for g in grads]", returned))).message


def test_arrays_of_one_shape_may_come_back_as_one_array() -> None:
    stacked = (
        "np.array([factor * g for g in grads]) if len({g.shape for g in grads}) == 1 else [factor * g for g in grads]"
    )
    assert report(changed(LIST, ("[factor * g for g in grads]", stacked))).passed


def test_the_librarys_own_is_not_the_readers() -> None:
    source = """
def clip_by_norm(grads, max_norm):
    import nnkit
    weights = [nnkit.tensor(np.zeros_like(g), requires_grad=True) for g in grads]
    for weight, g in zip(weights, grads):
        weight.grad = nnkit.tensor(g)
    nnkit.nn.utils.clip_grad_norm_(weights, max_norm)
    return [weight.grad.numpy() for weight in weights]
"""
    assert report(source).words == "not counted"
