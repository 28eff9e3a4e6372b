"""Answers that may be looked up instead of computed: long tables of numbers, and one number for each known input.

What honest answers hold is much smaller: a kernel of 5 × 5 numbers, a truth table, a few labels. A student's own data
look the same as remembered answers, so a person has to see.
"""

from __future__ import annotations

import ast
import re

from nnkit.grading.marks.signs import TABLE, Sign

MANY_NUMBERS = 60
MANY_EXACT_NUMBERS = 12
EXACT_DIGITS = 6
MANY_ENTRIES = 8
MANY_BRANCHES = 4
LONG_TEXT = 400

_COLLECTIONS = ast.List | ast.Tuple | ast.Set | ast.Dict
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_EXACT = re.compile(rf"(?:\d\.?){{{EXACT_DIGITS},}}")
NUMBERS = Sign(
    TABLE, "A long table of numbers stands in an answer. It may be data, or results that were computed elsewhere."
)
ENTRIES = Sign(
    TABLE, "A dictionary gives a number for each of many inputs. It may be a cache, or known answers by heart."
)
BRANCHES = Sign(TABLE, "One input after the other is told by its value, and each gets a number that is written down.")
BLOB = Sign(TABLE, "A long text without blanks can hold data or code that nobody can read; see what becomes of it.")


def tables(root: ast.AST) -> list[tuple[ast.AST, Sign]]:
    """The places in a tree at which answers may be tabulated, the outermost of each.

    Parameters
    ----------
    root : ast.AST
        An answer, or what it uses.

    Examples
    --------
    >>> tables(ast.parse("kernel = [[1, 2, 1], [2, 4, 2], [1, 2, 1]]"))
    []
    >>> [sign.kind for _, sign in tables(ast.parse(f"table = {list(range(100))}"))]
    ['table']
    """
    found: list[tuple[ast.AST, Sign]] = []
    # What was too short as a whole is so in its parts, and what was found is not found again inside.
    in_found: set[ast.AST] = set()
    in_collection: set[ast.AST] = set()
    in_function: set[ast.AST] = set()
    for node in ast.walk(root):  # from the outside to the inside
        children = list(ast.iter_child_nodes(node))
        if node in in_found:
            in_found.update(children)
            continue
        sign = _sign(node, node in in_collection, node in in_function)
        if sign is not None:
            found.append((node, sign))
            in_found.update(children)
        if isinstance(node, _COLLECTIONS) or (node in in_collection and isinstance(node, ast.UnaryOp | ast.Call)):
            in_collection.update(children)
        if isinstance(node, _FUNCTIONS) or node in in_function:
            in_function.update(children)
    return found


def _sign(node: ast.AST, in_collection: bool, in_function: bool) -> Sign | None:
    if isinstance(node, ast.Dict) and _is_lookup(node):
        return ENTRIES
    if isinstance(node, _COLLECTIONS) and not in_collection:
        numbers = _numbers_in(node)
        exact = sum(_is_exact(number) for number in numbers)
        return NUMBERS if len(numbers) >= MANY_NUMBERS or exact >= MANY_EXACT_NUMBERS else None
    if isinstance(node, _FUNCTIONS) and not in_function:
        branches = sum(_is_known_case(inner) for inner in ast.walk(node))
        return BRANCHES if branches >= MANY_BRANCHES else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and len(node.value) >= LONG_TEXT:
        text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
        return BLOB if len(text.split()) * 100 < len(text) or _is_row_of_numbers(text) else None
    return None


def _is_row_of_numbers(text: str) -> bool:
    entries = re.split(r"[\s,;]+", text.strip()[:20_000])
    return len(entries) >= MANY_NUMBERS and all(re.fullmatch(r"[-+\d.eE\[\]()]*", entry) for entry in entries)


def _numbers_in(node: ast.AST) -> list[ast.Constant]:
    """The numbers that are written in a table, not those in calls and formulas inside of it."""
    found: list[ast.Constant] = []
    waiting: list[ast.AST] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Constant):
            if isinstance(one.value, int | float | complex) and not isinstance(one.value, bool):
                found.append(one)
        elif isinstance(one, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.UnaryOp):
            waiting += [child for child in ast.iter_child_nodes(one) if isinstance(child, ast.expr)]
        elif isinstance(one, ast.Call):  # np.array([…]) in a table of arrays
            waiting += one.args
    return found


def _is_exact(number: ast.Constant) -> bool:
    return isinstance(number.value, float) and _EXACT.search(repr(number.value).partition("e")[0]) is not None


def _is_lookup(node: ast.Dict) -> bool:
    entries = [(key, value) for key, value in zip(node.keys, node.values, strict=True) if _is_input(key)]
    return sum(_is_result(value) for _, value in entries) >= MANY_ENTRIES


def _is_input(key: ast.expr | None) -> bool:
    """Whether a key can be somebody's input: a number, several, or a long text; not a truth value or a word."""
    if isinstance(key, ast.Constant):
        if isinstance(key.value, str):
            return len(key.value) >= 12 and any(sign.isdigit() for sign in key.value)
        return isinstance(key.value, int | float | bytes) and not isinstance(key.value, bool)
    if isinstance(key, ast.UnaryOp):
        return _is_input(key.operand)
    if isinstance(key, ast.Tuple):
        numbers = _numbers_in(key)
        return len(numbers) > 0 and any(number.value not in (0, 1) for number in numbers)
    return isinstance(key, ast.Call)


def _is_result(value: ast.expr) -> bool:
    return len(_numbers_in(value)) > 0


def _is_known_case(node: ast.AST) -> bool:
    """Whether a branch compares with written numbers and gives a written number back."""
    if isinstance(node, ast.If):
        test, result = node.test, _returned(node.body)
    elif isinstance(node, ast.IfExp):
        test, result = node.test, node.body
    elif isinstance(node, ast.match_case):
        told = any(isinstance(inner, ast.MatchValue) for inner in ast.walk(node.pattern))
        returned = _returned(node.body)
        return told and returned is not None and _is_result(returned)
    else:
        return False
    return result is not None and _is_result(result) and _tells_an_input(test)


def _returned(body: list[ast.stmt]) -> ast.expr | None:
    last = body[-1] if body else None
    return last.value if isinstance(last, ast.Return | ast.Assign) else None


def _tells_an_input(test: ast.expr) -> bool:
    for node in ast.walk(test):
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.Is | ast.In) for op in node.ops):
            if any(_numbers_in(side) for side in (node.left, *node.comparators)):
                return True
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("array_equal", "allclose", "isclose", "array_equiv") and any(map(_numbers_in, node.args)):
                return True
    return False
