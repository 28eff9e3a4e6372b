"""How fast a class is graded, beside nbgrader as it comes: python tests/benchmarks/grading.py

A class (`grading_class.py`) is graded by `nnkit grade`: sandboxed, two jobs, the gradebook written, and counted from
the start of the command to its end. A sample of the same class is graded by nbgrader with its own settings: a kernel
for every notebook, one after the other, and the checks run in it; its own start is not counted. The two take turns, so
that a slow minute meets both. What the students' cells and the checks run is the same work on both sides; the rates
stand there with it and without it. `--scaling` says what larger classes would take, from what was measured; `--saves`
measures the gradebook alone.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import contenders
import grading_class as class_of
import grading_scale as scale

TARGET_SECONDS, TARGET_RATIO = 0.06, 15
LOOK_SECONDS = 0.3
BEGUN = 8  # submissions after which every job is at work
END = 200  # submissions at the beginning and at the end of a class that are compared


# ---------------------------------------------------------------------------------------------------------------------
# In processes of their own
# ---------------------------------------------------------------------------------------------------------------------


def grade_with_nnkit(course: str, jobs: str) -> dict[str, Any]:
    """Run `nnkit grade`, and note what each submission took in its process and in the one that writes."""
    from nnkit.cli import main
    from nnkit.grading.marks import class_table
    from nnkit.grading.run import runner

    rows: list[tuple[float, ...]] = []
    of_processor: list[float] = []
    save = runner._Run._save

    def noted(self: Any, graded: Any, record: str) -> None:
        start, processor = time.perf_counter(), time.process_time()
        save(self, graded, record)
        end = time.perf_counter()
        rows.append(
            (start, end - start, graded.seconds, graded.own_seconds, time.process_time() - processor, processor)
        )
        if len(rows) in (BEGUN, self._total):
            of_processor.append(processor_seconds(os.getpid()))

    of_table: list[float] = []
    read = class_table.read_class

    def noted_table(*arguments: Any) -> Any:
        start = time.perf_counter()
        entries = read(*arguments)
        of_table.append(time.perf_counter() - start)
        return entries

    class_table.read_class = noted_table  # type: ignore[assignment]
    runner._Run._save = noted  # type: ignore[method-assign]
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        printed, sys.stdout = sys.stdout, nowhere
        code = main(["grade", class_of.ASSIGNMENT, "--course", course, "--jobs", jobs])
        sys.stdout = printed
    processor_each = (of_processor[-1] - of_processor[0]) / (len(rows) - BEGUN)
    return {"code": code, "rows": rows, "processor": processor_each, "table": sum(of_table)}


def grade_with_nbgrader(course: str, *students: str) -> dict[str, Any]:
    """Grade these by nbgrader alone, and note what each took, and its cells."""
    from nbclient import NotebookClient

    from nnkit.grading.course.steps import nbgrader_api

    cells: list[float] = []
    imports: list[float] = []
    execute = NotebookClient.execute_cell

    def noted(self: Any, cell: Any, *arguments: Any, **options: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(self, cell, *arguments, **options)
        finally:
            (imports if cell.source == class_of.IMPORTS else cells).append(time.perf_counter() - start)

    NotebookClient.execute_cell = noted
    api = nbgrader_api(Path(course))
    rows = []
    for student in students:
        cells.clear()
        imports.clear()
        start, processor = time.perf_counter(), processor_seconds(os.getpid())
        done = api.autograde(class_of.ASSIGNMENT, student)
        if not done["success"]:
            raise RuntimeError(f"nbgrader could not grade {student}:\n{done.get('log') or done.get('error')}")
        processor = processor_seconds(os.getpid()) - processor
        rows.append((time.perf_counter() - start, sum(cells), sum(imports), processor))
    return {"rows": rows}


WORKERS: dict[str, Callable[..., dict[str, Any]]] = {
    "nnkit": grade_with_nnkit,
    "nbgrader": grade_with_nbgrader,
    "saves": scale.save_marks,
}


# ---------------------------------------------------------------------------------------------------------------------
# From outside
# ---------------------------------------------------------------------------------------------------------------------


class Watch(threading.Thread):
    """The most memory that a process and all that it has started hold together, in MB."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.most = self.first = 0.0
        self.processes = 0
        self._process = process
        self._over = threading.Event()

    def run(self) -> None:
        """Look every now and then."""
        while not self._over.wait(LOOK_SECONDS):
            tree = descendants(self._process)
            held = [memory(one) for one in tree]
            if sum(held) > self.most:
                self.most, self.first, self.processes = sum(held), held[0], len(held)

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        self.join()


def descendants(process: int) -> list[int]:
    """Return a process and all that it has started."""
    found = [process]
    for one in found:
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, path.read_text(encoding="ascii").split())
            except OSError:
                continue
    return found


def processor_seconds(process: int) -> float:
    """Return the seconds of computing of a process and of all that it has started, what has ended included."""
    total = 0
    for one in descendants(process):
        try:
            fields = Path(f"/proc/{one}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def memory(process: int) -> float:
    """Return the megabytes of a process; what it shares with others is divided between them."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    except (OSError, StopIteration, ValueError):
        return 0.0


def measure(what: str, *arguments: str) -> tuple[dict[str, Any], float, Watch]:
    """Run a part in a process of its own: what it says, its seconds from start to end, and its memory."""
    command = [sys.executable, __file__, "--worker", what, *arguments]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        watch = Watch(process.pid)
        watch.start()
        said, _ = process.communicate()
        seconds = time.perf_counter() - start
        watch.end()
    if process.returncode:
        raise RuntimeError(f"The part {what} of the benchmark has failed; to see why: {' '.join(command[:6])} …")
    return json.loads(said.splitlines()[-1]) | {"start": start}, seconds, watch


def quantile(values: list[float], share: float) -> float:
    """Return the value below which this share of the values lies."""
    return sorted(values)[min(len(values) - 1, math.floor(share * len(values)))]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=200, metavar="N", help="how large the class is (200)")
    parser.add_argument("--sample", type=int, default=8, metavar="N", help="how many of them nbgrader grades (8)")
    parser.add_argument("--turns", type=int, default=2, metavar="N", help="how often `nnkit grade` grades them all (2)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes of `nnkit grade` (2)")
    parser.add_argument("--scaling", action="store_true", help="print what larger classes would take, too")
    parser.add_argument("--saves", type=int, default=0, metavar="N", help="measure the gradebook alone, N submissions")
    parser.add_argument("--gradebook", default="", metavar="URL", help="… at this place, as well as in a SQLite file")
    parser.add_argument("--worker", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        what, *rest = arguments.worker
        print(json.dumps(WORKERS[what](*rest)))
        return
    with tempfile.TemporaryDirectory(prefix="nnkit-class-") as folder:
        if arguments.saves:
            print_saves(Path(folder), arguments.saves, arguments.gradebook)
        else:
            print_class(Path(folder), arguments)


def print_saves(folder: Path, count: int, url: str) -> None:
    """Print how many submissions a second the gradebook takes."""
    rows = [["gradebook", "submissions", "new, a second", "the last tenth", "again, a second", "bytes each"]]
    course = class_of.make_course(folder / "own", class_of.own_settings())
    for place in ["", *([url] if url else [])]:
        said, _, _ = measure("saves", str(course), str(count), place)
        name = place.partition(":")[0] or "SQLite, a file"
        rates = [f"{said[rate]:.0f}" for rate in ("new", "last", "again")]
        rows.append([name, str(count), *rates, f"{said['bytes']:.0f}" if said["bytes"] else "–"])
    contenders.print_table(rows)
    print(f"\n{contenders.setting()}")


def print_class(folder: Path, arguments: argparse.Namespace) -> None:
    """Grade, and print what it took."""
    names = class_of.students(arguments.students)
    own = class_of.make_course(folder / "own", class_of.own_settings())
    stock = class_of.make_course(folder / "stock", class_of.stock_settings())
    sample = names[: arguments.sample]
    class_of.hand_in(own, names)
    class_of.hand_in(stock, sample)
    turns = arguments.turns
    walls, memories, graded, stock_rows = [], [], [], []
    for turn in range(turns + 1):
        part = sample[turn * len(sample) // (turns + 1) : (turn + 1) * len(sample) // (turns + 1)]
        if part:
            stock_rows += measure("nbgrader", str(stock), *part)[0]["rows"]
        if turn < turns:
            class_of.begin_again(own)
            said, seconds, watch = measure("nnkit", str(own), str(arguments.jobs))
            if len(said["rows"]) != len(names) or said["code"]:
                raise RuntimeError(f"Of {len(names)} submissions {len(said['rows'])} were graded.")
            print(f"turn {turn + 1}: {seconds:.1f} s", file=sys.stderr, flush=True)
            walls.append(seconds)
            memories.append(watch)
            graded.append(said)
    found = scale.Found.of(names, arguments.jobs, walls, graded, memories, own)
    print_comparison(found, stock_rows)
    print_flatness(graded)
    print(f"\n{contenders.setting()}")
    if arguments.scaling:
        print()
        scale.print_scaling(found)


def print_comparison(found: scale.Found, stock: list[list[float]]) -> None:
    """Print both sides, and how many times as fast one is."""
    whole = statistics.median(row[0] for row in stock)
    without = statistics.median(row[0] - row[1] - row[2] for row in stock)
    with_imports = statistics.median(row[0] - row[1] for row in stock)
    rows = [["", "nnkit grade", "nbgrader", "ratio", "target"]]

    def add(name: str, ours: float, theirs: float, target: str = "") -> None:
        rows.append([name, f"{ours:.3f}", f"{theirs:.3f}", f"{theirs / ours:.1f}", target])

    add("seconds for a submission", found.each, whole)
    add("… without what its cells and checks run", found.bare, without, f"≤ {TARGET_SECONDS}, ≥ {TARGET_RATIO}")
    add("… nbgrader's imports not taken off", found.bare, with_imports)
    once = found.each - found.start / found.count
    add("… nnkit's start not counted", once, whole)
    add("… neither start nor cells and checks", once - found.own / found.jobs, without)
    add("processor seconds for a submission", found.processor, statistics.median(row[3] for row in stock))
    add("median in its process", statistics.median(found.seconds), whole)
    add("95th percentile in its process", quantile(found.seconds, 0.95), quantile([row[0] for row in stock], 0.95))
    contenders.print_table(rows)
    print(
        f"\n{found.count} submissions, {found.jobs} jobs: {1 / found.each:.1f} submissions a second; the first is "
        f"begun with after {found.start:.1f} s. The cells and checks of one run {found.own:.3f} s in "
        f"nnkit's process and {statistics.median(row[1] for row in stock):.3f} s in nbgrader's kernel (and its imports "
        f"{statistics.median(row[2] for row in stock):.2f} s, which nnkit pays once). The table at the end takes "
        f"{1000 * found.after:.1f} ms for each. At most {found.memory:.0f} MB of "
        f"memory in {found.processes} processes, {found.memory_of_writer:.0f} MB of it in the one that writes."
    )


def print_flatness(graded: list[dict[str, Any]]) -> None:
    """Print whether a submission costs at the end of a class what it costs at the beginning."""
    size = min(END, len(graded[0]["rows"]) // 2)
    rows = [["submissions", "seconds each", "in its process", "to write it, ms", "of processor, ms"]]
    for name, part in ((f"the first {size}", slice(0, size)), (f"the last {size}", slice(-size, None))):
        found = [said["rows"][part] for said in graded]
        each = statistics.median((one[-1][0] - one[0][0]) / (len(one) - 1) for one in found)
        inside, written, processor = (
            statistics.median(row[place] for one in found for row in one) for place in (2, 1, 4)
        )
        rows.append([name, f"{each:.3f}", f"{inside:.3f}", f"{1000 * written:.1f}", f"{1000 * processor:.1f}"])
    print()
    contenders.print_table(rows)


if __name__ == "__main__":
    main()
