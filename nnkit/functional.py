"""The functions that networks are made of, under PyTorch's names: layers without memory of their own.

Most are ordinary expressions of tensors. Where an expression would be slow or would overflow, there is a primitive
instead: its value and its derivatives, side by side, as in the engine; the plain expression that it replaces stands in
its docstring. What needs parameters of its own is in `nnkit.nn`, which calls the functions here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnkit import engine
from nnkit.engine import GENERATOR, Array, Tensor, int64, no_grad, only, primitive
from nnkit.engine.graph import bare

__all__ = (
    "avg_pool2d batch_norm binary_cross_entropy binary_cross_entropy_with_logits conv2d cross_entropy dropout "
    "embedding l1_loss layer_norm leaky_relu linear log_softmax max_pool2d mse_loss multi_margin_loss nll_loss "
    "normalize one_hot project_so3 relu sigmoid softmax tanh"
).split()

Pair = int | tuple[int, int]


class ShapeError(RuntimeError):
    """Something does not fit. A layer that meets it adds its own name and parameters."""


def array_of(value: Any) -> Array:
    """Return the numbers of a tensor, an array or a number.

    Raises
    ------
    TypeError
        If it is none of these, such as the None of a `forward` that forgets to return its result.
    """
    array = np.asarray(bare(value))
    if array.dtype.kind not in "biuf":
        forgotten = " Does forward return its result?" if value is None else ""
        raise TypeError(f"A tensor of numbers is needed here, got {type(value).__name__}.{forgotten}")
    return array


def require_one_dtype(name: str, x: Array, *parameters: Array) -> None:
    """Refuse parameters of another dtype than the input's."""
    for parameter in parameters:
        if parameter.dtype != x.dtype:
            raise ShapeError(
                f"{name} got an input of {x.dtype}, but its parameters are {parameter.dtype}. "
                "Convert the input with .float(), or the model with .double()."
            )


# ------------------------------------------------------------------------------------------------------ activations


# These the engine has already, and a primitive is called like any function.
relu, sigmoid, tanh = engine.relu, engine.sigmoid, engine.tanh
softmax, log_softmax = engine.softmax, engine.log_softmax


@primitive("leaky relu")
def leaky_relu_(x: Array, *, negative_slope: float) -> Any:
    """x where x > 0, else slope · x;  ∂/∂x = 1 where x > 0, else slope."""
    up = x > 0
    return np.where(up, x, negative_slope * x), (lambda g: np.where(up, g, negative_slope * g),)


def leaky_relu(input: Any, negative_slope: float = 0.01) -> Tensor:
    """Return x where it is positive, else `negative_slope` times x.

    Examples
    --------
    >>> leaky_relu(engine.tensor([-1.0, 2.0]), 0.25)
    tensor([-0.25,  2.00])
    """
    return leaky_relu_(input, negative_slope=float(negative_slope))


# ------------------------------------------------------------------------------------------------- layers' functions


@primitive("linear", dtype="as is")
def linear_(x: Array, w: Array, *b: Array) -> Any:
    """y = x wᵀ + b;  ∂/∂x = g w,  ∂/∂w = gᵀ x,  ∂/∂b = Σ g  (sums over all dimensions but the last)."""
    if x.ndim == 0 or w.ndim != 2 or x.shape[-1] != w.shape[1]:
        raise ShapeError(
            f"linear got an input of shape {x.shape} and a weight of shape {w.shape} (out, in): the last size of the "
            f"input must be {w.shape[-1] if w.ndim else 'in'}."
        )
    if b and b[0].shape != w.shape[:1]:
        raise ShapeError(f"linear got a bias of shape {b[0].shape} for a weight of shape {w.shape}: (out,) is needed.")
    require_one_dtype("linear", x, w, *b)
    rows = x.reshape(-1, x.shape[-1]) if x.ndim != 2 else x  # leading dimensions are all alike
    y = rows @ w.T
    if b:
        y += b[0]
    shape, out, x_flags, w_flags = x.shape, len(w), rows.flags, w.flags

    def flat(g: Array) -> Array:
        return g.reshape(-1, out)

    def product(left: Array, right: Array, flags: Any) -> Array:
        """left @ right, in memory as the array of these flags: who works on two arrays of one order is faster."""
        return (right.T @ left.T).T if flags.f_contiguous else left @ right

    return y.reshape(*shape[:-1], out), (
        lambda g: product(flat(g), w, x_flags).reshape(shape),
        lambda g: product(flat(g).T, rows, w_flags),
        lambda g: flat(g).sum(0),
    )[: 2 + len(b)]


def linear(input: Any, weight: Any, bias: Any = None) -> Tensor:
    """Return input @ weight.T + bias.

    Parameters
    ----------
    input : (..., in)
    weight : (out, in)
    bias : (out,) or None

    Returns
    -------
    (..., out)

    Raises
    ------
    RuntimeError
        If the last size of `input` is not `in`, or the dtypes differ.

    Examples
    --------
    >>> linear(engine.tensor([[1.0, 2.0]]), engine.tensor([[3.0, 4.0], [0.0, 1.0]]), engine.tensor([0.5, 0.0]))
    tensor([[11.5,  2.0]])
    """
    return linear_(input, weight) if bias is None else linear_(input, weight, bias)


def pair_of(value: Any, name: str, least: int) -> tuple[int, int]:
    """Return (for rows, for columns) of a setting that may be one number for both; refuse what is neither."""
    pair = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(pair) != 2 or not all(isinstance(part, int | np.integer) and part >= least for part in pair):
        raise ValueError(f"{name} must be an integer of at least {least}, or a pair of them (rows, columns): {value}.")
    return int(pair[0]), int(pair[1])


def _output_size(name: str, shape: tuple[int, ...], kernel: Any, stride: Any, padding: Any) -> tuple[int, int]:
    """Return how often the window fits: ⌊(size + 2 padding − kernel) / stride⌋ + 1, for rows and for columns."""
    fits = [(n + 2 * p - k) // s + 1 for n, k, s, p in zip(shape[2:], kernel, stride, padding, strict=True)]
    if min(fits) < 1:
        raise ShapeError(
            f"{name} got images of {shape[2]} × {shape[3]} (input {shape}): with padding {padding} they are smaller "
            f"than the window {kernel}."
        )
    return fits[0], fits[1]


def _batch_last(x: Array, padding: tuple[int, int] = (0, 0), fill: float = 0) -> Array:
    """Return x (N, C, H, W) as (C, H + 2p, W + 2q, N), the order in which images lie in memory here.

    Neighbours in memory are then the same pixel of all images, so that whatever is done at one place of a window is
    done to one long run of numbers. What convolution and pooling return has this order too, seen as (N, C, H, W), and
    the next of them finds it as it needs it; so does Flatten followed by Linear.
    """
    x, (p, q) = x.transpose(1, 2, 3, 0), padding
    if not p and not q:
        return np.ascontiguousarray(x)
    c, height, width, n = x.shape
    padded = np.full((c, height + 2 * p, width + 2 * q, n), fill, x.dtype)
    padded[:, p : p + height, q : q + width] = x
    return padded


def _batch_first(x: Array, padding: tuple[int, int] = (0, 0)) -> Array:
    """Undo `_batch_last`, without moving anything."""
    (p, q), (height, width) = padding, x.shape[1:3]
    return x[:, p : height - p, q : width - q].transpose(3, 0, 1, 2)


def _places(kernel: tuple[int, ...], stride: tuple[int, int], size: tuple[int, int]) -> list[tuple[slice, ...]]:
    """Return for each place in the window the index of what all windows see there, in an array (C, H, W, N)."""
    rows, columns = (
        [slice(i, i + s * (n - 1) + 1, s) for i in range(k)] for k, s, n in zip(kernel, stride, size, strict=True)
    )
    return [(slice(None), row, column) for row in rows for column in columns]


@primitive("conv", dtype="as is")
def conv2d_(x: Array, w: Array, *b: Array, stride: tuple[int, int], padding: tuple[int, int]) -> Any:
    """y = W cols + b, where a column of cols is what one window sees;  ∂/∂W = g colsᵀ,  ∂/∂cols = Wᵀ g,  ∂/∂b = Σ g.

    In loops: y[n, f, i, j] = b[f] + Σ_c Σ_k Σ_l w[f, c, k, l] · padded x[n, c, i · stride + k, j · stride + l].
    """
    f, c, kernel, n = w.shape[0], w.shape[1], w.shape[2:], len(x)
    size = _output_size("conv2d", x.shape, kernel, stride, padding)
    padded = _batch_last(x, padding)
    places = _places(kernel, stride, size)
    cols = np.empty((c, len(places), *size, n), x.dtype)
    for k, place in enumerate(places):
        cols[:, k] = padded[place]
    cols = cols.reshape(c * len(places), size[0] * size[1] * n)
    y = w.reshape(f, len(cols)) @ cols
    if b:
        y += b[0][:, None]
    shape, w_shape, windows = padded.shape, w.shape, cols.shape[1]

    def flat(g: Array) -> Array:
        return _batch_last(g).reshape(f, windows)

    def to_x(g: Array) -> Array:
        seen = (w.reshape(f, -1).T @ flat(g)).reshape(c, len(places), *size, n)
        out = np.zeros(shape, g.dtype)
        for k, place in enumerate(places):
            out[place] += seen[:, k]
        return _batch_first(out, padding)

    def to_b(g: Array) -> Array:
        return flat(g) @ np.ones(windows, g.dtype)  # Σ g, in a third of the time

    vjps = (to_x, lambda g: (flat(g) @ cols.T).reshape(w_shape), to_b)
    return _batch_first(y.reshape(f, *size, n)), vjps[: 2 + len(b)]


def conv2d(input: Any, weight: Any, bias: Any = None, stride: Pair = 1, padding: Pair = 0) -> Tensor:
    """Slide filters over images (a cross-correlation: the filter is not turned round).

    Parameters
    ----------
    input : (N, C, H, W) or (C, H, W)
        Images, or one of them.
    weight : (F, C, KH, KW)
        F filters.
    bias : (F,) or None
    stride, padding : int or (int, int)
        One number, or a pair (rows, columns); the images are padded with zeros.

    Returns
    -------
    (N, F, OH, OW)
        With OH = ⌊(H + 2 padding − KH) / stride⌋ + 1, and OW likewise.

    Raises
    ------
    RuntimeError
        If the channels differ, the filter is larger than the padded image, or the dtypes differ.

    Examples
    --------
    >>> conv2d(engine.ones(1, 1, 6, 6), engine.ones(1, 1, 2, 2)).shape
    (1, 1, 5, 5)
    """
    stride, padding = pair_of(stride, "stride", 1), pair_of(padding, "padding", 0)
    x, w, b = array_of(input), array_of(weight), [] if bias is None else [array_of(bias)]
    if w.ndim != 4 or x.ndim not in (3, 4) or x.shape[-3] != w.shape[1]:
        raise ShapeError(
            f"conv2d got an input of shape {x.shape} and a weight of shape {w.shape} (filters, channels, rows, columns)"
            f": the input must be (N, {w.shape[1] if w.ndim == 4 else 'C'}, H, W)."
        )
    if b and b[0].shape != w.shape[:1]:
        raise ShapeError(f"conv2d got a bias of shape {b[0].shape} for {w.shape[0]} filters.")
    require_one_dtype("conv2d", x, w, *b)
    biases = [] if bias is None else [bias]
    return _batched(lambda images: conv2d_(images, weight, *biases, stride=stride, padding=padding), input)


def _batched(function: Callable[[Any], Tensor], input: Any) -> Tensor:
    """Call a function of (N, C, H, W) on that, or on one image (C, H, W)."""
    return function(input) if len(input.shape) == 4 else function(input[None])[0]


@primitive("max pool", dtype="as is")
def max_pool2d_(x: Array, *, kernel: Any, stride: Any, padding: Any) -> Any:
    """The largest number in each window;  its gradient goes to the first of equals (row by row), or to the last NaN."""
    size = _output_size("max_pool2d", x.shape, kernel, stride, padding)
    padded = _batch_last(x, padding, -math.inf)
    places = _places(kernel, stride, size)
    best = padded[places[0]].copy()
    for place in places[1:]:
        np.maximum(best, padded[place], out=best)
    tiled = stride == kernel and padded.shape[1:3] == (size[0] * kernel[0], size[1] * kernel[1])

    def to_x(g: Array) -> Array:
        g, undecided = _batch_last(g), np.ones(best.shape, bool)
        with_nan = np.isnan(best.max(initial=-math.inf))  # which equals nothing
        out = (np.empty_like if tiled else np.zeros_like)(padded)
        for place in places:
            wins = undecided  # what is decided nowhere else, is at the last place
            if with_nan or place is not places[-1]:
                wins = padded[place] == best
                wins &= undecided
                undecided ^= wins
            if tiled:  # every number is in exactly one window
                only(g, wins, out=out[place])
            else:
                out[place] += only(g, wins)
        for place in reversed(places) if with_nan else ():
            wins = np.isnan(padded[place]) & undecided
            undecided ^= wins
            out[place] += only(g, wins)
        return _batch_first(out, padding)

    return _batch_first(best.copy()), (to_x,)  # a copy, so that who changes the result does not change what won


def max_pool2d(input: Any, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> Tensor:
    """Return the largest number in each window of each channel.

    Parameters
    ----------
    input : (N, C, H, W) or (C, H, W)
        Images, or one of them.
    kernel_size, stride, padding : int or (int, int)
        One number, or a pair (rows, columns). `stride` is the window's size if left out; padding never wins, and may be
        at most half of the window.

    Returns
    -------
    (N, C, OH, OW)
        With OH = ⌊(H + 2 padding − KH) / stride⌋ + 1, and OW likewise.

    Examples
    --------
    >>> max_pool2d(engine.arange(16.0).reshape(1, 1, 4, 4), 2)
    tensor([[[[ 5.,  7.],
              [13., 15.]]]])
    """
    return _pooled("max_pool2d", max_pool2d_, input, kernel_size, stride, padding)


@primitive("average pool", dtype="as is")
def avg_pool2d_(x: Array, *, kernel: Any, stride: Any, padding: Any) -> Any:
    """The mean over each window, zeros of the padding included;  ∂/∂x = 1 / (window's size) for each window."""
    size = _output_size("avg_pool2d", x.shape, kernel, stride, padding)
    padded = _batch_last(x, padding)
    places = _places(kernel, stride, size)
    y = padded[places[0]].copy()
    for place in places[1:]:
        y += padded[place]
    y /= len(places)
    shape = padded.shape

    def to_x(g: Array) -> Array:
        share = _batch_last(g) / len(places)
        out = np.zeros(shape, g.dtype)
        for place in places:
            out[place] += share
        return _batch_first(out, padding)

    return _batch_first(y), (to_x,)


def avg_pool2d(input: Any, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> Tensor:
    """Return the mean over each window of each channel; see `max_pool2d`. Padding counts, as zeros.

    Examples
    --------
    >>> avg_pool2d(engine.arange(16.0).reshape(1, 1, 4, 4), 2).flatten()
    tensor([ 2.5,  4.5, 10.5, 12.5])
    """
    return _pooled("avg_pool2d", avg_pool2d_, input, kernel_size, stride, padding)


def _pooled(name: str, pool: Any, input: Any, kernel_size: Any, stride: Any, padding: Any) -> Tensor:
    kernel = pair_of(kernel_size, "kernel_size", 1)
    stride = kernel if stride is None else pair_of(stride, "stride", 1)
    padding = pair_of(padding, "padding", 0)
    x = array_of(input)
    if x.ndim not in (3, 4) or x.dtype.kind != "f":
        raise ShapeError(f"{name} needs floats of shape (N, C, H, W), got {x.dtype} of {x.shape}.")
    if any(2 * p > k for p, k in zip(padding, kernel, strict=True)):
        raise ShapeError(f"{name}: a padding of {padding} is more than half of the window {kernel}.")
    return _batched(lambda images: pool(images, kernel=kernel, stride=stride, padding=padding), input)


def dropout(input: Any, p: float = 0.5, training: bool = True) -> Tensor:
    """Set a share `p` of the numbers to 0 at random and divide the others by 1 − p; without `training`, do nothing.

    Examples
    --------
    >>> dropout(engine.ones(3), p=0.5, training=False)
    tensor([1., 1., 1.])
    """
    if not 0 <= p <= 1:
        raise ValueError(f"dropout needs a probability p from 0 to 1, got {p}.")
    if not training or p == 0:
        return input
    x = array_of(input)
    kept = np.asarray(GENERATOR.random(x.shape, np.float32) >= p)
    return input * (kept * (1 / (1 - p) if p < 1 else 0.0)).astype(x.dtype)


@primitive("standardise", dtype="as is")
def standardise_(x: Array, *, mean: Array, var: Array, axes: tuple[int, ...], eps: float) -> Any:
    """y = (x − m) / s, s = √(v + eps);  ∂/∂x = (g − mean g − y · mean(g y)) / s, or g / s if m and v are constants.

    `axes` are the dimensions over which m and v were computed from x; () says that they are constants.
    """
    centred, variance = x - mean, var + x.dtype.type(eps)
    s = np.sqrt(variance)
    if not axes:
        return centred / s, (lambda g: g / s,)

    def to_x(g: Array) -> Array:
        slope = (g * centred).mean(axes, keepdims=True) / variance
        return (g - g.mean(axes, keepdims=True) - centred * slope) / s

    return centred / s, (to_x,)


def _moments(x: Array, axes: tuple[int, ...]) -> tuple[Array, Array]:
    """Return mean and variance over some dimensions, which stay with size 1."""
    with np.errstate(all="ignore"):
        mean = x.mean(axes, keepdims=True)
        return mean, np.square(x - mean).mean(axes, keepdims=True)


def _scaled(y: Tensor, weight: Any, bias: Any, shape: tuple[int, ...]) -> Tensor:
    if weight is not None:
        y = y * weight.reshape(shape)
    return y if bias is None else y + bias.reshape(shape)


def batch_norm(
    input: Any,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Give every channel mean 0 and variance 1, then scale by `weight` and shift by `bias`.

    With `training`, mean and variance are those of the batch, and the running ones move towards them by a share
    `momentum` (the variance as Σ (x − m)² / (n − 1)). Without, the running ones are used.

    Parameters
    ----------
    input : (N, C) or (N, C, …)
    running_mean, running_var, weight, bias : (C,) or None

    Raises
    ------
    RuntimeError
        If a size is not C.
    ValueError
        If there is only one number for each channel, so that there is no variance to train with.

    Examples
    --------
    >>> batch_norm(engine.tensor([[1.0], [3.0]]), None, None, training=True, eps=0)
    tensor([[-1.],
            [ 1.]])
    """
    x = array_of(input)
    if x.ndim < 2:
        raise ShapeError(f"batch_norm needs an input of shape (N, C, …), got {x.shape}.")
    for value in (running_mean, running_var, weight, bias):
        if value is not None and value.shape != (x.shape[1],):
            raise ShapeError(f"batch_norm got an input of shape {x.shape} and a parameter of shape {value.shape}.")
    shape, axes = (1, -1) + (1,) * (x.ndim - 2), (0, *range(2, x.ndim))
    if not training:
        if running_mean is None or running_var is None:
            raise ValueError("batch_norm needs running_mean and running_var unless training=True.")
        mean, var = (array_of(value).astype(x.dtype).reshape(shape) for value in (running_mean, running_var))
        return _scaled(standardise_(input, mean=mean, var=var, axes=(), eps=eps), weight, bias, shape)
    n = x.size // max(x.shape[1], 1)
    if n < 2:
        raise ValueError(f"batch_norm needs more than one number for each channel when training, got shape {x.shape}.")
    mean, var = _moments(x, axes)
    with no_grad():
        if running_mean is not None:
            running_mean += momentum * (mean.reshape(-1) - running_mean)
        if running_var is not None:
            running_var += momentum * (var.reshape(-1) * (n / (n - 1)) - running_var)
    return _scaled(standardise_(input, mean=mean, var=var, axes=axes, eps=eps), weight, bias, shape)


def layer_norm(
    input: Any, normalized_shape: Sequence[int], weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Tensor:
    """Give the numbers of each sample (over the last dimensions) mean 0 and variance 1, then scale and shift them.

    Parameters
    ----------
    input : (…, *normalized_shape)
    weight, bias : normalized_shape, or None

    Examples
    --------
    >>> layer_norm(engine.tensor([[1.0, 3.0], [10.0, 30.0]]), (2,), eps=0)
    tensor([[-1.,  1.],
            [-1.,  1.]])
    """
    x, wanted = array_of(input), tuple(normalized_shape)
    if not wanted or x.shape[x.ndim - len(wanted) :] != wanted or x.ndim < len(wanted):
        raise ShapeError(f"layer_norm got an input of shape {x.shape}, which does not end with {wanted}.")
    for value in (weight, bias):
        if value is not None and value.shape != wanted:
            raise ShapeError(f"layer_norm over {wanted} got a parameter of shape {value.shape}.")
    axes = tuple(range(x.ndim - len(wanted), x.ndim))
    mean, var = _moments(x, axes)
    return _scaled(standardise_(input, mean=mean, var=var, axes=axes, eps=eps), weight, bias, wanted)


@primitive("embedding", dtype="as is")
def embedding_(w: Array, *, index: Array, padding_idx: int | None) -> Any:
    """w[index], a row for each number;  ∂/∂w: a row gets the sum of what its copies got, the padding's row nothing."""
    shape = w.shape

    def to_w(g: Array) -> Array:
        out = np.zeros(shape, g.dtype)
        np.add.at(out, index, g)
        if padding_idx is not None:
            out[padding_idx] = 0
        return out

    return w[index], (to_w,)


def embedding(input: Any, weight: Any, padding_idx: int | None = None) -> Tensor:
    """Look up one row of `weight` for every number in `input`.

    Parameters
    ----------
    input : Tensor
        Integers of any shape (…), from 0 to n − 1.
    weight : (n, d)
    padding_idx : int, optional
        A row that learns nothing.

    Returns
    -------
    (…, d)

    Examples
    --------
    >>> embedding(engine.tensor([1, 1]), engine.tensor([[0.0, 1.0], [2.0, 3.0]]))
    tensor([[2., 3.],
            [2., 3.]])
    """
    index = _classes(input, len(weight), "embedding", "rows in the table")
    return embedding_(weight, index=index, padding_idx=padding_idx)


def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    """Divide by the p-norm along `dim`, or by `eps` if that is larger.

    Examples
    --------
    >>> normalize(engine.tensor([[3.0, 4.0], [0.0, 0.0]]))
    tensor([[0.6, 0.8],
            [0.0, 0.0]])
    """
    return engine.div(input, engine.norm(input, p, dim, keepdim=True).clamp(min=eps))


@primitive("SO(3)", dtype="float")
def project_so3_(m: Array) -> Any:
    """R = U D Vᵀ from m = U Σ Vᵀ, D = diag(1, 1, det UVᵀ);  ∂/∂m = U D ((B − Bᵀ) / (p_i + p_j)) Vᵀ.

    B = D Uᵀ g V, and p is the diagonal of D Σ. A rotation can only turn: dR = R W with W antisymmetric. From m = R P
    with P symmetric, Rᵀ dm − dmᵀ R = W P + P W, which is p_i + p_j times W in the basis V. Where p_i + p_j = 0 there
    are many nearest rotations and no derivative; 0 is used.
    """
    u, sigma, vt = np.linalg.svd(m)
    d = np.ones_like(sigma)
    d[..., 2] = np.where(np.linalg.det(u) * np.linalg.det(vt) < 0, -1, 1)
    ud, v, p = u * d[..., None, :], vt.swapaxes(-1, -2), d * sigma

    def to_m(g: Array) -> Array:
        b = ud.swapaxes(-1, -2) @ g @ v
        total = p[..., :, None] + p[..., None, :]
        turn = np.where(total == 0, 0, (b - b.swapaxes(-1, -2)) / np.where(total == 0, 1, total))
        return ud @ turn @ vt

    return ud @ vt, (to_m,)


def project_so3(input: Any) -> Tensor:
    """Return the rotation matrix that is nearest to each 3 × 3 matrix (not in PyTorch).

    Parameters
    ----------
    input : (…, 3, 3)

    Examples
    --------
    >>> project_so3(engine.tensor([[0.0, -2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 2.0]])).abs()
    tensor([[0., 1., 0.],
            [1., 0., 0.],
            [0., 0., 1.]])
    """
    shape = array_of(input).shape
    if shape[-2:] != (3, 3):
        raise ShapeError(f"project_so3 needs matrices of shape (…, 3, 3), got {shape}.")
    return project_so3_(input)


# ----------------------------------------------------------------------------------------------------------- losses


def _classes(target: Any, n: int, name: str, what: str = "classes", ignore: int | None = None) -> Array:
    """Return class numbers as an array of int64, all of them from 0 to n − 1 (or `ignore`)."""
    index = array_of(target)
    if index.dtype.kind not in "iu":
        raise TypeError(f"{name} needs integers, got {index.dtype}; convert them with .long().")
    index = index.astype(int64, copy=False)
    outside = index.view(np.uint64) >= n  # read without its sign, a negative number is a very large one
    if outside.any() and (outside := outside & (index != ignore)).any():
        where = tuple(int(i) for i in np.argwhere(outside)[0])
        raise IndexError(
            f"{name}: {index[where]} at index {where} is out of range. There are {n} {what}, numbered 0 to {n - 1}."
        )
    return index


def _require_reduction(reduction: str) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction must be 'mean', 'sum' or 'none', got {reduction!r}.")


def _reduced(losses: Tensor, reduction: str) -> Tensor:
    """Return the losses as they are, their sum, or their mean."""
    _require_reduction(reduction)
    return losses if reduction == "none" else losses.sum() if reduction == "sum" else losses.mean()


def _weights(weight: Any, n: int, like: Array) -> Array:
    """Return one weight for each of n classes."""
    weights = np.ones(n, like.dtype) if weight is None else array_of(weight)
    if weights.shape != (n,):
        raise ShapeError(f"There are {n} classes, but the weights have shape {weights.shape}; ({n},) is needed.")
    return weights.astype(like.dtype, copy=False)


@primitive("cross entropy", dtype="float")
def cross_entropy_(x: Array, *, target: Array, weights: Array, total: Any) -> Any:
    """−w ln softmax(x)[target] for each row;  ∂/∂x = w (softmax(x) − one_hot(target)). With a total: Σ / total."""
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True, initial=-math.inf)
    e = np.exp(shifted)
    over = e.sum(axis=1, keepdims=True)

    def to_x(g: Array) -> Array:
        out = e / over
        out[rows, target] -= 1
        out *= _shares(g, weights, total)[..., None]
        return out

    return _added(np.log(over[:, 0]) - shifted[rows, target], weights, total), (to_x,)


@primitive("likelihood", dtype="float")
def nll_(x: Array, *, target: Array, weights: Array, total: Any) -> Any:
    """−w x[target] for each row;  ∂/∂x = −w at the target, else 0. With a total: Σ / total."""
    rows, shape = np.arange(len(x)), x.shape

    def to_x(g: Array) -> Array:
        out = np.zeros(shape, g.dtype)
        out[rows, target] = -_shares(g, weights, total)
        return out

    return _added(-x[rows, target], weights, total), (to_x,)


def _added(losses: Array, weights: Array, total: Any) -> Array:
    """Return w times the losses, 0 where w is 0 (there a loss may be infinite); with a total, their sum / total."""
    losses = weights * losses if weights.ndim == 0 else np.where(weights == 0, 0, weights * losses)
    return losses if total is None else losses.sum() / total


def _shares(g: Array, weights: Array, total: Any) -> Array:
    """Return what every row gets back: w g, or, where the losses were added up, w g / total; 0 where w is 0."""
    share = weights if total is None else weights / total
    return g * share if weights.ndim == 0 else np.where(weights == 0, 0, g * share)  # with no row that counts, 0 / 0


def _by_class(name: str, loss: Any, input: Any, target: Any, weight: Any, ignore_index: int, reduction: str) -> Tensor:
    """Call a primitive of (M, C) and (M,) on scores (N, C, …) and targets (N, …)."""
    x, t = array_of(input), array_of(target)
    if x.ndim == 0 or t.shape != x.shape[:1] * (x.ndim > 1) + x.shape[2:]:
        raise ShapeError(
            f"{name} got scores of shape {x.shape} and targets of shape {t.shape}: the scores must be (N, classes), "
            "the targets class numbers of shape (N,)."
        )
    n = x.shape[min(x.ndim - 1, 1)]
    index = _classes(t, n, name, ignore=ignore_index).reshape(-1)
    kept = index != ignore_index
    if weight is None and kept.all():
        weights, total = x.dtype.type(1), x.dtype.type(index.size)  # all rows count, and count the same
    else:
        index = np.where(kept, index, 0)
        weights = _weights(weight, n, x)[index] * kept
        total = weights.sum()
    _require_reduction(reduction)
    total = total if reduction == "mean" else x.dtype.type(1) if reduction == "sum" else None
    scores = input
    if x.ndim != 2:
        scores = input.reshape(1, n) if x.ndim == 1 else input.permute(0, *range(2, x.ndim), 1).reshape(index.size, n)
    losses = loss(scores, target=index, weights=weights, total=total)
    return losses.reshape(t.shape) if reduction == "none" and x.ndim != 2 else losses


def cross_entropy(
    input: Any, target: Any, weight: Any = None, ignore_index: int = -100, reduction: str = "mean"
) -> Tensor:
    """Return −ln of the probability that softmax gives to the right class; finite for logits of any size.

    The same as `nll_loss(log_softmax(input, 1), target, …)`, in one pass.

    Parameters
    ----------
    input : (N, C), or (C,), or (N, C, …)
        Scores, not probabilities.
    target : (N,), or (), or (N, …)
        Class numbers from 0 to C − 1; or floats in the shape of `input`: probabilities.
    weight : (C,)
        A weight for each class; a mean is then divided by the weights' sum.
    ignore_index : int
        A class number that does not count.
    reduction : str
        "mean", "sum" or "none".

    Raises
    ------
    RuntimeError
        If the shapes do not fit.
    IndexError
        If a class number is out of range.

    Examples
    --------
    >>> cross_entropy(engine.tensor([[3.2, 5.1, -1.7]]), engine.tensor([0]))
    tensor(2.0404)
    """
    if array_of(target).dtype.kind == "f" and np.shape(array_of(target)) == np.shape(array_of(input)):
        x = array_of(input)
        classes = min(x.ndim - 1, 1)
        shape = (-1,) + (1,) * (x.ndim - 1 - classes)
        share = target * _weights(weight, x.shape[classes], x).reshape(shape)
        losses = -(log_softmax(input, classes) * share).sum(dim=classes)
        return _reduced(losses, reduction)
    return _by_class("cross_entropy", cross_entropy_, input, target, weight, ignore_index, reduction)


def nll_loss(input: Any, target: Any, weight: Any = None, ignore_index: int = -100, reduction: str = "mean") -> Tensor:
    """Return −input[target] for log-probabilities: the negative log likelihood. See `cross_entropy`.

    Examples
    --------
    >>> nll_loss(engine.tensor([[-0.5, -1.0]]), engine.tensor([1]))
    tensor(1.)
    """
    return _by_class("nll_loss", nll_, input, target, weight, ignore_index, reduction)


def _require_shape(name: str, input: Any, target: Any, exactly: bool = False) -> None:
    """Refuse a target that would make the result larger than the input, as (N, 1) and (N,) make (N, N)."""
    x, t = np.shape(array_of(input)), np.shape(array_of(target))
    fits = x == t
    if not fits and not exactly:
        fits = len(t) <= len(x) and all(b in (1, a) for a, b in zip(reversed(x), reversed(t), strict=False))
    if not fits:
        raise ShapeError(
            f"{name} got an input of shape {x} and a target of shape {t}: they must be equal. "
            "Reshape one of them, for example with squeeze(1) or unsqueeze(1)."
        )


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Tensor:
    """Return (x − y)², number by number.

    Parameters
    ----------
    input, target : Tensor
        Of one shape.
    reduction : str
        "mean", "sum" or "none".

    Examples
    --------
    >>> mse_loss(engine.tensor([1.0, 2.0]), engine.tensor([1.0, 4.0]))
    tensor(2.)
    """
    _require_shape("mse_loss", input, target)
    difference = engine.sub(input, target)
    return _reduced(difference * difference, reduction)


def l1_loss(input: Any, target: Any, reduction: str = "mean") -> Tensor:
    """Return |x − y|, number by number. See `mse_loss`."""
    _require_shape("l1_loss", input, target)
    return _reduced(engine.abs_(engine.sub(input, target)), reduction)


@primitive("binary cross entropy", dtype="float")
def binary_cross_entropy_(p: Array, t: Array) -> Any:
    """−t ln p − (1 − t) ln(1 − p), with ln ≥ −100;  ∂/∂p = (p − t) / (p (1 − p)),  ∂/∂t = ln(1 − p) − ln p."""
    log_p, log_q = np.maximum(np.log(p), -100), np.maximum(np.log1p(-p), -100)
    return -t * log_p - (1 - t) * log_q, (
        lambda g: g * (p - t) / np.maximum(p * (1 - p), p.dtype.type(1e-12)),
        lambda g: g * (log_q - log_p),
    )


def binary_cross_entropy(input: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Tensor:
    """Return −t ln p − (1 − t) ln(1 − p) for probabilities p; each logarithm counts as at least −100.

    Parameters
    ----------
    input : Tensor
        Probabilities, from 0 to 1.
    target : Tensor
        In the same shape, from 0 to 1.
    weight : Tensor, optional
        What each number counts, broadcast.
    reduction : str
        "mean", "sum" or "none".

    Examples
    --------
    >>> binary_cross_entropy(engine.tensor([0.5, 1.0]), engine.tensor([1.0, 0.0]), reduction="none")
    tensor([  0.6931, 100.0000])
    """
    _require_shape("binary_cross_entropy", input, target, exactly=True)
    p = array_of(input)
    if not ((p >= 0) & (p <= 1)).all():
        raise RuntimeError(
            f"binary_cross_entropy needs probabilities from 0 to 1, got {p.min()} to {p.max()}. "
            "For scores use binary_cross_entropy_with_logits."
        )
    losses = binary_cross_entropy_(input, target)
    return _reduced(losses if weight is None else losses * weight, reduction)


@primitive("binary cross entropy of logits", dtype="float")
def binary_cross_entropy_with_logits_(x: Array, t: Array, *, pos_weight: Array) -> Any:
    """(1 − t) x + k ln(1 + e^−x), k = 1 + (w − 1) t;  ∂/∂x = 1 − t − k σ(−x),  ∂/∂t = (w − 1) ln(1 + e^−x) − x."""
    k = 1 + (pos_weight - 1) * t
    e = np.exp(-np.abs(x))
    softplus = np.log1p(e) + np.maximum(-x, 0)  # ln(1 + e^−x), without an overflow
    below = np.where(x < 0, 1, e) / (1 + e)  # σ(−x)
    return (1 - t) * x + k * softplus, (
        lambda g: g * (1 - t - k * below),
        lambda g: g * ((pos_weight - 1) * softplus - x),
    )


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, reduction: str = "mean", pos_weight: Any = None
) -> Tensor:
    """Return the binary cross-entropy of σ(input), computed so that it stays finite for logits of any size.

    Parameters
    ----------
    input : Tensor
        Scores.
    target : Tensor
        In the same shape, from 0 to 1.
    weight : Tensor, optional
        What each number counts, broadcast.
    reduction : str
        "mean", "sum" or "none".
    pos_weight : Tensor, optional
        What t = 1 counts beside t = 0, broadcast (one number for each class).

    Examples
    --------
    >>> binary_cross_entropy_with_logits(engine.tensor([0.0, 1e4]), engine.tensor([1.0, 0.0]), reduction="none")
    tensor([6.9315e-01, 1.0000e+04])
    """
    _require_shape("binary_cross_entropy_with_logits", input, target, exactly=True)
    positive = np.asarray(1 if pos_weight is None else array_of(pos_weight), array_of(input).dtype)
    losses = binary_cross_entropy_with_logits_(input, target, pos_weight=positive)
    return _reduced(losses if weight is None else losses * weight, reduction)


def multi_margin_loss(
    input: Any, target: Any, p: int = 1, margin: float = 1.0, weight: Any = None, reduction: str = "mean"
) -> Tensor:
    """Return the hinge loss: Σ over the wrong classes of max(0, margin − x[right] + x[wrong])^p, divided by C.

    Parameters
    ----------
    input : (N, C), or (C,)
    target : (N,) or ()
        Class numbers.
    p : int
        1 or 2.
    weight : (C,)
        A weight for each right class.
    reduction : str
        "mean", "sum" or "none".

    Examples
    --------
    >>> multi_margin_loss(engine.tensor([[3.0, 5.0, -1.0]]), engine.tensor([0]))
    tensor(1.)
    """
    x, t = array_of(input), array_of(target)
    if p not in (1, 2):
        raise ValueError(f"multi_margin_loss needs p=1 or p=2, got {p}.")
    if x.ndim not in (1, 2) or t.size != x.size // max(x.shape[-1], 1) or t.ndim > 1:
        raise ShapeError(
            f"multi_margin_loss got scores of shape {x.shape} and targets of shape {t.shape}; it needs (N, C) and (N,)."
        )
    n = x.shape[-1]
    index = _classes(t, n, "multi_margin_loss").reshape(-1)
    scores = input.reshape(-1, n)
    rows = np.arange(len(index))
    wrong = (index[:, None] != np.arange(n)).astype(x.dtype)
    hinge = relu(margin - scores[rows, index].unsqueeze(1) + scores) * wrong
    losses = (hinge if p == 1 else hinge * hinge).sum(dim=1) * (_weights(weight, n, x)[index] / x.dtype.type(n))
    return _reduced(losses.reshape(t.shape) if x.ndim == 1 else losses, reduction)


def one_hot(tensor: Any, num_classes: int = -1) -> Tensor:
    """Return a 1 in the place of each class number and 0 elsewhere, as integers.

    Parameters
    ----------
    tensor : Tensor
        Integers of any shape (…).
    num_classes : int
        How many classes there are; the largest number plus 1 if left out.

    Returns
    -------
    (…, num_classes)
        int64.

    Examples
    --------
    >>> one_hot(engine.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    index = array_of(tensor)
    n = num_classes if num_classes >= 0 else int(index.max(initial=-1)) + 1
    return engine.from_numpy((_classes(index, n, "one_hot")[..., None] == np.arange(n)).astype(int64))
