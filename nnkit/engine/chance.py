"""Chance: the generators of random numbers, and the tensors that are made from what they draw.

Every random number of the library comes from `GENERATOR`, so that one seed decides them all, unless a function is given
a `generator` of its own: a `Generator`, or any generator of NumPy, such as `np.random.default_rng(0)`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnkit.engine import primitives as p
from nnkit.engine.dtypes import Array, float32, int64, require_cpu, supported
from nnkit.engine.graph import bare
from nnkit.engine.making import from_numpy
from nnkit.engine.tensors import Tensor


class Generator(np.random.Generator):
    """A source of random numbers of its own: a NumPy generator that can be started over, as PyTorch's.

    A new one starts from the same number every time; `seed` starts it from chance.

    Examples
    --------
    >>> generator = Generator().manual_seed(0)
    >>> first = rand(3, generator=generator)
    >>> bool((first == rand(3, generator=generator.manual_seed(0))).all())
    True
    """

    def __init__(self, device: str = "cpu") -> None:
        require_cpu(device)
        super().__init__(np.random.PCG64(0))

    def manual_seed(self, seed: int) -> Generator:
        """Start over from `seed`, and return the generator."""
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
            raise TypeError(f"A seed is an integer, got {seed!r}.")
        # A negative seed counts from the end of the 64-bit numbers, as in PyTorch; NumPy knows none.
        self.bit_generator.state = np.random.PCG64(int(seed) % 2**64).state
        return self

    def seed(self) -> int:
        """Start over from a number that is itself drawn by chance, and return it."""
        seed = int.from_bytes(os.urandom(8), "little") >> 1
        self.manual_seed(seed)
        return seed

    def __reduce__(self) -> Any:
        """Let copy.deepcopy and pickle make a generator of the same kind that goes on from here."""
        return _restored, (self.bit_generator.state,)


def _restored(state: Any) -> Generator:
    made = Generator()
    made.bit_generator.state = state
    return made


GENERATOR = Generator()
GENERATOR.seed()


def generator_or_default(generator: np.random.Generator | None) -> np.random.Generator:
    """Return the generator that was asked for: the one that `manual_seed` seeds if it is None.

    Raises
    ------
    TypeError
        If it is something else, such as a seed.
    """
    if generator is None:
        return GENERATOR
    if not isinstance(generator, np.random.Generator):
        raise TypeError(
            "generator is an nnkit.Generator or a NumPy generator, such as nnkit.Generator().manual_seed(0); got "
            f"{type(generator).__name__}."
        )
    return generator


def manual_seed(seed: int) -> Generator:
    """Start the random numbers over from `seed`, and return their generator.

    Examples
    --------
    >>> _ = manual_seed(0)
    >>> first = rand(3)
    >>> _ = manual_seed(0)
    >>> (first == rand(3)).tolist()
    [True, True, True]
    """
    return GENERATOR.manual_seed(seed)


def _drawn(draw: Callable[..., Any], size: tuple[Any, ...], dtype: Any, requires_grad: bool) -> Tensor:
    dtype = supported(dtype or float32)
    if dtype.kind != "f":
        raise TypeError(f"Random numbers of this kind are floats, not {dtype}.")
    return from_numpy(np.asarray(draw(p.sizes_of(size), dtype))).requires_grad_(requires_grad)


def rand(
    *size: Any, generator: np.random.Generator | None = None, dtype: Any = None, requires_grad: bool = False
) -> Tensor:
    """Make random numbers, evenly distributed between 0 and 1."""
    return _drawn(generator_or_default(generator).random, size, dtype, requires_grad)


def randn(
    *size: Any, generator: np.random.Generator | None = None, dtype: Any = None, requires_grad: bool = False
) -> Tensor:
    """Make random numbers, normally distributed with mean 0 and standard deviation 1."""
    return _drawn(generator_or_default(generator).standard_normal, size, dtype, requires_grad)


def randn_like(
    input: Tensor, generator: np.random.Generator | None = None, dtype: Any = None, requires_grad: bool = False
) -> Tensor:
    """Make normally distributed random numbers in the shape (and dtype) of another tensor."""
    return randn(input.shape, generator=generator, dtype=dtype or input.dtype, requires_grad=requires_grad)


def randint(
    low: int = 0,
    high: Any = None,
    size: Sequence[int] | None = None,
    generator: np.random.Generator | None = None,
    dtype: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make random integers from `low` (0 if left out) up to, without, `high`: `randint(10, (2, 3))`.

    Raises
    ------
    RuntimeError
        If there is no integer between `low` and `high`.
    TypeError
        If `size` is missing, or no tuple of sizes.

    Examples
    --------
    >>> numbers = randint(3, 5, (100,))
    >>> numbers.dtype, sorted(set(numbers.tolist()))
    (dtype('int64'), [3, 4])
    """
    if isinstance(high, tuple | list):  # randint(high, size)
        low, high, size = 0, low, high
    elif high is None:  # randint(high, size=size)
        low, high = 0, low
    if not isinstance(size, tuple | list):
        raise TypeError(f"randint needs a tuple of sizes, as in randint({low}, {high}, (2, 3)); got {size!r}.")
    if not low < high:
        raise RuntimeError(f"randint draws from low up to, without, high: there is nothing from {low} to {high}.")
    drawn = generator_or_default(generator).integers(low, high, p.sizes_of((size,)))
    return from_numpy(np.asarray(drawn, supported(dtype or int64))).requires_grad_(requires_grad)


def randperm(n: int, generator: np.random.Generator | None = None) -> Tensor:
    """Make the numbers 0 to n − 1 in random order."""
    return from_numpy(generator_or_default(generator).permutation(n).astype(int64))


def normal(
    mean: Any, std: Any = 1.0, size: Sequence[int] | None = None, generator: np.random.Generator | None = None
) -> Tensor:
    """Make normally distributed random numbers: one for each number of `mean` and `std`, or as many as `size` says.

    Raises
    ------
    RuntimeError
        If a standard deviation is negative, or neither a tensor nor `size` says how many numbers to draw.

    Examples
    --------
    >>> normal(0.0, 1.0, size=(2, 3)).shape, normal(rand(5), 1.0).shape
    ((2, 3), (5,))
    """
    tensors = [value for value in (mean, std) if isinstance(value, Tensor)]
    if size is None and not tensors:
        raise RuntimeError("normal needs a tensor as mean or std, or a size, as in normal(0.0, 1.0, size=(2, 3)).")
    mean, std = bare(mean), bare(std)
    if (np.asarray(std) < 0).any():
        raise RuntimeError(f"normal needs standard deviations of at least 0, got {np.min(std)}.")
    dtype = np.result_type(*(tensor.dtype for tensor in tensors)) if tensors else np.dtype(float32)
    drawn = generator_or_default(generator).normal(mean, std, None if size is None else p.sizes_of((size,)))
    return from_numpy(np.asarray(drawn, dtype if dtype.kind == "f" else float32))


def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, generator: np.random.Generator | None = None
) -> Tensor:
    """Draw places, each as often as its weight says.

    Parameters
    ----------
    input : (C,) or (N, C)
        Weights of at least 0, which need not add up to 1; every row is drawn from by itself.
    num_samples : int
        How many places to draw from a row.
    replacement : bool
        Whether a place may be drawn again.
    generator : Generator or numpy.random.Generator
        Where chance comes from; left out, what `manual_seed` seeds.

    Returns
    -------
    Tensor
        (num_samples,) or (N, num_samples), int64.

    Raises
    ------
    RuntimeError
        If the weights are no floats, one is negative or not finite, all of a row are 0, or without replacement more
        places are asked for than have a weight above 0.

    Examples
    --------
    >>> weights = from_numpy(np.array([0.0, 3.0, 1.0]))
    >>> sorted(multinomial(weights, 2).tolist()), 0 in multinomial(weights, 100, replacement=True)
    ([1, 2], False)
    """
    if not isinstance(input, Tensor) or input.ndim not in (1, 2) or input.dtype.kind != "f":
        got = f"{input.dtype} of shape {input.shape}" if isinstance(input, Tensor) else type(input).__name__
        raise RuntimeError(f"multinomial needs a tensor of float weights, (C,) or (N, C); got {got}.")
    weights = np.atleast_2d(input.detach().numpy()).astype(np.float64)
    if not ((weights >= 0) & np.isfinite(weights)).all():
        raise RuntimeError("multinomial needs weights that are finite and at least 0.")
    possible = np.count_nonzero(weights, axis=1).min(initial=weights.shape[1])
    if num_samples < 1 or possible < (1 if replacement else num_samples):
        raise RuntimeError(
            f"multinomial cannot draw {num_samples} {'' if replacement else 'different '}places: at least 1 is drawn, "
            f"and a row has only {possible} with a weight above 0."
        )
    rng = generator_or_default(generator)
    chosen = (_with_replacement if replacement else _without_replacement)(weights, num_samples, rng)
    return from_numpy(chosen.astype(int64).reshape(*input.shape[:-1], num_samples))


def _with_replacement(weights: Array, num_samples: int, rng: np.random.Generator) -> Array:
    """Put the weights end to end, and see into which of them random points of the whole length fall."""
    ends = np.cumsum(weights, axis=1)
    points = rng.random((len(weights), num_samples)) * ends[:, -1:]
    places = [np.searchsorted(end, point, side="right") for end, point in zip(ends, points, strict=True)]
    last = weights.shape[1] - 1 - np.argmax(weights[:, ::-1] > 0, axis=1)  # a point may be rounded up to the very end
    return np.minimum(np.reshape(places, points.shape), last[:, None])


def _without_replacement(weights: Array, num_samples: int, rng: np.random.Generator) -> Array:
    """Let every place wait for a random time, shorter on average the more it weighs; the first to come are drawn."""
    with np.errstate(divide="ignore"):
        times = rng.standard_exponential(weights.shape) / weights
    return np.argsort(times, axis=1)[:, :num_samples]
