"""Other libraries that hold an exercise's answer: importing them goes well, using them says that they are withheld.

A notebook may import SciPy at its top and do nothing with it; such an import must not cost its author the other names
of that cell. So a masked package is found, and whatever is taken from it, but every use raises `Withheld`: a call, a
subclass, an operator, a loop. A package that is not installed is not found, as at home.

`mask` has to be called before anything of the student's runs. It needs nothing but Python and `Withheld`.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn


def _refuse(name: str) -> NoReturn:
    from nnkit.exercises.beside.withheld import Withheld

    raise Withheld(name)


class _Kind(type):
    """The class of everything that is taken from a masked package; each is a class itself, for `isinstance`."""

    def __new__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any], masked: str = "") -> Any:
        if not masked:  # somebody derives from a masked class
            _refuse(next((base.__dict__["_masked"] for base in bases if isinstance(base, _Kind)), name))
        return super().__new__(
            cls, name, bases, {**members, "_masked": masked, "__module__": masked.rpartition(".")[0]}
        )

    def __init__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any], masked: str = "") -> None:
        super().__init__(name, bases, members)

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        _refuse(cls.__dict__["_masked"])

    def __getattr__(cls, name: str) -> Any:
        return _masked(cls.__dict__["_masked"], name)

    def __getitem__(cls, index: Any) -> Any:
        return cls  # in the types of a signature, as `|` is

    def __bool__(cls) -> bool:
        return True

    def __instancecheck__(cls, instance: Any) -> bool:
        return False

    def __subclasscheck__(cls, subclass: type) -> bool:
        return False

    def __repr__(cls) -> str:
        return f"<withheld {cls.__dict__['_masked']}>"


def _refusing(operator: str) -> Any:
    def refuse(cls: Any, *operands: Any, **options: Any) -> Any:
        _refuse(cls.__dict__["_masked"])

    refuse.__name__ = operator
    return refuse


_OPERATORS = (
    "add sub mul matmul truediv floordiv mod pow lshift rshift and xor radd rsub rmul rmatmul rtruediv rfloordiv rmod "
    "rpow rand rxor neg pos abs invert lt le gt ge setitem delitem contains iter len enter exit aenter await int float "
    "index complex round array"
).split()
for _operator in _OPERATORS:
    setattr(_Kind, f"__{_operator}__", _refusing(f"__{_operator}__"))


def _masked(path: str, name: str) -> Any:
    """Return what stands for a name of a masked package."""
    if name.startswith(("__", "_repr_", "_ipython_")):  # what Python and IPython look for; there is none
        raise AttributeError(f"{path} is withheld here and has no {name}.")
    return _Kind(name, (), {}, masked=f"{path}.{name}")


class MaskedModule(types.ModuleType):
    """A module whose every name is there, and of no use."""

    def __getattr__(self, name: str) -> Any:
        return _masked(self.__name__, name)


class Mask(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds masked packages, and the modules in them.

    Parameters
    ----------
    names : iterable of str
        Top-level packages or modules.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a masked package, if it is installed, or any module of one."""
        top, _, inside = fullname.partition(".")
        if top not in self._names or (not inside and not is_installed(top)):
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Make the module, with nothing in it."""
        return MaskedModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Run nothing."""


def is_installed(name: str) -> bool:
    """Whether Python would find a module or package of this name; nothing is loaded.

    Parameters
    ----------
    name : str
        A top-level name.

    Examples
    --------
    >>> is_installed("json"), is_installed("no_such_library")
    (True, False)
    """
    return importlib.machinery.PathFinder.find_spec(name) is not None


def mask(names: Iterable[str]) -> Mask:
    """Withhold packages from all that is imported from now on.

    Parameters
    ----------
    names : iterable of str
        Top-level packages or modules, as `nnkit.grading.run.package.foreign_withheld` lists them.

    Returns
    -------
    Mask
        The first in `sys.meta_path`.

    Raises
    ------
    RuntimeError
        If one of them is loaded already, so that its functions are at hand.
    """
    names = sorted(set(names))
    loaded = [name for name in names if name in sys.modules]
    if loaded:
        raise RuntimeError(
            f"{', '.join(loaded)} cannot be withheld: it is loaded already. Call `mask` before anything imports it."
        )
    made = Mask(names)
    sys.meta_path.insert(0, made)
    return made
