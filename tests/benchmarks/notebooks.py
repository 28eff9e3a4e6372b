"""How long each notebook runs: python tests/benchmarks/notebooks.py

The instructors' notebooks are executed from top to bottom as `nnkit execute` does it, each in a kernel of its own and
in one thread, and nothing is saved. The time of the whole includes the start of the kernel; beside it stand the cell
that takes longest, and the check that takes longest, whose answer a student waits for. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import contenders
import nbformat
from nbformat.notebooknode import NotebookNode

SOLUTIONS = contenders.HERE.parents[1] / "solutions"
NOTEBOOK_SECONDS, CHECK_SECONDS = 60, 0.5  # the aims

# Two cells around those of the notebook: the first starts a stopwatch, the last prints what it says.
START = """
def stopwatch():
    import time
    shell, begun, seconds = get_ipython(), [], []
    shell.events.register("pre_run_cell", lambda info: begun.append(time.perf_counter()))
    shell.events.register("post_run_cell", lambda done: begun and seconds.append(time.perf_counter() - begun[-1]))
    return seconds
seconds_of_cells = stopwatch()
"""
END = """
import json, time
print(json.dumps([time.process_time(), seconds_of_cells]))
"""


def measure(path: Path) -> list[str]:
    """Run a notebook and return its row of the table."""
    from nnkit.grading.course.execute import run_notebook

    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    notebook.cells = [nbformat.v4.new_code_cell(START), *notebook.cells, nbformat.v4.new_code_cell(END)]
    begun = time.perf_counter()
    run_notebook(notebook, path.parent)
    whole = time.perf_counter() - begun
    processor, seconds = json.loads(notebook.cells[-1].outputs[0].text)
    timed = list(zip(cells, seconds, strict=True))
    checks = [(cell, each) for cell, each in timed if cell.metadata.get("nbgrader", {}).get("grade")]
    return [path.stem, f"{whole:.1f}", f"{processor:.1f}", *slowest(timed), *slowest(checks)]


def slowest(timed: list[tuple[NotebookNode, float]]) -> list[str]:
    """Return the id of the cell that took longest, and its seconds."""
    cell, seconds = max(timed, key=lambda pair: pair[1])
    return [cell.id, f"{seconds:.2f}"]


def main() -> None:
    """Print the table."""
    known = sorted(SOLUTIONS.glob("*/*.ipynb"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="such as backprop; all when none is given")
    chosen = parser.parse_args().notebooks or [path.stem for path in known]
    if unknown := sorted(set(chosen) - {path.stem for path in known}):
        parser.error(f"no notebook {', '.join(unknown)}; there are {', '.join(path.stem for path in known)}")
    rows = [["notebook", "seconds", "of processor", "slowest cell", "seconds", "slowest check", "seconds"]]
    for path in known:
        if path.stem in chosen:
            rows.append(measure(path))
            print(", ".join(rows[-1]), file=sys.stderr, flush=True)
    contenders.print_table(rows)
    print(f"\nThe aims: {NOTEBOOK_SECONDS} s for a notebook, {CHECK_SECONDS} s for a check. {contenders.setting()}")


if __name__ == "__main__":
    main()
