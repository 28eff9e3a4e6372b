"""Where a student's code reaches: for the checker, the interpreter, the shell, files, others. Read, not run."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterable, Iterator

from nnkit.grading.marks import signs
from nnkit.grading.marks.dotted_names import Names, text_of
from nnkit.grading.marks.signs import Sign
from nnkit.grading.marks.student_code import Code, Command, parse

Seen = tuple[int, int, Sign]  # first line, last line, what is there

_BEFORE = re.compile(r"_i\d+|_{1,3}i")
_MOST = 2_000
_PARENT = re.compile(r"[\\/]?\.\.(?:[\\/]|$)")


def signs_in(code: Code, names: Names, allowed: frozenset[str] = frozenset()) -> list[Seen]:
    """What is to be seen in a cell.

    Parameters
    ----------
    code : Code
        The cell.
    names : Names
        What the names of its notebook mean.
    allowed : frozenset[str]
        Dotted names that are no sign here, because the course uses them.

    Returns
    -------
    list of tuple
        First line, last line and sign of each.
    """
    found: list[Seen] = []
    for command in code.commands:
        found += [(command.line, command.line, sign) for sign in signs_of_command(command)]
    if code.tree is None:
        found += _in_words(code.lines)
    else:
        found += _Reader(code.tree, names, allowed).all()
    return found[:_MOST]


def used_in(trees: Iterable[ast.AST]) -> frozenset[str]:
    """The dotted names that would be signs, of those that some cells use.

    Parameters
    ----------
    trees : Iterable[ast.AST]
        The cells.

    Examples
    --------
    >>> sorted(used_in([ast.parse("import math, gc\\ngc.get_objects(math.pi)")]))
    ['gc.get_objects']
    """
    trees = list(trees)
    names = Names(trees)
    found: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name | ast.Attribute):
                found.update(names.of(node))
            elif isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(dotted for dotted in found if signs.sign_of(dotted) is not None)


def _in_words(lines: tuple[str, ...]) -> Iterator[Seen]:
    """What words tell of a text that is no Python."""
    for number, line in enumerate(lines, 1):
        text = unicodedata.normalize("NFKC", line[:2_000])
        for pattern, sign in signs.WORDS:
            if pattern.search(text):
                yield number, number, sign


def signs_of_command(command: Command) -> list[Sign]:
    """What a line for IPython or a shell is a sign of.

    Parameters
    ----------
    command : Command
        The line.

    Examples
    --------
    >>> [sign.kind for sign in signs_of_command(Command(1, "!", "curl example.org"))]
    ['network']
    >>> signs_of_command(Command(1, "matplotlib", "inline"))
    []
    """
    name, text = command.magic.lower(), command.text[:2_000]
    if name == "?":
        asks_source = text.startswith("??") or text.endswith("??")
        inside = re.search(r"nnkit|check|evaluate|ready", text) is not None
        return [signs.INSIDE] if asks_source and inside else []
    if name in signs.HISTORY_MAGICS:
        return [signs.MAGIC_HISTORY]
    if name == "env":
        asks = "=" not in text and (not text or signs.SECRET_NAMES.search(text) is not None)
        return [signs.ENVIRONMENT_SIGN] if asks else []
    if name in ("psource", "pdef", "pinfo2", "pdoc", "pinfo"):
        return [signs.INSIDE] if name in ("psource", "pinfo2") and "check" in text else []
    if name not in signs.SHELL_MAGICS:
        return []
    line = text if name in ("!", "!!", "sh", "bash", "script", "system", "sx", "sc") else f"{name} {text}"
    found = [sign for pattern, sign in signs.SHELL_TEXTS if pattern.search(line)]
    # What is installed or fetched as a package has paths and addresses of its own.
    if not re.match(r"\s*(?:(?:python3?\s+-m\s+)?pip3?|conda|mamba|apt(?:-get)?|git|uv)\b", line) and any(
        signs.is_outside(place.replace("$HOME", "~").replace("${HOME", "~"))
        for place in signs.SHELL_PLACE.findall(line)
    ):
        found.append(signs.SHELL_OUTSIDE)
    return found


class _Reader:
    """One cell that is Python."""

    def __init__(self, tree: ast.Module, names: Names, allowed: frozenset[str], depth: int = 0) -> None:
        self._tree = tree
        self._allowed = allowed
        self._names = names
        self._depth = depth  # of code in texts of code
        self._arguments: dict[ast.AST, set[str]] = {}
        self._parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}

    def all(self) -> Iterator[Seen]:
        """All that is to be seen."""
        for node in ast.walk(self._tree):
            for sign in self._signs(node):
                first = getattr(node, "lineno", 0)
                yield first, getattr(node, "end_lineno", None) or first, sign

    def _signs(self, node: ast.AST) -> Iterator[Sign]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from self._of_import(node)
        elif isinstance(node, ast.Name | ast.Attribute):
            yield from self._of_name(node)
        elif isinstance(node, ast.Subscript):
            yield from self._of_entry(node)
        elif isinstance(node, ast.Call):
            yield from self._of_call(node)
        elif isinstance(node, ast.Constant):
            yield from self._of_text(node)
        elif isinstance(node, ast.BinOp | ast.JoinedStr):
            yield from self._of_pieces(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from self._of_definition(node)
        elif isinstance(node, ast.arg):
            yield from _grading(node.arg)

    # -- names --------------------------------------------------------------------------------------------------------

    def _of_import(self, node: ast.Import | ast.ImportFrom) -> Iterator[Sign]:
        for alias in node.names:
            dotted = alias.name if isinstance(node, ast.Import) else f"{node.module or ''}.{alias.name}"
            if alias.name == "*" and isinstance(node, ast.ImportFrom):
                dotted = node.module or ""
            sign = signs.sign_of(dotted)
            if sign is not None and dotted not in self._allowed:
                yield sign
            if alias.asname == "check" and dotted != "nnkit.exercises.check":
                yield signs.CHECK_REBOUND
            yield from _grading(dotted.rpartition(".")[2])

    def _of_name(self, node: ast.Name | ast.Attribute) -> Iterator[Sign]:
        name = node.id if isinstance(node, ast.Name) else node.attr
        yield from _grading(name)
        if name in signs.ATTRIBUTES and not (isinstance(node, ast.Name) and name in self._names.bound):
            yield signs.ATTRIBUTES[name]
        if isinstance(node.ctx, ast.Load):
            if isinstance(node, ast.Name) and _BEFORE.fullmatch(name) and name not in self._names.bound:
                yield signs.TYPED_BEFORE
            yield from self._of_meanings(node)
            if name == "__file__" and self._is_opened(node):
                yield signs.OWN_SOURCE
        else:
            yield from self._of_change(node)

    def _of_meanings(self, node: ast.expr) -> Iterator[Sign]:
        parent = self._parents.get(node)
        for dotted in self._names.of(node):
            sign = signs.sign_of(dotted)
            if dotted in self._allowed:
                continue
            if dotted == "sys.modules" and isinstance(parent, ast.Compare) and isinstance(parent.ops[0], ast.In):
                continue  # "google.colab" in sys.modules
            if dotted.endswith(".loads") and self._names.copied(parent) is not None:
                continue  # what was just written comes back: a copy
            if sign is not None and not (sign.kind == signs.FRAMES and self._is_own_source(dotted, parent)):
                yield sign
            elif dotted in signs.ENVIRONMENT_NAMES and not self._asks_one_name(parent):
                yield signs.ENVIRONMENT_SIGN

    def _is_own_source(self, dotted: str, parent: ast.AST | None) -> bool:
        """Whether `inspect` shows the source of something in the notebook itself."""
        if not dotted.startswith("inspect.get"):
            return False
        argument = parent.args[0] if isinstance(parent, ast.Call) and parent.args else None
        return isinstance(argument, ast.Name) and argument.id in self._names.bound

    def _is_opened(self, node: ast.AST) -> bool:
        """Whether something is part of a path that is opened, or looked at."""
        outer: ast.AST | None = node
        for _ in range(5):
            outer = self._parents.get(outer) if outer is not None else None
            if isinstance(outer, ast.Call) and any(
                _is_any(dotted, signs.FILE_FUNCTIONS) for dotted in self._names.of(outer.func)
            ):
                return True
        return False

    def _asks_one_name(self, parent: ast.AST | None) -> bool:
        """Whether the environment is asked for, or told, one thing; which one is looked at elsewhere."""
        if isinstance(parent, ast.Attribute):
            return parent.attr in ("get", "setdefault", "pop", "update", "__setitem__")
        return isinstance(parent, ast.Subscript | ast.Compare)

    def _of_change(self, node: ast.Name | ast.Attribute) -> Iterator[Sign]:
        """Something gets another meaning, or is deleted."""
        if isinstance(node, ast.Name):
            if node.id == "check" and not self._within_function(node):
                yield signs.CHECK_REBOUND
            elif node.id == "ready" and not self._within_function(node):
                parent = self._parents.get(node)
                if isinstance(parent, ast.Assign) and isinstance(parent.value, ast.Lambda):
                    yield signs.READY_REBOUND
            return
        if self._belongs_to_others(node):
            yield signs.OTHERS_CHANGED

    def _belongs_to_others(self, node: ast.expr) -> bool:
        root: ast.AST = node
        while isinstance(root, ast.Attribute | ast.Subscript | ast.Call):
            root = root.func if isinstance(root, ast.Call) else root.value
        if isinstance(root, ast.Name) and (root.id in self._names.computed or self._is_argument(root)):
            return False
        if isinstance(node, ast.Attribute) and {"builtins", "__builtins__"}.intersection(self._names.of(node.value)):
            return True
        for dotted in self._names.of(node):
            top = dotted.partition(".")[0]
            changed = dotted if "." in dotted else ""
            if top in signs.OTHERS and "()" not in changed and changed and changed not in signs.OFTEN_SET:
                return True
        return False

    def _is_argument(self, name: ast.Name) -> bool:
        """Whether a name is an argument of a function around it, so that it is no module."""
        node: ast.AST | None = name
        while node is not None:
            node = self._parents.get(node)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                if node not in self._arguments:
                    self._arguments[node] = {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
                if name.id in self._arguments[node]:
                    return True
        return False

    def _within_function(self, node: ast.AST) -> bool:
        inner: ast.AST | None = self._parents.get(node)
        while inner is not None:
            if isinstance(
                inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | ast.comprehension
            ):
                return True
            inner = self._parents.get(inner)
        return False

    def _of_entry(self, node: ast.Subscript) -> Iterator[Sign]:
        owners = self._names.of(node.value)
        name = text_of(node.slice)
        if isinstance(node.ctx, ast.Load):
            yield from self._of_meanings(node)
            if name and signs.SECRET_NAMES.search(name) and any(one in signs.ENVIRONMENT_NAMES for one in owners):
                yield signs.ENVIRONMENT_SIGN
            return
        if self._belongs_to_others(node) and "sys.modules" not in owners:
            yield signs.OTHERS_CHANGED
        if any(one in ("globals()", "vars()", "locals()") for one in owners):
            yield signs.CHECK_REBOUND if name == "check" else signs.NAMES_CHANGED

    def _of_definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[Sign]:
        yield from _grading(node.name)
        outside = not self._within_function(node)
        if node.name == "check" and outside:
            yield signs.CHECK_REBOUND
        if node.name == "ready" and outside:
            yield signs.READY_REBOUND
        if node.name in signs.ATTRIBUTES:
            yield signs.ATTRIBUTES[node.name]
        if isinstance(node, ast.ClassDef):
            return
        if node.name in ("__class__", "__instancecheck__", "__subclasscheck__"):
            yield signs.EQUAL_TO_ALL
        if node.name == "__eq__" and isinstance(node.body[-1], ast.Return):
            returned = node.body[-1].value
            if isinstance(returned, ast.Constant) and returned.value is True:
                yield signs.EQUAL_TO_ALL

    # -- calls --------------------------------------------------------------------------------------------------------

    def _of_call(self, node: ast.Call) -> Iterator[Sign]:
        called = self._names.of(node.func)
        yield from self._of_made(node)
        yield from self._of_changing_call(node)
        first = node.args[0] if node.args else None
        text = text_of(first)
        for dotted in called:
            if dotted in signs.RUNNERS or (dotted in signs.TIMERS and text is not None):
                yield from self._of_run_text(text, first)
            elif dotted in ("__import__", "importlib.import_module", "importlib.__import__"):
                yield from [signs.IMPORT_NOT_READ] if text is None else _meant(text)
            elif dotted in ("getattr", "setattr", "delattr") and len(node.args) > 1:
                yield from self._of_attribute(dotted, node)
            elif dotted in ("os.getenv", "os.environ.get", "os.environ.pop", "os.environ.setdefault", "os.getenvb"):
                if text is None or signs.SECRET_NAMES.search(text):
                    yield signs.ENVIRONMENT_SIGN
            elif dotted == "open" and isinstance(first, ast.Constant) and isinstance(first.value, int):
                yield signs.NUMBERED
            elif dotted.endswith((".run_line_magic", ".run_cell_magic", ".magic", ".system", ".getoutput")):
                yield from self._of_magic(dotted, node)
            elif dotted.endswith("_ipython().ex") and text is not None:
                yield from self._of_run_text(text, first)
            if _is_any(dotted, signs.FILE_FUNCTIONS):
                yield from self._of_paths(node)

    def _of_made(self, node: ast.Call) -> Iterator[Sign]:
        """What a call gives: only where its name alone is no sign, such as a type that is made."""
        for dotted in self._names.of(node):
            sign = signs.sign_of(dotted)
            known = any(signs.sign_of(one) is not None for one in self._names.of(node.func))
            if sign is not None and not known:
                yield sign

    def _of_changing_call(self, node: ast.Call) -> Iterator[Sign]:
        """Names are changed by a method: of an object, or of the dictionary of a module."""
        method = node.func
        if not isinstance(method, ast.Attribute):
            return
        if method.attr in ("__setattr__", "__delattr__"):
            if any(self._is_of_others(one) for one in [method.value, *node.args[:1]]):
                yield signs.OTHERS_CHANGED
        elif method.attr in ("update", "setdefault", "pop", "clear", "__setitem__", "__delitem__", "popitem"):
            owner = method.value
            if isinstance(owner, ast.Attribute) and owner.attr == "__dict__":
                whose: ast.expr | None = owner.value
            elif isinstance(owner, ast.Call) and self._names.of(owner.func) == ("vars",) and owner.args:
                whose = owner.args[0]
            else:
                whose = None
            if whose is not None and self._is_of_others(whose):
                yield signs.OTHERS_CHANGED
            elif any(one in ("globals()", "vars()") for one in self._names.of(owner)) and whose is None:
                yield signs.NAMES_CHANGED

    def _is_of_others(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name) and (node.id in self._names.computed or self._is_argument(node)):
            return False
        return any(one.partition(".")[0] in signs.OTHERS and "()" not in one for one in self._names.of(node))

    def _of_attribute(self, function: str, node: ast.Call) -> Iterator[Sign]:
        owner, name = node.args[0], text_of(node.args[1])
        of = self._names.of(owner)
        if function != "getattr":
            if self._is_of_others(owner):
                yield signs.OTHERS_CHANGED
        elif name is None and any(one.partition(".")[0] in _READ_BY_NAME and "()" not in one for one in of):
            yield signs.ATTRIBUTE_NOT_READ

    def _of_run_text(self, text: str | None, argument: ast.AST | None) -> Iterator[Sign]:
        if argument is None:
            return
        tree = parse(text) if text is not None else None
        if tree is None or self._depth > 3:
            yield signs.NOT_READ
            return
        for _, _, sign in _Reader(tree, Names([tree]), self._allowed, self._depth + 1).all():
            yield sign

    def _of_magic(self, dotted: str, node: ast.Call) -> Iterator[Sign]:
        texts = [text_of(argument) for argument in node.args[:3]]
        if not texts or texts[0] is None:
            yield signs.Sign(signs.SHELL, "Which command this runs is only known while it runs.")
            return
        known = [text or "" for text in texts]
        if dotted.endswith((".system", ".getoutput")):
            yield from signs_of_command(Command(0, "!", known[0]))
        elif dotted.endswith(".magic"):
            name, _, rest = known[0].lstrip("%").partition(" ")
            yield from signs_of_command(Command(0, name, rest))
        else:
            for rest in known[1:] or [""]:
                yield from signs_of_command(Command(0, known[0], rest))

    def _of_paths(self, node: ast.Call) -> Iterator[Sign]:
        arguments = [*node.args[:6], *[keyword.value for keyword in node.keywords[:6]]]
        for argument in arguments:
            text = text_of(argument)
            if text is None:
                continue
            if re.match(r"(?:https?|ftps?|s3|gs|ssh)://", text):
                yield signs.FETCHED
            elif signs.is_outside(text):
                yield signs.OUTSIDE
            elif signs.GRADING_TEXT.search(text):
                yield signs.GRADING_SIGN

    # -- texts --------------------------------------------------------------------------------------------------------

    def _of_text(self, node: ast.Constant) -> Iterator[Sign]:
        if not isinstance(node.value, str | bytes) or isinstance(self._parents.get(node), ast.Expr):
            return
        text = text_of(node)
        if text is not None:
            yield from self._of_any_text(text)

    def _of_pieces(self, node: ast.AST) -> Iterator[Sign]:
        """A text that is put together, and a path that goes up by `/`."""
        if isinstance(self._parents.get(node), ast.BinOp | ast.JoinedStr | ast.Expr):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                yield from self._of_step(node)
            return
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield from self._of_step(node)
        text = text_of(node)
        if text is not None:
            yield from self._of_any_text(text)

    def _of_step(self, node: ast.BinOp) -> Iterator[Sign]:
        step = text_of(node.right)
        if step is not None and self._names.of(node.left) and (_PARENT.search(step) or signs.is_outside(step)):
            yield signs.OUTSIDE

    def _of_any_text(self, text: str) -> Iterator[Sign]:
        if len(text) > 2_000 or any(sign.isspace() for sign in text):
            return
        if text in signs.ATTRIBUTES:
            yield signs.ATTRIBUTES[text]
        for pattern, sign in signs.TEXTS:
            if pattern.search(text):
                yield sign
        yield from _grading(text)


# Modules whose names are worth knowing.
_READ_BY_NAME = frozenset("sys os builtins __builtins__ gc inspect importlib ctypes subprocess socket nnkit".split())


def _is_any(dotted: str, known: frozenset[str]) -> bool:
    parts = dotted.replace("()", "").split(".")[:6]
    return any(".".join(parts[:count]) in known for count in range(1, len(parts) + 1))


def _meant(dotted: str) -> Iterator[Sign]:
    sign = signs.sign_of(dotted)
    if sign is not None:
        yield sign


def _grading(name: str) -> Iterator[Sign]:
    if signs.GRADING_NAME.search(name[:200]):
        yield signs.GRADING_SIGN
