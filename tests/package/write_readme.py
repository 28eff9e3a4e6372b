"""Writes the README's table of proof out of the tables that other commands have written.

    python tests/package/write_readme.py

No number in it is typed: each is read from the file that the command beside it writes or prints.
"""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
README = REPOSITORY / "README.md"
SOUNDNESS = REPOSITORY / ".github" / "site" / "generated" / "soundness.md"
GRADING = REPOSITORY / "GRADING.md"
BENCHMARKS = REPOSITORY / "tests" / "benchmarks" / "README.md"
BEGIN, END = "<!-- proof: begin -->", "<!-- proof: end -->"


def rows(text: str, first: str) -> list[list[str]]:
    """The rows of the tables in a Markdown text whose first cell matches a pattern, cell by cell and without emphasis.

    >>> rows("| a | b |\\n|---|---|\\n| **all** | 3 |", "all")
    [['all', '3']]
    """
    found = []
    for line in text.splitlines():
        if line.startswith("|"):
            cells = [cell.strip().strip("*") for cell in line.strip("|").split("|")]
            if re.fullmatch(first, cells[0]):
                found.append(cells)
    return found


def one_row(text: str, first: str, file: Path) -> list[str]:
    """The only row that begins so; a table that has changed its form is noticed here."""
    found = rows(text, first)
    if len(found) != 1:
        raise ValueError(f"{file} should have one row that begins with {first!r}, and has {len(found)}.")
    return found[0]


def proof() -> str:
    """The table, from what the files say now."""
    soundness, grading, speed = (path.read_text(encoding="utf-8") for path in (SOUNDNESS, GRADING, BENCHMARKS))
    _, exercises, mistakes, refused, told, variants, accepted = one_row(soundness, "all", SOUNDNESS)
    attacks = grading.partition("<!-- attacks: begin -->")[2].partition("<!-- attacks: end -->")[0]
    kinds = [int(count) for count in re.findall(r"^\| \*\*[^|]*\*\* \((\d+)\)", attacks, re.MULTILINE)]
    shares = [one_row(speed, f"{network}, one", BENCHMARKS)[5] for network in ("MLP", "CNN", "RNN")]
    reached = [next(row for row in rows(speed, network) if row[1] == "nnkit") for network in ("MLP", "CNN")]
    submission = one_row(grading, "seconds for a submission", GRADING)
    digits = ", ".join(f"{row[3]} % in {float(row[6]):.0f} s" for row in reached)
    lines = [
        ("what", "measured", "by"),
        ("---", "---", "---"),
        ("typical mistakes refused", f"{refused} of {mistakes}, in {exercises}", "`python tests/soundness.py`"),
        ("… and told their own cause", f"{told} of {mistakes}", "the same"),
        ("right answers in other forms that pass", f"{accepted} of {variants}", "the same"),
        ("accidents and attacks in a graded class", str(sum(kinds)), "`python -m tests.grading.attacks.table`"),
        (
            "a training step on one core: MLP, CNN, RNN",
            f"{', '.join(shares)} of PyTorch's time",
            "`python tests/benchmarks/steps.py`",
        ),
        ("MNIST, mean of three seeds: MLP, CNN", digits, "`python tests/benchmarks/accuracy.py`"),
        (
            "a submission graded, sandbox included",
            f"{submission[1]} s; nbgrader as it comes: {submission[2]} s",
            "`python tests/benchmarks/grading.py`",
        ),
    ]
    return "\n".join(f"| {' | '.join(line)} |".replace("| --- | --- | --- |", "|---|---|---|") for line in lines)


def with_proof(text: str) -> str:
    """The README with its table brought up to date."""
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{README} should have the lines {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n\n{proof()}\n\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_proof(README.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    print(proof())
