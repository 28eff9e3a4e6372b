"""Variants of a student's answer, each one small edit away from what was typed, and what they answer.

Every edit (see `edits`) is compiled into one and the same program: where an edit may happen there is a choice, and a
number says which edit is in force. So thousands of variants cost one compilation. A variant is run on data of its own:
its own names, copies of what it finds outside, and the watchdog around it.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import operator
import sys
import types
import warnings
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.beside import edits
from nnkit.exercises.beside.edits import CHANGED, MOVED, PUT_IN, Edit, Scope, located, places, shallow
from nnkit.exercises.beside.source import Source, module_name

IN_FORCE = "__edit_in_force__"  # the global name by which a program knows which edit is in force; 0 is none
MOST = 12_000  # edits in one answer
MOST_ENTRIES = 1_000_000  # of an outer product
# A whole number may grow until one operation takes minutes, and nothing can stop it; so these have a bound.
POWER, PRODUCT, IN_PLACE, FINITE = "__power__", "__product__", "in_place__", "__finite__"
# Decompositions: some go round for ever on what is not finite, in one call that nothing can stop.
DECOMPOSITIONS = {"svd", "svdvals", "eig", "eigh", "eigvals", "eigvalsh", "pinv", "lstsq", "matrix_rank", "cond"}
MOST_BITS = 100_000  # of a whole number

Block = list[ast.stmt]


@dataclass(frozen=True)
class Spot:
    """An edit, and the cell or file in which its line stands."""

    edit: Edit
    part: int


class Variants:
    """The variants of one answer.

    Parameters
    ----------
    source : Source
        The answer as it was typed.
    distances : Collection[int]
        How far the edits may be from what was typed.

    Attributes
    ----------
    spots : list[Spot]
        Edit number `k` is at place ``k - 1``.
    """

    def __init__(self, source: Source, distances: Collection[int] = (CHANGED, MOVED, PUT_IN)) -> None:
        self.source = source
        self.spots: list[Spot] = []
        self._trees: list[Block] = []
        self._programs: list[types.CodeType] = []
        self._plain: list[types.CodeType] = []
        for number, part in enumerate(source.parts):
            workshop = _Workshop(self._scope(part.statements), len(self.spots), distances)
            body = [workshop.definition(statement) for statement in part.statements]
            self._trees.append(body)
            self.spots += [Spot(edit, number) for edit in workshop.made]
            with warnings.catch_warnings(), _bounded(body):
                warnings.simplefilter("ignore")  # a variant may look odd to the compiler
                self._programs.append(compile(ast.Module(body, []), part.file, "exec"))
                self._plain.append(compile(ast.Module(list(part.statements), []), part.file, "exec"))
        self._spans = [_spans(part.statements) for part in source.parts]
        self._data = {name: value for name, value in source.outside.items() if _can_be_changed(value)}

    def text(self, number: int = 0) -> str:
        """The answer with one edit, or none, as it could have been typed; laid out anew, without comments."""
        in_force = _InForce(number)
        return "\n".join(
            ast.unparse(made) for tree in self._trees for statement in tree for made in in_force.block([statement])
        )

    def span(self, spot: Spot) -> range:
        """The lines of the statement (or of the head of a block) in which an edit is."""
        return self._spans[spot.part].get(spot.edit.line, range(spot.edit.line, spot.edit.line + 1))

    def _scope(self, statements: tuple[ast.stmt, ...]) -> Scope:
        nodes = [node for statement in statements for node in ast.walk(statement)]
        outside = self.source.outside
        functions: list[ast.expr] = [
            ast.Name(name, ast.Load()) for name, value in outside.items() if isinstance(value, types.FunctionType)
        ]
        defined = [statement.name for statement in statements if isinstance(statement, ast.FunctionDef)]
        functions += [ast.Name(name, ast.Load()) for name in defined if name not in outside]
        return Scope(
            attributes=tuple(
                dict.fromkeys(
                    node.attr for node in nodes if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Del)
                )
            )
            if any(isinstance(statement, ast.ClassDef) for statement in statements)
            else (),
            functions=tuple(functions),
            module=module_name(outside),
        )

    def names(self, number: int = 0, plain: bool = False) -> dict[str, Any]:
        """What the student's cells define when one edit is in force, or none; freshly run."""
        made = dict(self.source.outside)
        for name, value in self._data.items():
            made[name] = copy.deepcopy(value)
        made |= {IN_FORCE: number, edits.OUTER: _outer, POWER: _power, PRODUCT: _product, FINITE: _finite}
        made[POWER + IN_PLACE] = partial(_power, raised=operator.ipow)
        made[PRODUCT + IN_PLACE] = partial(_product, multiply=operator.imul)
        for program in self._plain if plain else self._programs:
            exec(program, made)
        return made


def _outer(first: Any, second: Any) -> np.ndarray:
    if np.size(first) * np.size(second) > MOST_ENTRIES:
        raise MemoryError("An outer product of arrays as large as these is not tried.")
    return np.outer(first, second)


def _power(base: Any, exponent: Any, raised: Callable[[Any, Any], Any] = operator.pow) -> Any:
    if isinstance(base, int) and isinstance(exponent, int) and base.bit_length() * exponent > MOST_BITS:
        raise OverflowError("A whole number as large as this is not computed.")
    return raised(base, exponent)


def _product(first: Any, second: Any, multiply: Callable[[Any, Any], Any] = operator.mul) -> Any:
    if isinstance(first, int) and isinstance(second, int) and first.bit_length() + second.bit_length() > MOST_BITS:
        raise OverflowError("A whole number as large as this is not computed.")
    return multiply(first, second)


def _finite(decompose: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, which refuses numbers that are not finite."""

    def careful(*values: Any, **options: Any) -> Any:
        if not all(np.isfinite(value).all() for value in values if isinstance(value, np.ndarray)):
            raise np.linalg.LinAlgError("Numbers that are not finite are not decomposed.")
        return decompose(*values, **options)

    return careful


def _decomposes(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in DECOMPOSITIONS


@contextlib.contextmanager
def _bounded(body: Block) -> Iterator[None]:
    """For as long as it is compiled: what could take for ever in one step is a call with a bound.

    Every power, every product that an edit has made, and every decomposition of a matrix.

    In place, because the variants share most of their nodes, and the nodes of what was typed are among them.
    """
    seen: set[int] = set()
    waiting: list[ast.AST] = [*body]
    found: list[tuple[Any, type[ast.AST], dict[str, Any]]] = []
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        waiting += ast.iter_child_nodes(node)
        power = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Pow | edits.NEW_PRODUCT)
        if power or _decomposes(node):
            found.append((node, type(node), dict(vars(node))))
    for node, kind, parts in found:
        if kind is ast.Call:
            node.func = located(ast.Call(ast.Name(FINITE, ast.Load()), [parts["func"]], []), node)
            continue
        name = ast.Name(POWER if isinstance(node.op, ast.Pow) else PRODUCT, ast.Load())
        if kind is ast.BinOp:
            node.__class__ = ast.Call
            vars(node).update(func=located(name, node), args=[parts["left"], parts["right"]], keywords=[])
        else:
            name.id += IN_PLACE
            call = ast.Call(name, [_reading(parts["target"]), parts["value"]], [])
            node.__class__ = ast.Assign
            vars(node).update(targets=[parts["target"]], value=located(call, node))
    try:
        yield
    finally:
        for node, kind, parts in found:
            node.__class__ = kind
            vars(node).clear()
            vars(node).update(parts)


def _spans(statements: tuple[ast.stmt, ...]) -> dict[int, range]:
    spans: dict[int, range] = {}
    for statement in statements:
        for node in ast.walk(statement):
            if not isinstance(node, ast.stmt):
                continue
            head = next((getattr(node, name) for name in ("test", "iter") if hasattr(node, name)), None)
            if isinstance(node, ast.If | ast.While | ast.For):
                last = head.end_lineno or node.lineno  # type: ignore[union-attr]
            elif hasattr(node, "body"):
                continue
            else:
                last = node.end_lineno or node.lineno
            spans.update(dict.fromkeys(range(node.lineno, last + 1), range(node.lineno, last + 1)))
    return spans


def _can_be_changed(value: Any) -> bool:
    return not isinstance(
        value, types.ModuleType | types.FunctionType | types.BuiltinFunctionType | type | str | int | float
    )


# ---------------------------------------------------------------------------------------------------------------------
# One program for all variants
# ---------------------------------------------------------------------------------------------------------------------


class _Workshop:
    """Builds the program in which every edit is a choice."""

    def __init__(self, scope: Scope, before: int, distances: Collection[int]) -> None:
        self._scope = scope
        self._distances = distances
        self._before = before
        self.made: list[Edit] = []

    def _new(self, edit: Edit) -> int:
        self.made.append(edit)
        return self._before + len(self.made)

    def definition(self, statement: ast.stmt) -> ast.stmt:
        """A definition with choices in the bodies of its functions."""
        if isinstance(statement, ast.ClassDef):
            made = shallow(statement)
            methods = tuple(entry.name for entry in statement.body if isinstance(entry, ast.FunctionDef))
            made.body = [self._of_class(entry, methods) for entry in statement.body]
            return made
        if isinstance(statement, ast.FunctionDef):
            return self._function(statement, self._scope)
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda):
            made = shallow(statement)
            made.value = shallow(statement.value)
            names = tuple(argument.arg for argument in statement.value.args.args)
            references = tuple(ast.Name(name, ast.Load()) for name in names)
            scope = Scope(names, names, references, (), (), self._scope.functions, self._scope.module)
            made.value.body = self._expression(statement.value, "body", scope)
            return made
        return statement

    def _of_class(self, statement: ast.stmt, methods: tuple[str, ...]) -> ast.stmt:
        """A statement of a class's body; one that gives a method a second name may have meant another."""
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Name):
            return self.definition(statement)
        made = shallow(statement)
        made.value = self._expression(statement, "value", Scope(methods))
        return made

    def _function(self, function: ast.FunctionDef, outer: Scope) -> ast.FunctionDef:
        made = shallow(function)
        made.body = self._block(function.body, outer.inside(function))
        return made

    # -- statements ---------------------------------------------------------------------------------------------------

    def _block(self, body: Block, scope: Scope) -> Block:
        moves = self._moves(body)
        for position in range(len(body)):
            for number, place, block in self._loops_beginning(body, position):
                moves.setdefault(place, []).append((number, block))
        made: Block = []
        for position, statement in enumerate(body):
            choices = self._statement_edits(statement, scope, body)
            for block, edit in self._loops_end(body, position):
                choices.append((self._new(edit), block))
            choices += moves.get(position, [])
            made += self._choose(choices, self._inside(statement, scope), statement)
        return made

    def _moves(self, body: Block) -> dict[int, list[tuple[int, Block]]]:
        """Two neighbouring statements, or one and the next but one, in the other order."""
        moves: dict[int, list[tuple[int, Block]]] = {}
        for first in range(len(body) if MOVED in self._distances else 0):
            for distance in (1, 2):
                second = first + distance
                if second >= len(body):
                    continue
                between = body[first : second + 1]
                if any(isinstance(entry, ast.FunctionDef | ast.ClassDef | ast.Nonlocal) for entry in between):
                    continue
                if isinstance(body[second], ast.Return) and not isinstance(body[first], ast.If | ast.For | ast.While):
                    continue
                for later in (True, False) if distance == 2 else (True,):
                    order = [*between[1:], between[0]] if later else [between[-1], *between[:-1]]
                    line = body[first].lineno if later else body[second].lineno
                    number = self._new(Edit(line, edits.LINES, MOVED))
                    for offset, statement in enumerate(order):
                        moves.setdefault(first + offset, []).append((number, [statement]))
        return moves

    def _loops_end(self, body: Block, position: int) -> Iterator[tuple[Block, Edit]]:
        """The last statement of a loop or condition put behind it, or the statement behind it put into it."""
        statement = body[position]
        if MOVED not in self._distances:
            return
        if isinstance(statement, ast.For | ast.While | ast.If) and not statement.orelse:
            if len(statement.body) > 1 or isinstance(statement.body[-1], ast.Return):
                last = statement.body[-1]
                made = shallow(statement)
                made.body = statement.body[:-1] or [located(ast.Pass(), statement)]
                yield [made, last], Edit(last.lineno, edits.INDENTATION, MOVED)
            if position + 1 < len(body) and not isinstance(body[position + 1], ast.FunctionDef):
                following = body[position + 1]
                made = shallow(statement)
                made.body = [*statement.body, following]
                if not isinstance(
                    following, ast.Return
                ):  # it then runs twice, once inside; the copy behind is harmless
                    yield [made], Edit(following.lineno, edits.INDENTATION, MOVED)

    def _loops_beginning(self, body: Block, position: int) -> list[tuple[int, int, Block]]:
        """The first statement of a loop put before it, or the statement before a loop put at its beginning.

        Gives the number of the edit, the position of a statement, and what stands there instead.
        """
        loop = body[position]
        found: list[tuple[int, int, Block]] = []
        if MOVED not in self._distances or not isinstance(loop, ast.For | ast.While):
            return found
        first = loop.body[0]
        if len(loop.body) > 1 and isinstance(first, _SIMPLE):
            made = shallow(loop)
            made.body = loop.body[1:]
            found.append((self._new(Edit(first.lineno, edits.INDENTATION, MOVED)), position, [first, made]))
        if position > 0 and isinstance(body[position - 1], _SIMPLE):
            before = body[position - 1]
            for made in _with_at_its_beginning(before, loop):
                number = self._new(Edit(before.lineno, edits.INDENTATION, MOVED))
                found += [(number, position - 1, [located(ast.Pass(), before)]), (number, position, [made])]
        return found

    def _statement_edits(self, statement: ast.stmt, scope: Scope, body: Block) -> list[tuple[int, Block]]:
        choices: list[tuple[int, Block]] = []
        if isinstance(statement, _LEFT_ALONE):
            return choices
        for kind, distance, block, line in _changes(statement, scope, len(body) > 1):
            if len(self.made) >= MOST:
                break
            if distance in self._distances and not any(edits.holds_itself(entry, scope) for entry in block):
                placed = [located(entry, statement) for entry in block]
                choices.append((self._new(Edit(line, kind, distance)), placed))
        return choices

    def _inside(self, statement: ast.stmt, scope: Scope) -> ast.stmt:
        """The statement with choices in what it holds: its own blocks, and the expression at its head."""
        if isinstance(statement, ast.FunctionDef):
            return self._function(statement, scope)
        made = shallow(statement)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(statement, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                setattr(made, name, self._block(block, scope))
        if isinstance(statement, ast.Try):
            handlers = []
            for handler in statement.handlers:
                copied = shallow(handler)
                copied.body = self._block(handler.body, scope)
                handlers.append(copied)
            made.handlers = handlers
        for name in ("test", "iter"):
            if isinstance(statement, ast.If | ast.While | ast.For) and hasattr(statement, name):
                setattr(made, name, self._expression(statement, name, scope))
        return made

    def _expression(self, statement: Any, name: str, scope: Scope) -> ast.expr:
        original: ast.expr = getattr(statement, name)
        choices: list[tuple[int, ast.expr]] = []
        for place in places(statement, (name,)):
            for kind, distance, new in edits.replacements(place, scope):
                if len(self.made) >= MOST:
                    break
                if distance not in self._distances:
                    continue
                number = self._new(Edit(place.node.lineno, kind, distance))
                choices.append((number, getattr(place.holding(new), name)))
        if not choices:
            return original
        tree = _tree_of_expressions(choices)
        # Inside a lambda or a comprehension a name may be bound anew; the choice stands outside all of them.
        return located(ast.IfExp(_between(choices[0][0], choices[-1][0]), tree, original), original)

    def _choose(self, choices: list[tuple[int, Block]], made: ast.stmt, original: ast.stmt) -> Block:
        if not choices:
            return [made]
        choices = sorted(choices, key=lambda choice: choice[0])
        # Numbers of other edits may lie between: then the original has to be reached.
        runs: list[list[tuple[int, Block]]] = []
        for choice in choices:
            if runs and runs[-1][-1][0] == choice[0] - 1:
                runs[-1].append(choice)
            else:
                runs.append([choice])
        body: Block = [made]
        for run in runs:
            test = _between(run[0][0], run[-1][0])
            body = [located(ast.If(test, _tree_of_blocks(run, original), body), original)]
        return body


def _with_at_its_beginning(statement: ast.stmt, loop: ast.For | ast.While) -> Iterator[ast.stmt]:
    """The loop with a statement at its beginning, or at that of the loop with which it begins, and so on."""
    made = shallow(loop)
    made.body = [statement, *loop.body]
    yield made
    first = loop.body[0]
    if isinstance(first, ast.For | ast.While):
        for inner in _with_at_its_beginning(statement, first):
            made = shallow(loop)
            made.body = [inner, *loop.body[1:]]
            yield made


_LEFT_ALONE = (ast.FunctionDef, ast.ClassDef, ast.Nonlocal, ast.Global, ast.Import, ast.ImportFrom)
_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr)
_WITH_BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)

Change = tuple[str, int, list[Any], int]


def _changes(statement: ast.stmt, scope: Scope, has_neighbours: bool) -> Iterator[Change]:
    """What might have been meant in the place of a statement: kind, distance, the statements, and the line."""
    line = statement.lineno
    if has_neighbours:
        yield edits.EXTRA_LINE, MOVED, [ast.Pass()], line
    if isinstance(statement, ast.AugAssign):
        yield from _changes_of_an_addition(statement)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        yield from _changes_of_an_assignment(statement)
    if isinstance(statement, ast.Assign | ast.AugAssign):
        written = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        for target in _other_targets(written, scope):
            made: Any = shallow(statement)
            made.target = located(target, written)
            if isinstance(statement, ast.Assign):
                made.targets = [made.target]
            yield edits.NAME, CHANGED, [made], line
    if isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant | ast.Yield):
        yield edits.RESULTS, CHANGED, [ast.Return(statement.value)], line
    if isinstance(statement, ast.If):
        always = shallow(statement)
        always.test = ast.copy_location(ast.Constant(True), statement.test)
        yield edits.CONDITION, MOVED, [always], line
        if statement.orelse:
            yield edits.CONDITION, MOVED, [*statement.body, *statement.orelse], line
    if isinstance(statement, ast.Break | ast.Continue):
        yield edits.LINES, CHANGED, [ast.Continue() if isinstance(statement, ast.Break) else ast.Break()], line
    if not isinstance(statement, _WITH_BLOCKS):
        for place in places(statement):
            for kind, distance, new in edits.replacements(place, scope):
                yield kind, distance, [place.holding(new)], place.node.lineno
        for kind, distance, whole, number in edits.exchanges(statement, scope):
            yield kind, distance, [whole], number


def _changes_of_an_addition(statement: ast.AugAssign) -> Iterator[Change]:
    target, value, line = statement.target, statement.value, statement.lineno
    yield edits.ADDING_UP, CHANGED, [ast.Assign([target], value)], line
    if isinstance(value, ast.Name) and isinstance(statement.op, ast.Add | ast.Sub):  # to count is to add 1
        yield edits.NAME, CHANGED, [ast.AugAssign(target, statement.op, ast.Constant(1))], line
    yield edits.COPY, CHANGED, [ast.Assign([target], ast.BinOp(_reading(target), statement.op, value))], line
    signs: tuple[type[ast.operator], ...] = (ast.Add, ast.Sub, edits.NEW_PRODUCT, ast.Div)
    for sign in signs:
        if not issubclass(sign, type(statement.op)):
            yield edits.OPERATION, CHANGED, [ast.AugAssign(target, sign(), value)], line


def _changes_of_an_assignment(statement: ast.Assign) -> Iterator[Change]:
    target, value, line = statement.targets[0], statement.value, statement.lineno
    if isinstance(target, ast.Attribute | ast.Subscript | ast.Name):
        signs: tuple[type[ast.operator], ...] = (ast.Add, ast.Sub, edits.NEW_PRODUCT)
        for sign in signs:
            yield edits.ADDING_UP, CHANGED, [ast.AugAssign(target, sign(), value)], line
    if isinstance(target, ast.Name) and isinstance(value, ast.BinOp):  # written into the array itself
        inside = ast.Subscript(_reading(target), ast.Slice(), ast.Store())
        yield edits.COPY, CHANGED, [ast.Assign([inside], value)], line
    if isinstance(target, ast.Tuple) and len(target.elts) == 2:
        swapped = ast.Tuple([target.elts[1], target.elts[0]], ast.Store())
        yield edits.ORDER, CHANGED, [ast.Assign([swapped], value)], line


def _other_targets(target: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """Another attribute or name that may have been meant on the left of an assignment."""
    if isinstance(target, ast.Attribute):
        for name in scope.names:
            if isinstance(target.value, ast.Name) and name != target.value.id:
                yield ast.Attribute(ast.Name(name, ast.Load()), target.attr, ast.Store())
        for attribute in scope.attributes:
            if attribute != target.attr:
                yield ast.Attribute(target.value, attribute, ast.Store())
    elif isinstance(target, ast.Subscript):
        for name in scope.names:
            if isinstance(target.value, ast.Name) and name != target.value.id:
                yield ast.Subscript(ast.Name(name, ast.Load()), target.slice, ast.Store())
        if isinstance(target.slice, ast.Name | ast.Constant):
            for name in scope.names:
                yield ast.Subscript(target.value, ast.Name(name, ast.Load()), ast.Store())
            for step in (ast.Add(), ast.Sub()):
                moved = ast.BinOp(target.slice, step, ast.Constant(1))
                yield ast.Subscript(target.value, moved, ast.Store())
    elif isinstance(target, ast.Name):
        for name in scope.names:
            if name != target.id and name not in scope.parameters:
                yield ast.Name(name, ast.Store())
        if "self" in scope.names:
            yield ast.Attribute(ast.Name("self", ast.Load()), target.id, ast.Store())


def _reading(target: Any) -> Any:
    copied = shallow(target)
    copied.ctx = ast.Load()
    return copied


def _between(low: int, high: int) -> ast.expr:
    force = ast.Name(IN_FORCE, ast.Load())
    if low == high:
        return ast.Compare(force, [ast.Eq()], [ast.Constant(low)])
    return ast.Compare(ast.Constant(low), [ast.LtE(), ast.LtE()], [force, ast.Constant(high)])


def _below(number: int) -> ast.expr:
    return ast.Compare(ast.Name(IN_FORCE, ast.Load()), [ast.Lt()], [ast.Constant(number)])


def _tree_of_blocks(choices: list[tuple[int, Block]], like: ast.stmt) -> Block:
    if len(choices) == 1:
        return choices[0][1]
    middle = len(choices) // 2
    halves = _tree_of_blocks(choices[:middle], like), _tree_of_blocks(choices[middle:], like)
    return [located(ast.If(_below(choices[middle][0]), *halves), like)]


def _tree_of_expressions(choices: list[tuple[int, ast.expr]]) -> ast.expr:
    if len(choices) == 1:
        return choices[0][1]
    middle = len(choices) // 2
    first, second = _tree_of_expressions(choices[:middle]), _tree_of_expressions(choices[middle:])
    return ast.IfExp(_below(choices[middle][0]), first, second)


class _InForce:
    """Takes the choices out of a program: what is left is what runs when one edit is in force."""

    def __init__(self, number: int) -> None:
        self._number = number

    def block(self, body: Block) -> Block:
        """Statements without choices."""
        made: Block = []
        for statement in body:
            if isinstance(statement, ast.If) and self._is_a_choice(statement.test):
                made += self.block(statement.body if self._holds(statement.test) else statement.orelse)
            else:
                made.append(self._node(statement))
        return made

    def _node(self, node: Any) -> Any:
        if isinstance(node, ast.IfExp) and self._is_a_choice(node.test):
            return self._node(node.body if self._holds(node.test) else node.orelse)
        copied = shallow(node)
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                setattr(copied, name, self._node(value))
            elif type(value) is list:
                is_block = bool(value) and isinstance(value[0], ast.stmt)
                entries = [self._node(entry) if isinstance(entry, ast.AST) else entry for entry in value]
                setattr(copied, name, self.block(value) if is_block else entries)
        return copied

    def _is_a_choice(self, test: ast.expr) -> bool:
        return isinstance(test, ast.Compare) and any(
            isinstance(side, ast.Name) and side.id == IN_FORCE for side in (test.left, *test.comparators)
        )

    def _holds(self, test: Any) -> bool:
        """The value of what `_between` and `_below` make."""
        sides = [self._number if isinstance(side, ast.Name) else side.value for side in (test.left, *test.comparators)]
        if isinstance(test.ops[0], ast.Lt):
            return bool(sides[0] < sides[1])
        return bool(sides[0] == sides[1] if len(sides) == 2 else sides[0] <= sides[1] <= sides[2])


# ---------------------------------------------------------------------------------------------------------------------
# Which lines are run
# ---------------------------------------------------------------------------------------------------------------------


def lines_run(work: Callable[[], object], files: Collection[str]) -> set[tuple[str, int]]:
    """The lines of some cells or files that are run by a piece of work, in the thread that calls this."""
    seen: set[tuple[str, int]] = set()

    def local(frame: types.FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
        return local

    def enter(frame: types.FrameType, event: str, argument: Any) -> Any:
        return local if frame.f_code.co_filename in files else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        work()
    finally:
        sys.settrace(before)
    return seen
