"""What belongs to an answer: its own definition, and all definitions in the notebook that it mentions.

A library in a scratch cell, to compare one's own result with, is no shell around it; in what the answer uses it may be.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from nnkit.exercises import index
from nnkit.grading.marks.dotted_names import DEEPEST, Names
from nnkit.grading.marks.signs import LIBRARY, WARNINGS_HELD, Sign

# Libraries that differentiate or train by themselves: nothing of them is plain Python and NumPy.
DIFFERENTIATING = frozenset(
    "torch jax jaxlib autograd tensorflow keras tinygrad numdifftools aesara theano mlx".split()
)
MAKES_TENSORS = ("nnkit.tensor", "nnkit.Tensor", "nnkit.engine.")
# Names of classes that are withheld for one method only.
_TOO_COMMON = frozenset("Tensor Module forward step parameters backward".split())

MOST_DEFINITIONS = 1_000  # that an answer is made of, and that a name has

Definition = tuple[str, ast.AST]


@dataclass(frozen=True)
class Asked:
    """What an answer's cell is asked for.

    Parameters
    ----------
    exercise : str
        The exercise, "" for one that the course does not know.
    defines : str
        The name that the answer has.
    withheld : tuple[str, ...]
        Dotted names that it may not call.
    quiet : bool
        Whether a warning counts against it.
    """

    exercise: str = ""
    defines: str = ""
    withheld: tuple[str, ...] = ()
    quiet: bool = False


def asked_in(grade_id: str) -> Asked:
    """What the answer's cell of this name is asked for.

    Parameters
    ----------
    grade_id : str
        nbgrader's name for the cell.

    Examples
    --------
    >>> asked_in("double").defines, asked_in("no such exercise").withheld
    ('double', ())
    """
    if grade_id not in index.names():
        return Asked(grade_id, grade_id)
    found = index.find(grade_id)
    return Asked(grade_id, found.student_name, tuple(found.withheld), found.quiet)


def definitions(cell: str, tree: ast.Module) -> dict[str, list[Definition]]:
    """What a cell defines at its top: name → the statements that do.

    Parameters
    ----------
    cell : str
        Its name.
    tree : ast.Module
        What it holds.
    """
    found: dict[str, list[Definition]] = {}
    waiting = deque(tree.body)
    while waiting:
        statement = waiting.popleft()
        names: set[str] = set()
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.If | ast.For | ast.While | ast.With | ast.Try):
            for part in ("body", "orelse", "finalbody"):
                waiting += getattr(statement, part, [])
            for handler in getattr(statement, "handlers", []):
                waiting += handler.body
        else:
            for target in _targets(statement):
                # `Value.forward = …` is part of Value.
                while isinstance(target, ast.Attribute | ast.Subscript):
                    target = target.value
                names.update(node.id for node in ast.walk(target) if isinstance(node, ast.Name))
        for name in names:
            found.setdefault(name, []).append((cell, statement))
    return found


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.Assign):
        return list(statement.targets)
    if isinstance(statement, ast.AnnAssign | ast.AugAssign):
        return [statement.target]
    return []


class Definitions:
    """All that a notebook defines at the top of its cells, and which of it makes up an answer.

    Parameters
    ----------
    cells : Iterable[tuple[str, ast.Module]]
        The students' cells: name and content.
    names : Names
        What their names mean.
    """

    def __init__(self, cells: Iterable[tuple[str, ast.Module]], names: Names) -> None:
        self._names = names
        self._known: dict[str, list[Definition]] = {}
        self._mentions: dict[ast.AST, frozenset[tuple[str, bool]]] = {}
        self._meant: dict[ast.AST, list[tuple[ast.AST, str]]] = {}
        for cell, tree in cells:
            for name, statements in definitions(cell, tree).items():
                found = self._known.setdefault(name, [])
                found += statements[: MOST_DEFINITIONS - len(found)]

    def used_by(self, asked: Asked, own: Definition) -> list[Definition]:
        """The definitions that an answer is made of.

        Parameters
        ----------
        asked : Asked
            What is asked.
        own : Definition
            The answer's cell, which counts as a whole where it does not define the name that is asked for.
        """
        answers = self._known.get(asked.defines, [])
        waiting = list(answers) if any(cell == own[0] for cell, _ in answers) else [own, *answers]
        used: dict[ast.AST, Definition] = {}
        seen = {(asked.defines, False)}
        while waiting and len(used) < MOST_DEFINITIONS:
            one = waiting.pop()
            if one[1] in used:
                continue
            used[one[1]] = one
            for name, is_attribute in self._mentioned_in(one[1]):
                if name in self._known and (name, is_attribute) not in seen:
                    seen.add((name, is_attribute))
                    # `helper.f` is in a file beside the notebook.
                    waiting += [other for other in self._known[name] if not is_attribute or other[0].endswith(".py")]
        return list(used.values())

    def _mentioned_in(self, root: ast.AST) -> frozenset[tuple[str, bool]]:
        """The names that a definition mentions and does not make itself, and whether each is an attribute."""
        if root not in self._mentions:
            local = _local_names(root)
            found = set()
            for node in ast.walk(root):
                if isinstance(node, ast.Name) and node.id not in local:
                    found.add((node.id, False))
                elif isinstance(node, ast.Attribute):
                    found.add((node.attr, True))
            self._mentions[root] = frozenset(found)
        return self._mentions[root]

    def _meant_in(self, root: ast.AST) -> list[tuple[ast.AST, str]]:
        """The expressions of a definition that have a dotted name, each with it."""
        if root not in self._meant:
            local = _local_names(root)
            self._meant[root] = [
                (node, dotted)
                for node in ast.walk(root)
                if isinstance(node, ast.Name | ast.Attribute | ast.Call) and _root_name(node) not in local
                for dotted in self._names.of(node)
                if "." in dotted
            ]
        return self._meant[root]

    def shells(self, asked: Asked, used: Iterable[Definition]) -> list[tuple[str, ast.AST, Sign]]:
        """Where an answer uses what it is to write, or hides the warnings that it is judged by.

        Parameters
        ----------
        asked : Asked
            What is asked.
        used : Iterable[Definition]
            What the answer is made of.

        Returns
        -------
        list of tuple
            Cell, place and sign of each.
        """
        found: list[tuple[str, ast.AST, Sign]] = []
        tensors: list[tuple[str, ast.AST]] = []
        methods = {name.rpartition(".")[2] for name in asked.withheld if name.startswith("nnkit.engine.Tensor.")}
        tops = {name.partition(".")[0] for name in asked.withheld}
        told: dict[str, str] = {}
        calls_method = False
        for cell, root in used:
            calls_method = calls_method or any((method, True) in self._mentioned_in(root) for method in methods)
            for node, dotted in self._meant_in(root):
                if dotted not in told:
                    told[dotted] = _withheld(dotted, asked.withheld, tops)
                if told[dotted]:
                    found.append((cell, node, _shell_around(told[dotted])))
                if dotted.startswith(MAKES_TENSORS):
                    tensors.append((cell, node))
                if asked.quiet and dotted.startswith("warnings."):
                    found.append((cell, node, WARNINGS_HELD))
        if calls_method and tensors:
            found += [(cell, node, _shell_around("nnkit.Tensor")) for cell, node in tensors[:1]]
        return found


def _local_names(root: ast.AST) -> set[str]:
    """The names that a function, or the methods of a class, use for values of their own."""
    local: set[str] = set()
    if not isinstance(root, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return local
    shared: set[str] = set()
    for node in ast.walk(root):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            local.add(node.id)
        elif isinstance(node, ast.arg):
            local.add(node.arg)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            shared.update(node.names)
    return local - shared


def _root_name(node: ast.expr) -> str:
    inner: ast.expr = node
    for _ in range(DEEPEST):
        if not isinstance(inner, ast.Attribute | ast.Call):
            break
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return inner.id if isinstance(inner, ast.Name) else ""


def _shell_around(library: str) -> Sign:
    return Sign(
        LIBRARY,
        f"The answer, or what it uses, names {library[:60]}, which this exercise withholds; whose work is it?",
    )


def _withheld(dotted: str, withheld: Iterable[str], tops: set[str]) -> str:
    """The withheld name that a dotted name is, "" for none."""
    plain = dotted.replace("()", "")
    top, _, rest = plain.partition(".")
    if top in DIFFERENTIATING and tops & DIFFERENTIATING:
        return top
    if top not in tops or not rest:
        return ""
    parts = set(plain.split(".")[1:])
    for name in withheld:
        if plain == name or (name.startswith(f"{top}.") and plain.startswith(f"{name}.")):
            return name
        if name.startswith(f"{top}."):
            # `nnkit.nn.Linear` is `nnkit.nn.layers.Linear`; what it is called decides.
            marks = [part for part in name.split(".")[1:] if part[:1].isupper()] or [name.rpartition(".")[2]]
            if any(mark in parts and mark not in _TOO_COMMON for mark in marks[-1:]):
                return name
    return ""
