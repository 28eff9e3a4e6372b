"""A step of the release: questions are handed out with their answers sealed.

In `solutions/` a question is written as one reads it, `widgets.predict("What is ∂c/∂a?", 4, "Messages add up.")`. What
students get says `widgets.predict("What is ∂c/∂a?", sealed="…")` (see `nnkit.widgets.sealing`). Only these arguments
change; every other letter of the cell stays where it was. Comments within the brackets of such a call go with the
answer, about which they may say something.
"""

from __future__ import annotations

import ast
import inspect
import io
import itertools
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from nnkit import widgets
from nnkit.widgets.sealing import SEALED_PARAMETERS, constant, seal

_PACKAGE = "nnkit.widgets"
_ASKS = re.compile(rf"\bwidgets\.(?:{'|'.join(SEALED_PARAMETERS)})\(")
_MAGIC = re.compile(r"^[ \t]*[%!].*$", re.MULTILINE)
_NO_CODE = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


class SealQuestions(NbGraderPreprocessor):
    """Seal the answers of every question in a notebook that is handed out."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Seal the questions of one notebook.

        Parameters
        ----------
        nb : NotebookNode
            The notebook, changed in place.
        resources : dict[str, Any]
            nbgrader's own.
        """
        code = [cell for cell in nb.cells if cell.cell_type == "code"]
        names = imported_names(cell.source for cell in code)
        for cell in code:
            try:
                cell.source = sealed_source(cell.source, names)
            except ValueError as problem:
                raise ValueError(f"Cell {cell.get('id', '')}: {problem}") from None
        return nb, resources


@dataclass(frozen=True)
class Argument:
    """An argument of a question, and where it stands in the cell.

    Parameters
    ----------
    name : str
        Of the parameter that it is for.
    node : ast.expr
        Its value.
    is_named : bool
        Whether its name stands before it.
    start, end : int
        From the first letter to behind the last, brackets around it and its name included.
    """

    name: str
    node: ast.expr
    is_named: bool
    start: int
    end: int


@dataclass(frozen=True)
class Question:
    """A call that asks, with its arguments in their order, and the places of comments within its brackets."""

    kind: str
    arguments: tuple[Argument, ...]
    comments: tuple[tuple[int, int], ...]

    @property
    def revealing(self) -> tuple[Argument, ...]:
        """The arguments that give the answer away."""
        return tuple(argument for argument in self.arguments if argument.name in SEALED_PARAMETERS[self.kind])


def imported_names(sources: Iterable[str]) -> dict[str, str]:
    """Under which names a notebook knows nnkit and what is in it.

    Parameters
    ----------
    sources : Iterable[str]
        Of all code cells.

    Returns
    -------
    dict from str to str
        The name in the notebook → where it comes from.

    Examples
    --------
    >>> imported_names(["from nnkit import widgets, draw as d", "import nnkit.widgets as w", "import nnkit"])
    {'widgets': 'nnkit.widgets', 'd': 'nnkit.draw', 'w': 'nnkit.widgets', 'nnkit': 'nnkit'}
    """
    names: dict[str, str] = {}
    for source in sources:
        tree = _tree(source) or _tree(_MAGIC.sub("", source)) or ast.Module([], [])
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found = {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                found = {alias.asname or "nnkit": alias.name if alias.asname else "nnkit" for alias in node.names}
            else:
                continue
            names |= {name: origin for name, origin in found.items() if origin.split(".")[0] == "nnkit"}
    return names


def sealed_source(source: str, names: Mapping[str, str]) -> str:
    """Seal what gives answers away in the text of a cell.

    Parameters
    ----------
    source : str
        The cell's text.
    names : Mapping[str, str]
        See `imported_names`.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the cell asks something in a way in which its answer cannot be found.

    Examples
    --------
    >>> asks = 'w.predict("How many?", 2**2, "Two by two.", within=0.1)  # now'
    >>> sealed_source(asks, {"w": "nnkit.widgets"})
    'w.predict("How many?", sealed="c988eiqkOYBHa5QWjTA1r9BwamaAyZOKGgxOunnANgPCawmFl_B59BuqMCE", within=0.1)  # now'
    """
    changes: list[tuple[int, int, str]] = []
    for question in questions(source, names):
        hidden = {argument.name: argument for argument in question.revealing if _is_constant(argument.node)}
        if not hidden:
            continue
        texts = {name: _value(source, argument) for name, argument in hidden.items()}
        gone: list[tuple[int, int, str]] = []
        for place, argument in enumerate(question.arguments):
            if argument.name in hidden:
                first = not gone
                start = argument.start if first else question.arguments[place - 1].end
                gone.append((start, argument.end, f'sealed="{seal(texts)}"' if first else ""))
            elif gone and not argument.is_named:
                changes.append((argument.start, argument.start, f"{argument.name}="))
        changes += gone
        for start, end in question.comments:
            if not any(left <= start < right for left, right, _ in gone):
                changes.append((_before_comment(source, start), end, ""))
    for start, end, text in sorted(changes, reverse=True):
        source = source[:start] + text + source[end:]
    return source


def questions(source: str, names: Mapping[str, str]) -> list[Question]:
    """Find the calls in the text of a cell that ask something.

    Parameters
    ----------
    source, names
        As for `sealed_source`.

    Raises
    ------
    ValueError
        If the cell or the arguments of a call cannot be read.
    """
    tree = _tree(source)
    if tree is None:
        if _ASKS.search(source):
            raise ValueError("it asks a question, so it has to be plain Python; put magics into another cell.")
        return []
    tokens: list[_Token] | None = None
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (kind := _kind(node.func, names)):
            tokens = _tokens(source) if tokens is None else tokens
            found.append(_question(source, node, kind, tokens))
    return found


@dataclass(frozen=True)
class _Token:
    kind: int
    text: str
    start: int
    end: int


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _kind(function: ast.expr, names: Mapping[str, str]) -> str:
    """Which question a call asks, by the name of its widget; empty where it is another function."""
    path: list[str] = []
    while isinstance(function, ast.Attribute):
        path.insert(0, function.attr)
        function = function.value
    if not isinstance(function, ast.Name) or function.id not in names:
        return ""
    called = ".".join([names[function.id], *path])
    kind = called.rpartition(".")[2]
    return kind if kind in SEALED_PARAMETERS and called.startswith(f"{_PACKAGE}.") else ""


def _question(source: str, call: ast.Call, kind: str, tokens: list[_Token]) -> Question:
    if any(isinstance(value, ast.Starred) for value in call.args) or any(one.arg is None for one in call.keywords):
        raise ValueError(f"{kind} gets its arguments by a star. Write them out, so that the answer can be sealed.")
    names = list(inspect.signature(getattr(widgets, kind)).parameters)
    if len(call.args) > len(names):
        raise ValueError(f"{kind} has at most {len(names)} arguments, but gets {len(call.args)}.")
    values = [*zip(names, call.args, [False] * len(call.args), strict=False)]
    values += [(str(one.arg), one.value, True) for one in call.keywords]
    pieces, comments = _pieces(source, call, tokens)
    arguments = [Argument(*value, *piece) for value, piece in zip(values, pieces, strict=True)]
    return Question(kind, tuple(arguments), tuple(comments))


def _line_starts(source: str) -> list[int]:
    return [0, *itertools.accumulate(len(line) + 1 for line in source.split("\n"))]


def _pieces(source: str, call: ast.Call, tokens: list[_Token]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where each argument of a call stands, and each comment within its brackets."""
    lines, starts = source.split("\n"), _line_starts(source)

    def place(line: int, column: int) -> int:
        # The syntax tree counts bytes of UTF-8.
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    def span(node: ast.expr) -> tuple[int, int]:
        return place(node.lineno, node.col_offset), place(node.end_lineno or 0, node.end_col_offset or 0)

    nodes = [span(node) for node in [*call.args, *(one.value for one in call.keywords)]]
    behind_name, behind_call = span(call.func)[1], span(call)[1]
    within = [token for token in tokens if behind_name <= token.start < behind_call]
    opening = next(number for number, token in enumerate(within) if token.text == "(")
    pieces: list[list[_Token]] = [[]]
    comments = []
    for token in within[opening + 1 : -1]:
        # A comma between arguments; those of a lambda or a list stand within one.
        if token.text == "," and not any(left <= token.start < right for left, right in nodes):
            pieces.append([])
            continue
        if token.kind == tokenize.COMMENT:
            comments.append((token.start, token.end))
        if token.kind not in _NO_CODE:
            pieces[-1].append(token)
    return [(piece[0].start, piece[-1].end) for piece in pieces if piece], comments


def _tokens(source: str) -> list[_Token]:
    starts = _line_starts(source)

    def place(position: tuple[int, int]) -> int:
        return starts[position[0] - 1] + position[1]

    found = tokenize.generate_tokens(io.StringIO(source).readline)
    return [_Token(token.type, token.string, place(token.start), place(token.end)) for token in found]


def _is_constant(node: ast.expr) -> bool:
    try:
        constant(node)
    except ValueError:
        return False
    return True


def _value(source: str, argument: Argument) -> str:
    text = source[argument.start : argument.end]
    return text.partition("=")[2].strip() if argument.is_named else text


def _before_comment(source: str, start: int) -> int:
    """Where to cut for a comment: behind what stands before it, and with its line where it has one of its own."""
    cut = len(source[:start].rstrip(" \t"))
    return cut - 1 if source[:cut].endswith("\n") else cut
