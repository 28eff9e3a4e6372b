"""`python tests/package/write_earlier_cells.py` writes a mark for every text that a cell of the course ever had.

It reads the history of `course/` from git. `nnkit lab` needs the list for folders that were placed before it remembered
cells, and for notebooks that came without its record; for those it is written anew before a version is published.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from nnkit.cli.upgrade.cells import id_of, mark_at, mark_of

REPOSITORY = Path(__file__).resolve().parents[2]
TARGET = REPOSITORY / "nnkit" / "cli" / "upgrade" / "earlier_cells.txt"


def git(*arguments: str) -> bytes:
    """What git answers in the repository."""
    return subprocess.run(["git", "-C", str(REPOSITORY), *arguments], check=True, capture_output=True).stdout


def notebooks() -> set[str]:
    """The names by which git knows the contents of every notebook that `course/` ever had."""
    found = set()
    for commit in git("log", "--format=%H", "--", "course").decode().split():
        for line in git("ls-tree", "-r", commit, "course").decode().splitlines():
            about, _, name = line.partition("\t")
            if name.endswith(".ipynb") or name.endswith('.ipynb"'):
                found.add(about.split()[2])
    return found


def marks() -> set[str]:
    """Those of all their cells."""
    return {
        mark_at(id_of(cell), mark_of(cell))
        for content in notebooks()
        for cell in json.loads(git("cat-file", "blob", content))["cells"]
    }


if __name__ == "__main__":
    TARGET.write_text("\n".join(sorted(marks())) + "\n", encoding="ascii", newline="\n")
    print(f"{len(TARGET.read_text().split())} marks in {TARGET.relative_to(REPOSITORY)}")
