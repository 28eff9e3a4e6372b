"""Answers that cannot be read by looking at the cell that asks: an argument of a question as a line of letters.

The released notebooks ask with `sealed="…"` in the place of the answer and its explanation, because a folded cell is
folded in JupyterLab only: Colab, other editors and a marked notebook show its text. A seal is opaque to the eye and no
more than that. Whoever wants to know what is in it calls `unseal`; nothing secret belongs there.

What is sealed is the text of the arguments, as it stands in the source: literals, arithmetic with them, f-strings and
a few functions of NumPy, nothing that has to be run. Letters are mixed with a stream made from a checksum of the text,
so the same text gives the same seal with every version of Python and on every system, and similar texts do not give
similar seals. There is no compression in it, because its result depends on the build of the library.
"""

from __future__ import annotations

import ast
import base64
import binascii
import hashlib
import itertools
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

SEALED_PARAMETERS: dict[str, tuple[str, ...]] = {
    "predict": ("answer", "explanation", "accept"),
    "sketch": ("truth", "explanation"),
}
"""Of each widget that asks, the parameters that give its answer away."""

_CHECK_BYTES = 6
_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {"float": float, "int": int, "round": round, "abs": abs, "sum": sum}
_NUMPY = frozenset("abs arccos arcsin arctan cos degrees e exp log log10 log2 mean pi radians sin sqrt sum tan".split())
_CONVERSIONS: dict[int, Callable[[Any], str]] = {ord("s"): str, ord("r"): repr, ord("a"): ascii}


def seal(arguments: Mapping[str, str]) -> str:
    """Seal arguments of a question.

    Parameters
    ----------
    arguments : Mapping[str, str]
        The name of each argument and its text, as in a program.

    Returns
    -------
    str
        Letters, digits, "-" and "_".

    Raises
    ------
    ValueError
        If an argument is not constant, or no expression.

    Examples
    --------
    >>> seal({"answer": "4"})
    '3idtByFS-9os2sGGBco'
    >>> unseal(seal({"answer": "4**10", "explanation": '"Two " "parts."'}))
    {'answer': 1048576, 'explanation': 'Two parts.'}
    """
    text = ", ".join(f"{name}={value}" for name, value in arguments.items())
    _arguments(text)
    plain = text.encode()
    check = _check(plain)
    return base64.urlsafe_b64encode(check + _mixed(plain, check)).decode().rstrip("=")


def unseal(sealed: str) -> dict[str, Any]:
    """Return what `seal` has sealed, with the values of the arguments.

    Parameters
    ----------
    sealed : str

    Returns
    -------
    dict from str to object

    Raises
    ------
    ValueError
        If it is not whole.

    Examples
    --------
    >>> unseal(seal({"answer": "-0.5", "accept": "('half', )"}))
    {'answer': -0.5, 'accept': ('half',)}
    >>> unseal("3idtByFS-9os2sGGAco")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ValueError: The sealed answer of this question is damaged: ...
    """
    try:
        content = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        check, plain = content[:_CHECK_BYTES], _mixed(content[_CHECK_BYTES:], content[:_CHECK_BYTES])
        if check != _check(plain):
            raise ValueError
        return _arguments(plain.decode())
    except (TypeError, ValueError, binascii.Error):
        raise ValueError(
            "The sealed answer of this question is damaged: at least one of its letters was changed or is missing. "
            "Copy the cell once more from the notebook as it was handed out."
        ) from None


def opened(sealed: str | None, **given: Any) -> tuple[Any, ...]:
    """Return the arguments of a question, each from its seal where it is sealed, else as it was given.

    Parameters
    ----------
    sealed : str or None
        As `seal` returns it; None where nothing is sealed.
    **given : object
        Every argument that can be sealed, as the call has it.

    Returns
    -------
    tuple of object
        In the order in which they were given.

    Raises
    ------
    ValueError
        If the seal is damaged, or holds what the question does not have.

    Examples
    --------
    >>> opened(seal({"answer": "4"}), answer=None, explanation="Messages add up.")
    (4, 'Messages add up.')
    """
    if sealed is None:
        return tuple(given.values())
    found = unseal(sealed)
    if strange := found.keys() - given.keys():
        raise ValueError(
            f"The seal belongs to another kind of question: it holds {', '.join(sorted(strange))}, and this one has "
            f"{', '.join(given)}. Copy the cell once more from the notebook as it was handed out."
        )
    return tuple((given | found).values())


def constant(node: ast.expr) -> Any:
    """Return the value of an expression that needs nothing of the notebook.

    Parameters
    ----------
    node : ast.expr
        Literals, arithmetic, f-strings, `float`, `round` and the like, and some functions of `np`.

    Returns
    -------
    object

    Raises
    ------
    ValueError
        If it holds anything else, such as a variable.

    Examples
    --------
    >>> expressions = "-2 * 0.8", "float(np.sqrt(16))", "f'{10**3:,} of {2!r}'"
    >>> [constant(ast.parse(text, mode="eval").body) for text in expressions]
    [-1.6, 4.0, '1,000 of 2']
    >>> constant(ast.parse("2 * rate", mode="eval").body)
    Traceback (most recent call last):
        ...
    ValueError: “rate” is not constant.
    """
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple):
        return tuple(constant(element) for element in node.elts)
    if isinstance(node, ast.List):
        return [constant(element) for element in node.elts]
    if isinstance(node, ast.Dict) and None not in node.keys:
        keys = [constant(key) for key in node.keys if key is not None]
        return dict(zip(keys, map(constant, node.values), strict=True))
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](constant(node.operand))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](constant(node.left), constant(node.right))
    if isinstance(node, ast.JoinedStr):
        return "".join(constant(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        value = constant(node.value)
        value = _CONVERSIONS[node.conversion](value) if node.conversion in _CONVERSIONS else value
        return format(value, "" if node.format_spec is None else constant(node.format_spec))
    if isinstance(node, ast.Attribute) and node.attr in _NUMPY and ast.unparse(node.value) == "np":
        return getattr(np, node.attr)
    if isinstance(node, ast.Call) and not node.keywords:
        simple = isinstance(node.func, ast.Name) and _FUNCTIONS.get(node.func.id)
        return (simple or constant(node.func))(*map(constant, node.args))
    raise ValueError(f"“{ast.unparse(node)}” is not constant.")


def _arguments(text: str) -> dict[str, Any]:
    """The arguments that stand in a text as in the brackets of a call."""
    try:
        call = ast.parse(f"question({text}\n)", mode="eval").body
    except SyntaxError:
        raise ValueError(f"“{text}” are no arguments.") from None
    if not isinstance(call, ast.Call):
        raise ValueError(f"“{text}” are no arguments.")
    return {str(keyword.arg): constant(keyword.value) for keyword in call.keywords}


def _check(plain: bytes) -> bytes:
    return hashlib.sha256(plain).digest()[:_CHECK_BYTES]


def _mixed(text: bytes, key: bytes) -> bytes:
    """Each byte with one of the key's stream; done twice, the text is what it was."""
    blocks = (hashlib.sha256(key + count.to_bytes(4, "big")).digest() for count in itertools.count())
    return bytes(map(operator.xor, text, itertools.chain.from_iterable(blocks)))
