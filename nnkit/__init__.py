"""nnkit: the library of a course on neural networks from scratch.

The names are PyTorch's, so that what you learn here is what you type next year. Importing it loads the engine and the
gradient check; pictures, widgets, exercises and grading load when first asked for.

Differences from PyTorch, all of them deliberate:

- no devices, no float16, no complex numbers; threads on the CPU are those of NumPy; dtypes and shapes are NumPy's;
- random numbers come from a NumPy generator: one seed gives the same numbers every time, but not PyTorch's;
- arrays may stand on either side of an operator, and slices may run backwards;
- `backward` frees every graph unless told to keep it, also one whose derivatives keep nothing;
- a value that a derivative still needs is protected from changes through `.data` too, which PyTorch does not notice;
- the output of a recurrent layer is one that its derivative needs: changed in place, it is refused by `backward`;
- `grad` of an inner tensor is None without a warning;
- recurrent layers take `lengths` instead of packed sequences; `functional.project_so3` is not in PyTorch;
- modules find parameters in lists, tuples and dicts too, and need no `super().__init__()`;
- a target that would make a loss larger than its input is refused, where PyTorch broadcasts with a warning;
- sizes of layers are at least 1;
- convolution has no dilation and no groups, `cross_entropy` no label smoothing, recurrent layers no second direction;
- an optimizer's `state_dict` is a copy; settings it does not know are refused, `maximize` and `amsgrad` among them;
- `x // y` has no history, its derivative being 0 wherever there is one; PyTorch refuses to differentiate it;
- `save` and `load` write and read `.npz` files, without pickle; a `Generator` is NumPy's, and a NumPy generator is one.
"""

# ruff: noqa: F401 (the names are imported here so that they can be imported from here)

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

from nnkit import memory
from nnkit.engine import (
    Generator,
    Tensor,
    arange,
    bool_,
    cat,
    float32,
    float64,
    from_numpy,
    full,
    int64,
    linspace,
    manual_seed,
    maximum,
    multinomial,
    no_grad,
    normal,
    ones,
    ones_like,
    rand,
    randint,
    randn,
    randn_like,
    randperm,
    stack,
    tensor,
    walk,
    where,
    zeros,
    zeros_like,
)
from nnkit.gradient_check import GradientError, gradcheck
from nnkit.nn.summary import summary
from nnkit.saving import load, save

__version__ = "0.1.0"

memory.keep_freed_memory()

# Subpackages, loaded on request.
LAZY = tuple(
    "cli data draw engine exercises functional gradient_check grading languages mine nn optim training widgets".split()
)


def _function(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of Tensor as a function: nnkit.exp(x) is x.exp()."""

    @functools.wraps(method)
    def function(input: Any, *arguments: Any, **options: Any) -> Any:
        if not isinstance(input, Tensor):
            raise TypeError(
                f"nnkit.{method.__name__} takes a tensor, got {type(input).__name__}; wrap it in nnkit.tensor(…)."
            )
        return method(input, *arguments, **options)

    return function


def progress(folder: Any = None) -> Any:
    """How far you are in the course: which checks have passed, since when, and what comes next.

    It is read from a small file to which each check of a notebook adds a line, and which never leaves your machine.

    Parameters
    ----------
    folder : Path or None
        Where the notebooks are; the working folder when left out.

    Returns
    -------
    nnkit.exercises.progress.Progress
        A notebook shows it as a table, `print` as text.

    Examples
    --------
    >>> progress().passed
    ()
    """
    from nnkit.exercises.progress import progress as gathered

    return gathered(folder)


def language(name: Any = None) -> str:
    """Choose the language in which checks, hints and traces speak, or ask which it is.

    The choice holds until Python ends. The environment variable ``NNKIT_LANGUAGE`` makes it for good.

    Parameters
    ----------
    name : str or None
        Such as "de" or "en"; left out, nothing changes.

    Returns
    -------
    str
        The language that is spoken now.

    Raises
    ------
    ValueError
        There is no such language; the sentence says which there are.

    Examples
    --------
    >>> language()
    'en'
    """
    from nnkit.languages import language as choose

    return choose(name)


def __getattr__(name: str) -> Any:
    if name in LAZY:
        return importlib.import_module(f"nnkit.{name}")
    raise AttributeError(f"nnkit has no name {name!r}. dir(nnkit) lists what there is.")


def __dir__() -> list[str]:
    own = (name for name, value in globals().items() if _is_own(value) and not name.startswith("_"))
    return sorted({*own, *LAZY, "__version__"})


def _is_own(value: Any) -> Any:
    """Say whether a name belongs to nnkit (or is a dtype), and was not merely imported for use in this file."""
    return str(getattr(value, "__module__", "")).startswith("nnkit") or hasattr(value, "itemsize")


# The methods that PyTorch also offers as functions.
abs = _function(Tensor.abs)
all = _function(Tensor.all)
allclose = _function(Tensor.allclose)
any = _function(Tensor.any)
argmax = _function(Tensor.argmax)
argmin = _function(Tensor.argmin)
atan = _function(Tensor.atan)
clamp = _function(Tensor.clamp)
clone = _function(Tensor.clone)
cos = _function(Tensor.cos)
eq = _function(Tensor.eq)
exp = _function(Tensor.exp)
flatten = _function(Tensor.flatten)
log = _function(Tensor.log)
log_softmax = _function(Tensor.log_softmax)
matmul = _function(Tensor.matmul)
masked_fill = _function(Tensor.masked_fill)
max = _function(Tensor.max)
mean = _function(Tensor.mean)
min = _function(Tensor.min)
mm = _function(Tensor.mm)
norm = _function(Tensor.norm)
numel = _function(Tensor.numel)
permute = _function(Tensor.permute)
pow = _function(Tensor.pow)
relu = _function(Tensor.relu)
reshape = _function(Tensor.reshape)
sigmoid = _function(Tensor.sigmoid)
sin = _function(Tensor.sin)
softmax = _function(Tensor.softmax)
sqrt = _function(Tensor.sqrt)
squeeze = _function(Tensor.squeeze)
std = _function(Tensor.std)
sum = _function(Tensor.sum)
t = _function(Tensor.t)
tanh = _function(Tensor.tanh)
transpose = _function(Tensor.transpose)
unsqueeze = _function(Tensor.unsqueeze)
var = _function(Tensor.var)

# The dtypes under PyTorch's short names. They come last: from here on `float` and `bool` are no longer Python's.
float, double, long, bool = float32, float64, int64, bool_
del bool_
