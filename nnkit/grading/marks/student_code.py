"""A cell of a student's as something that can be read: a syntax tree, and the commands that are not Python.

Nothing here is run. Magics and lines for the shell are taken out and kept beside the tree, so that the lines of both
keep their numbers. A text that is no Python has no tree; one that is very long is read in part, which is said.
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from dataclasses import dataclass, field

LONGEST_CELL = 40_000  # characters of a cell that are read
MOST_COMMANDS = 200
DEEPEST_MAGICS = 10  # cell magics above one another

# Cell magics whose body is Python, or a shell's; what any other holds is text.
PYTHON_BODIES = frozenset("time timeit capture prun memit python python3 pypy px writefile file".split())
SHELL_BODIES = frozenset("bash sh script system sx ! perl ruby cmd".split())
# Line magics behind which a statement of Python stands.
MEASURING = frozenset("time timeit prun memit lprun mprun".split())

_CELL_MAGIC = re.compile(r"%%(\S+)[ \t]*(.*)")
_COMMAND = re.compile(r"(\s*)(%{1,2}|!{1,2})(.*)", re.DOTALL)
_ASSIGNED = re.compile(r"(\s*)([\w.,\[\] ]+?)\s*=\s*([%!])(?!=)(.*)", re.DOTALL)
_HELP = re.compile(r"(\s*)(\?{1,2}\s*[\w.]+|[\w.]+\s*\?{1,2})\s*;?\s*")
_PROMPT = re.compile(r"(\s*)(?:>>> ?|\.\.\. ?|In \[\d*\]: ?| {2,}\.{3,}: ?)")
_OPTIONS = re.compile(r"(?:-\w+(?:\s+\d+)?\s+)*")


@dataclass(frozen=True)
class Command:
    """A line that IPython takes for itself, or hands to a shell.

    Parameters
    ----------
    line : int
        Where it stands in the cell, from 1.
    magic : str
        The magic's name, "!" for a shell's command, "?" for a question about a name.
    text : str
        What follows.
    """

    line: int
    magic: str
    text: str


@dataclass(frozen=True)
class Code:
    """A cell that was read.

    Parameters
    ----------
    lines : tuple[str, ...]
        Its text.
    tree : ast.Module or None
        None where it is no Python, also without its commands.
    commands : tuple[Command, ...]
        What is for IPython or a shell.
    length : int
        How many characters it has.
    cut : bool
        Whether only the first `LONGEST_CELL` of them were read.
    """

    lines: tuple[str, ...]
    tree: ast.Module | None = None
    commands: tuple[Command, ...] = field(default=())
    length: int = 0
    cut: bool = False


def read_code(source: str) -> Code:
    """Read a cell; whatever its text is, something comes of it.

    Parameters
    ----------
    source : str
        The cell's text.

    Examples
    --------
    >>> code = read_code("!ls\\nx = 1")
    >>> code.commands[0].text, type(code.tree).__name__
    ('ls', 'Module')
    >>> read_code("for for").tree is None
    True
    """
    length = len(source)
    text = source[:LONGEST_CELL]
    if length > LONGEST_CELL and "\n" in text:
        text = text[: text.rindex("\n")]
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
    text = text.encode("utf-8", errors="replace").decode("utf-8")  # half a surrogate pair is no text
    lines = text.split("\n")
    tree, commands = _read(lines)
    return Code(tuple(lines), tree, tuple(commands[:MOST_COMMANDS]), length, length > LONGEST_CELL)


def parse(text: str) -> ast.Module | None:
    """The tree of a text of Python, None where it has none.

    Parameters
    ----------
    text : str
        Of any kind, in at most `LONGEST_CELL` characters.
    """
    if len(text) > LONGEST_CELL:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python warns of odd escapes when it reads them
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            return None


def _read(lines: list[str], depth: int = 0) -> tuple[ast.Module | None, list[Command]]:
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    magic = _CELL_MAGIC.match(lines[first])
    if magic is not None:
        return _read_body(magic[1], magic[2], lines, first, depth)
    tree = parse("\n".join(lines))
    if tree is not None:
        return tree, []
    plain = _without_prompts(lines, first)
    if _CELL_MAGIC.match(plain[first]) is not None and depth < DEEPEST_MAGICS:
        return _read(plain, depth + 1)
    text, commands = _without_commands(plain)
    tree = parse("\n".join(text))
    if tree is None and not commands and sum(1 for line in plain if line.strip()) == 1:
        # Of a single line IPython knows its own magics also without their sign: `ls ..`.
        return None, [_command("%", plain[first], first + 1)]
    return tree, commands


def _read_body(
    name: str, rest: str, lines: list[str], first: int, depth: int
) -> tuple[ast.Module | None, list[Command]]:
    """What a cell magic gets: Python, a shell's commands, or some text."""
    head = Command(first + 1, name, rest)
    body = [""] * (first + 1) + lines[first + 1 :]
    writes_text = name in ("writefile", "file") and not rest.strip().endswith((".py", ".ipy"))
    if name in PYTHON_BODIES and not writes_text and any(map(str.strip, body)):
        if depth >= DEEPEST_MAGICS:
            return None, [head]
        tree, commands = _read(body, depth + 1)
        return tree, [head, *commands]
    if name in SHELL_BODIES:
        # As one command for each line, so that the line can be quoted.
        head = Command(first + 1, "!", rest if name in ("!", "system", "sx") else "")
        return ast.parse(""), [
            head,
            *(Command(number, "!", line) for number, line in enumerate(body, 1) if line.strip()),
        ]
    return ast.parse(""), [head]


def _without_prompts(lines: list[str], first: int) -> list[str]:
    """The lines as IPython takes them: without prompts, and moved to the left as far as the first one stands in."""
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    return [_PROMPT.sub(r"\1", line.removeprefix(indent), count=1) for line in lines]


def _without_commands(lines: list[str]) -> tuple[list[str], list[Command]]:
    """The lines with something harmless in the place of each command, and the commands."""
    plain: list[str] = []
    commands: list[Command] = []
    number = 0
    while number < len(lines):
        whole, first = lines[number], number
        taken = _COMMAND.match(whole) or _ASSIGNED.match(whole)
        while taken is not None and whole.endswith("\\") and number + 1 < len(lines) and number - first < 20:
            number += 1
            whole = whole[:-1] + " " + lines[number].strip()
        plain_line, command = _split(whole, first + 1)
        if command is not None:
            commands.append(command)
        plain += [plain_line, *[""] * (number - first)]
        number += 1
    return plain, commands


def _split(line: str, number: int) -> tuple[str, Command | None]:
    found = _COMMAND.fullmatch(line)
    if found is not None:
        indent, sign, rest = found.groups()
        command = _command(sign[0], rest, number)
        statement = _OPTIONS.sub("", command.text, count=1) if command.magic in MEASURING else ""
        return indent + (statement if statement and parse(statement) is not None else "pass"), command
    found = _ASSIGNED.fullmatch(line)
    if found is not None:
        indent, target, sign, rest = found.groups()
        return f"{indent}{target} = None", _command(sign, rest, number)
    found = _HELP.fullmatch(line)
    if found is not None:
        return found[1] + "pass", Command(number, "?", found[2])
    return line, None


def _command(sign: str, rest: str, number: int) -> Command:
    if sign == "!":
        return Command(number, "!", rest.strip())
    name, _, text = rest.strip().partition(" ")
    return Command(number, name, text.strip())


def quotable(line: str, longest: int = 120) -> str:
    """A line as it may stand in a report: short, and without signs that do something to what stands around them.

    Parameters
    ----------
    line : str
        Of whomever's.
    longest : int
        Characters that are kept.

    Examples
    --------
    >>> quotable("  x = 1\\x1b[2J")
    'x = 1�[2J'
    """
    shown = []
    for sign in line[: 4 * longest].strip()[: longest + 1]:
        category = unicodedata.category(sign)
        if sign == "\t" or category == "Zs":
            shown.append(" ")
        elif category[0] in "CM" or category in ("Zl", "Zp"):  # control, direction, halves of pairs; piled-up accents
            shown.append("\ufffd")
        else:
            shown.append(sign)
    text = "".join(shown)
    return text if len(text) <= longest else text[: longest - 1] + "…"
