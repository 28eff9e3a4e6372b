"""Small edits of a student's source: what somebody who looks for a slip would try, one at a time.

Each edit replaces one expression or moves one statement: a sign, an operator, a name for another in scope, an index by
one, an axis, a transpose, a factor left out or too many, `=` for `+=`, brackets, a call, two lines in the other order.
They are made as pieces of syntax trees that share everything but the place that differs; nothing is compiled here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# What kind of thing an edit changes, in words that follow "It is about …".
SIGN = "a sign"
OPERATION = "which operation stands between two values"
ORDER = "which of two things comes first"
BRACKETS = "what a pair of brackets holds together"
NAME = "a name: is each of them the one you mean?"
NUMBER = "a number"
COMPARISON = "a comparison"
CONDITION = "a condition"
AXIS = "an axis"
SHAPE = "a shape"
TRANSPOSE = "rows and columns: what has to be transposed?"
FACTOR = "a factor that is missing or too many"
TERM = "a term that is missing or too many"
FUNCTION = "which function is called"
CALL = "a call that is missing or too many"
ARGUMENT = "what is handed to a call"
ADDING_UP = "whether a value is replaced or added to"
LINES = "the order of lines"
EXTRA_LINE = "whether this line should be there"
INDENTATION = "how far the line is indented: which block does it belong to?"
COPY = "whether this is a copy, or the very object"
NUMBER_TYPE = "the type of the numbers in an array"
INDEX = "an index"
RESULTS = "the order of the results"

# How far an edit is from what was typed: a token changed, something taken away or moved, something put in.
CHANGED, MOVED, PUT_IN = 1, 2, 3

OUTER = "__outer__"  # the global name of an outer product that refuses to fill the memory

_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.MatMult, ast.Add),
    ast.Div: (ast.Mult, ast.Sub, ast.FloorDiv),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitXor: (ast.Pow, ast.BitAnd, ast.BitOr),
}
_OF_CONDITIONS = ast.BitOr | ast.BitAnd | ast.BitXor
# The sign on the page exchanged, where the new one holds its neighbours together more or less tightly than the old.
_SIGNS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Mult,),
    ast.Sub: (ast.Mult,),
    ast.Mult: (ast.Add, ast.Sub, ast.Pow),
    ast.Div: (ast.Sub, ast.Add),
    ast.Pow: (ast.Mult,),
}
_TIGHTNESS: dict[type[ast.operator], int] = {ast.Add: 1, ast.Sub: 1, ast.Pow: 3}  # all others 2
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt, ast.Eq),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt, ast.Eq),
    ast.Eq: (ast.NotEq, ast.Is, ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq, ast.IsNot),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot, ast.Eq),
    ast.IsNot: (ast.Is, ast.NotEq),
}
_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "sum": ("mean", "max"),
    "mean": ("sum",),
    "max": ("maximum", "min", "argmax"),
    "min": ("minimum", "max"),
    "maximum": ("minimum", "max"),
    "minimum": ("maximum", "min"),
    "fmax": ("fmin",),
    "log": ("log1p", "exp"),
    "log2": ("log",),
    "log10": ("log",),
    "log1p": ("log",),
    "exp": ("log", "expm1"),
    "sqrt": ("square", "abs"),
    "square": ("sqrt",),
    "zeros": ("ones", "empty"),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "dot": ("multiply",),
    "inner": ("dot",),
    "outer": ("dot", "multiply"),
    "multiply": ("dot",),
    "std": ("var",),
    "var": ("std",),
    "median": ("mean",),
    "abs": ("sign",),
    "sign": ("abs",),
    "argmax": ("max", "argmin"),
    "argmin": ("argmax",),
    "sin": ("cos",),
    "cos": ("sin",),
    "tanh": ("exp", "cosh"),
    "ceil": ("floor",),
    "floor": ("ceil",),
    "append": ("extend",),
    "extend": ("append",),
    "asarray": ("array",),
    "permutation": ("shuffle",),
    "integers": ("random",),
    "normal": ("uniform", "random"),
    "rand": ("random",),
    "hstack": ("vstack",),
    "vstack": ("hstack",),
    "any": ("all",),
    "all": ("any",),
    "pop": ("append",),
}
_WITH_AXIS = {"sum", "mean", "max", "min", "std", "var", "argmax", "argmin", "any", "all", "norm", "prod"}
_ARRAY_MAKERS = {"array", "asarray", "zeros", "zeros_like", "ones_like", "empty_like", "copy", "full", "full_like"}


@dataclass(frozen=True)
class Edit:
    """One small change of one place.

    Parameters
    ----------
    line : int
        The line of the source where the place is, from 1.
    kind : str
        What it changes, in words; never what it changes it to.
    distance : int
        `CHANGED`, `MOVED` or `PUT_IN`.
    """

    line: int
    kind: str
    distance: int


@dataclass(frozen=True)
class Scope:
    """What may stand in an expression of a function: its names, and what else its source mentions.

    Parameters
    ----------
    names : tuple[str, ...]
        Parameters and local names, those of enclosing functions too.
    parameters : tuple[str, ...]
        Only the parameters.
    references : tuple[ast.expr, ...]
        Names and attributes that are read anywhere in the function, such as ``self.grad``.
    attributes : tuple[str, ...]
        Names of attributes that occur in the source.
    texts : tuple[str, ...]
        Texts that occur in it, such as keys.
    functions : tuple[ast.expr, ...]
        What may be called with one value.
    module : str
        The name under which NumPy (or else `math`) is known, "" for none.
    holds : Mapping[str, frozenset[str]]
        For names of lists that something is put into: the names of what they hold, at any depth.
    """

    names: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    references: tuple[ast.expr, ...] = ()
    attributes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    functions: tuple[ast.expr, ...] = ()
    module: str = ""
    holds: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def inside(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Scope:
        """The scope of a function's body, which also sees the names around it."""
        arguments = function.args
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        parameters += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
        own = [argument.arg for argument in parameters]
        nodes = list(ast.walk(function))
        stored = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        names = tuple(dict.fromkeys([*own, *stored, *self.names]))
        references: dict[str, ast.expr] = {name: ast.Name(name, ast.Load()) for name in own}
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and _is_a_path(node):
                is_of_module = isinstance(node.value, ast.Name) and node.value.id == self.module
                if not is_of_module and node.attr != "shape":  # sums of shapes are shapes of huge arrays
                    references.setdefault(ast.unparse(node), node)
        references |= {name: ast.Name(name, ast.Load()) for name in stored if name not in references}
        return Scope(
            names,
            tuple(own),
            tuple(references.values())[:12],
            tuple(
                dict.fromkeys(node.attr for node in nodes if isinstance(node, ast.Attribute))
                | dict.fromkeys(self.attributes)
            ),
            tuple(
                dict.fromkeys(
                    node.value
                    for node in nodes
                    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 20
                )
            ),
            self.functions,
            self.module,
            _held_by(function),
        )


def _is_a_path(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


# ---------------------------------------------------------------------------------------------------------------------
# Lists that would hold themselves
# ---------------------------------------------------------------------------------------------------------------------

_PUT_INTO = ("append", "extend", "insert", "appendleft", "add")


def holds_itself(statement: ast.AST, scope: Scope) -> bool:
    """Whether a statement puts a list into itself, or into what it holds.

    NumPy makes an array of such a list in one call that takes for ever, and nothing can stop it.
    """
    return any(
        name == container or container in scope.holds.get(name, ())
        for container, held in _holdings(statement)
        for name in held
    )


def _held_by(function: ast.AST) -> dict[str, frozenset[str]]:
    direct: dict[str, set[str]] = {}
    for container, held in _holdings(function):
        direct.setdefault(container, set()).update(held)
    found = {}
    for container in direct:
        seen: set[str] = set()
        waiting = [container]
        while waiting:
            new = direct.get(waiting.pop(), set()) - seen
            seen |= new
            waiting += new
        found[container] = frozenset(seen)
    return found


def _holdings(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """Names of lists, and names of what is put into them somewhere in a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _PUT_INTO:
            if isinstance(node.func.value, ast.Name):
                yield node.func.value.id, {name for value in node.args for name in _held(value)}
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                    yield target.value.id, set(_held(node.value))


def _held(value: ast.AST | None) -> Iterator[str]:
    """The names of what a value is or holds, as far as its form tells."""
    if isinstance(value, ast.Name):
        yield value.id
    elif isinstance(value, ast.List | ast.Tuple | ast.Set):
        for entry in value.elts:
            yield from _held(entry)
    elif isinstance(value, ast.ListComp | ast.GeneratorExp):
        yield from _held(value.elt)
    elif isinstance(value, ast.IfExp):
        yield from (*_held(value.body), *_held(value.orelse))
    elif isinstance(value, ast.BinOp):
        yield from (*_held(value.left), *_held(value.right))
    elif isinstance(value, ast.Starred | ast.Subscript):
        yield from _held(value.value)
    elif isinstance(value, ast.Call):
        copied = isinstance(value.func, ast.Attribute) and value.func.attr == "copy"
        yield from _held(value.func.value if copied else None)  # type: ignore[attr-defined]
        if isinstance(value.func, ast.Name) and value.func.id in ("list", "tuple", "reversed", "sorted"):
            for entry in value.args:
                yield from _held(entry)


# ---------------------------------------------------------------------------------------------------------------------
# Trees that share what they have in common
# ---------------------------------------------------------------------------------------------------------------------


@dataclass
class Place:
    """An expression inside a statement, and the way to it."""

    node: ast.expr
    parents: list[ast.AST] = field(default_factory=list)
    steps: list[tuple[str, int | None]] = field(default_factory=list)

    def holding(self, new: ast.expr) -> ast.AST:
        """The outermost parent with `new` in this place; all other parts are shared."""
        made: ast.AST = located(new, self.node)
        for parent, (name, position) in zip(reversed(self.parents), reversed(self.steps), strict=True):
            copied = shallow(parent)
            if position is None:
                setattr(copied, name, made)
            else:
                entries = list(getattr(parent, name))
                entries[position] = made
                setattr(copied, name, entries)
            made = copied
        return made


def shallow(node: Any) -> Any:
    """A copy of a node that shares its parts."""
    copied = type(node)()
    vars(copied).update(vars(node))
    return copied


def located(node: Any, like: ast.AST) -> Any:
    """The node, with the location of another where it has none."""
    known = vars(node)
    if "lineno" in known:
        return node
    if isinstance(node, ast.expr | ast.stmt | ast.keyword):
        known["lineno"], known["col_offset"] = like.lineno, like.col_offset  # type: ignore[attr-defined]
        known["end_lineno"], known["end_col_offset"] = like.end_lineno, like.end_col_offset  # type: ignore[attr-defined]
    for name in node._fields:
        value = known.get(name)
        if isinstance(value, ast.AST):
            located(value, like)
        elif type(value) is list:
            for entry in value:
                if isinstance(entry, ast.AST):
                    located(entry, like)
    return node


def places(root: ast.AST, fields: tuple[str, ...] | None = None) -> Iterator[Place]:
    """Every expression below a node that is read, outermost first; below some of its fields only if they are named."""
    yield from _places(root, [], [], fields)


def _places(
    node: ast.AST, parents: list[ast.AST], steps: list[tuple[str, int | None]], fields: tuple[str, ...] | None
) -> Iterator[Place]:
    for name in fields or node._fields:
        value = getattr(node, name, None)
        entries = enumerate(value) if isinstance(value, list) else [(None, value)]
        for position, child in entries:
            if not isinstance(child, ast.AST) or isinstance(child, ast.stmt | ast.expr_context | ast.operator):
                continue
            around, way = [*parents, node], [*steps, (name, position)]
            if isinstance(child, ast.expr) and isinstance(getattr(child, "ctx", None) or ast.Load(), ast.Load):
                yield Place(child, around, way)
            yield from _places(child, around, way, None)


# ---------------------------------------------------------------------------------------------------------------------
# Expressions
# ---------------------------------------------------------------------------------------------------------------------

Replacement = tuple[str, int, ast.expr]


def _number(value: Any) -> ast.Constant:
    return ast.Constant(value)


def _name(text: str) -> ast.Name:
    return ast.Name(text, ast.Load())


def _attribute(value: ast.expr, name: str) -> ast.Attribute:
    return ast.Attribute(value, name, ast.Load())


def _call(function: ast.expr, *values: ast.expr, **named: ast.expr) -> ast.Call:
    return ast.Call(function, list(values), [ast.keyword(key, value) for key, value in named.items()])


# The sign of a product that an edit has made: in a loop it may grow as nothing does that was typed. For the compiler
# and for whoever writes the tree out it is the sign of any product.
NEW_PRODUCT: type[ast.operator] = type("Mult", (ast.Mult,), {})


def _binary(left: ast.expr, operator: type[ast.operator] | ast.operator, right: ast.expr) -> ast.BinOp:
    if isinstance(operator, type):
        operator = NEW_PRODUCT() if operator is ast.Mult else operator()
    return ast.BinOp(left, operator, right)


def _negative(value: ast.expr) -> ast.UnaryOp:
    return ast.UnaryOp(ast.USub(), value)


def replacements(place: Place, scope: Scope) -> Iterator[Replacement]:
    """What might have been meant in the place of an expression: the kind of edit, its distance, the expression."""
    node = place.node
    parent = place.parents[-1] if place.parents else None
    by_type = _BY_TYPE.get(type(node))
    if by_type is not None:
        yield from by_type(node, parent, scope)
    yield from _put_in(node, parent, scope)


def _of_operations(node: ast.BinOp, parent: ast.AST | None, scope: Scope) -> Iterator[Replacement]:
    left, operator, right = node.left, node.op, node.right
    for other in _OPERATORS.get(type(operator), ()):
        yield OPERATION, CHANGED, _binary(left, other, right)
    one_too_many = TERM if isinstance(operator, ast.Add | ast.Sub) else FACTOR
    one_too_many = CONDITION if isinstance(operator, _OF_CONDITIONS) else one_too_many
    yield one_too_many, MOVED, left
    yield one_too_many, MOVED, right
    if isinstance(operator, ast.Sub):
        yield SIGN, CHANGED, _binary(right, operator, left)
    if isinstance(operator, ast.Div | ast.Pow | ast.MatMult):
        yield ORDER, CHANGED, _binary(right, operator, left)
    if isinstance(operator, ast.MatMult | ast.Mult):
        turned_left, turned_right = _attribute(left, "T"), _attribute(right, "T")
        pairs = ((turned_left, right), (left, turned_right), (turned_left, turned_right))
        for first, second in pairs:
            yield TRANSPOSE, CHANGED, _binary(first, ast.MatMult, second)
            yield TRANSPOSE, CHANGED, _binary(second, ast.MatMult, first)
        if isinstance(operator, ast.Mult):
            yield ORDER, CHANGED, _binary(right, ast.MatMult, left)
        if scope.module:
            outer = _name(OUTER)
            yield OPERATION, CHANGED, _call(outer, left, right)
            yield OPERATION, CHANGED, _call(outer, right, left)
    yield from _of_signs_on_the_page(node, parent)
    if isinstance(left, ast.BinOp):
        yield BRACKETS, CHANGED, _binary(left.left, left.op, _binary(left.right, operator, right))
    if isinstance(right, ast.BinOp):
        yield BRACKETS, CHANGED, _binary(_binary(left, operator, right.left), right.op, right.right)
    if isinstance(left, ast.UnaryOp):
        yield BRACKETS, CHANGED, ast.UnaryOp(left.op, _binary(left.operand, operator, right))
    for inner in (left, right):
        if isinstance(inner, ast.Call) and len(inner.args) == 1 and not inner.keywords:
            first, second = (inner.args[0], right) if inner is left else (left, inner.args[0])
            yield BRACKETS, CHANGED, _call(inner.func, _binary(first, operator, second))


def _of_signs_on_the_page(node: ast.BinOp, parent: ast.AST | None) -> Iterator[Replacement]:
    """One sign exchanged in a row of values without brackets, which are then held together in another way.

    ``a * b * c * d`` with the second sign exchanged is ``a * b + c * d``; as a tree it would be ``(a * b + c) * d``.
    """
    if isinstance(parent, ast.BinOp) and _without_brackets(parent, node):
        return
    values, operators = _row(node)
    for place, operator in enumerate(operators if len(values) > 2 else ()):
        for other in _SIGNS.get(type(operator), ()):
            signs = [*operators]
            signs[place] = NEW_PRODUCT() if other is ast.Mult else other()
            yield OPERATION, CHANGED, _held_together(values, signs)


def _without_brackets(parent: ast.BinOp, node: ast.expr) -> bool:
    """Whether an operand is part of its parent's row, as far as the places in the source tell."""
    if not isinstance(node, ast.BinOp):
        return False
    if node is parent.left:
        return (node.lineno, node.col_offset) == (parent.lineno, parent.col_offset)
    return (node.end_lineno, node.end_col_offset) == (parent.end_lineno, parent.end_col_offset)


def _row(node: ast.expr) -> tuple[list[ast.expr], list[ast.operator]]:
    """The values and the signs between them, as they stand on the page."""
    if not isinstance(node, ast.BinOp):
        return [node], []
    left, right = (
        _row(operand) if _without_brackets(node, operand) else ([operand], []) for operand in (node.left, node.right)
    )
    return [*left[0], *right[0]], [*left[1], node.op, *right[1]]


def _held_together(values: list[ast.expr], operators: list[ast.operator]) -> ast.expr:
    """The tree of a row of values: what binds more tightly first, else from left to right, powers from the right."""
    if not operators:
        return values[0]
    tightness = [_TIGHTNESS.get(type(operator), 2) for operator in operators]
    loosest = min(tightness)
    loose = [place for place, own in enumerate(tightness) if own == loosest]
    last = loose[0] if loosest == 3 else loose[-1]
    left = _held_together(values[: last + 1], operators[:last])
    return _binary(left, operators[last], _held_together(values[last + 1 :], operators[last + 1 :]))


def _of_signs(node: ast.UnaryOp, parent: ast.AST | None, scope: Scope) -> Iterator[Replacement]:
    if isinstance(node.op, ast.USub):
        yield SIGN, CHANGED, node.operand
    if isinstance(node.op, ast.Not):
        yield CONDITION, CHANGED, node.operand
    if isinstance(node.operand, ast.BinOp):
        inner = node.operand
        yield BRACKETS, CHANGED, _binary(ast.UnaryOp(node.op, inner.left), inner.op, inner.right)


def _of_comparisons(node: ast.Compare, parent: ast.AST | None, scope: Scope) -> Iterator[Replacement]:
    if len(node.ops) != 1:
        return
    for other in _COMPARISONS.get(type(node.ops[0]), ()):
        yield COMPARISON, CHANGED, ast.Compare(node.left, [other()], node.comparators)
    if isinstance(node.ops[0], ast.In | ast.NotIn):  # `in` asks whether an element is equal, not whether it is the same
        same = ast.Compare(_name("element_"), [ast.Is()], [node.left])
        loop = ast.comprehension(ast.Name("element_", ast.Store()), node.comparators[0], [], 0)
        found = _call(_name("any"), ast.GeneratorExp(same, [loop]))
        yield COMPARISON, CHANGED, found if isinstance(node.ops[0], ast.In) else ast.UnaryOp(ast.Not(), found)


def _of_conditions(node: ast.BoolOp, parent: ast.AST | None, scope: Scope) -> Iterator[Replacement]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield CONDITION, CHANGED, ast.BoolOp(other, node.values)
    for position in range(len(node.values)):
        rest = node.values[:position] + node.values[position + 1 :]
        yield CONDITION, MOVED, rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _of_constants(node: ast.Constant, parent: ast.AST | None, scope: Scope) -> Iterator[Replacement]:
    value = node.value
    if isinstance(parent, ast.JoinedStr | ast.FormattedValue):
        return
    if type(value) is bool:
        about_shape = isinstance(parent, ast.keyword) and parent.arg == "keepdims"
        yield SHAPE if about_shape else CONDITION, CHANGED, _number(not value)
    elif not isinstance(value, bool) and isinstance(value, int | float):
        others: list[float] = [
            0,
            1,
            2,
            -1,
            0.5,
            3,
            value + 1,
            value - 1,
            -value,
            1.0 - value,
            10 * value,
            value / 10,
            1e-4,
            1e-8,
        ]
        kind = AXIS if isinstance(parent, ast.keyword) and parent.arg in ("axis", "dim") else NUMBER
        for other in dict.fromkeys(others):
            if other != value:
                yield kind, CHANGED, _number(other)
        for name in scope.names:
            yield NAME, CHANGED, _name(name)
        if type(value) is int:
            yield NUMBER_TYPE, CHANGED, _number(float(value))
    elif type(value) is str:
        for text in scope.texts:
            if text != value:
                yield NAME, CHANGED, _number(text)
    elif value is None:
        for axis in (0, 1, -1):
            yield AXIS, CHANGED, _number(axis)


def _of_names(node: ast.Name, parent: ast.AST | None, scope: Scope) -> Iterator[Replacement]:
    known = node.id in scope.names
    is_called = isinstance(parent, ast.Call) and parent.func is node
    if is_called:
        for function in scope.functions:
            if not (isinstance(function, ast.Name) and function.id == node.id):
                yield FUNCTION, CHANGED, function
        for other in _FUNCTIONS.get(node.id, ()):
            yield FUNCTION, CHANGED, _name(other)
            if scope.module:
                yield FUNCTION, CHANGED, _attribute(_name(scope.module), other)
        if scope.module:
            yield FUNCTION, CHANGED, _attribute(_name(scope.module), node.id)
        return
    if not known and node.id == scope.module:
        return
    for name in scope.names:
        if name != node.id:
            yield NAME, CHANGED, _name(name)
    if isinstance(parent, ast.Attribute):
        return
    for reference in scope.references:
        if isinstance(reference, ast.Attribute):
            yield NAME, CHANGED, reference
    if known:
        for attribute in scope.attributes:
            yield NAME, PUT_IN, _attribute(node, attribute)
    elif "self" in scope.names:
        yield NAME, CHANGED, _attribute(_name("self"), node.id)


def _of_attributes(node: ast.Attribute, parent: ast.AST | None, scope: Scope) -> Iterator[Replacement]:
    if isinstance(node.value, ast.Name) and node.value.id == scope.module:
        for other in _FUNCTIONS.get(node.attr, ()):
            yield FUNCTION, CHANGED, _attribute(node.value, other)
        return
    if node.attr == "T":
        yield TRANSPOSE, CHANGED, node.value
        return
    if isinstance(parent, ast.Call) and parent.func is node:
        for other in _FUNCTIONS.get(node.attr, ()):
            yield FUNCTION, CHANGED, _attribute(node.value, other)
    else:
        yield NAME, MOVED, node.value
        for name in scope.names:
            yield NAME, CHANGED, _name(name)
    for other in scope.attributes:
        if other != node.attr:
            yield NAME, CHANGED, _attribute(node.value, other)


def _of_indices(node: ast.Subscript, parent: ast.AST | None, scope: Scope) -> Iterator[Replacement]:
    yield INDEX, MOVED, node.value
    index = node.slice

    def at(new: ast.expr) -> ast.expr:
        return ast.Subscript(node.value, new, ast.Load())

    if isinstance(index, ast.Slice):
        yield INDEX, CHANGED, at(ast.Slice(None, index.upper, index.step))
        yield INDEX, CHANGED, at(ast.Slice(index.lower, None, index.step))
        yield INDEX, CHANGED, at(ast.Slice(index.lower, index.upper, None))
        for low, high in ((index.upper, index.lower), (_number(1), index.upper), (index.lower, _number(-1))):
            yield INDEX, CHANGED, at(ast.Slice(low, high, index.step))
    if isinstance(index, ast.Tuple) and len(index.elts) == 2:
        first, second = index.elts
        yield INDEX, CHANGED, at(ast.Tuple([second, first], ast.Load()))
        for entry in (first, second):
            yield INDEX, CHANGED, at(entry)
        if isinstance(first, ast.Slice) and not isinstance(second, ast.Slice) and scope.module:
            yield INDEX, CHANGED, at(_every_row(second, scope))
    elif isinstance(index, ast.Name) and scope.module:
        yield INDEX, CHANGED, at(_every_row(index, scope))
        yield INDEX, CHANGED, at(ast.Tuple([ast.Slice(), index], ast.Load()))


def _every_row(columns: ast.expr, scope: Scope) -> ast.Tuple:
    rows = _call(_attribute(_name(scope.module), "arange"), _call(_name("len"), columns))
    return ast.Tuple([rows, columns], ast.Load())


def _of_calls(node: ast.Call, parent: ast.AST | None, scope: Scope) -> Iterator[Replacement]:
    function, values, named = node.func, node.args, node.keywords
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    method = isinstance(function, ast.Attribute) and not (
        isinstance(function.value, ast.Name) and function.value.id == scope.module
    )
    for position, keyword in enumerate(named):
        if keyword.arg in ("axis", "dim"):
            for other in (0, 1, -1, None):
                if not (isinstance(keyword.value, ast.Constant) and keyword.value.value == other):
                    changed = [*named]
                    changed[position] = ast.keyword(keyword.arg, _number(other))
                    yield AXIS, CHANGED, ast.Call(function, values, changed)
        kind = SHAPE if keyword.arg == "keepdims" else AXIS if keyword.arg == "axis" else ARGUMENT
        yield kind, MOVED, ast.Call(function, values, named[:position] + named[position + 1 :])
    present = {keyword.arg for keyword in named}
    if name in ("dot", "inner", "multiply") and len(values) == 2:
        yield FUNCTION, CHANGED, _call(_name(OUTER), *values)
    if name in _WITH_AXIS:
        keep = ast.keyword("keepdims", _number(True))
        if "keepdims" not in present and name not in ("any", "all"):
            yield SHAPE, PUT_IN, ast.Call(function, values, [*named, keep])
        if "axis" not in present and len(values) <= (0 if method else 1):
            for axis in (0, 1, -1):
                over = ast.keyword("axis", _number(axis))
                yield AXIS, PUT_IN, ast.Call(function, values, [*named, over])
                yield AXIS, PUT_IN, ast.Call(function, values, [*named, over, keep])
    if name in _ARRAY_MAKERS:
        others = [keyword for keyword in named if keyword.arg != "dtype"]
        yield NUMBER_TYPE, PUT_IN, ast.Call(function, values, [*others, ast.keyword("dtype", _name("float"))])
    for position in range(len(values) - 1):
        swapped = [*values]
        swapped[position], swapped[position + 1] = swapped[position + 1], swapped[position]
        yield ORDER, CHANGED, ast.Call(function, swapped, named)
    if len(values) > 1:
        for position in range(len(values)):
            yield ARGUMENT, MOVED, ast.Call(function, values[:position] + values[position + 1 :], named)
    if name == "range" and len(values) == 1:
        yield INDEX, PUT_IN, _call(function, _number(1), values[0])
        yield INDEX, PUT_IN, _call(function, _number(1), _binary(values[0], ast.Add, _number(1)))
    if len(values) == 1 and not isinstance(values[0], ast.Starred):
        yield CALL, MOVED, values[0]
        if isinstance(values[0], ast.BinOp) and not named:
            inner = values[0]
            yield BRACKETS, CHANGED, _binary(_call(function, inner.left), inner.op, inner.right)
            yield BRACKETS, CHANGED, _binary(inner.left, inner.op, _call(function, inner.right))
        if isinstance(values[0], ast.UnaryOp) and isinstance(values[0].op, ast.USub) and not named:
            yield BRACKETS, CHANGED, _negative(_call(function, values[0].operand))
    if method and isinstance(function, ast.Attribute):
        yield CALL, MOVED, function.value
    for known in scope.names:
        yield NAME, CHANGED, _name(known)
    for reference in scope.references if len(values) + len(named) < 3 else ():
        yield ARGUMENT, PUT_IN, ast.Call(function, [*values, reference], named)


def _of_tuples(node: ast.Tuple | ast.List, parent: ast.AST | None, scope: Scope) -> Iterator[Replacement]:
    if 2 <= len(node.elts) <= 6:
        for first in range(len(node.elts)):
            for second in range(first + 1, len(node.elts)):
                swapped = [*node.elts]
                swapped[first], swapped[second] = swapped[second], swapped[first]
                kind = RESULTS if isinstance(parent, ast.Return) else ORDER
                made = type(node)(swapped, ast.Load())
                yield kind, CHANGED, made
    if isinstance(node, ast.List) and len(node.elts) == 1:
        yield CALL, MOVED, node.elts[0]


def _of_choices(node: ast.IfExp, parent: ast.AST | None, scope: Scope) -> Iterator[Replacement]:
    yield CONDITION, CHANGED, ast.IfExp(node.test, node.orelse, node.body)
    yield CONDITION, MOVED, node.body
    yield CONDITION, MOVED, node.orelse


def _of_comprehensions(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp, parent: ast.AST | None, scope: Scope
) -> Iterator[Replacement]:
    loop = node.generators[0]
    if loop.ifs:
        bare = ast.comprehension(loop.target, loop.iter, [], loop.is_async)
        yield CONDITION, MOVED, type(node)(node.elt, [bare, *node.generators[1:]])


_BY_TYPE: dict[type[ast.expr], Any] = {
    ast.BinOp: _of_operations,
    ast.UnaryOp: _of_signs,
    ast.Compare: _of_comparisons,
    ast.BoolOp: _of_conditions,
    ast.Constant: _of_constants,
    ast.Name: _of_names,
    ast.Attribute: _of_attributes,
    ast.Subscript: _of_indices,
    ast.Call: _of_calls,
    ast.Tuple: _of_tuples,
    ast.List: _of_tuples,
    ast.IfExp: _of_choices,
    ast.ListComp: _of_comprehensions,
    ast.GeneratorExp: _of_comprehensions,
}

_PRODUCTS = (ast.Mult, ast.Div, ast.MatMult)
_SUMS = (ast.Add, ast.Sub)


def _put_in(node: ast.expr, parent: ast.AST | None, scope: Scope) -> Iterator[Replacement]:
    """Something that is missing: a sign, a factor, a term, a call around the expression."""
    values = ast.BinOp | ast.Name | ast.Call | ast.Attribute | ast.Subscript | ast.UnaryOp
    if not isinstance(node, values) or isinstance(parent, ast.Attribute | ast.keyword | ast.FormattedValue):
        return
    if isinstance(parent, ast.Call) and parent.func is node:
        return
    if isinstance(parent, ast.Subscript) and parent.value is node and not isinstance(node, ast.Name):
        return
    if isinstance(node, ast.Name) and (node.id == scope.module or node.id not in scope.names):
        return
    in_product = isinstance(parent, ast.BinOp) and isinstance(parent.op, _PRODUCTS)
    in_sum = isinstance(parent, ast.BinOp) and isinstance(parent.op, _SUMS)
    in_index = isinstance(parent, ast.Subscript | ast.Slice)
    if in_index or (isinstance(parent, ast.Call) and getattr(parent.func, "id", "") == "range"):
        yield INDEX, PUT_IN, _binary(node, ast.Add, _number(1))
        yield INDEX, PUT_IN, _binary(node, ast.Sub, _number(1))
        if in_index:
            return
    if not (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)):
        yield SIGN, PUT_IN, _negative(node)
    yield FACTOR, PUT_IN, _binary(node, ast.Pow, _number(2))
    if not in_product or isinstance(parent.op, ast.MatMult):  # type: ignore[union-attr]
        for factor in (_number(2), *scope.references):
            yield FACTOR, PUT_IN, _binary(node, ast.Mult, factor)
            yield FACTOR, PUT_IN, _binary(node, ast.Div, factor)
        for reference in scope.references:
            rest = _binary(_number(1), ast.Sub, reference)
            yield FACTOR, PUT_IN, _binary(node, ast.Mult, rest)
            yield FACTOR, PUT_IN, _binary(node, ast.Div, rest)
            if isinstance(reference, ast.Name) and reference.id in scope.parameters:
                yield FACTOR, PUT_IN, _binary(node, ast.Div, _call(_name("len"), reference))
        if not isinstance(node, ast.Name):
            yield FACTOR, PUT_IN, _binary(node, ast.Mult, _binary(_number(1), ast.Sub, node))
    if not in_sum:
        for term in (_number(1), *scope.references):
            yield TERM, PUT_IN, _binary(node, ast.Add, term)
            yield TERM, PUT_IN, _binary(node, ast.Sub, term)
            yield TERM, PUT_IN, _binary(term, ast.Sub, node)
    yield from _calls_around(node, scope)
    if scope.module and isinstance(node, ast.Name | ast.BinOp | ast.Call | ast.Subscript):
        everything, nothing = ast.Slice(), ast.Constant(None)
        for entries in ((everything, nothing), (nothing, everything)):
            yield SHAPE, PUT_IN, ast.Subscript(node, ast.Tuple([*entries], ast.Load()), ast.Load())
        yield TRANSPOSE, PUT_IN, _attribute(node, "T")


def _calls_around(node: ast.expr, scope: Scope) -> Iterator[Replacement]:
    for function in scope.functions:
        yield CALL, PUT_IN, _call(function, node)
    if scope.module:
        for name in ("sqrt", "exp", "log", "abs", "square"):
            yield CALL, PUT_IN, _call(_attribute(_name(scope.module), name), node)
        for name in ("sum", "mean", "max"):
            called = _attribute(_name(scope.module), name)
            yield CALL, PUT_IN, _call(called, node)
            yield CALL, PUT_IN, _call(called, node, axis=_number(0))
            yield CALL, PUT_IN, _call(called, node, axis=_number(-1), keepdims=_number(True))
            yield CALL, PUT_IN, _call(called, node, axis=_number(-1))
    yield COPY, PUT_IN, _call(_attribute(node, "copy"))
    yield COPY, PUT_IN, _call(_name("list"), node)
    yield ORDER, PUT_IN, _call(_name("reversed"), node)
    yield NUMBER_TYPE, PUT_IN, _call(_name("float"), node)
    yield NUMBER_TYPE, PUT_IN, _call(_name("int"), node)
    if scope.module:
        yield NUMBER_TYPE, PUT_IN, _call(_attribute(_name(scope.module), "array"), node, dtype=_name("float"))


# ---------------------------------------------------------------------------------------------------------------------
# More than one place of a statement
# ---------------------------------------------------------------------------------------------------------------------


def exchanges(statement: ast.stmt, scope: Scope) -> Iterator[tuple[str, int, ast.AST, int]]:
    """Edits that change a statement in two places: two values exchanged, or one name for another wherever it stands.

    Gives the kind, the distance, the changed statement, and the line.
    """
    leaves = [place for place in places(statement) if _is_a_leaf(place, scope)]
    texts = [ast.unparse(place.node) for place in leaves]
    for first in range(min(len(leaves), 12)):
        for second in range(first + 1, min(len(leaves), 12)):
            if texts[first] != texts[second]:
                made = _with(
                    statement,
                    {id(leaves[first].node): leaves[second].node, id(leaves[second].node): leaves[first].node},
                )
                yield NAME, CHANGED, made, leaves[first].node.lineno
    for text in dict.fromkeys(texts):
        same = [place.node for place, other in zip(leaves, texts, strict=True) if other == text]
        if len(same) < 2:
            continue
        for reference in (*scope.references, *map(_name, scope.names[: 2 * len(scope.references)])):
            if ast.unparse(reference) != text:
                made = _with(statement, {id(node): located(shallow(reference), node) for node in same})
                yield NAME, CHANGED, made, same[0].lineno


def _is_a_leaf(place: Place, scope: Scope) -> bool:
    """Whether a value is named here: a name, a path of attributes, a number; not a module, nor what is called."""
    node, parent = place.node, place.parents[-1]
    if isinstance(parent, ast.Attribute) or (isinstance(parent, ast.Call) and parent.func is node):
        return False
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    if isinstance(node, ast.Name):
        return node.id in scope.names
    return isinstance(node, ast.Attribute) and _is_a_path(node) and getattr(node.value, "id", "") != scope.module


def _with(node: ast.AST, others: dict[int, ast.expr]) -> Any:
    """The tree with some of its nodes replaced; what holds none of them is shared."""
    if id(node) in others:
        return others[id(node)]
    copied = None
    for name in node._fields:
        value = getattr(node, name, None)
        made: Any = value
        if isinstance(value, ast.AST):
            made = _with(value, others)
        elif type(value) is list:
            entries = [_with(entry, others) if isinstance(entry, ast.AST) else entry for entry in value]
            made = entries if any(a is not b for a, b in zip(entries, value, strict=True)) else value
        if made is not value:
            copied = shallow(node) if copied is None else copied
            setattr(copied, name, made)
    return node if copied is None else copied
