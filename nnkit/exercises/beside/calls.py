"""What the answer calls: other exercises' functions, and what it is to write itself.

While a `CallListener` is entered it hears of every call, by whatever name the function goes. What is listened for is
known by its code, so a function under another name, or wrapped by a decorator, is heard all the same.
"""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnkit.engine import Primitive


class CallListener:
    """While it is entered, notes which companions and which withheld functions are called, by whatever name."""

    def __init__(self, student: Any, companions: list[str], withheld: list[str], namespace: Mapping[str, Any]) -> None:
        self.called: set[str] = set()
        self.delegated: set[str] = set()
        self._student = student
        self._companions = companions
        self._namespace = namespace
        self._unloaded = list(withheld)
        self._codes: dict[types.CodeType, tuple[set[str], str]] = {}
        self._builtins: list[tuple[Any, str]] = []
        self._own: set[types.CodeType] = set()

    def prepare(self) -> bool:
        """Find what to listen for. Called again, True when a withheld function was loaded in the meantime."""
        if not self._own:
            self._own = set(codes_of(self._student))
            for name in self._companions:
                for code in codes_of(self._namespace.get(name)):
                    if code not in self._own:
                        self._codes[code] = (self.called, name)
        found = False
        for name in list(self._unloaded):
            target = loaded(name)
            if target is None:
                continue
            self._unloaded.remove(name)
            found = True
            codes = codes_of(target)
            if self._own.intersection(codes):
                self.delegated.add(name)
            for code in codes:
                self._codes[code] = (self.delegated, name)
            if not codes:
                self._builtins.append((target, name))
        return found

    def __enter__(self) -> CallListener:
        if self._codes or self._builtins:
            sys.setprofile(self._listen)
        return self

    def __exit__(self, *details: object) -> None:
        sys.setprofile(None)

    def _listen(self, frame: types.FrameType, event: str, argument: Any) -> None:
        if event == "call":
            entry = self._codes.get(frame.f_code)
            if entry is not None and (entry[0] is self.delegated or self._beneath_the_answer(frame)):
                entry[0].add(entry[1])
        elif event == "c_call":
            for target, name in self._builtins:
                if argument is target:
                    self.delegated.add(name)

    def _beneath_the_answer(self, frame: types.FrameType) -> bool:
        """Whether the student's own code has called this; what the probe itself calls is the probe's."""
        caller = frame.f_back
        while caller is not None:
            if caller.f_code in self._own:
                return True
            caller = caller.f_back
        return False


def loaded(dotted: str) -> Any:
    """The object of a dotted name, None while its module is not loaded."""
    module, _, path = dotted.partition(".")
    found: Any = sys.modules.get(module)
    parts = path.split(".")
    while parts and f"{module}.{parts[0]}" in sys.modules:
        module = f"{module}.{parts.pop(0)}"
        found = sys.modules[module]
    for part in parts:
        found = vars(found).get(part) if isinstance(found, types.ModuleType | type) else None
        if found is None:
            return None
    return found


def codes_of(target: Any, depth: int = 0) -> list[types.CodeType]:
    """The code objects that run when the target is called; none for a function of a compiled module.

    Only types that are what they seem are looked into: an object of the student's may do anything when it is asked.
    """
    kind = type(target)
    if depth > 20:
        return []
    if issubclass(kind, types.FunctionType):
        inner = vars(target).get("__wrapped__")  # what functools.wraps leaves on a decorated function
        return [target.__code__, *(codes_of(inner, depth + 1) if inner is not None else [])]
    if kind is types.MethodType:
        return codes_of(target.__func__, depth + 1)
    if kind is functools.partial:
        return codes_of(target.func, depth + 1)
    if kind is np.vectorize:
        return codes_of(target.pyfunc, depth + 1)
    if kind is _LRU_CACHE:
        return codes_of(target.__wrapped__, depth + 1)
    if kind is Primitive:  # as a method of Tensor, too
        return codes_of(target.function, depth + 1)
    if issubclass(kind, type):
        members = type.__dict__["__dict__"].__get__(target).values()
        return [member.__code__ for member in members if type(member) is types.FunctionType]
    inner = type.__dict__["__dict__"].__get__(kind).get("__call__")
    return [inner.__code__] if type(inner) is types.FunctionType else []


_LRU_CACHE = type(functools.lru_cache(lambda: None))
