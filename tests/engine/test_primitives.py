"""Every primitive of the table has the derivative that it should have."""

from __future__ import annotations

import layer_cases  # noqa: F401 (adds to the cases)
import numpy as np
import pytest
from gradient_cases import CASES, Case, check

import nnkit
from nnkit.engine import PRIMITIVES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_derivative_agrees_with_differences(case: Case) -> None:
    check(case)


LAYERS = set(
    "linear conv2d max_pool2d avg_pool2d standardise embedding project_so3 cross_entropy nll rnn lstm gru".split()
)


def test_every_primitive_has_cases_of_every_kind() -> None:
    ours = {name for name, made in PRIMITIVES.items() if made.function.__module__.startswith("nnkit.")}
    assert {case.primitive for case in CASES} == ours
    for name in ours:
        mine = [case for case in CASES if case.primitive == name]
        arrays = [array for case in mine for array in case.arrays]
        assert any(array.size == 0 for array in arrays), f"{name}: no zero-size input"
        assert any(array.ndim == 0 for array in arrays) or name in {"matmul", "cat", *LAYERS}, f"{name}: no 0-d"
        scattered = [a for a in arrays if not a.flags.c_contiguous and not a.flags.f_contiguous]
        assert scattered, f"{name}: no non-contiguous input"


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
def test_a_primitive_says_what_it_is(name: str) -> None:
    made = PRIMITIVES[name]
    assert made.name == name
    assert made.symbol
    assert made.__doc__
    assert ";" in made.__doc__  # value; derivative


@pytest.mark.parametrize("case", [case for case in CASES if case.expected is None and case.arrays], ids=str)
def test_the_value_keeps_float32_and_so_does_the_gradient(case: Case) -> None:
    if case.primitive == "cast":
        return
    inputs = [nnkit.from_numpy(array.astype(np.float32)).requires_grad_() for array in case.arrays]
    result = case.function(*inputs)
    assert result.dtype == nnkit.float32
    result.backward(np.ones(result.shape))
    assert all(x.grad is None or x.grad.dtype == nnkit.float32 for x in inputs)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_gradient_shares_memory_with_nothing(case: Case) -> None:
    inputs = [nnkit.from_numpy(array.copy()).requires_grad_() for array in case.arrays]
    result = case.function(*inputs)
    cotangent = np.ones(result.shape)
    result.backward(cotangent, retain_graph=True)
    values = [x.detach().numpy() for x in inputs]
    gradients = [x.grad.numpy() for x in inputs if x.grad is not None]
    for i, gradient in enumerate(gradients):
        others = [*values, *gradients[:i], *gradients[i + 1 :], cotangent, result.detach().numpy()]
        assert not any(np.shares_memory(gradient, other) for other in others)
    # Nor with what the graph has kept: the same pass once more gives the same again.
    before = [gradient.copy() for gradient in gradients]
    result.backward(cotangent)
    for gradient, old in zip(gradients, before, strict=True):
        np.testing.assert_allclose(gradient, 2 * old, rtol=1e-12)
