"""What a release is called has to be the same everywhere: tag, version, changelog and citation.

    python .ci/release.py check v0.1.0    says what does not agree, and ends with 1 if anything does not
    python .ci/release.py notes           prints what the changelog says of the newest version

The workflow of a release runs both; the tests run the first without a tag. It needs nothing but Python.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADING = re.compile(r"^## \[(?P<version>\d[^\]]*)\] - (?P<date>\d{4}-\d{2}-\d{2})$", re.MULTILINE)


def version(root: Path) -> str:
    """The version of the package, as `nnkit.__version__` states it."""
    return _only(r'^__version__ = "([^"]+)"$', root / "nnkit" / "__init__.py")


def newest(root: Path) -> tuple[str, str, str]:
    """(version, date, text) of the changelog's newest section that has a version."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    found = HEADING.search(text)
    if found is None:
        raise SystemExit("CHANGELOG.md has no section such as `## [0.1.0] - 2026-11-27`; write one for this version.")
    rest = text[found.end() :]
    end = re.search(r"^(## |\[[^\]]+\]: )", rest, re.MULTILINE)
    return found["version"], found["date"], rest[: end.start() if end else None].strip()


def unreleased(root: Path) -> str:
    """What stands in the changelog under *Unreleased*."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(r"^## \[Unreleased\]$(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def problems(root: Path, tag: str | None = None) -> list[str]:
    """What does not agree, in sentences; with a tag, also what must not be left open on the day of a release."""
    own = version(root)
    written, date, notes = newest(root)
    cited, cited_on = (_only(rf"^{key}: (\S+)$", root / "CITATION.cff") for key in ("version", "date-released"))
    found = []
    if written != own:
        found.append(f"The changelog's newest section is {written}, but nnkit/__init__.py says {own}.")
    if not notes:
        found.append(f"The changelog says nothing of {written}.")
    if (cited, cited_on) != (written, date):
        found.append(f"CITATION.cff names {cited} of {cited_on}, the changelog {written} of {date}.")
    if tag is not None and tag != f"v{own}":
        found.append(f"The tag should be v{own}, as nnkit/__init__.py says, but it is {tag}.")
    if tag is not None and unreleased(root):
        found.append(f"The changelog has changes under Unreleased; move them into the section of {written}.")
    return found


def main(arguments: list[str]) -> int:
    """Run one of the two commands; the exit code is 1 when something does not agree."""
    match arguments:
        case ["notes"]:
            print(newest(ROOT)[2])
            return 0
        case ["check"] | ["check", _]:
            found = problems(ROOT, *arguments[1:])
            print("\n".join(found) if found else f"Version, changelog and citation agree: {version(ROOT)}.")
            return 1 if found else 0
    print(__doc__, file=sys.stderr)
    return 2


def _only(pattern: str, path: Path) -> str:
    found = re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    if len(found) != 1:
        raise SystemExit(f"{path.name} should have one line like {pattern}, but has {len(found)}.")
    return str(found[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
