"""Source without what may not stand beside a student's code: bodies taken out, and differentiation.

It works on the text of modules, so nothing of what is removed is left in the process that imports the result: no code
object, no attribute, no comment. Three things are done.

- A function that is withheld keeps its name and its arguments, and its body is `raise Withheld(…)`.
- Without differentiation every primitive returns its value, bit for bit as before, and no derivatives; the lines that
  only they needed go, too.
- An internal function that nobody calls any more, because all who did have lost their bodies, loses its own.
"""

from __future__ import annotations

import ast
import builtins
import collections
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

Function = ast.FunctionDef | ast.AsyncFunctionDef
# A function by its file, relative to the folder of the package, and its name in it, such as "Tensor.backward".
Place = tuple[str, str]

_WITHHELD_FROM = "nnkit.exercises.beside.withheld"
# What calling changes nothing but the value that is returned.
_PURE = frozenset(dir(builtins)) - {"exec", "eval", "print", "next", "setattr", "delattr", "input", "open"}


def functions_in(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, Function]]:
    """Yield the functions and methods of a module with their names in it, those inside of functions left out.

    Examples
    --------
    >>> [name for name, _ in functions_in(ast.parse("class A:\\n  def f(self): pass\\ndef g(): pass"))]
    ['A.f', 'g']
    """
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from functions_in(node, f"{inside}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{inside}{node.name}", node
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
            yield from functions_in(node, inside)


def names_used(text: str) -> Mapping[str, int]:
    """How often each name is looked up in a module, as a variable, an attribute or an import.

    Examples
    --------
    >>> names_used("def f(x): return g(x).h")["g"]
    1
    """
    return _names_used(text)


@lru_cache(maxsize=2048)
def _names_used(text: str) -> collections.Counter[str]:
    return _count(_tree(text))


@lru_cache(maxsize=2048)
def _tree(text: str) -> ast.Module:
    """The syntax tree of a module, to be looked at only."""
    return ast.parse(text)


def _count(tree: ast.AST) -> collections.Counter[str]:
    found: collections.Counter[str] = collections.Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found[node.id] += 1
        elif isinstance(node, ast.Attribute):
            found[node.attr] += 1
        elif isinstance(node, ast.ImportFrom):
            found.update(alias.name for alias in node.names)
    return found


def look_at(texts: Iterable[str]) -> None:
    """Look at modules once, so that `strip` need not do it any more; what is seen is kept.

    Parameters
    ----------
    texts : Iterable[str]
        Of modules.
    """
    for text in texts:
        _names_used(text)
        _names_of_functions(text)


def strip(
    texts: Mapping[str, str],
    removed: Collection[Place],
    public: Collection[Place],
    differentiation: bool = True,
    rewritten: Mapping[Place, str] | None = None,
) -> dict[str, str]:
    """Take functions out of the modules of a package.

    Parameters
    ----------
    texts : mapping of file to text
        All modules of the package, so that it can be seen who calls whom.
    removed : collection of places
        The functions that lose their bodies.
    public : collection of places
        Functions that students may call by themselves: they stay when nobody in the package calls them any more. (A
        method stays unless its name begins with an underscore.)
    differentiation : bool
        Whether primitives keep their derivatives.
    rewritten : mapping of place to text, optional
        Functions that get another body.

    Returns
    -------
    dict of file to text
        The modules that have changed.

    Raises
    ------
    LookupError
        If there is no function at a place.

    Examples
    --------
    >>> print(strip({"a.py": "def f(x):\\n    return _g(x)\\ndef _g(x): return 2 * x"}, [("a.py", "f")], [])["a.py"])
    def f(x):
        from nnkit.exercises.beside.withheld import Withheld
        raise Withheld('nnkit.a.f')
    <BLANKLINE>
    def _g(x):
        from nnkit.exercises.beside.withheld import Withheld
        raise Withheld('nnkit.a._g')
    """
    rewritten = rewritten or {}
    trees: dict[str, ast.Module] = {}

    def tree_of(file: str) -> ast.Module:
        if file not in trees:
            trees[file] = ast.parse(texts[file])
        return trees[file]

    if not differentiation:
        for file, text in texts.items():
            if "primitive(" in text:
                for function in _primitives_in(tree_of(file)):
                    _without_derivatives(function)
    gone: set[Place] = set()
    waiting = set(removed)
    for place in waiting | set(rewritten):
        if place[0] not in texts or place[1] not in dict(functions_in(tree_of(place[0]))):
            raise LookupError(f"There is no function {place[1]!r} in {place[0]!r}, so it cannot be removed.")
    for (file, name), body in rewritten.items():
        _put(dict(functions_in(tree_of(file)))[name], ast.parse(body).body)
    before = collections.Counter[str]()
    for text in texts.values():
        before.update(_names_used(text))
    internal = _internal_functions(texts, public)
    while waiting:
        for file, name in waiting:
            for other, function in functions_in(tree_of(file)):
                if other == name:
                    _put(function, _refusal(dotted_name(file, name)))
        gone |= waiting
        now = collections.Counter[str]()
        for file, text in texts.items():
            now.update(_count(trees[file]) if file in trees else _names_used(text))
        waiting = {
            place for place in internal - gone if before[(called := place[1].rpartition(".")[2])] and not now[called]
        }
    return {file: f"{ast.unparse(tree)}\n" for file, tree in trees.items()}


def dotted_name(file: str, name: str) -> str:
    """The full name of a function.

    Examples
    --------
    >>> dotted_name("nn/__init__.py", "summary")
    'nnkit.nn.summary'
    """
    module = file.removesuffix(".py").replace("/", ".").removesuffix("__init__").strip(".")
    return ".".join(part for part in ("nnkit", module, name) if part)


def _internal_functions(texts: Mapping[str, str], public: Collection[Place]) -> set[Place]:
    found: set[Place] = set()
    for file, text in texts.items():
        found.update((file, name) for name in _names_of_functions(text) if _is_internal(name))
    return found - set(public)


@lru_cache(maxsize=2048)
def _names_of_functions(text: str) -> tuple[str, ...]:
    return tuple(name for name, _ in functions_in(_tree(text)))


def _is_internal(name: str) -> bool:
    holder, _, own = name.rpartition(".")
    if own.startswith("__"):
        return False
    return own.startswith("_") or not holder


def _refusal(name: str) -> list[ast.stmt]:
    return ast.parse(f"from {_WITHHELD_FROM} import Withheld\nraise Withheld({name!r})").body


def _put(function: Function, body: list[ast.stmt]) -> None:
    function.body = body
    function.returns = None


# ------------------------------------------------------------------------------------------------------ derivatives


def _primitives_in(tree: ast.Module) -> list[Function]:
    """The primitives of a module, and the functions to which they leave it to return value and derivatives."""
    functions = dict(functions_in(tree))
    found = [function for function in functions.values() if _is_primitive(function)]
    for function in list(found):
        for node in _own_statements(function.body):
            value = node.value if isinstance(node, ast.Return) else None
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in functions:
                helper = functions[value.func.id]
                if helper not in found:
                    found.append(helper)
    return found


def _is_primitive(function: Function) -> bool:
    return any(
        isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "primitive"
        for decorator in function.decorator_list
    )


def _own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement of a function but those of the functions and classes inside it."""
    for statement in body:
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for inner in _blocks(statement):
                yield from _own_statements(inner)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if block:
            yield block
    for handler in getattr(statement, "handlers", ()):
        yield handler.body


def _without_derivatives(function: Function) -> None:
    """Let a function return its value and, in the place of each derivative, nothing; drop what only they needed."""
    if ast.get_docstring(function, clean=False) is not None and len(function.body) > 1:
        function.body = function.body[1:]  # the formula of the derivative
    for statement in _own_statements(function.body):
        if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Tuple):
            value, derivatives = statement.value.elts
            count = len(derivatives.elts) if isinstance(derivatives, ast.Tuple) else 0
            nothing = ast.Tuple([ast.Constant(None) for _ in range(count)], ast.Load())
            statement.value.elts = [value, nothing]
    while _drop_unused(function):
        pass


def _drop_unused(function: Function) -> bool:
    """Drop functions and values inside a function that nothing looks up; say whether there were any."""
    used = collections.Counter(
        node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )
    dropped = False

    def kept(body: list[ast.stmt]) -> list[ast.stmt]:
        nonlocal dropped
        left: list[ast.stmt] = []
        for statement in body:
            if isinstance(statement, ast.FunctionDef):
                own = sum(isinstance(node, ast.Name) and node.id == statement.name for node in ast.walk(statement))
                if used[statement.name] == own:
                    dropped = True
                    continue
            elif isinstance(statement, ast.Assign | ast.AnnAssign) and _is_unused(statement, used):
                dropped = True
                continue
            elif isinstance(statement, ast.Assign):
                dropped = _drop_unused_pairs(statement, used) or dropped
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
                for name in ("body", "orelse", "finalbody"):
                    block = getattr(statement, name, None)
                    if block:
                        setattr(statement, name, kept(block) or [ast.Pass()])
            left.append(statement)
        return left

    function.body = kept(function.body)
    return dropped


def _is_unused(statement: ast.Assign | ast.AnnAssign, used: Mapping[str, int]) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    names: list[str] = []
    for target in targets:
        for part in target.elts if isinstance(target, ast.Tuple) else [target]:
            if not isinstance(part, ast.Name):
                return False
            names.append(part.id)
    return not any(used[name] for name in names) and (statement.value is None or _is_pure(statement.value))


def _drop_unused_pairs(statement: ast.Assign, used: Mapping[str, int]) -> bool:
    """Of `a, b = x, y` drop what is not used."""
    (target, *others), value = statement.targets, statement.value
    if others or not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
        return False
    if len(target.elts) != len(value.elts) or not all(isinstance(part, ast.Name) for part in target.elts):
        return False
    pairs = [
        (name, part)
        for name, part in zip(target.elts, value.elts, strict=True)
        if used[name.id] or not _is_pure(part)  # type: ignore[attr-defined]
    ]
    if len(pairs) == len(target.elts):
        return False
    target.elts, value.elts = [name for name, _ in pairs], [part for _, part in pairs]
    return True


def _is_pure(value: ast.expr) -> bool:
    """Whether computing a value can be left out: it calls nothing but NumPy, methods of arrays, and Python's own."""
    if isinstance(value, ast.Lambda):  # nothing is called yet
        return True
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id not in _PURE:
        return False
    parts = (part for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr | ast.comprehension))
    return all(_is_pure(part) for part in parts)  # type: ignore[arg-type]
