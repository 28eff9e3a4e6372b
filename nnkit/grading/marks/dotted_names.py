"""What a student's expression means, as a dotted name: ``F.softmax`` after ``import torch.nn.functional as F``.

Imports, plain assignments, `getattr` with a name, `__import__` and ``vars(module)["name"]`` are followed. A call is
written with "()" behind it, so ``Path.cwd().parent`` after ``from pathlib import Path`` is "pathlib.Path.cwd().parent".
Scopes are not: a name that means several things may mean any of them. Nothing is run.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator

DEEPEST = 40
MOST_MEANINGS = 4
LONGEST_TEXT = 4_000
# What is there in a notebook without an import.
THERE_ALREADY = frozenset(dir(builtins)) | set("get_ipython In Out _ih _oh _dh _i _ii _iii exit quit display".split())
# Modules whose name means the module where nothing else is bound to it: a helper file may have brought it in.
MODULES = frozenset(
    "os sys gc socket subprocess ctypes inspect importlib builtins threading signal shutil nnkit".split()
)
_IMPORTING = ("__import__", "importlib.import_module", "importlib.__import__", "pytest.importorskip")


class Names:
    """What the names of a notebook mean.

    Parameters
    ----------
    trees : Iterable[ast.AST]
        Its cells.

    Examples
    --------
    >>> tree = ast.parse("import os as o\\nfrom pathlib import Path\\nhome = Path.home\\no.path.join; home()")
    >>> names = Names([tree])
    >>> names.of(tree.body[3].value), names.of(tree.body[4].value)
    (('os.path.join',), ('pathlib.Path.home()',))
    """

    def __init__(self, trees: Iterable[ast.AST]) -> None:
        self._meanings: dict[str, tuple[str, ...]] = {}
        self._known: dict[ast.AST, tuple[str, ...]] = {}
        self._stars: list[str] = []
        self.bound: set[str] = set()  # in any scope, but not by an import
        assigned: list[tuple[str, ast.expr]] = []
        for tree in trees:
            for node in ast.walk(tree):
                self._collect(node, assigned)
        # A name may stand for one that is bound further down.
        for _ in range(3):
            before = dict(self._meanings)
            self._known.clear()
            for name, value in assigned:
                for meaning in self.of(value):
                    if meaning != name:
                        self._add(name, meaning)
            if self._meanings == before:
                break
        self._known.clear()
        # Names that (also) stand for something that was computed.
        self.computed = {name for name, value in assigned if all("()" in meaning for meaning in self.of(value))}

    def _collect(self, node: ast.AST, assigned: list[tuple[str, ast.expr]]) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self._add(alias.asname or alias.name.partition(".")[0], alias.name if alias.asname else None)
        elif isinstance(node, ast.ImportFrom):
            if node.module:
                for alias in node.names:
                    if alias.name != "*":
                        self._add(alias.asname or alias.name, f"{node.module}.{alias.name}")
                    elif len(self._stars) < MOST_MEANINGS:
                        self._stars.append(node.module)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                assigned += _pairs(target, node.value)
        elif isinstance(node, ast.For | ast.comprehension):
            if isinstance(node.target, ast.Name) and isinstance(node.iter, ast.Tuple | ast.List):
                assigned += [(node.target.id, value) for value in node.iter.elts[:MOST_MEANINGS]]
        elif isinstance(node, ast.arguments):
            with_default = [*node.posonlyargs, *node.args][-len(node.defaults) :] if node.defaults else []
            assigned += [(one.arg, value) for one, value in zip(with_default, node.defaults, strict=True)]
            pairs = zip(node.kwonlyargs, node.kw_defaults, strict=True)
            assigned += [(one.arg, value) for one, value in pairs if value is not None]
        elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            assigned.append((node.optional_vars.id, node.context_expr))
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            self.bound.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.bound.add(node.name)
        elif isinstance(node, ast.arg):
            self.bound.add(node.arg)

    def _add(self, name: str, meaning: str | None) -> None:
        known = self._meanings.get(name, ())
        meaning = name if meaning is None else meaning
        if meaning not in known and len(known) < MOST_MEANINGS and len(meaning) < 400:
            self._meanings[name] = (*known, meaning)

    def of(self, node: ast.AST, depth: int = 0) -> tuple[str, ...]:
        """What an expression may mean; nothing where that cannot be read.

        Parameters
        ----------
        node : ast.AST
            The expression.
        depth : int
            How many expressions it stands in.
        """
        if depth > DEEPEST:
            return ()
        found = self._known.get(node)
        if found is None:
            found = self._of(node, depth)
            if found or not depth:  # nothing may only mean that it stands too deep
                self._known[node] = found
        return found

    def _of(self, node: ast.AST, depth: int) -> tuple[str, ...]:
        if isinstance(node, ast.Name):
            known = self._meanings.get(node.id, ())
            if known or node.id in self.bound:
                return known
            return (
                (node.id,)
                if node.id in THERE_ALREADY or node.id in MODULES
                else tuple(f"{module}.{node.id}" for module in self._stars)
            )
        if isinstance(node, ast.Attribute):
            return self._below(self.of(node.value, depth + 1), node.attr)
        if isinstance(node, ast.Call):
            return self._of_call(node, depth)
        if isinstance(node, ast.Subscript):
            return self._of_entry(node, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):  # Path(…) / "name"
            return tuple(one for one in self.of(node.left, depth + 1) if one.startswith("pathlib.") and "()" in one)
        if isinstance(node, ast.Await | ast.Starred | ast.NamedExpr):
            return self.of(node.value, depth + 1)
        return ()

    def copied(self, node: ast.AST | None, depth: int = 0) -> ast.expr | None:
        """What `pickle.loads(pickle.dumps(it))` makes a copy of; None for any other expression.

        Parameters
        ----------
        node : ast.AST or None
            The expression.
        depth : int
            How many expressions it stands in.
        """
        if not isinstance(node, ast.Call) or len(node.args) != 1 or not isinstance(node.args[0], ast.Call):
            return None
        inner = node.args[0]
        written = {one.removesuffix(".dumps") for one in self.of(inner.func, depth + 1) if one.endswith(".dumps")}
        read = {one.removesuffix(".loads") for one in self.of(node.func, depth + 1)}
        return inner.args[0] if written and written == read and inner.args else None

    def _of_call(self, node: ast.Call, depth: int) -> tuple[str, ...]:
        copied = self.copied(node, depth)
        if copied is not None:
            return self.of(copied, depth + 1)
        called = self.of(node.func, depth + 1)
        if "getattr" in called and len(node.args) >= 2:
            name = text_of(node.args[1])
            return self._below(self.of(node.args[0], depth + 1), name) if name else ()
        if node.args and any(one in _IMPORTING for one in called):
            name = text_of(node.args[0])
            return (name,) if name else ()
        return tuple(f"{one}()" for one in called)

    def _of_entry(self, node: ast.Subscript, depth: int) -> tuple[str, ...]:
        name = text_of(node.slice)
        if name is None:
            return ()
        value = node.value
        if isinstance(value, ast.Attribute) and value.attr == "__dict__":
            return self._below(self.of(value.value, depth + 1), name)
        if isinstance(value, ast.Call) and len(value.args) == 1 and "vars" in self.of(value.func, depth + 1):
            return self._below(self.of(value.args[0], depth + 1), name)
        meant = self.of(value, depth + 1)
        if "sys.modules" in meant or "globals()" in meant:
            return (name,)
        return ()

    def _below(self, owners: tuple[str, ...], name: str) -> tuple[str, ...]:
        return tuple(name if one in ("builtins", "__builtins__") else f"{one}.{name}" for one in owners)


def _pairs(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[str, ast.expr]]:
    """Names and what is assigned to each, also in ``a, b = c, d``."""
    if value is None:
        return
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
        for one, other in zip(target.elts, value.elts, strict=False):
            if isinstance(one, ast.Name):
                yield one.id, other


def text_of(node: ast.AST | None, depth: int = 0) -> str | None:
    """The text that an expression of constants is, put together where it stands in pieces; else None.

    Parameters
    ----------
    node : ast.AST or None
        The expression.
    depth : int
        How many expressions it stands in.

    Examples
    --------
    >>> text_of(ast.parse("'grade' + ''.join(['bo', 'ok'])", mode="eval").body)
    'gradebook'
    """
    if depth > DEEPEST or node is None:
        return None
    parts: list[str | None]
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bytes):
            return node.value[:LONGEST_TEXT].decode("utf-8", errors="replace")
        return node.value[:LONGEST_TEXT] if isinstance(node.value, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [text_of(node.left, depth + 1), text_of(node.right, depth + 1)]
    elif isinstance(node, ast.JoinedStr):
        parts = [
            text_of(part.value if isinstance(part, ast.FormattedValue) else part, depth + 1) for part in node.values
        ]
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        step = node.slice.step
        backwards = isinstance(step, ast.UnaryOp) and isinstance(step.op, ast.USub)
        text = text_of(node.value, depth + 1)
        return text[::-1] if text is not None and backwards else None
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "join"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.List | ast.Tuple)
    ):
        between = text_of(node.func.value, depth + 1)
        parts = [text_of(part, depth + 1) for part in node.args[0].elts[:200]]
        known = [part for part in parts if part is not None]
        return None if between is None or len(known) < len(parts) else between.join(known)[:LONGEST_TEXT]
    else:
        return None
    known = [part for part in parts if part is not None]
    return "".join(known)[:LONGEST_TEXT] if len(known) == len(parts) else None
