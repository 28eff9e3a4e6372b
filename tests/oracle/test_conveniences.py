"""What programs ask of a tensor besides arithmetic, and what they draw at random, against PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from twins import close, compare

import nnkit

torch = pytest.importorskip("torch", reason="PyTorch is the oracle of these tests and is not installed")

NUMBERS = np.array([[-2.5, 0.0, 1.25], [3.0, -0.75, 1.25]])
OTHERS = np.array([1.25, -2.0, 0.5])
INTEGERS = np.array([[-7, 0, 5], [3, 2, 1]])
MASK = np.array([[True, False, True], [False, False, True]])


def both(function: Callable[..., Any], *arrays: np.ndarray) -> None:
    """Compare what a function of (library, *tensors) returns, values and dtypes."""
    mine = function(nnkit, *(nnkit.from_numpy(array.copy()) for array in arrays))
    theirs = function(torch, *(torch.from_numpy(array.copy()) for array in arrays))
    mine, theirs = (list(result) if isinstance(result, tuple) else [result] for result in (mine, theirs))
    for one, other in zip(mine, theirs, strict=True):
        if isinstance(other, torch.Tensor):
            close(one, other, "float64", "result")
            assert str(one.numpy().dtype) == str(other.numpy().dtype)
        else:
            assert one == other
            assert type(one) is type(other)


COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge"]


@pytest.mark.parametrize("name", COMPARISONS)
def test_comparisons_have_names(name: str) -> None:
    both(lambda library, x, y: (getattr(x, name)(y), getattr(x, name)(1.25)), NUMBERS, OTHERS)
    both(lambda library, x: getattr(x, name)(2), INTEGERS)
    both(lambda library, x: library.eq(x, x), NUMBERS)


@pytest.mark.parametrize(
    "function",
    [
        lambda library, m, n: (~m, m & n, m | n, m ^ n),
        lambda library, m, n: (m & True, False | m, m ^ 1),
        lambda library, m, n: (m[0] & n, ~(m | n) & m),
    ],
)
def test_masks_are_combined(function: Any) -> None:
    both(function, MASK, MASK[::-1].copy())


def test_integers_are_combined_bit_by_bit() -> None:
    both(lambda library, x, y: (~x, x & y, x | y, x ^ y, x & 3, 6 ^ x), INTEGERS, INTEGERS[::-1].copy())
    both(lambda library, x, m: (x & m, m | x), INTEGERS, MASK)


@pytest.mark.parametrize("operator", ["&=", "|=", "^=", "//=", "%="])
def test_in_place_the_memory_is_written_over(operator: str) -> None:
    def function(library: Any, x: Any, y: Any) -> Any:
        names = {"x": x, "y": y, "part": x[0]}
        exec(f"x {operator} y", names)
        return names["x"], names["part"]

    both(function, INTEGERS, np.array([2, 3, 5]))
    both(function, MASK, MASK[0].copy()) if operator in ("&=", "|=", "^=") else both(function, NUMBERS, OTHERS)


def test_whole_number_division_agrees_with_pytorch() -> None:
    both(lambda library, x, y: (x // y, x % y, x // 2, x % 2, 2.5 // y, 2.5 % y), NUMBERS, OTHERS)
    both(lambda library, x, y: (x // y, x % y, x // 2, x % 2.0, 7 // y, 7 % y), INTEGERS, np.array([2, -3, 5]))
    both(lambda library, x: (x // 0.0, x % 0.0), NUMBERS)


def test_the_remainder_is_differentiated() -> None:
    compare(torch, lambda library, x, y: x % y, [NUMBERS + 0.1, OTHERS])
    compare(torch, lambda library, x: x % 0.7, [NUMBERS])


@pytest.mark.parametrize("function", [lambda x: x // 0, lambda x: x % 0, lambda x: 1 // (x - x)])
def test_dividing_an_integer_by_0_is_refused(function: Any) -> None:
    with pytest.raises(RuntimeError, match="cannot be divided by 0"):
        function(nnkit.from_numpy(INTEGERS))
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        function(torch.from_numpy(INTEGERS))


@pytest.mark.parametrize("options", [{}, {"dim": 0}, {"dim": -1, "keepdim": True}, {"axis": 1, "keepdims": True}])
def test_all_any_and_argmin_agree_with_pytorch(options: Any) -> None:
    both(lambda library, x: (x.all(**options), x.any(**options), x.argmin(**options)), NUMBERS)
    both(lambda library, x: (library.all(x, **options), library.any(x, **options)), MASK)
    both(lambda library, x: library.argmin(x, **options), INTEGERS)


@pytest.mark.parametrize("name", ["sum", "mean", "var", "std", "max", "min", "argmax", "argmin"])
def test_axis_and_keepdims_are_taken_for_dim_and_keepdim(name: str) -> None:
    both(lambda library, x: getattr(x, name)(axis=0), NUMBERS)
    both(lambda library, x: getattr(x, name)(axis=1, keepdims=True), NUMBERS)
    both(lambda library, x: getattr(library, name)(x, axis=-1, keepdim=True), NUMBERS)


def test_axis_is_taken_where_pytorch_takes_it() -> None:
    both(lambda library, x: (x.softmax(axis=1), x.log_softmax(axis=0), x.unsqueeze(axis=1)), NUMBERS)
    both(lambda library, x: (x[:1].squeeze(axis=0), library.softmax(x, axis=0)), NUMBERS)
    both(lambda library, x: (library.cat([x, x], axis=1), library.stack([x, x], axis=1)), NUMBERS)


def test_masked_fill_agrees_with_pytorch() -> None:
    compare(torch, lambda library, x, m: x.masked_fill(m, float("-inf")).exp(), [NUMBERS], constants=[MASK])
    compare(torch, lambda library, x, m: library.masked_fill(x, m[0], 2), [NUMBERS], constants=[MASK])
    compare(torch, lambda library, x, v, m: x.masked_fill(m, v), [NUMBERS, np.array(4.0)], constants=[MASK])
    both(lambda library, x, m: (x.masked_fill(m, 2.9), x[0].masked_fill(m, 1)), INTEGERS, MASK)


def test_allclose_agrees_with_pytorch() -> None:
    for shift in (0.0, 1e-9, 1e-6, 1e-4, np.nan):
        both(lambda library, x, y: x.allclose(y), NUMBERS, NUMBERS + shift)
        both(lambda library, x, y: library.allclose(x, y, rtol=0.0, atol=1e-5), NUMBERS, NUMBERS + shift)
        both(lambda library, x, y: x.allclose(y, equal_nan=True), NUMBERS * shift, NUMBERS * shift)
    both(lambda library, x, y: x.allclose(y), NUMBERS, NUMBERS[0].copy())


def test_sizes_and_forms_agree_with_pytorch() -> None:
    both(lambda library, x: (x.dim(), x.numel(), x.nelement(), library.numel(x[0]), x[0, 0].numel()), NUMBERS)
    both(lambda library, x, y: (x.view_as(y), x.T.reshape_as(y)), NUMBERS, NUMBERS.reshape(3, 2))
    compare(torch, lambda library, x, y: x.view_as(y) * 2, [NUMBERS], constants=[NUMBERS.reshape(3, 2)])


def test_moving_to_another_dtype_agrees_with_pytorch() -> None:
    both(lambda library, x, y: (x.to(library.float32), x.to(dtype=library.int64), x.to(y), x.to("cpu")), NUMBERS, MASK)
    both(lambda library, x: (x.to("cpu", library.float64), x.to(device="cpu", dtype=library.bool)), INTEGERS)
    compare(torch, lambda library, x: x.to(library.float32).double() * 2, [NUMBERS])
    x = nnkit.from_numpy(NUMBERS)
    assert x.to(nnkit.float64) is x


def test_a_tensor_contains_numbers() -> None:
    for value in (1.25, 3, 4, True):
        both(lambda library, x, value=value: value in x, NUMBERS)
    both(lambda library, x: library.tensor(0.0) in x, NUMBERS)


@pytest.mark.parametrize(
    ("arguments", "options"),
    [((5, (2, 3)), {}), ((2, 5, (4,)), {}), ((5,), {"size": (3,)}), ((-3, 3), {"size": [2, 2]}), ((1, 2, ()), {})],
)
def test_random_integers_have_the_form_that_pytorch_gives_them(arguments: Any, options: Any) -> None:
    mine, theirs = nnkit.randint(*arguments, **options), torch.randint(*arguments, **options)
    assert mine.shape == tuple(theirs.shape)
    assert str(mine.dtype) == str(theirs.numpy().dtype)
    assert nnkit.randint(9, (2,), dtype=nnkit.float32).dtype == nnkit.float32


@pytest.mark.parametrize("replacement", [False, True])
def test_multinomial_draws_as_often_as_pytorch(replacement: bool) -> None:
    weights = np.array([[0.0, 3.0, 1.0, 4.0], [2.0, 2.0, 0.0, 1.0]])
    shares = {}
    for library in (nnkit, torch):
        library.manual_seed(1)
        rows = library.from_numpy(np.repeat(weights, 20000, axis=0))
        samples = library.multinomial(rows, 2, replacement=replacement).numpy().reshape(2, 20000, 2)
        shares[library] = [[(samples[row] == place).mean(axis=0) for place in range(4)] for row in range(2)]
        assert not (samples[0] == 0).any()
    np.testing.assert_allclose(shares[nnkit], shares[torch], atol=0.025)


@pytest.mark.parametrize(
    ("weights", "count", "replacement"),
    [
        ([0.0, 0.0], 1, False),
        ([1.0, -1.0], 1, True),
        ([1.0, np.nan], 1, True),
        ([1.0, 2.0], 3, False),
        ([1.0, 2.0], 0, True),
        ([[[1.0]]], 1, True),
        ([1, 2], 1, True),
    ],
)
def test_multinomial_refuses_what_pytorch_refuses(weights: Any, count: int, replacement: bool) -> None:
    for library in (nnkit, torch):
        with pytest.raises(RuntimeError):
            library.multinomial(library.tensor(weights), count, replacement=replacement)


def test_normal_numbers_have_mean_and_spread_as_asked() -> None:
    for library in (nnkit, torch):
        library.manual_seed(3)
        x = library.normal(2.0, 0.5, size=(100, 100))
        assert (tuple(x.shape), x.dtype) == ((100, 100), library.float32)
        assert abs(x.mean().item() - 2) < 0.02
        assert abs(x.std().item() - 0.5) < 0.02
        assert library.normal(library.zeros(3, 1), library.ones(2)).shape == (3, 2)
        assert library.normal(library.zeros(3, dtype=library.float64), 1.0).dtype == library.float64
        assert library.normal(0, library.ones(2)).shape == (2,)
        with pytest.raises(RuntimeError):
            library.normal(0.0, -1.0, size=(2,))


def test_generators_are_started_over() -> None:
    for library in (nnkit, torch):
        generator = library.Generator()
        assert generator.manual_seed(5) is generator
        makers: list[Callable[[], Any]] = [
            lambda g=generator, t=library: t.rand(3, generator=g),
            lambda g=generator, t=library: t.randn(2, 3, generator=g),
            lambda g=generator, t=library: t.randint(9, (20,), generator=g),
            lambda g=generator, t=library: t.randint(0, 9, (20,), generator=g),
            lambda g=generator, t=library: t.randperm(20, generator=g),
            lambda g=generator, t=library: t.normal(0.0, 1.0, size=(3,), generator=g),
            lambda g=generator, t=library: t.normal(t.zeros(3), 1.0, generator=g),
            lambda g=generator, t=library: t.multinomial(t.ones(30), 9, generator=g),
            lambda g=generator, t=library: t.multinomial(t.ones(30), 9, replacement=True, generator=g),
            lambda g=generator, t=library: t.nn.init.normal_(t.zeros(5), generator=g),
            lambda g=generator, t=library: t.nn.init.kaiming_uniform_(t.zeros(5, 5), generator=g),
        ]
        for make in makers:
            generator.manual_seed(5)
            first, second = make(), make()
            library.manual_seed(1)
            generator.manual_seed(5)
            assert (first == make()).all()
            assert not (second == first).all()
        assert library.Generator().manual_seed(-1) is not None
        assert generator.seed() != generator.seed()
        with pytest.raises(TypeError):
            library.rand(3, generator=7)
