"""The parts that the milestones are built from: the reader's functions, and nnkit's where one is missing.

All of them are called as the exercises say, whoever has written them. What a part gives back is made into arrays, as an
answer may be lists or float32 and still be right.
"""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nnkit import from_numpy
from nnkit.bar import must_repeat
from nnkit.exercises import index
from nnkit.functional import max_pool2d

CALLS: dict[str, tuple[str, ...]] = {
    "neuron": ("neuron", "neuron_gradients"),
    "backprop": ("two_layer_network", "two_layer_gradients"),
    "digits": (
        *("affine_forward", "relu_backward", "affine_backward", "softmax_cross_entropy", "minibatches", "adam_update"),
    ),
    "filters": ("im2col", "maxpool_forward", "maxpool_backward"),
    "rows": ("rnn_forward", "rnn_backward", "clip_by_norm"),
}
"""Milestone → what it calls that none before it has called."""

NEEDED = tuple(name for called in CALLS.values() for name in called)
"""The exercises whose functions the milestones call."""


class Parts:
    """The functions of the exercises by name, each the reader's or nnkit's.

    Parameters
    ----------
    own : Mapping[str, Callable]
        The reader's, by the names of the exercises: those whose checks have passed.

    Examples
    --------
    >>> parts = Parts({"affine_forward": lambda x, W, b: x @ W + b})
    >>> parts.whose("affine_forward"), parts.whose("affine_backward")
    ('yours', "nnkit's")
    """

    def __init__(self, own: Mapping[str, Callable[..., Any]] | None = None) -> None:
        self.own = dict(own or {})
        self._made: dict[str, Callable[..., Any]] = {}

    def whose(self, name: str) -> str:
        """Whose a part is: "yours" or "nnkit's".

        Parameters
        ----------
        name : str
            The exercise's.
        """
        return "yours" if name in self.own else "nnkit's"

    def __getitem__(self, name: str) -> Callable[..., Any]:
        if name not in self._made:
            self._made[name] = _as_arrays(name, self.own[name]) if name in self.own else _nnkits(name)
        return self._made[name]

    def __repr__(self) -> str:
        mine = [name for name in NEEDED if name in self.own]
        return f"{len(mine)} of the milestones' {len(NEEDED)} parts are yours: {', '.join(mine) or 'none yet'}."


def load(path: str | os.PathLike[str] = "my_nnkit.py") -> Parts:
    """The parts in a module that `gather` has written.

    Where stored outputs must be the same for everybody (``NNKIT_STATIC``), all parts are nnkit's.

    Parameters
    ----------
    path : str or path
        The module's.

    Returns
    -------
    Parts

    Raises
    ------
    FileNotFoundError
        There is no such module.
    """
    if must_repeat():
        return Parts()
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"There is no {file}; `nnkit mine` gathers it from your notebooks.")
    spec = importlib.util.spec_from_file_location("my_nnkit", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # the module may be written anew within the same second
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return Parts({name: getattr(module, name) for name in module.__all__})


def _nnkits(name: str) -> Callable[..., Any]:
    """nnkit's own answer to an exercise, called as the exercise says."""
    if name in _ADAPTED:  # the exercise's reference gives what a probe sees, or takes its time
        return _as_arrays(name, _ADAPTED[name])
    exercise = index.find(name)

    def part(*given: Any, **named: Any) -> Any:
        arguments = dict(zip(exercise.arguments, given, strict=False)) | named
        ready = exercise.with_defaults(arguments)
        return exercise.reference(*(ready[argument] for argument in exercise.arguments))

    return _as_arrays(name, part)


def _minibatches(X: Any, y: Any, batch_size: int, rng: np.random.Generator) -> Iterator[tuple[Any, Any]]:
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


def _clip_by_norm(grads: list[Any], max_norm: float) -> list[Any]:
    norm = float(np.sqrt(sum(np.sum(np.square(one)) for one in grads)))
    return [one * (max_norm / norm if norm > max_norm else 1.0) for one in grads]


def _maxpool_backward(dout: Any, x: Any, k: int, stride: int) -> Any:
    image = from_numpy(np.array(x, dtype=float)).requires_grad_()
    max_pool2d(image, k, stride).backward(from_numpy(np.array(dout, dtype=float)))
    assert image.grad is not None
    return image.grad.numpy()


_ADAPTED: dict[str, Callable[..., Any]] = {
    "minibatches": _minibatches,
    "clip_by_norm": _clip_by_norm,
    "maxpool_backward": _maxpool_backward,
}


def _as_arrays(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose results are arrays and numbers, whatever the reader's are."""
    if name == "minibatches" or inspect.isclass(function):
        return function
    several = name in index.names() and index.find(name).returns

    def called(*arguments: Any, **named: Any) -> Any:
        result = function(*arguments, **named)
        if name == "clip_by_norm":
            return [np.asarray(one, dtype=float) for one in result]
        if several:
            return tuple(np.asarray(one, dtype=float) for one in result)
        return np.asarray(result, dtype=float)

    return called
