"""Tensor: the graph's values under PyTorch's names.

Most methods are primitives as they stand, or put together from them. Those that write over numbers are in
`in_place.py`.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from nnkit.engine import backward
from nnkit.engine import primitives as p
from nnkit.engine.conveniences import TAKE_AXIS, Conveniences, with_numpys_names
from nnkit.engine.dtypes import Array, alike, bool_, dtype_of, float32, float64, int64, supported
from nnkit.engine.graph import Node, Primitive, bare
from nnkit.engine.in_place import Changeable, change, put, root_of

Method = Callable[[Any, Any], Any]


def _operators(operation: Primitive) -> tuple[Method, Method, Method]:
    """Return x ∘ y, y ∘ x and x ∘= y."""
    return (
        lambda x, y: operation(x, y),
        lambda x, y: operation(y, x),
        lambda x, y: change(x, operation, y),
    )


def _comparison(compare: Callable[[Array, Array], Any]) -> Method:
    def compared(x: Tensor, y: Any) -> Any:
        if not isinstance(y, Tensor | np.ndarray | np.generic | int | float):
            return NotImplemented
        a, b = alike((bare(x), bare(y)), "common")
        try:
            return Node(np.asarray(compare(a, b))).tensor()
        except ValueError:
            raise RuntimeError(f"The shapes {a.shape} and {b.shape} cannot be compared number by number.") from None

    return compared


def _look_up(path: str, doc: str) -> Any:
    """Return a property that is found somewhere inside."""
    return property(attrgetter(path), doc=doc)


def _require_tensor(name: str, value: Any) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(f"{name} must be a tensor, got {type(value).__name__}; use nnkit.tensor(…).")


class MaxResult(NamedTuple):
    """What `max(dim)` and `min(dim)` return."""

    values: Tensor
    indices: Tensor


class Tensor(Conveniences, Changeable):
    """An array of numbers that can be differentiated.

    `nnkit.tensor(data)` makes one; `Tensor(data)` does too, always in float32 unless told otherwise, as in PyTorch.
    Operations give new tensors; if any of their arguments has `requires_grad`, they remember how they were made.

    Parameters
    ----------
    data : number, nested sequence, array or Tensor
        Numbers, nested lists, an array or a tensor; copied.
    dtype : dtype, optional
        The dtype to use.
    requires_grad : bool
        Whether `backward` shall compute the gradient with respect to it.

    Examples
    --------
    >>> x = Tensor([3, -2])
    >>> w = Tensor([4, 5], requires_grad=True)
    >>> f = (x * w).sum() + 1
    >>> f
    tensor(3., grad_fn=<add>)
    >>> f.backward()
    >>> w.grad
    tensor([ 3., -2.])

    Methods share their names and arguments with PyTorch:

    >>> t = Tensor([[1, 5, 5], [7, 2, 3]])
    >>> t.sum(dim=0), t.sum(dim=1, keepdim=True).shape, t.clamp(min=2, max=4)[0]
    (tensor([8., 7., 8.]), (2, 1), tensor([2., 4., 4.]))
    >>> Tensor([3.2, 5.1, -1.7]).softmax(dim=0)
    tensor([0.130, 0.869, 0.001])
    """

    __slots__ = ("_parents",)  # set when first asked for
    __hash__ = object.__hash__  # == compares numbers, so a tensor in a set or dict is known by identity

    def __init__(self, data: Any, dtype: Any = float32, requires_grad: bool = False) -> None:
        Node(array_from(data, dtype)).hand_to(self)
        self.requires_grad = requires_grad

    # Its history.

    operation = _look_up("node.operation", "The primitive that made this tensor, with its `symbol`; None for a leaf.")

    @property
    def parents(self) -> tuple[Tensor, ...]:
        """The tensors this one was made from, in order; () for a leaf, and when nothing needed a gradient."""
        known: tuple[Tensor, ...] = getattr(self, "_parents", ())
        nodes = self.node.parents
        if [parent.node for parent in known] != list(nodes):
            known = self._parents = tuple([node.tensor() for node in nodes])
        return known

    @property
    def is_leaf(self) -> bool:
        """Whether it was made by hand, not by a recorded operation. Leaves are where gradients are kept."""
        return self.node.operation is None

    @property
    def requires_grad(self) -> bool:
        """Whether `backward` computes a gradient for it, or through it."""
        return self.node.requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        node = self.node
        if value != node.requires_grad and node.operation is not None:
            raise RuntimeError("requires_grad can only be switched on leaves; use detach() to cut a tensor off.")
        if value and node.array.dtype.kind != "f":
            raise RuntimeError(f"Only floats can require gradients, this tensor is {node.array.dtype}: .float() it.")
        node.requires_grad = bool(value)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Switch `requires_grad` on or off, and return the tensor."""
        self.requires_grad = requires_grad
        return self

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward passes have added up here, or None; it may be assigned."""
        grad = self.node.grad
        return None if grad is None else grad.tensor()

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        if value is not None:
            _require_tensor("grad", value)
            if (value.shape, value.dtype) != (self.shape, self.dtype):
                got = f"got {value.dtype} of shape {value.shape}"
                raise RuntimeError(f"grad must be like its tensor, {self.dtype} of shape {self.shape}; {got}.")
        self.node.grad = None if value is None else value.node

    def retain_grad(self) -> None:
        """Keep the gradient of this inner tensor too, in its `grad`, at the next `backward`."""
        if not self.requires_grad:
            raise RuntimeError("retain_grad() needs a tensor with requires_grad=True.")
        self.node.retains = True

    def backward(self, gradient: Any = None, retain_graph: bool = False) -> None:
        """Add the gradient of this tensor to the `grad` of every leaf (and retained tensor) it was made from.

        Parameters
        ----------
        gradient : Tensor or array, optional
            What to start from, in the shape of this tensor; may be left out for a single number, and is 1 then.
        retain_graph : bool
            Keep the graph for another pass; otherwise it is freed, and with it the values it had kept.

        Raises
        ------
        RuntimeError
            If nothing here needs a gradient, the graph was freed, a value it needs was changed in place, or the
            gradient is missing or has another shape.

        Examples
        --------
        >>> x = Tensor([1.0, 2.0], requires_grad=True)
        >>> (x * x).backward(Tensor([1.0, 10.0]))
        >>> x.grad
        tensor([ 2., 40.])
        """
        backward.run(self.node, gradient, retain_graph)

    def detach(self) -> Tensor:
        """Return the same numbers, in the same memory, without history."""
        return Node(self.node.array).tensor()

    @property
    def data(self) -> Tensor:
        """The same numbers, in the same memory, without history. Assigning puts other numbers in their place."""
        return self.detach()

    @data.setter
    def data(self, value: Tensor) -> None:
        _require_tensor("data", value)
        if self.requires_grad and value.dtype.kind != "f":
            raise RuntimeError(f"data of a tensor that requires gradients must be floats, got {value.dtype}.")
        put(self, value.node.array)

    # Its numbers.

    dtype = _look_up("node.array.dtype", "The dtype of the numbers.")
    shape = _look_up("node.array.shape", "The size of every dimension.")
    ndim = _look_up("node.array.ndim", "How many dimensions it has.")

    def size(self, dim: int | None = None) -> Any:
        """Return the shape, or the size of one dimension."""
        return self.shape if dim is None else self.shape[p.axes_of(dim, self.shape)[0]]

    def numpy(self) -> Array:
        """Return the numbers as an array that shares their memory.

        Raises
        ------
        RuntimeError
            If the tensor requires gradients, because what is computed on the array would not be recorded.
        """
        if self.requires_grad:
            raise RuntimeError("A tensor that requires gradients cannot become an array; write x.detach().numpy().")
        return self.node.array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        array = self.numpy().astype(self.dtype if dtype is None else dtype, copy=bool(copy))
        if copy is False and array is not self.node.array:
            raise ValueError(f"An array of {dtype} cannot share the memory of a tensor of {self.dtype}.")
        return array

    def item(self) -> Any:
        """Return the only number, as a Python number."""
        if self.node.array.size != 1:
            raise RuntimeError(
                f"Only a single number can be taken out, or be true or false; this tensor has shape {self.shape}."
            )
        return self.node.array.item()

    def tolist(self) -> Any:
        """Return the numbers as nested lists (a plain number for a 0-d tensor)."""
        return self.node.array.tolist()

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("A 0-d tensor has no length.")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        return bool(self.item())

    def __float__(self) -> builtins.float:
        return builtins.float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        if self.dtype.kind not in "iu":
            raise TypeError(f"Only an integer can be used as an index, not {self.dtype}.")
        return int(self.item())

    def __repr__(self) -> str:
        style: Any = {"precision": 4, "separator": ", ", "prefix": "tensor(", "floatmode": "maxprec_equal"}
        numbers = np.array2string(self.node.array, **style)
        dtype = "" if self.dtype in (float32, int64, bool_) else f", dtype={self.dtype}"
        operation = self.operation
        history = f", grad_fn=<{operation.name}>" if operation else ", requires_grad=True" if self.requires_grad else ""
        return f"tensor({numbers}{dtype}{history})"

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec and not self.ndim else format(repr(self), spec)

    def __reduce__(self) -> Any:
        """Let copy.deepcopy and pickle take a leaf apart."""
        if not self.is_leaf:
            raise RuntimeError("Only leaves can be copied or saved, this tensor has a history: use detach().")
        return _rebuilt, (type(self), self.node.array, self.requires_grad, self.grad)

    # Operators.

    __add__, __radd__, __iadd__ = _operators(p.add)
    __sub__, __rsub__, __isub__ = _operators(p.sub)
    __mul__, __rmul__, __imul__ = _operators(p.mul)
    __truediv__, __rtruediv__, __itruediv__ = _operators(p.div)
    __pow__, __rpow__, __ipow__ = _operators(p.pow_)
    __matmul__, __rmatmul__ = _operators(p.matmul)[:2]
    __neg__, __abs__ = p.neg, p.abs_
    __eq__, __ne__ = _comparison(np.equal), _comparison(np.not_equal)
    __lt__, __le__ = _comparison(np.less), _comparison(np.less_equal)
    __gt__, __ge__ = _comparison(np.greater), _comparison(np.greater_equal)

    def __getitem__(self, index: Any) -> Tensor:
        return p.getitem(self, p.index_of(index))

    # Functions of every number.

    exp, log, sin, cos, atan, tanh = p.exp, p.log, p.sin, p.cos, p.atan, p.tanh
    sigmoid, relu, sqrt, abs, clamp, clone = p.sigmoid, p.relu, p.sqrt, p.abs_, p.clamp, p.clone

    def pow(self, exponent: Any) -> Tensor:
        """Return every number raised to the exponent, which may be a tensor."""
        return p.pow_(self, exponent)

    def float(self) -> Tensor:
        """Return the numbers as float32."""
        return self.to(float32)

    def double(self) -> Tensor:
        """Return the numbers as float64."""
        return self.to(float64)

    def long(self) -> Tensor:
        """Return the numbers as int64."""
        return self.to(int64)

    # Reductions, along `dim` or over all numbers.

    sum, mean, var, std, norm = p.sum_, p.mean, p.var, p.std, p.norm
    softmax, log_softmax = p.softmax, p.log_softmax

    def max(self, dim: Any = None, keepdim: bool = False) -> Any:
        """Return the largest number; with `dim` a pair (values, indices); with a tensor the larger of each two.

        Examples
        --------
        >>> values, indices = Tensor([[1, 5, 5], [7, 2, 3]]).max(dim=1)
        >>> values, indices
        (tensor([5., 7.]), tensor([1, 0]))
        """
        if isinstance(dim, Tensor):
            return p.maximum(self, dim)
        return self._extreme(p.max_, np.argmax, dim, keepdim)

    def min(self, dim: Any = None, keepdim: bool = False) -> Any:
        """Return the smallest number; with `dim` a pair (values, indices); with a tensor the smaller of each two."""
        if isinstance(dim, Tensor):
            return -p.maximum(-self, -dim)
        return self._extreme(p.min_, np.argmin, dim, keepdim)

    def argmax(self, dim: int | None = None, keepdim: bool = False) -> Tensor:
        """Return where the largest number is (the first of equals), counted through all numbers or along `dim`."""
        return self._place(np.argmax, dim, keepdim)

    def _extreme(self, best: Primitive, find: Any, dim: int | None, keepdim: bool) -> Any:
        value = best(self, dim, keepdim)
        return value if dim is None else MaxResult(value, self._place(find, dim, keepdim))

    def _place(self, find: Any, dim: int | None, keepdim: bool) -> Tensor:
        found = find(self.node.array, axis=p.axis_to_search(self.shape, dim), keepdims=keepdim)
        return Node(np.asarray(found, int64)).tensor()

    # Shapes and products.

    reshape, permute, expand = p.reshape, p.permute, p.expand

    def view(self, *shape: Any) -> Tensor:
        """Return the numbers in another shape and the same memory.

        Raises
        ------
        RuntimeError
            If the memory is laid out so that only a copy could have that shape; use `reshape` then.
        """
        result = self.reshape(*shape)
        if root_of(result) is result and result.node.array.size:
            raise RuntimeError(f"Its memory lies so that {self.shape} becomes {result.shape} by a copy; use reshape().")
        return result

    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> Tensor:
        """Return the dimensions from `start_dim` to `end_dim` joined into one."""
        shape = self.shape or (1,)
        start, end = (p.axes_of(dim, shape)[0] for dim in (start_dim, end_dim))
        if start > end:
            raise RuntimeError(f"flatten needs start_dim before end_dim, got {start_dim} and {end_dim}.")
        return self.reshape(*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :])

    def transpose(self, dim0: int, dim1: int) -> Tensor:
        """Return the tensor with two dimensions exchanged."""
        dims = list(range(self.ndim))
        for i, j in zip(p.axes_of(dim0, self.shape), p.axes_of(dim1, self.shape), strict=True):
            dims[i], dims[j] = dims[j], dims[i]
        return self.permute(*dims)

    @property
    def T(self) -> Tensor:
        """The tensor with its dimensions in reverse order: the transposed matrix."""
        return self.permute(*reversed(range(self.ndim)))

    def t(self) -> Tensor:
        """Return the transposed matrix; a vector stays as it is."""
        if self.ndim > 2:
            raise RuntimeError(f"t() transposes a matrix, this tensor has shape {self.shape}; use transpose().")
        return self.T

    def squeeze(self, dim: p.Dim = None) -> Tensor:
        """Return the tensor without its dimensions of size 1, or without the one named if it has size 1."""
        named = p.axes_of(dim, self.shape)
        return self.reshape([n for i, n in enumerate(self.shape) if n != 1 or i not in named])

    def unsqueeze(self, dim: int) -> Tensor:
        """Return the tensor with a new dimension of size 1 before dimension `dim`."""
        (axis,) = p.axes_of(dim, (*self.shape, 1))
        return self.reshape(*self.shape[:axis], 1, *self.shape[axis:])

    def mm(self, mat2: Any) -> Tensor:
        """Return the product of two matrices."""
        if self.ndim != 2 or len(np.shape(mat2)) != 2:
            raise RuntimeError(f"mm multiplies two matrices, got {self.shape} and {np.shape(mat2)}; use matmul.")
        return p.matmul(self, mat2)

    def matmul(self, other: Any) -> Tensor:
        """Return self @ other: matrices, vectors, or stacks of matrices."""
        return p.matmul(self, other)


Primitive.returns = Tensor
for _name in TAKE_AXIS:
    setattr(Tensor, _name, with_numpys_names(getattr(Tensor, _name)))


def _rebuilt(kind: type[Tensor], array: Array, requires_grad: bool, grad: Tensor | None) -> Tensor:
    """Put a copied or saved tensor together again."""
    made = kind.__new__(kind)
    Node(array, requires_grad).hand_to(made)
    made.grad = grad
    return made


def array_from(data: Any, dtype: Any = None) -> Array:
    """Return a new array with these numbers, in the dtype that PyTorch would give them."""
    data = list(map(bare, data)) if isinstance(data, list | tuple | range) else bare(data)
    found = dtype_of(data)
    try:
        return np.array(data, found if dtype is None else supported(dtype))
    except ValueError:
        raise ValueError("The nested lists do not have equal lengths, so they make no array of numbers.") from None
