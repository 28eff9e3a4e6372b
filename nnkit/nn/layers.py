"""Layers: modules with the parameters that the functions in `nnkit.functional` need.

A layer makes its parameters, keeps its settings, and calls its function. Parameters start as PyTorch's do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from nnkit import functional as F  # noqa: N812
from nnkit.engine import Tensor, from_numpy, ones, tensor, zeros
from nnkit.functional import Pair
from nnkit.nn import init
from nnkit.nn.module import Module, Parameter, require_sizes


def _fan_uniform(fan_in: int, *size: int) -> Parameter:
    """Return a parameter drawn evenly between ±1/√fan_in."""
    bound = 1 / math.sqrt(fan_in)
    return Parameter(init.uniform_(zeros(size), -bound, bound))


def _window(layer: Module, kernel_size: Pair, stride: Pair, padding: Pair) -> tuple[tuple[int, int], ...]:
    """Return the settings of a window that slides as pairs (for rows, for columns); refuse what is none."""
    name = type(layer).__name__
    return (
        F.pair_of(kernel_size, f"{name}: kernel_size", 1),
        F.pair_of(stride, f"{name}: stride", 1),
        F.pair_of(padding, f"{name}: padding", 0),
    )


class Linear(Module):
    """y = x Wᵀ + b.

    Attributes
    ----------
    weight : (out_features, in_features)
    bias : (out_features,), or None

    Examples
    --------
    >>> layer = Linear(784, 128)
    >>> layer(ones(64, 784)).shape, layer.weight.shape
    ((64, 128), (128, 784))
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        super().__init__()
        require_sizes(self, in_features=in_features, out_features=out_features)
        self.in_features, self.out_features = in_features, out_features
        # Seen as (out, in), as in PyTorch; in memory (in, out), the order in which its gradient xᵀ g is computed.
        self.weight = Parameter(_fan_uniform(in_features, in_features, out_features).T)
        self.bias = _fan_uniform(in_features, out_features) if bias else None

    def forward(self, input: Any) -> Tensor:
        """Take (…, in_features), return (…, out_features)."""
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        """Return the settings."""
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Conv2d(Module):
    """Slide `out_channels` filters over images; see `nnkit.functional.conv2d`.

    Attributes
    ----------
    weight : (out_channels, in_channels, rows, columns)
    bias : (out_channels,), or None

    Examples
    --------
    >>> Conv2d(1, 16, kernel_size=3)(ones(64, 1, 28, 28)).shape
    (64, 16, 26, 26)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Pair = 0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        require_sizes(self, in_channels=in_channels, out_channels=out_channels)
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride, self.padding = _window(self, kernel_size, stride, padding)
        fan_in = in_channels * math.prod(self.kernel_size)
        self.weight = _fan_uniform(fan_in, out_channels, in_channels, *self.kernel_size)
        self.bias = _fan_uniform(fan_in, out_channels) if bias else None

    def forward(self, input: Any) -> Tensor:
        """Take (N, in_channels, H, W), return (N, out_channels, OH, OW)."""
        return F.conv2d(input, self.weight, self.bias, self.stride, self.padding)

    def extra_repr(self) -> str:
        """Return the settings."""
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        text += f", padding={self.padding}" if any(self.padding) else ""
        return text + ("" if self.bias is not None else ", bias=False")


class _Pool(Module):
    _settings = "kernel_size={kernel_size}, stride={stride}, padding={padding}"

    def __init__(self, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> None:
        super().__init__()
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride
        _window(self, self.kernel_size, self.stride, self.padding)


class MaxPool2d(_Pool):
    """The largest number in each window; see `nnkit.functional.max_pool2d`."""

    def forward(self, input: Any) -> Tensor:
        """Take (N, C, H, W), return (N, C, OH, OW)."""
        return F.max_pool2d(input, self.kernel_size, self.stride, self.padding)


class AvgPool2d(_Pool):
    """The mean over each window; see `nnkit.functional.avg_pool2d`."""

    def forward(self, input: Any) -> Tensor:
        """Take (N, C, H, W), return (N, C, OH, OW)."""
        return F.avg_pool2d(input, self.kernel_size, self.stride, self.padding)


class Flatten(Module):
    """Join all dimensions from `start_dim` to `end_dim` into one: by default all but the first.

    Examples
    --------
    >>> Flatten()(ones(64, 1, 28, 28)).shape
    (64, 784)
    """

    _settings = "start_dim={start_dim}, end_dim={end_dim}"

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: Any) -> Tensor:
        """Return the numbers in their new shape."""
        input = input if isinstance(input, Tensor) else from_numpy(input)
        return input.flatten(self.start_dim, self.end_dim)


class Identity(Module):
    """Return the input."""

    def forward(self, input: Any) -> Any:
        """Return the input."""
        return input


class ReLU(Module):
    """max(x, 0)."""

    def forward(self, input: Any) -> Tensor:
        """Return max(x, 0), number by number."""
        return F.relu(input)


class LeakyReLU(Module):
    """x where it is positive, else `negative_slope` times x."""

    _settings = "negative_slope={negative_slope}"

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__()
        self.negative_slope = negative_slope

    def forward(self, input: Any) -> Tensor:
        """Return it, number by number."""
        return F.leaky_relu(input, self.negative_slope)


class Sigmoid(Module):
    """1 / (1 + e^−x)."""

    def forward(self, input: Any) -> Tensor:
        """Return it, number by number."""
        return F.sigmoid(input)


class Tanh(Module):
    """The hyperbolic tangent."""

    def forward(self, input: Any) -> Tensor:
        """Return it, number by number."""
        return F.tanh(input)


class Softmax(Module):
    """e^x divided by its sum along `dim`."""

    _settings = "dim={dim}"

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Any) -> Tensor:
        """Return positive numbers that add up to 1 along `dim`."""
        return F.softmax(input, self.dim)


class Dropout(Module):
    """In training, set a share `p` of the numbers to 0 and divide the others by 1 − p; in evaluation, nothing.

    Examples
    --------
    >>> Dropout(0.5).eval()(ones(3))
    tensor([1., 1., 1.])
    """

    _settings = "p={p}"

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout needs a probability p from 0 to 1, got {p}.")
        self.p = p

    def forward(self, input: Any) -> Tensor:
        """Return the input, thinned out in training."""
        return F.dropout(input, self.p, self.training)


class _BatchNorm(Module):
    """Give every channel mean 0 and variance 1, then scale and shift; see `nnkit.functional.batch_norm`.

    Training uses the batch's mean and variance and moves the running ones towards them; evaluation uses the running
    ones. With `momentum=None` the running ones are plain averages over all batches.

    Attributes
    ----------
    weight, bias : (num_features,) or None
        None without `affine`.
    running_mean, running_var, num_batches_tracked
        Buffers; None without `track_running_stats`.
    """

    ndims: tuple[int, ...] = ()
    _settings = (
        "{num_features}, eps={eps}, momentum={momentum}, affine={affine}, track_running_stats={track_running_stats}"
    )
    num_batches_tracked: Tensor | None

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
    ) -> None:
        super().__init__()
        require_sizes(self, num_features=num_features)
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        self.weight = Parameter(ones(num_features)) if affine else None
        self.bias = Parameter(zeros(num_features)) if affine else None
        self.register_buffer("running_mean", zeros(num_features) if track_running_stats else None)
        self.register_buffer("running_var", ones(num_features) if track_running_stats else None)
        self.register_buffer("num_batches_tracked", tensor(0) if track_running_stats else None)

    def forward(self, input: Any) -> Tensor:
        """Take (N, C) or (N, C, …), return the same shape."""
        shape = F.array_of(input).shape
        if len(shape) not in self.ndims:
            wanted = " or ".join(f"{ndim}" for ndim in self.ndims)
            raise F.ShapeError(f"needs an input with {wanted} dimensions, got shape {shape}.")
        share = self.momentum
        if self.training and self.num_batches_tracked is not None:
            self.num_batches_tracked += 1
            share = 1 / self.num_batches_tracked.item() if share is None else share
        from_batch = self.training or self.running_mean is None
        state = self.running_mean, self.running_var, self.weight, self.bias
        return F.batch_norm(input, *state, from_batch, share or 0.0, self.eps)


class BatchNorm1d(_BatchNorm):
    __doc__ = _BatchNorm.__doc__
    ndims = (2, 3)


class BatchNorm2d(_BatchNorm):
    __doc__ = _BatchNorm.__doc__
    ndims = (4,)


class LayerNorm(Module):
    """Give each sample mean 0 and variance 1 over its last dimensions, then scale and shift.

    Attributes
    ----------
    weight, bias : normalized_shape, or None
        None without `elementwise_affine`.
    """

    _settings = "{normalized_shape}, eps={eps}, elementwise_affine={elementwise_affine}"

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
    ) -> None:
        super().__init__()
        shape = tuple(normalized_shape) if isinstance(normalized_shape, Sequence) else (normalized_shape,)
        require_sizes(self, normalized_shape=shape)
        self.normalized_shape, self.eps, self.elementwise_affine = shape, eps, elementwise_affine
        self.weight = Parameter(ones(shape)) if elementwise_affine else None
        self.bias = Parameter(zeros(shape)) if elementwise_affine and bias else None

    def forward(self, input: Any) -> Tensor:
        """Take (…, *normalized_shape), return the same shape."""
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)


class Embedding(Module):
    """A table with one row of `embedding_dim` numbers for each of `num_embeddings` things.

    Attributes
    ----------
    weight : (num_embeddings, embedding_dim)
        The row `padding_idx` starts as 0 and learns nothing.

    Examples
    --------
    >>> Embedding(10, 3)(tensor([[1, 2, 4], [4, 3, 9]])).shape
    (2, 3, 3)
    """

    def __init__(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None) -> None:
        super().__init__()
        require_sizes(self, num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise ValueError(f"padding_idx={padding_idx} is not one of the {num_embeddings} rows.")
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.weight = Parameter(init.normal_(zeros(num_embeddings, embedding_dim)))
        if padding_idx is not None:
            init.zeros_(self.weight.data[self.padding_idx])

    def forward(self, input: Any) -> Tensor:
        """Take integers (…), return (…, embedding_dim)."""
        return F.embedding(input, self.weight, self.padding_idx)

    def extra_repr(self) -> str:
        """Return the settings."""
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"
