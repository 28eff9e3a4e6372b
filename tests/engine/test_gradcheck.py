"""The gradient check accepts what is right and says which input and index is not."""

from __future__ import annotations

import numpy as np
import pytest

import nnkit
from nnkit import GradientError, Tensor, engine, gradcheck, tensor


def leaf(*values: float) -> Tensor:
    return tensor(np.array(values, dtype=float), requires_grad=True)


@pytest.fixture
def almost() -> object:
    """A primitive whose second derivative is wrong at index 1 only."""

    @engine.primitive("≈")
    def almost(x, y):
        """x y;  wrong at one place."""
        return x * y, (lambda g: g * y, lambda g: g * x * np.array([1, 1.01, 1]))

    yield almost
    del engine.PRIMITIVES["almost"]


def test_what_is_right_passes() -> None:
    assert gradcheck(lambda x: x.exp() * x.sum(), leaf(0.5, -1.0))
    assert gradcheck(lambda x, y: (x @ y, x.sum()), [tensor(np.ones((2, 3)), requires_grad=True), leaf(1, 2, 3)])
    assert gradcheck(lambda x, w: x * w, [tensor([1.0, 2.0]), leaf(3.0, 4.0)])  # a float32 constant
    assert gradcheck(lambda x, n: x**n, [leaf(3.0, 4.0), 2])
    assert gradcheck(lambda x: x, leaf())


def test_input_and_index_are_named(almost: object) -> None:
    with pytest.raises(
        GradientError, match=r"Input 1 at index \(1,\): the backward pass gives .*, central differences"
    ):
        gradcheck(almost, [leaf(1.0, 2.0, 3.0), leaf(4.0, 5.0, 6.0)])
    assert gradcheck(almost, [leaf(1.0, 2.0, 3.0), tensor(np.array([4.0, 5.0, 6.0]))])


def test_a_missing_gradient_is_an_error_like_any_other() -> None:
    with pytest.raises(GradientError, match=r"gives 0, central differences"):
        gradcheck(lambda x: x.detach() * 2 + 0 * x, leaf(1.0))
    with pytest.raises(GradientError, match=r"Input 0 at index \(0,\)"):
        gradcheck(lambda x: x.detach() * 2, leaf(1.0))


def test_errors_that_cancel_in_a_plain_sum_are_found() -> None:
    @engine.primitive("⇄")
    def crossed(x):
        """x;  gives each the other's gradient."""
        return x.copy(), (lambda g: g[::-1],)

    try:
        with pytest.raises(GradientError):
            gradcheck(crossed, leaf(1.0, 2.0))
    finally:
        del engine.PRIMITIVES["crossed"]


def test_the_function_must_leave_its_inputs_alone() -> None:
    def careless(x: Tensor) -> Tensor:
        x.data[0] = 5
        return x * 2

    with pytest.raises(GradientError, match="Input 0 was changed by the function"):
        gradcheck(careless, leaf(1.0, 2.0))


def test_a_vjp_must_leave_the_inputs_alone() -> None:
    @engine.primitive("!")
    def careless(x):
        """x;  writes into x."""

        def to_x(g: np.ndarray) -> np.ndarray:
            x[...] = 0
            return g

        return x.copy(), (to_x,)

    try:
        with pytest.raises(GradientError, match="Input 0 was changed by the backward pass"):
            gradcheck(careless, leaf(1.0, 2.0))
    finally:
        del engine.PRIMITIVES["careless"]


def test_the_originals_stay_as_they_are() -> None:
    x = leaf(1.0, 2.0)
    gradcheck(lambda x: x * x, x)
    assert x.tolist() == [1, 2]
    assert x.grad is None


def test_what_cannot_be_checked_is_told() -> None:
    with pytest.raises(TypeError, match="float64, input 1 is float32"):
        gradcheck(lambda x, y: x * y, [leaf(1.0), tensor([1.0], requires_grad=True)])
    with pytest.raises(TypeError, match="requires_grad=True"):
        gradcheck(lambda x: x, [tensor(np.ones(2))])
    with pytest.raises(GradientError, match="Input 0"):
        gradcheck(lambda x: (x - 1).log(), leaf(0.5))  # not a number


def test_a_wrong_shape_from_a_vjp_is_told() -> None:
    @engine.primitive("□")
    def misshapen(x):
        """Σ x;  forgets to spread."""
        return x.sum(), (lambda g: g,)

    try:
        with pytest.raises(RuntimeError, match=r"misshapen.*\(\).*\(2,\)"):
            gradcheck(misshapen, leaf(1.0, 2.0))
    finally:
        del engine.PRIMITIVES["misshapen"]


def test_random_numbers_elsewhere_are_not_disturbed() -> None:
    nnkit.manual_seed(0)
    gradcheck(lambda x: x * x, leaf(1.0))
    first = nnkit.rand(2).tolist()
    nnkit.manual_seed(0)
    assert nnkit.rand(2).tolist() == first
