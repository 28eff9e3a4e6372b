"""From the lines that Python runs to the statements that a person wrote, and to the loops around them.

Python says by number which line comes next. What a reader wants to see is the statement that begins there, all of it
where it goes over several lines, and whether a loop has begun its next round. Both are read from the source as
`linecache` knows it: from a file, a notebook's cell, or an `exec` that left its source there. Where there is none, the
compiled code still says where it jumps back.
"""

from __future__ import annotations

import ast
import dis
import linecache
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_LINES = 8  # of one statement; a longer one is cut off

_Compound = ast.For | ast.AsyncFor | ast.While | ast.If | ast.With | ast.AsyncWith | ast.Try | ast.ExceptHandler


@dataclass(frozen=True, eq=False)
class Statement:
    """A statement, or the head of one that has a body.

    Parameters
    ----------
    line, last : int
        Where it begins and ends.
    text : str
        As it is written, "" where the source is not known.
    stores : tuple[str, ...]
        Names that it gives a value, or into which it writes: ``x`` for ``x[i] = …``, ``self.grad`` for
        ``self.grad += …``.
    whole : bool
        Whether it is a loop with its body on the same line: all rounds are one step.
    """

    line: int
    last: int
    text: str = ""
    stores: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, eq=False)
class Loop:
    """Where a loop stands: the line of its head, the first line of its body, its last line.

    The head of an endless one, ``while True``, may be run before the first round only.
    """

    head: int
    first: int
    last: int
    endless: bool = False

    def holds(self, line: int) -> bool:
        """Whether a line belongs to the loop."""
        return self.head <= line <= self.last


@dataclass
class Source:
    """The statements and loops of one file or cell.

    Parameters
    ----------
    lines : list[str]
        Its text; empty where nobody knows it.
    statements : dict[int, Statement]
        By every line on which they stand.
    loops : dict[tuple[int, str], list[Loop]]
        By first line and name of the function in which they stand, outer ones first.
    """

    lines: list[str] = field(default_factory=list)
    statements: dict[int, Statement] = field(default_factory=dict)
    loops: dict[tuple[int, str], list[Loop]] = field(default_factory=dict)
    parsed: bool = False

    @classmethod
    def of(cls, file: str, names: Mapping[str, Any]) -> Source:
        """Read a file or a cell; ``names`` are the global names of the code, for loaders that know its text."""
        source = cls([line.rstrip("\n") for line in linecache.getlines(file, dict(names))])
        try:
            tree = ast.parse("\n".join(source.lines))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return source
        if source.lines:
            source.parsed = True
            source._read(tree, [])
        return source

    def statement(self, line: int) -> Statement:
        """The statement on a line."""
        if line not in self.statements:
            known = 0 < line <= len(self.lines)
            self.statements[line] = Statement(line, line, self.lines[line - 1].strip() if known else "")
        return self.statements[line]

    def loops_of(self, code: types.CodeType) -> list[Loop]:
        """The loops of a function, outer ones first."""
        key = (code.co_firstlineno, code.co_name)
        if key not in self.loops:
            self.loops[key] = [] if self.parsed else sorted(_jumps_back(code), key=lambda one: (one.head, -one.last))
        return self.loops[key]

    def _read(self, node: ast.AST, loops: list[Loop], margin: int = 0) -> None:
        for child in ast.iter_child_nodes(node):
            inner, indent = loops, margin
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
                inner = self.loops.setdefault((first, child.name), [])
                indent = child.body[0].col_offset
                self._enter(child, margin, child.lineno, max(child.lineno, child.body[0].lineno - 1))
            elif isinstance(child, _Compound):
                body = child.body[0].lineno
                self._enter(child, margin, child.lineno, max(child.lineno, body - 1))
                if isinstance(child, ast.For | ast.AsyncFor | ast.While) and body > child.lineno:
                    endless = isinstance(child, ast.While) and isinstance(child.test, ast.Constant)
                    loops.append(Loop(child.lineno, body, child.body[-1].end_lineno or body, endless))
            elif isinstance(child, ast.Match):
                self._enter(child, margin, child.lineno, child.cases[0].pattern.lineno - 1)
            elif isinstance(child, ast.match_case):
                line = child.pattern.lineno
                self._enter(child, margin, line, max(line, child.body[0].lineno - 1))
            elif isinstance(child, ast.stmt) and not isinstance(child, ast.ClassDef):
                self._enter(child, margin, child.lineno, child.end_lineno or child.lineno)
            self._read(child, inner, indent)

    def _enter(self, node: ast.AST, margin: int, line: int, last: int) -> None:
        lines = [text[min(margin, len(text) - len(text.lstrip())) :] for text in self.lines[line - 1 : last]]
        while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
            lines.pop()  # what stands between the head of a loop and its body
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES - 1], "…"]
        whole = isinstance(node, ast.For | ast.AsyncFor | ast.While) and node.body[0].lineno == line
        made = Statement(line, last, "\n".join(lines), tuple(dict.fromkeys(_stores(node))), whole)
        for number in range(line, last + 1):
            self.statements.setdefault(number, made)


def _stores(node: ast.AST) -> Iterator[str]:
    """What a statement itself gives a value; not what its body does."""
    match node:
        case ast.Assign():
            targets: list[ast.expr] = list(node.targets)
        case ast.AugAssign() | ast.AnnAssign() | ast.For() | ast.AsyncFor():
            targets = [node.target]
        case ast.With() | ast.AsyncWith():
            targets = [item.optional_vars for item in node.items if item.optional_vars is not None]
        case _:
            targets = []
    for target in targets:
        for part in ast.walk(target):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                yield part.id
            elif isinstance(part, ast.Attribute | ast.Subscript) and isinstance(part.ctx, ast.Store):
                base: ast.expr = part
                while isinstance(base, ast.Subscript):
                    base = base.value
                if isinstance(base, ast.Name):
                    yield base.id
                elif isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name):
                    yield f"{base.value.id}.{base.attr}"


def _jumps_back(code: types.CodeType) -> Iterator[Loop]:
    """The loops of code whose source nobody knows, by its jumps backwards."""
    lines: dict[int, int] = {}
    current = code.co_firstlineno
    for start, end, line in code.co_lines():
        current = line if line is not None else current
        lines.update(dict.fromkeys(range(start, end, 2), current))
    for instruction in dis.get_instructions(code):
        if "BACKWARD" in instruction.opname and isinstance(instruction.argval, int):
            inside = [lines[place] for place in range(instruction.argval, instruction.offset + 1, 2) if place in lines]
            head, last = min(inside), max(inside)
            if last > head:
                yield Loop(head, min(line for line in inside if line > head), last)
