"""The table of attacks in the documentation: `python -m tests.grading.attacks.table` makes it from the entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.grading.attacks.attack import HONEST, Attack, all_attacks
from tests.grading.small_course import REPOSITORY

BEGIN, END = "<!-- attacks: begin -->", "<!-- attacks: end -->"
PAGE = REPOSITORY / "GRADING.md"
HEAD = ("Kind", "What it tries", "What happens", "Points")


def table(attacks: Iterable[Attack] = ()) -> str:
    """A row for each attack, and one for each kind with how many there are.

    Examples
    --------
    >>> print(table().splitlines()[0])
    | Kind | What it tries | What happens | Points |
    """
    attacks = tuple(attacks) or all_attacks()
    kinds = sorted({attack.kind for attack in attacks}, key=lambda kind: (kind == HONEST, kind))
    lines = [_row(*HEAD), _row(*("---" for _ in HEAD))]
    for kind in kinds:
        rows = dict.fromkeys(_cells(attack) for attack in attacks if attack.kind == kind)
        lines.append(_row(f"**{kind}** ({len(rows)})", "", "", ""))
        lines += [_row("", *row) for row in rows]
    return "\n".join(lines) + "\n"


def _cells(attack: Attack) -> tuple[str, str, str]:
    sentence = attack.sentence.replace("|", "\\|").replace("\n", " ")
    ends = "; ".join(_by_outcome(attack)) + (f". This cannot be kept out: {attack.limit}" if attack.limit else "")
    given = [points for points in attack.points.values() if points is not None]
    return sentence, ends, "by a person" if not given else f"{sum(given):g}"


def _by_outcome(attack: Attack) -> Iterator[str]:
    """ "wrong: `double`" and so on; a single word where all end alike."""
    ways = list(dict.fromkeys(attack.outcomes.values()))
    if len(ways) == 1:
        yield ways[0]
        return
    for way in ways:
        names = [name for name, outcome in attack.outcomes.items() if outcome == way]
        yield f"{way}: {', '.join(f'`{name}`' for name in names)}"


def table_in(text: str) -> str | None:
    """The table in the text of a page, None where there is no place for it.

    Examples
    --------
    >>> table_in(f"{BEGIN}\\n| a |\\n{END}")
    '| a |\\n'
    """
    found = re.search(f"{BEGIN}\n(.*?)\n?{END}", text, re.DOTALL)
    return None if found is None else found.group(1).strip("\n") + "\n"


def with_table(text: str) -> str:
    """The text of a page with the table of today."""
    return re.sub(f"({BEGIN}\n).*?({END})", lambda found: f"{found[1]}\n{table()}\n{found[2]}", text, flags=re.DOTALL)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main(page: Path = PAGE) -> None:
    """Print the table, and bring the page up to date where it is there and has a place for it."""
    print(table(), end="")
    if page.exists() and table_in(page.read_text(encoding="utf-8")) is not None:
        page.write_text(with_table(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
