"""The lines of an answer, made comparable: spacing, comments, names of a student's own choice do not count.

A line is a statement; of a loop or a branch it is the head. It has one or more *pieces*, which are what is compared: of
``return dz * w, dz`` the two results, of ``u, v = x + y, z**2`` the two values. In a piece

- a student's own names (locals, helper functions) are numbered from left to right, parameters are called as the
  exercise calls them;
- summands and factors stand in one fixed order, and a minus stands in front: ``-(t - y) * s`` and ``s * (y - t)`` are
  the same, as are ``a < b`` and ``b > a``, ``s += a`` and ``s = s + a``, ``np.exp`` and ``math.exp``, 2 and 2.0;
- into which of the student's own names a value is put does not count.

So two lines that are taken for the same may still do different things, and two that do the same may be taken for
different ones. Who uses this has to ask for more than one line that differs. No code is run.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nbformat.notebooknode import NotebookNode

from nnkit.grading.marks.outcomes import checked_exercise

LONGEST_CELL = 20_000  # letters; a longer cell is nobody's answer to read
MOST_LINES = 400
_MODULES = ("np", "numpy", "math")
_MAGIC = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)
_MARK = re.compile("\x00([^\x00]*)\x00")  # around a student's own name
_TRIVIAL = re.compile(r"(=|return\d+\.\d+ |do )•\d+")  # of numbered names alone, which say nothing
_Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPE = (*_FUNCTION, ast.ClassDef)


@dataclass(frozen=True)
class Line:
    """A statement of an answer.

    Parameters
    ----------
    text : str
        As Python writes it.
    where : str
        The method in which it stands, "" outside classes.
    pieces : tuple[str, ...]
        What is compared; equal for what is taken for the same.
    """

    text: str
    where: str
    pieces: tuple[str, ...]


def answer_lines(notebook: NotebookNode, exercise: str, name: str, parameters: Sequence[str] = ()) -> tuple[Line, ...]:
    """The lines of the answer to an exercise, as its check met it.

    Parameters
    ----------
    notebook : NotebookNode
        Whose code cells are read, with nbgrader's metadata.
    exercise : str
        The answer is what stands before its check.
    name : str
        The function or class that is asked for.
    parameters : Sequence[str]
        How the exercise calls what the function takes.

    Returns
    -------
    tuple of Line
        Empty where nothing defines the name, or where it cannot be read.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> found = answer_lines(new_notebook(cells=[new_code_cell("def double(y):  return 2*y")]), "double", "double", "x")
    >>> found[1]
    Line(text='return 2 * y', where='', pieces=('return0.1 *(2.0,x)',))
    """
    sources = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            graded = cell.metadata.get("nbgrader", {}).get("grade")
            if graded and checked_exercise(cell.source) == exercise:  # a check of a student's own ends nothing
                break
            sources.append(cell.source)
    return lines_of_sources(sources, name, parameters)


def lines_of_sources(sources: Iterable[str], name: str, parameters: Sequence[str] = ()) -> tuple[Line, ...]:
    """The lines of the answer that some cells give, one after the other.

    Parameters
    ----------
    sources : Iterable[str]
        The cells.
    name, parameters
        See `answer_lines`.

    Examples
    --------
    >>> [line.text for line in lines_of_sources(["def f(x):  # twice", "def f(x):\\n    y=x+1\\n    return y*2"], "f")]
    ['def f(x):', 'y = x + 1', 'return y * 2']
    """
    try:
        trees = [tree for tree in map(_parsed, sources) if tree is not None]
        cells: list[ast.Module] = []
        for tree in reversed(trees):
            if defined := _binds(tree, name):
                cells.insert(0, tree)
                if not _builds_on_itself(defined, name):
                    break
        lines = [line for tree in cells for line in _lines_of_cell(tree, name, parameters)]
    except (RecursionError, MemoryError):  # nested deeper than anybody writes
        return ()
    return tuple(lines) if len(lines) <= MOST_LINES else ()


# ---------------------------------------------------------------------------------------------------------------------
# From cells to statements
# ---------------------------------------------------------------------------------------------------------------------


def _parsed(source: str) -> ast.Module | None:
    if len(source) > LONGEST_CELL:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes in a student's texts
        for text in (source, _MAGIC.sub("", source)):
            try:
                return ast.parse(text)
            except (SyntaxError, ValueError):
                continue
    return None


def _binds(tree: ast.Module, name: str) -> ast.stmt | None:
    """The last statement of a cell that gives the name its meaning, or hangs something onto it."""
    found: ast.stmt | None = None
    for statement in tree.body:
        if (isinstance(statement, _SCOPE) and statement.name == name) or any(
            isinstance(part, ast.Name) and part.id == name
            for target in _targets(statement)
            for part in ast.walk(target)
        ):
            found = statement
    return found


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AnnAssign | ast.AugAssign) else []


def _builds_on_itself(statement: ast.stmt, name: str) -> bool:
    """Whether what a statement defines is made from what the name meant before: ``class Value(Value)``."""
    if isinstance(statement, _FUNCTION):
        return False
    if isinstance(statement, ast.ClassDef):
        return any(isinstance(base, ast.Name) and base.id == name for base in statement.bases)
    return not any(isinstance(target, ast.Name) for target in _targets(statement)) or any(
        isinstance(part, ast.Name) and part.id == name
        for part in ast.walk(getattr(statement, "value", None) or ast.Pass())
    )


def _lines_of_cell(tree: ast.Module, name: str, parameters: Sequence[str]) -> list[Line]:
    """The lines of all that a cell defines: helper functions and numbers beside the answer are its parts."""
    own = {node.name for node in tree.body if isinstance(node, _SCOPE)}
    own |= {part for statement in tree.body for target in _targets(statement) for part in _names(target)}
    own.discard(name)
    found: list[Line] = []
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            found.append(Line(_head(statement), "", (_Writing(own).head(statement),)))
            for part in statement.body:
                where = part.name if isinstance(part, _SCOPE) else ""
                found += _lines(part, where, _Writing(own | _own_names(part)))
        elif isinstance(statement, _FUNCTION):
            called = _called(statement, parameters) if statement.name == name else {}
            found += _lines(statement, "", _Writing(own | (_own_names(statement) - set(called)), called))
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            found += _lines(statement, "", _Writing(own))
    return found


def _called(function: ast.FunctionDef | ast.AsyncFunctionDef, parameters: Sequence[str]) -> dict[str, str]:
    """For each parameter of the answer its name in the exercise; those in another order are called as they are."""
    given = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    if set(given) <= set(parameters):
        return {argument: argument for argument in given}
    return dict(zip(given, parameters, strict=False))


def _own_names(scope: ast.stmt) -> set[str]:
    """The names that a function and those inside it give to something: parameters, locals, functions."""
    found: set[str] = set()
    outside: set[str] = set()
    for node in ast.walk(scope):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (*_SCOPE, ast.ExceptHandler)) and node is not scope and node.name:
            found.add(node.name)
        elif isinstance(node, ast.Global):
            outside |= set(node.names)
    return found - outside - {"self"}


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}


def _lines(statement: ast.stmt, where: str, writing: _Writing) -> list[Line]:
    """The line of a statement and those of all statements inside it, from top to bottom."""
    found = []
    pieces = () if _says_nothing(statement) else tuple(writing.pieces(statement))
    if pieces:
        found.append(Line(_head(statement), where, pieces))
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        for inside in getattr(statement, field, ()):
            if isinstance(inside, ast.stmt):
                found += _lines(inside, where, writing)
            else:  # `except` and `case`
                for deeper in inside.body:
                    found += _lines(deeper, where, writing)
    return found


def _says_nothing(statement: ast.stmt) -> bool:
    """Whether a statement computes nothing: a docstring, an import, `pass`, `try:`, a note of a type."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    nothing = (ast.Import, ast.ImportFrom, ast.Pass, ast.Try, ast.Global, ast.Nonlocal)
    return isinstance(statement, nothing) or (isinstance(statement, ast.AnnAssign) and statement.value is None)


def _head(statement: ast.stmt) -> str:
    """A statement as Python writes it; of one with others inside, the first line."""
    if isinstance(statement, _SCOPE):
        lines = ast.unparse(_without_body(statement)).splitlines()
        return next(line for line in lines if line.startswith(("def ", "async ", "class ")))
    if hasattr(statement, "body"):
        return ast.unparse(_without_body(statement)).splitlines()[0]
    match statement:  # several values as a student writes them, without the brackets
        case ast.Return(value=ast.Tuple(elts=values)) if len(values) > 1:
            return f"return {', '.join(map(ast.unparse, values))}"
        case ast.Assign(targets=[target], value=ast.Tuple(elts=values)) if len(values) > 1:
            return f"{ast.unparse(target).strip('()')} = {', '.join(map(ast.unparse, values))}"
    return ast.unparse(statement)


def _without_body(statement: ast.stmt) -> ast.stmt:
    changed = {"body": [ast.Pass()], "orelse": [], "decorator_list": [], "handlers": [], "finalbody": []}
    fields = dict(ast.iter_fields(statement))
    fields |= {field: value for field, value in changed.items() if field in fields}
    return type(statement)(**fields, lineno=1, col_offset=0)


# ---------------------------------------------------------------------------------------------------------------------
# From a statement to what is compared
# ---------------------------------------------------------------------------------------------------------------------


class _Writing:
    """Writes what is compared, with a student's own names numbered and parameters called as the exercise does."""

    def __init__(self, own: set[str], called: dict[str, str] | None = None) -> None:
        self.own = own
        self.called = called or {}

    def pieces(self, statement: ast.stmt) -> list[str]:
        """What is compared of a statement; nothing of a name alone, which says nothing without its surroundings."""
        written = self._pieces(statement)
        found = [piece for piece in map(_numbered, written) if not _TRIVIAL.fullmatch(piece)]
        if not found and len(set(map(_names_in, written))) < len(written):
            return [_numbered(",".join(written))]  # `return d, d`: that it is the same one says something
        return found

    def head(self, statement: ast.stmt) -> str:
        """What is compared of the head of a definition."""
        return _numbered(self._definition(statement))

    def _pieces(self, statement: ast.stmt) -> list[str]:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return [self._definition(statement)]
            case ast.Return(value=ast.Tuple(elts=parts) | ast.List(elts=parts)) if parts:
                return [f"return{place}.{len(parts)} {self.text(part)}" for place, part in enumerate(parts)]
            case ast.Return(value=value):
                return ["return" if value is None else f"return0.1 {self.text(value)}"]
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
                return [self._assigned(name, value) for name, value in zip(names, values, strict=True)]
            case ast.Assign(targets=targets, value=value):
                return [self._assigned(target, value) for target in targets]
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                return [self._assigned(target, value)]
            case ast.AugAssign(target=target, op=op, value=value):
                return [self._assigned(target, ast.BinOp(_loaded(target), op, value))]
            case ast.For(target=target, iter=over) | ast.AsyncFor(target=target, iter=over):
                return [f"for {self.text(target)} in {self.text(over)}"]
            case ast.While(test=test):
                return [f"while {self.text(test)}"]
            case ast.If(test=test):
                return [f"if {self.text(test)}"]
            case ast.Expr(value=value):
                return [f"do {self.text(value)}"]
        return [f"{type(statement).__name__} {self._fields(statement)}"]

    def _definition(self, statement: ast.stmt) -> str:
        if isinstance(statement, ast.ClassDef):
            return f"class ({','.join(map(self.text, statement.bases))})"
        assert isinstance(statement, _FUNCTION)
        arguments = statement.args
        names = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        rest = [argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
        defaults = [default for default in (*arguments.defaults, *arguments.kw_defaults) if default is not None]
        words = [self._name(one.arg) for one in names] + [f"*{self._name(one)}" for one in rest]
        return f"def ({','.join(words)}) {','.join(map(self.text, defaults))}"

    def _assigned(self, target: ast.expr, value: ast.expr) -> str:
        if isinstance(target, ast.Name) and target.id in self.own:
            return f"={self.text(value)}"
        return f"{self.text(target)} = {self.text(value)}"

    def text(self, node: ast.expr) -> str:
        """An expression in the one form of all that are taken for the same."""
        sign, text = self._signed(node)
        return text if sign > 0 else f"-{text}"

    def _signed(self, node: ast.expr) -> tuple[int, str]:
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                sign, text = self._signed(operand)
                return -sign, text
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self._signed(operand)
            case ast.BinOp(op=ast.Mult()):
                signs, factors = zip(*map(self._signed, _flat(node, (ast.Mult,))), strict=True)
                sign = -1 if signs.count(-1) % 2 else 1
                return sign, f"*({','.join(sorted(factors, key=_blind))})"
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                (first, above), (second, below) = self._signed(left), self._signed(right)
                return first * second, f"/({above},{below})"
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                terms = sorted(self._terms(node, 1), key=lambda term: _blind(term[1]))
                sign = terms[0][0]
                return sign, f"+({','.join(('' if one == sign else '-') + text for one, text in terms)})"
        return 1, self._plain(node)

    def _terms(self, node: ast.expr, sign: int) -> list[tuple[int, str]]:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            turned = -sign if isinstance(node.op, ast.Sub) else sign
            return self._terms(node.left, sign) + self._terms(node.right, turned)
        own, text = self._signed(node)
        return [(own * sign, text)]

    def _plain(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                return self._name(name)
            case ast.Constant(value=bool() | str() | bytes() | None as value):
                return repr(value)
            case ast.Constant(value=int() | float() as value):
                return repr(float(value)) if abs(value) < 1e15 else repr(value)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in _MODULES and module not in self.own:
                return name
            case ast.Compare(left=left, ops=[ast.Gt() | ast.GtE() as op], comparators=[right]):
                return self._plain(ast.Compare(right, [ast.Lt() if isinstance(op, ast.Gt) else ast.LtE()], [left]))
        return f"{type(node).__name__}{self._fields(node)}"

    def _fields(self, node: ast.AST) -> str:
        unsaid = _UNSAID | (_INSIDE if isinstance(node, ast.stmt) else set())
        return f"({','.join(self._field(value) for field, value in ast.iter_fields(node) if field not in unsaid)})"

    def _field(self, value: object) -> str:
        if isinstance(value, ast.expr):
            return self.text(value)
        if isinstance(value, ast.arg):
            return self._name(value.arg)
        if isinstance(value, ast.AST):
            return f"{type(value).__name__}{self._fields(value)}"
        if isinstance(value, list):
            return f"[{','.join(map(self._field, value))}]"
        return repr(value)

    def _name(self, name: str) -> str:
        if name in self.called:
            return self.called[name]
        return f"\x00{name}\x00" if name in self.own else name


_UNSAID = {"ctx", "annotation", "returns", "type_comment", "kind"}
_INSIDE = {"body", "orelse", "handlers", "finalbody", "cases"}  # of a statement: lines of their own


def _flat(node: ast.expr, operators: tuple[type[ast.operator], ...]) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, operators):
        return _flat(node.left, operators) + _flat(node.right, operators)
    return [node]


def _loaded(target: ast.expr) -> ast.expr:
    return ast.Name(target.id, ast.Load()) if isinstance(target, ast.Name) else target


def _names_in(text: str) -> tuple[str, ...]:
    return tuple(_MARK.findall(text))


def _blind(text: str) -> str:
    """A text by which to sort: what a student's own names are must not decide."""
    return _MARK.sub("\x7f", text)


def _numbered(text: str) -> str:
    numbers: dict[str, int] = {}
    return _MARK.sub(lambda mark: f"•{numbers.setdefault(mark[1], len(numbers) + 1)}", text)
