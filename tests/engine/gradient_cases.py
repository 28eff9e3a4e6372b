"""What the gradient test looks at: for every primitive, inputs of every awkward kind.

Each case is a function of tensors and the arrays to call it with. `check` compares its backward pass with central
differences; at a kink, where those mean nothing, with the derivative that is documented.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import nnkit
from nnkit import engine

RNG = np.random.default_rng(7)


@dataclass(frozen=True)
class Case:
    primitive: str
    kind: str
    function: Callable[..., Any]
    arrays: tuple[np.ndarray, ...]
    expected: tuple[Any, ...] | None = None  # the gradients at a kink

    def __str__(self) -> str:
        return f"{self.primitive}-{self.kind}-{'x'.join(str(a.shape).replace(' ', '') for a in self.arrays)}"


def check(case: Case) -> None:
    """Raise an AssertionError if the case's derivative is wrong, or if an input is changed on the way."""
    inputs = [nnkit.from_numpy(array).requires_grad_() for array in case.arrays]
    before = [array.copy() for array in case.arrays]
    if case.expected is None:
        assert nnkit.gradcheck(case.function, inputs)
    else:
        result = case.function(*inputs)
        result.backward(np.ones(result.shape))
        for given, expected in zip(inputs, case.expected, strict=True):
            np.testing.assert_array_equal(given.grad.numpy(), expected)
    # A second pass over the same graph adds the same once more.
    inputs = [nnkit.from_numpy(array).requires_grad_() for array in case.arrays]
    result = case.function(*inputs)
    result.backward(np.ones(result.shape), retain_graph=True)
    once = [None if x.grad is None else x.grad.numpy().copy() for x in inputs]
    result.backward(np.ones(result.shape))
    for x, gradient in zip(inputs, once, strict=True):
        if gradient is not None:
            np.testing.assert_array_equal(x.grad.numpy(), gradient + gradient)
    for array, old in zip(case.arrays, before, strict=True):
        np.testing.assert_array_equal(array, old)


def signed(*shape: int) -> np.ndarray:
    """Numbers of size about 1, of both signs, away from 0 and from each other."""
    return RNG.uniform(0.3, 1.7, shape) * RNG.choice([-1.0, 1.0], shape)


def positive(*shape: int) -> np.ndarray:
    return RNG.uniform(0.4, 1.8, shape)


def scattered(make: Callable[..., np.ndarray], *shape: int) -> np.ndarray:
    """The same, not contiguous in memory and with its last two dimensions exchanged."""
    return make(*shape[:-2], 2 * shape[-1], shape[-2])[..., ::2, :].swapaxes(-1, -2)


CASES: list[Case] = []


def add(primitive: str, kind: str, function: Callable[..., Any], *arrays: Any, expected: Any = None) -> None:
    # np.asarray: an operation of NumPy on 0-d arrays gives a plain number
    CASES.append(Case(primitive, kind, function, tuple(np.asarray(a, float) for a in arrays), expected))


# Elementwise, one argument: every shape there is, and the result used twice.

ONE_ARGUMENT: dict[str, tuple[Callable[..., Any], Callable[..., np.ndarray]]] = {
    "neg": (lambda x: -x, signed),
    "exp": (lambda x: x.exp(), signed),
    "log": (lambda x: x.log(), positive),
    "sin": (lambda x: x.sin(), signed),
    "cos": (lambda x: x.cos(), signed),
    "atan": (lambda x: x.atan(), signed),
    "tanh": (lambda x: x.tanh(), signed),
    "sigmoid": (lambda x: x.sigmoid(), signed),
    "relu": (lambda x: x.relu(), signed),
    "sqrt": (lambda x: x.sqrt(), positive),
    "abs": (lambda x: abs(x), signed),
    "clamp": (lambda x: x.clamp(-0.9, 1.1), signed),
    "cast": (lambda x: engine.cast_(x, dtype=np.dtype("float64")), signed),
    "clone": (lambda x: x.clone(), signed),
}
for name, (function, make) in ONE_ARGUMENT.items():
    for shape in [(3, 4), (), (1,), (0,), (2, 0, 3)]:
        add(name, "shape", function, make(*shape))
    add(name, "scattered", function, scattered(make, 2, 3, 4))
    add(name, "repeated", lambda x, f=function: f(x) * f(x) + f(x), make(3))

add("pow", "constant", lambda x: x**3 + x**2 + x**1 + x**0, signed(4))
add("pow", "constant", lambda x: x**-1.5 + 2.0**x, positive(2, 3))
add("clamp", "one-sided", lambda x: x.clamp(min=0.1) * x.clamp(max=0.2), signed(5))

# Elementwise, two arguments: broadcasting in every direction, and a tensor with itself.

TWO_ARGUMENTS: dict[str, tuple[Callable[..., Any], Callable[..., np.ndarray], Callable[..., np.ndarray]]] = {
    "add": (lambda x, y: x + y, signed, signed),
    "sub": (lambda x, y: x - y, signed, signed),
    "mul": (lambda x, y: x * y, signed, signed),
    "div": (lambda x, y: x / y, signed, signed),
    "pow": (lambda x, y: x**y, positive, signed),
    "maximum": (nnkit.maximum, signed, signed),
    "remainder": (lambda x, y: (x + 3) % y, signed, signed),
    "where": (lambda x, y: nnkit.where((x - y).detach() > 0.1, x, y), signed, signed),
}
SHAPE_PAIRS = [
    ((2, 3), (2, 3)),
    ((2, 3), (3,)),
    ((3,), (2, 3)),
    ((2, 1), (1, 3)),
    ((4, 1, 3), (2, 1)),
    ((1,), (4,)),
    ((), (2, 3)),
    ((2, 3), ()),
    ((), ()),
    ((0, 3), (3,)),
    ((1, 3), (0, 3)),
    ((2, 0), ()),
]
for name, (function2, left, right) in TWO_ARGUMENTS.items():
    for a, b in SHAPE_PAIRS:
        add(name, "broadcast", function2, left(*a), right(*b))
    add(name, "scattered", function2, scattered(left, 3, 2), scattered(right, 4, 3, 2))
    if name not in ("maximum", "remainder"):  # max(x, x) is a tie, x % x a jump
        add(name, "itself", lambda x, f=function2: f(x, x), left(2, 3))

# Matrix products.

for a, b in [
    ((2, 3), (3, 4)),
    ((1, 3), (3, 1)),
    ((3,), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3,)),
    ((5, 2, 3), (3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (4, 3, 2)),
    ((3,), (5, 3, 2)),
    ((5, 2, 3), (3,)),
    ((0, 3), (3, 2)),
    ((2, 0), (0, 3)),
]:
    add("matmul", "shape", lambda x, y: x @ y, signed(*a), signed(*b))
add("matmul", "scattered", lambda x, y: x @ y, scattered(signed, 2, 3), scattered(signed, 3, 4))
add("matmul", "itself", lambda x: x @ x, signed(3, 3))
add("matmul", "itself", lambda x: x.T @ x, signed(2, 3))

# Reductions: all of it, one dimension from either end, several; kept or not.

REDUCTIONS: dict[str, tuple[Callable[..., Any], bool]] = {  # the second says whether several dimensions are allowed
    "sum": (lambda x, **o: x.sum(**o), True),
    "mean": (lambda x, **o: x.mean(**o), True),
    "var": (lambda x, **o: x.var(correction=0, **o), True),
    "std": (lambda x, **o: x.std(correction=0, **o), True),
    "max": (lambda x, **o: x.max(**o) if o.get("dim") is None else x.max(**o).values, False),
    "min": (lambda x, **o: x.min(**o) if o.get("dim") is None else x.min(**o).values, False),
    "norm": (lambda x, **o: x.norm(**o), True),
}
for name, (reduce, several) in REDUCTIONS.items():
    for shape, options in [
        ((3, 4), {}),
        ((5,), {"dim": 0}),
        ((3, 4), {"dim": 0}),
        ((3, 4), {"dim": -1, "keepdim": True}),
        ((2, 3, 2), {"dim": 1}),
        ((), {}),
        ((), {"dim": -1}),
        ((2, 0), {"dim": 0}),
        *([((2, 3, 2), {"dim": (0, 2)}), ((2, 3, 2), {"dim": (-1, 1), "keepdim": True})] if several else []),
    ]:
        add(name, f"reduce{options}", lambda x, f=reduce, o=options: f(x, **o), signed(*shape))
    add(name, "scattered", lambda x, f=reduce: f(x, dim=1), scattered(signed, 2, 3, 4))
    add(name, "repeated", lambda x, f=reduce: f(x) * f(x) * x, signed(4))
add("sum", "empty", lambda x: x.sum(), signed(0, 3))
add("var", "n-1", lambda x: x.var(dim=0), signed(4, 2))
add("std", "n-1", lambda x: x.std(), signed(5))
for p in [1, 1.5, 3, math.inf]:
    add("norm", f"p={p}", lambda x, p=p: x.norm(p=p, dim=1), signed(3, 4))
    add("norm", f"p={p}", lambda x, p=p: x.norm(p=p, keepdim=True), signed(5))

for name, function in {
    "softmax": lambda x, d: x.softmax(dim=d),
    "log_softmax": lambda x, d: x.log_softmax(dim=d),
}.items():
    for shape, dim in [((5,), 0), ((3, 4), 0), ((3, 4), -1), ((2, 3, 2), 1), ((), 0), ((0, 3), 1), ((3, 0), 1)]:
        add(name, f"dim={dim}", lambda x, f=function, d=dim: f(x, d), signed(*shape))
    add(name, "scattered", lambda x, f=function: f(x, 1), scattered(signed, 2, 3, 4))
    add(name, "repeated", lambda x, f=function: f(x, 0) * f(x, 0), signed(4))

# Shapes and parts.

for shape, new in [((2, 6), (3, 4)), ((2, 6), (-1,)), ((), (1, 1)), ((1,), ()), ((0, 3), (3, 0, 2)), ((2, 2), (4, 1))]:
    add("reshape", f"to{new}", lambda x, new=new: x.reshape(new), signed(*shape))
add("reshape", "scattered", lambda x: x.reshape(6) * x.flatten(), scattered(signed, 2, 3))
add("reshape", "squeeze", lambda x: x.squeeze().unsqueeze(1).squeeze(1) * x.view(3), signed(1, 3, 1))
for shape, dims in [((2, 3), (1, 0)), ((2, 3, 4), (2, 0, 1)), ((2, 3, 4), (-2, 0, -1)), ((), ()), ((0, 2), (1, 0))]:
    add("permute", f"by{dims}", lambda x, dims=dims: x.permute(dims), signed(*shape))
add("permute", "scattered", lambda x: x.transpose(0, 2) + 0, scattered(signed, 2, 3, 4))
add("permute", "repeated", lambda x: x.T @ x + x @ x.t(), signed(3, 3))
for shape, new in [
    ((3,), (2, 3)),
    ((2, 1), (2, 4)),
    ((1, 1), (3, 2, 5)),
    ((), (2, 2)),
    ((1, 3), (-1, 3)),
    ((1,), (0,)),
    ((0, 1), (0, 3)),
]:
    add("expand", f"to{new}", lambda x, new=new: x.expand(new), signed(*shape))
add("expand", "scattered", lambda x: x.expand(2, 3, 4), scattered(signed, 3, 4))
add("expand", "repeated", lambda x: x.expand(3, 2) * x.expand(3, 2), signed(2))

INDICES: list[tuple[str, tuple[int, ...], Any]] = [
    ("integer", (3, 4), 1),
    ("from the end", (3, 4), (-1, 2)),
    ("slice", (5,), slice(1, None, 2)),
    ("slices", (3, 4), (slice(None), slice(0, 2))),
    ("None", (3,), (None, slice(None), None)),
    ("ellipsis", (2, 3, 2), (..., 1)),
    ("integers", (4, 2), [0, 2]),
    ("repeated", (4, 2), [0, 2, 0, 0]),
    ("repeated from the end", (3,), [0, -3, 2]),
    ("pairs", (3, 4), (np.array([0, 1, 1]), np.array([2, 3, 3]))),
    ("grid", (3, 4), (np.array([[0], [2]]), np.array([1, 1, 3]))),
    ("mixed", (3, 4, 2), (slice(None), np.array([1, 1]), 0)),
    ("mask", (4,), np.array([True, False, True, True])),
    ("mask of rows", (2, 3), np.array([False, True])),
    ("mask of all", (2, 2), np.array([[True, False], [False, True]])),
    ("tensor", (3, 2), nnkit.tensor([2, 2])),
    ("nothing", (3, 2), slice(0, 0)),
    ("no integers", (3,), []),
    ("empty", (0, 2), slice(None)),
    ("0-d", (), ...),
    ("0-d mask", (), True),
]
for kind, shape, index in INDICES:
    add("getitem", kind, lambda x, i=index: x[i], signed(*shape))
add("getitem", "scattered", lambda x: x[1, [0, 0, 2]], scattered(signed, 3, 4))
add("getitem", "used twice", lambda x: x[0] * x[0] + x[1], signed(2, 3))


def with_items(x: Any, y: Any, index: Any) -> Any:
    copy = x.clone()
    copy[index] = y
    return copy * copy


for kind, shape, index in INDICES:
    if "repeated" not in kind and kind not in ("pairs", "grid", "mixed", "tensor"):  # which of two wins is not defined
        chosen = np.empty(shape)[nnkit.engine.index_of(index)].shape
        add("setitem", kind, lambda x, y, i=index: with_items(x, y, i), signed(*shape), signed(*chosen))
add("setitem", "broadcast", lambda x, y: with_items(x, y, slice(0, 2)), signed(3, 4), signed(4))
add("setitem", "broadcast", lambda x, y: with_items(x, y, (slice(None), 1)), signed(3, 4), signed())
add("setitem", "scattered", lambda x, y: with_items(x, y, [0, 2]), scattered(signed, 3, 4), scattered(signed, 2, 4))
add("setitem", "further dimensions", lambda x, y: with_items(x, y, 0), signed(3, 2), signed(1, 1, 2))
add("setitem", "itself", lambda x: with_items(x, x[0] * 2, 1), signed(2, 3))


def through_views(x: Any, y: Any) -> Any:
    copy = x.clone()
    view = copy.T[1]
    view *= y
    copy[0] += view[0]
    view += copy.sum()
    return copy * 2 + view.sum()


def all_through_a_view(x: Any, y: Any) -> Any:
    copy = x.clone()
    view = copy.T
    view *= y
    return copy * copy


add("write_through", "view", through_views, signed(2, 3), signed(2))
add("write_through", "view", through_views, signed(2, 3), signed())
add("write_through", "scattered", through_views, scattered(signed, 2, 3), signed(2))
add("write_through", "empty", all_through_a_view, signed(0, 2), signed(2, 0))
add("write_through", "0-d", all_through_a_view, signed(), signed())

# Joining.

for dim in (0, 1, -1):
    add("stack", f"dim={dim}", lambda x, y, d=dim: nnkit.stack([x, y, x], dim=d), signed(2, 3), signed(2, 3))
add("stack", "0-d", lambda x, y: nnkit.stack([x, y]), signed(), signed())
add("stack", "empty", lambda x, y: nnkit.stack([x, y], dim=1), signed(0), signed(0))
add("stack", "scattered", lambda x: nnkit.stack([x, x * x], dim=1), scattered(signed, 2, 3))
add("cat", "dim=0", lambda x, y: nnkit.cat([x, y, x]), signed(2, 3), signed(1, 3))
add("cat", "dim=-1", lambda x, y: nnkit.cat([x, y], dim=-1), signed(2, 1), signed(2, 3))
add("cat", "empty", lambda x, y: nnkit.cat([x, y]), signed(0, 2), signed(3, 2))
add("cat", "scattered", lambda x: nnkit.cat([x, x * x], dim=1), scattered(signed, 2, 3))

# Values that are used more than once.

add("add", "diamond", lambda a: (a + a) + (a + a), signed(3))
add("mul", "diamond", lambda a: (a * a) * (a + a) + a, signed(3))
add("mul", "bias", lambda x, w, b: (x @ w + b).tanh().sum(0) * b, signed(4, 3), signed(3, 2), signed(2))

# Kinks: what is documented, since there is no derivative.

first, second = np.array([0.0, 1.0, 0.0]), np.array([0.0, 1.0, 1.0])
add("relu", "kink", lambda x: x.relu(), [-1, 0, 2], expected=([0, 0, 1],))
add("abs", "kink", lambda x: x.abs(), [-1, 0, 2], expected=([-1, 0, 1],))
add("clamp", "kink", lambda x: x.clamp(0, 1), [-1, 0, 0.5, 1, 2], expected=([0, 1, 1, 1, 0],))
add("norm", "kink", lambda x: x.norm(), [0, 0], expected=([0, 0],))
add("norm", "kink", lambda x: x.norm(p=1), [0, -2], expected=([0, -1],))
add("norm", "kink", lambda x: x.norm(p=math.inf), [2, -2, 1], expected=([0.5, -0.5, 0],))
add("std", "kink", lambda x: x.std(), [2, 2], expected=([0, 0],))
add("max", "tie along a dimension", lambda x: x.max(dim=0).values, [1, 3, 3], expected=(first,))
add("max", "tie of all", lambda x: x.max(), [1, 3, 3], expected=(second / 2,))
add("min", "tie along a dimension", lambda x: x.min(dim=0).values, [3, 1, 1], expected=(first,))
add("min", "tie of all", lambda x: x.min(), [3, 1, 1], expected=(second / 2,))
add("maximum", "tie", nnkit.maximum, [1, 2, 3], [1, 3, 2], expected=([0.5, 0, 1], [0.5, 1, 0]))
add("pow", "zero", lambda x: x**0, [0, 2], expected=([0, 0],))
add("pow", "zero", lambda x, y: x**y, [0, 0, 2], [0, 2, 0], expected=([0, 0, 0], [0, 0, math.log(2)]))
