"""Modules: a network as an object that knows its parameters.

A module is a Python object with a `forward` method. What it holds is found by looking at its attributes: parameters
are what is trained, buffers are other numbers that belong to its state, and modules inside it are its children. Lists,
tuples and dicts are looked into as well. A name says where something is: "0.weight" is the weight of child 0.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np

from nnkit.engine import Node, Tensor, float32, float64, no_grad, tensor, wanted_dtype
from nnkit.functional import ShapeError

M = TypeVar("M", bound="Module")


class Parameter(Tensor):
    """A tensor that a module trains: an attribute of this kind is among its `parameters()`.

    Parameters
    ----------
    data : Tensor or array_like
        The numbers; a tensor's memory is shared.
    requires_grad : bool
        Whether `backward` computes its gradient.

    Examples
    --------
    >>> Parameter(tensor([1.0, 2.0]))
    Parameter containing:
    tensor([1., 2.], requires_grad=True)
    """

    __slots__ = ()

    def __init__(self, data: Any, requires_grad: bool = True) -> None:
        Node(data.node.array if isinstance(data, Tensor) else tensor(data).node.array).hand_to(self)
        self.requires_grad = requires_grad

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        """Copy the numbers (in their order in memory), and not the gradient: a copied model starts without one."""
        twin = memo[id(self)] = type(self)(copy.deepcopy(self.detach()), self.requires_grad)
        return twin

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"


class LoadResult(NamedTuple):
    """What `load_state_dict` found: names that the state lacks, and names that the module lacks."""

    missing_keys: list[str]
    unexpected_keys: list[str]


class Module:
    """A part of a network: write `forward`, and keep parameters and other modules in attributes.

    Examples
    --------
    >>> from nnkit import nn, ones
    >>> class Twice(nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.layer = nn.Linear(2, 2)
    ...     def forward(self, x):
    ...         return self.layer(self.layer(x))
    >>> [name for name, _ in Twice().named_parameters()]
    ['layer.weight', 'layer.bias']
    >>> Twice()(ones(5, 2)).shape
    (5, 2)
    """

    training = True
    _settings = ""  # what stands between the brackets when a layer is printed, with attributes in braces: "p={p}"
    _buffer_names: tuple[str, ...] = ()

    def __init__(self) -> None:
        """Nothing to do: what a module holds is found in its attributes."""

    def forward(self, *inputs: Any) -> Any:
        """Compute the module's output; every module writes its own."""
        raise NotImplementedError(f"{type(self).__name__} has no forward method yet. Write def forward(self, x): …")

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        try:
            return self.forward(*inputs, **options)
        except (ShapeError, IndexError) as error:
            # The innermost layer adds its name to what does not fit: a shape, or a number that is out of range.
            if not hasattr(error, "layer") and not any(self.children()):
                error.layer = self  # type: ignore[union-attr]
                error.args = (f"{self!r}: {error}",)
            raise

    def __setattr__(self, name: str, value: Any) -> None:
        """Keep the value; refuse what would push a parameter, module or buffer out without being found in its place."""
        held = Tensor if name in self._buffer_names else _kind_of(vars(self).get(name))
        if held and value is not None and not isinstance(value, held):
            cure = ": wrap it in nn.Parameter(…), or write .data = … to change the numbers" if held is Parameter else ""
            raise TypeError(
                f"{type(self).__name__}.{name} is a {held.__name__}; a {type(value).__name__} in its place would not "
                f"be found by the module{cure}. (None takes it away.)"
            )
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        """Say what there is, for a name that there is not."""
        import difflib

        names = [own for own in dir(self) if not own.startswith("_")]
        close = difflib.get_close_matches(name, names, 1)
        held = ", ".join(own for own in vars(self) if not own.startswith("_")) or "nothing"
        hint = f"Did you mean {close[0]!r}?" if close else f"It holds: {held}."
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}. {hint}", name=name, obj=self)

    # What it holds.

    def _held(self, kind: type[Any]) -> Iterator[tuple[str, Any]]:
        """Yield name and value of what is held directly, in attributes or in lists, tuples and dicts there."""
        for name, value in vars(self).items():
            if name not in self._buffer_names:
                yield from _found(name, value, kind)

    def _places(self, prefix: str = "", above: tuple[Module, ...] = ()) -> Iterator[tuple[str, Module]]:
        """Yield every place where a module is, this one first, as ("first.inner.", module); a shared one repeatedly."""
        if all(self is not module for module in above):  # a module that holds itself is not walked in circles
            yield prefix, self
            for name, child in self._held(Module):
                yield from child._places(f"{prefix}{name}.", (*above, self))

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """Yield this module (with the name "") and every module inside it, each once, with its name."""
        return _once((prefix.removesuffix("."), module) for prefix, module in self._places())

    def modules(self) -> Iterator[Module]:
        """Yield this module and every module inside it, each once."""
        return (module for _, module in self.named_modules())

    def children(self) -> Iterator[Module]:
        """Yield the modules directly inside this one, each once."""
        return iter({id(child): child for _, child in self._held(Module)}.values())

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Yield every parameter with its name: a module's own first, then its children's; a shared one once."""
        return _once(self._named(lambda module: module._held(Parameter)))

    def parameters(self) -> Iterator[Parameter]:
        """Yield every parameter once."""
        return (parameter for _, parameter in self.named_parameters())

    def named_buffers(self) -> Iterator[tuple[str, Tensor]]:
        """Yield every buffer with its name."""
        return _once(self._named(Module._own_buffers))

    def buffers(self) -> Iterator[Tensor]:
        """Yield every buffer: numbers that belong to the state but are not trained."""
        return (buffer for _, buffer in self.named_buffers())

    def _own_buffers(self) -> Iterator[tuple[str, Tensor]]:
        return ((name, vars(self)[name]) for name in self._buffer_names if vars(self).get(name) is not None)

    def _named(self, own: Callable[[Module], Iterator[tuple[str, Any]]]) -> Iterator[tuple[str, Any]]:
        """Yield what `own` yields for this module and those inside it, with full names; what is shared, repeatedly."""
        return ((prefix + name, value) for prefix, module in self._places() for name, value in own(module))

    def register_buffer(self, name: str, value: Tensor | None) -> None:
        """Hold a tensor that belongs to the state but is not trained, such as a running mean."""
        if name not in self._buffer_names:
            self._buffer_names = (*self._buffer_names, name)
        setattr(self, name, tensor(value) if isinstance(value, np.ndarray) else value)

    # Its state.

    def state_dict(self) -> dict[str, Tensor]:
        """Return all parameters and buffers by name; they share memory with the module.

        `np.savez(path, **model.state_dict())` stores them, and `np.load(path)` gives what `load_state_dict` takes.

        Examples
        --------
        >>> from nnkit import nn
        >>> {name: value.shape for name, value in nn.Linear(3, 2).state_dict().items()}
        {'weight': (2, 3), 'bias': (2,)}
        """
        return {name: value.detach() for name, value in self._state()}

    def _state(self) -> Iterator[tuple[str, Tensor]]:
        return self._named(lambda module: itertools.chain(module._held(Parameter), module._own_buffers()))

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> LoadResult:
        """Copy numbers from a state into this module's parameters and buffers, by name.

        Parameters
        ----------
        state_dict : mapping
            Names with tensors or arrays: what `state_dict()` returned, or `np.load` of an .npz file.
        strict : bool
            Whether the names must be the same; otherwise only those that both have are copied.

        Raises
        ------
        RuntimeError
            If a name is missing or unexpected, or a shape differs; nothing has been copied then.
        """
        mine = dict(self._state())
        result = LoadResult([n for n in mine if n not in state_dict], [n for n in state_dict if n not in mine])
        wrong = [f"{name!r} is missing" for name in result.missing_keys] if strict else []
        wrong += [f"{name!r} is unknown here" for name in result.unexpected_keys] if strict else []
        new = {name: np.asarray(state_dict[name]) for name in mine if name in state_dict}
        wrong += [
            f"{name!r} has shape {value.shape}, but {mine[name].shape} is needed"
            for name, value in new.items()
            if value.shape != mine[name].shape
        ]
        if wrong:
            raise RuntimeError(f"This state does not fit {type(self).__name__}: {'; '.join(wrong)}.")
        with no_grad():
            for name, value in new.items():
                mine[name][...] = value
        return result

    # What is done to all of it.

    def train(self: M, mode: bool = True) -> M:
        """Switch to training, in which dropout drops and batch norm uses the batch; return the module."""
        for module in self.modules():
            module.training = bool(mode)
        return self

    def eval(self: M) -> M:
        """Switch to evaluation; return the module."""
        return self.train(False)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or fill them with 0."""
        for parameter in self.parameters():
            if set_to_none or parameter.grad is None:
                parameter.grad = None
            else:
                parameter.grad.zero_()

    def apply(self: M, fn: Callable[[Module], Any]) -> M:
        """Call `fn` with every module inside, then with this one; return the module."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def double(self: M) -> M:
        """Make all floats float64; return the module."""
        return self._to(float64)

    def float(self: M) -> M:
        """Make all floats float32; return the module."""
        return self._to(float32)

    def to(self: M, target: Any = None, dtype: Any = None, device: Any = None) -> M:
        """Make all floats another dtype of floats, in place, and return the module; the only device is "cpu"."""
        wanted = wanted_dtype(target, dtype, device)
        if wanted is not None and wanted.kind != "f":
            raise TypeError(f"A module computes with floats, it cannot be turned into {wanted}.")
        return self if wanted is None else self._to(wanted)

    def _to(self: M, dtype: np.dtype[Any]) -> M:
        for _, value in self._state():
            if value.dtype.kind == "f":
                gradient, value.grad = value.grad, None
                value.data = value.detach().to(dtype)
                value.grad = None if gradient is None else gradient.to(dtype)
        return self

    # How it is shown.

    def extra_repr(self) -> str:
        """Return what stands between the brackets when the module is printed: its `_settings`."""
        return self._settings.format(**vars(self))

    def __repr__(self) -> str:
        extra = self.extra_repr()
        lines = [f"({name}): {child!r}".replace("\n", "\n  ") for name, child in self._held(Module)]
        inside = "\n  " + "\n  ".join([extra, *lines] if extra else lines) + "\n" if lines else extra
        return f"{type(self).__name__}({inside})"


def require_sizes(layer: Module, **sizes: Any) -> None:
    """Refuse sizes of a layer that are not positive integers, by name; a size may be a tuple of them."""
    for name, size in sizes.items():
        for part in size if isinstance(size, tuple) else (size,):
            if not isinstance(part, int | np.integer) or part < 1:
                raise ValueError(f"{type(layer).__name__}: {name} must be an integer of at least 1, got {part!r}.")


def _kind_of(value: Any) -> type[Any] | None:
    return next((kind for kind in (Parameter, Module) if isinstance(value, kind)), None)


def _found(name: str, value: Any, kind: type[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, kind):
        yield name, value
    elif isinstance(value, list | tuple | dict):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _found(f"{name}.{key}", part, kind)


def _once(named: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Leave out what has been there under another name."""
    seen: set[int] = set()
    for name, value in named:
        if id(value) not in seen:
            seen.add(id(value))
            yield name, value


class ModuleList(Module):
    """A list of modules.

    Examples
    --------
    >>> from nnkit import nn
    >>> layers = ModuleList([nn.Linear(2, 2) for _ in range(3)])
    >>> len(layers), layers[-1]
    (3, Linear(in_features=2, out_features=2, bias=True))
    """

    def __init__(self, modules: Any = ()) -> None:
        super().__init__()
        self.extend(modules)

    def append(self: M, module: Module) -> M:
        """Add a module at the end; return the list."""
        if not isinstance(module, Module):
            raise TypeError(f"{type(self).__name__} holds modules, got {module!r}. Is it a class without brackets?")
        setattr(self, str(sum(name.isdigit() for name in vars(self))), module)
        return self

    def extend(self: M, modules: Any) -> M:
        """Add several modules at the end; return the list."""
        for module in modules:
            self.append(module)
        return self

    def _layers(self) -> dict[str, Module]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Module)}

    def __len__(self) -> int:
        return len(self._layers())

    def __iter__(self) -> Iterator[Module]:
        return iter(self._layers().values())

    def __getitem__(self, index: int | slice | str) -> Any:
        layers = self._layers()
        if isinstance(index, str):
            if index not in layers:
                raise KeyError(f"There is no layer {index!r}; there are {', '.join(map(repr, layers))}.")
            return layers[index]
        if isinstance(index, slice):
            part = list(layers.items())[index]
            return Sequential(dict(part)) if isinstance(self, Sequential) else ModuleList(m for _, m in part)
        if not -len(layers) <= index < len(layers):
            raise IndexError(f"There is no layer {index}: there are {len(layers)}.")
        return list(layers.values())[index]

    def __setitem__(self, index: int | str, module: Module) -> None:
        old = self[index]
        setattr(self, next(name for name, layer in self._layers().items() if layer is old), module)


class Sequential(ModuleList):
    """Modules one after the other: the output of one is the input of the next.

    Parameters
    ----------
    *modules : Module
        Modules, or one dict of modules by name.

    Examples
    --------
    >>> from nnkit import nn, ones
    >>> model = Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    >>> model(ones(5, 4)).shape, len(model), model[1], model["1"]
    ((5, 2), 3, ReLU(), ReLU())
    """

    def __init__(self, *modules: Any) -> None:
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            for name, module in modules[0].items():
                setattr(self, name, module)
        else:
            self.extend(modules)

    def forward(self, input: Any) -> Any:
        """Call the modules in order."""
        for module in self:
            input = module(input)
        return input
