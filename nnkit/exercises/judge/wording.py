"""Small words: numbers, shapes, indices and lists as a reader wants to see them in a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.languages import joined, listing, plural, say

__all__ = ["all_written", "arguments_text", "error_size", "in_words", "index_text", "listing", "number", "plural"]
__all__ += ["shape_text", "written"]

BEYOND = 10**30  # whole numbers from here on are told by their size


def number(value: Any, beside: Any = None) -> str:
    """A number with four significant digits and a true minus sign; more digits where `beside` would look the same.

    Examples
    --------
    >>> number(-0.12345678)
    '−0.1235'
    >>> number(1.00001, beside=1.0)
    '1.00001'
    """
    for digits in (4, 6, 9, 12, 17):
        text = _digits(value, digits)
        if beside is None or _digits(beside, digits) != text:
            break
    return text


def _digits(value: Any, digits: int) -> str:
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int) and abs(value) >= BEYOND:
        power = f"10{_superscript(len(str(abs(value))) - 1)}"
        return say("−about {power}", power=power) if value < 0 else say("about {power}", power=power)
    if isinstance(value, int | np.integer):
        return str(int(value)).replace("-", "−")
    value = float(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "−inf"
    if value == 0:
        return "0"
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}·10{_superscript(int(exponent))}"
    return text.replace("-", "−")


def _superscript(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def error_size(value: float) -> str:
    """An error as a power of ten that it does not exceed: sizes matter, digits differ between machines.

    Examples
    --------
    >>> error_size(2.3e-9)
    '10⁻⁸'
    """
    return f"10{_superscript(math.ceil(math.log10(value)))}"


def index_text(place: tuple[int, ...]) -> str:
    """'[0, 2]', as one would type it."""
    return f"[{', '.join(str(i) for i in place)}]"


def shape_text(array: np.ndarray) -> str:
    """'shape (4, 3)', 'no dimensions (it is one number)'."""
    return say("shape {shape}", shape=array.shape) if array.ndim else say("shape () (one number)")


def in_words(value: Any) -> str:
    """What a value is, for "returned …, expected …"."""
    if value is None:
        return "None"
    if isinstance(value, wire.Opaque):
        name = value.type_name
        return say("an {type}", type=name) if name[:1] in tuple("aeiou") else say("a {type}", type=name)
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, str):
        return say("the text {text}", text=repr(value[:40]))
    if isinstance(value, np.ndarray) and value.ndim:
        return say("one array of shape {shape}", shape=value.shape)
    if isinstance(value, int | float | np.number | np.ndarray):
        return say("one number")
    if isinstance(value, dict):
        return say("a dictionary of {entries}", entries=plural(len(value), "entry", "entries"))
    return say("a {type} of {entries}", type=type(value).__name__, entries=plural(len(value), "entry", "entries"))


def arguments_text(arguments: Mapping[str, Any]) -> str:
    """A case in words: short values as they are, longer ones as shapes."""
    parts = []
    for name, value in arguments.items():
        parts.append(_value_text(name, value))
    return joined(part for part in parts if part)


def _value_text(name: str, value: Any) -> str:
    if isinstance(value, np.ndarray):
        if 0 < value.size <= 3 and value.ndim == 1:
            return f"{name} = [{', '.join(number(entry) for entry in value)}]"
        if value.ndim == 0:
            return f"{name} = {number(value[()])}"
        if value.dtype.kind in "iu":
            return say("{name} of shape {shape} of integers", name=name, shape=value.shape)
        return say("{name} of shape {shape}", name=name, shape=value.shape)
    if isinstance(value, str):
        return f"{name} = {value!r}"
    if isinstance(value, int | float | np.number):
        return f"{name} = {number(value)}"
    if isinstance(value, list | tuple):
        if len(value) <= 4 and all(isinstance(entry, int | float) for entry in value):
            return f"{name} = [{', '.join(number(entry) for entry in value)}]"
        return say("{name} with {entries}", name=name, entries=plural(len(value), "entry", "entries"))
    if isinstance(value, dict):
        inner = ", ".join(f"{key} = {number(entry)}" for key, entry in value.items() if isinstance(entry, int | float))
        if inner and len(value) <= 6:
            return f"{name}: {inner}"
        return say("{name} with {entries}", name=name, entries=plural(len(value), "entry", "entries"))
    return ""


def written(values: Any) -> str:
    """Numbers as one would type them, with true minus signs.

    Examples
    --------
    >>> written([[1.0, -2.5]])
    '[[1, −2.5]]'
    """
    if np.ndim(values) == 0:
        return f"{float(values):g}".replace("-", "−")
    return f"[{', '.join(written(value) for value in values)}]"


def all_written(arguments: Mapping[str, Any]) -> str:
    """Each argument by its name.

    Examples
    --------
    >>> all_written({"w": [3.0, -2.0], "b": 0.5})
    'w = [3, −2], b = 0.5'
    """
    return ", ".join(f"{name} = {written(value)}" for name, value in arguments.items())
