"""A page of the documentation as a reader follows it: its commands are run, its files are written, in their order."""

from __future__ import annotations

import os
import re
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from tests.package.served import clean, run

PAGES = Path(__file__).resolve().parents[2] / ".github" / "site"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([\w./-]+)`[^`\n]*:\n\n\Z")


@dataclass(frozen=True)
class Block:
    """A block of a page.

    Parameters
    ----------
    kind : str
        What it is, such as "sh".
    text : str
        What stands in it.
    file : str
        The file that the line before it names, "" where it names none.
    """

    kind: str
    text: str
    file: str


def blocks(page: str, kind: str = "") -> list[Block]:
    """The blocks of a page, of one kind or all."""
    text = (PAGES / page).read_text(encoding="utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        named = _FILE.search(text[: match.start()])
        found.append(Block(match[1], match[2], named[1] if named else ""))
    return [block for block in found if kind in ("", block.kind)]


def block(page: str, kind: str, containing: str) -> Block:
    """The one block of a page that contains a text."""
    (found,) = (block for block in blocks(page, kind) if containing in block.text)
    return found


def follow(commands: str, folder: Path, *first: Path, **variables: str) -> CompletedProcess[str]:
    """Type commands into a shell that stops at the first one that fails.

    Programs are looked for in the folders `first`, and then beside the Python of the tests. git knows who commits, and
    nothing of the person whose machine this is.
    """
    programs = [*map(str, first), sysconfig.get_path("scripts"), os.environ["PATH"]]
    identity = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for role in ("AUTHOR", "COMMITTER"):
        identity |= {f"GIT_{role}_NAME": "A teacher", f"GIT_{role}_EMAIL": "teacher@example.org"}
    environment = clean(PATH=os.pathsep.join(programs), **identity) | variables
    return run(["bash", "-euo", "pipefail", "-c", commands], folder, environment)
