"""What larger classes take, computed from what the benchmark of grading has measured; and the gradebook alone."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import contenders
import grading_class as class_of

ASSIGNMENTS = 9
CLASSES = (1_000, 100_000)
# Cores of each machine, and how many machines.
MACHINES = (("1 machine, 2 cores", 2, 1), ("1 machine, 16 cores", 16, 1), ("8 machines, 16 cores", 16, 8))


@dataclass(frozen=True)
class Found:
    """What was measured of a class.

    Parameters
    ----------
    count, jobs : int
        Submissions, and processes that graded them.
    each, start, own : float
        Seconds: of the whole command for each submission; until the first has been begun with; of the cells and checks
        of one submission.
    seconds : list[float]
        What each submission took in its process.
    processor : float
        Seconds of computing for one submission, of all processes, without the start.
    writing : float
        Seconds that the process that writes is busy with one submission: it can be no faster.
    after : float
        Seconds for each submission when all are graded: the table of the class is made, by one process.
    memory, memory_of_writer : float
        MB at most, of all processes and of the one that writes.
    processes : int
        How many there were then.
    disk, handed_in, gradebook : float
        Bytes for each submission: of what is written, of what was handed in, and in the gradebook.
    """

    count: int
    jobs: int
    each: float
    start: float
    own: float
    seconds: list[float]
    processor: float
    writing: float
    after: float
    memory: float
    memory_of_writer: float
    processes: int
    disk: float
    handed_in: float
    gradebook: float

    @property
    def bare(self) -> float:
        """Seconds for each submission, without its cells and checks."""
        return self.each - self.own / self.jobs

    @classmethod
    def of(
        cls,
        names: list[str],
        jobs: int,
        walls: list[float],
        graded: list[dict[str, Any]],
        memories: list[Any],
        course: Path,
    ) -> Found:
        """Sum up what several turns have said."""
        count = len(names)
        rows = [row for said in graded for row in said["rows"]]
        grown = (course / "gradebook.db").stat().st_size - (course / class_of.KEPT_GRADEBOOK).stat().st_size
        most = max(memories, key=lambda watch: watch.most)
        usual = statistics.median(row[2] for row in rows)
        first = statistics.median(said["rows"][0][0] - usual - said["start"] for said in graded)
        return cls(
            count=count,
            jobs=jobs,
            each=statistics.median(walls) / count,
            start=first,
            own=statistics.mean(row[3] for row in rows),
            seconds=[row[2] for row in rows],
            processor=statistics.median(said["processor"] for said in graded),
            writing=statistics.median(map(_writing, graded)),
            after=statistics.median(said["table"] for said in graded) / count,
            memory=most.most,
            memory_of_writer=most.first,
            processes=most.processes,
            disk=_size(course / "autograded") / count,
            handed_in=_size(course / "submitted") / count,
            gradebook=grown / count,
        )


def _writing(said: dict[str, Any]) -> float:
    """Seconds that the process that writes needs for a submission: what it computes and how long it waits for disks."""
    rows = said["rows"]
    computing = (rows[-1][5] - rows[0][5]) / (len(rows) - 1)
    return float(computing + statistics.median(row[1] - row[4] for row in rows))


def _size(folder: Path) -> int:
    """Bytes as a disk has them, in blocks."""
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*"))


def print_scaling(found: Found) -> None:
    """Print what larger classes take: the slower of the jobs together and of the process that writes."""
    job = found.processor
    rows = [["students × assignments", *(name for name, _, _ in MACHINES), "written, GB", "gradebook, GB"]]
    for students in CLASSES:
        submissions = students * ASSIGNMENTS
        times = []
        for _, cores, machines in MACHINES:
            side_by_side = job / (cores * machines)
            limit = " (writer)" if found.writing > side_by_side else ""
            each = max(side_by_side, found.writing) + found.after
            times.append(said(each * submissions + found.start * ASSIGNMENTS) + limit)
        sizes = [f"{bytes_each * submissions / 1e9:.1f}" for bytes_each in (found.disk, found.gradebook)]
        rows.append([f"{students:,} × {ASSIGNMENTS}", *times, *sizes])
    contenders.print_table(rows)
    of_a_job = (found.memory - found.memory_of_writer) / found.jobs
    print(
        f"\nComputed from {job:.3f} s of computing for a submission with one notebook of eight exercises and "
        f"{1000 * found.writing:.1f} ms of the one process that writes, which so takes at most {1 / found.writing:.0f} "
        f"submissions a second; {1000 * found.after:.1f} ms for its part of the table at the end; "
        f"{found.start:.0f} s until an assignment is begun with; {found.memory_of_writer:.0f} MB "
        f"of memory for the process that writes and {of_a_job:.0f} MB for each job. A submission takes "
        f"{found.handed_in / 1000:.0f} kB as it was handed in, {found.disk / 1000:.0f} kB graded, and "
        f"{found.gradebook / 1000:.1f} kB in the gradebook."
    )


def said(seconds: float) -> str:
    """Return a time in the unit in which one thinks of it.

    >>> said(90.0), said(86_400.0)
    ('2 min', '24.0 h')
    """
    if seconds < 3600:
        return f"{max(1, round(seconds / 60))} min"
    return f"{seconds / 3600:.1f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.1f} days"


def save_marks(course: str, count: str, url: str = "") -> dict[str, Any]:
    """Write the marks of so many submissions into a gradebook, new ones and again: how many a second."""
    from nbgrader.preprocessors import AssignLatePenalties

    from nnkit.grading.course.steps import nbgrader_api, run_step
    from nnkit.grading.marks.gradebook import ClassGradebook
    from nnkit.grading.marks.scoring import read_marks

    # PostgreSQL, which looks at foreign keys, does not take a course without a name, as nbgrader has it by itself.
    settings = {"CourseDirectory": {"db_url": url, "course_id": "benchmark"}} if url else {}
    api = nbgrader_api(Path(course), settings)
    if url:
        run_step("generate", api.generate_assignment(class_of.ASSIGNMENT, force=True))
    source = class_of.source_notebook()
    for cell in source.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.outputs = [class_of.shown(cell.metadata["nbgrader"]["grade_id"].removeprefix("test_"))]
    marks = {class_of.NOTEBOOK: read_marks(source)}
    penalties = AssignLatePenalties(config=api.config)
    file = Path(course, "gradebook.db")
    before = file.stat().st_size
    gradebook = ClassGradebook(api.coursedir.db_url, api.coursedir.course_id, class_of.ASSIGNMENT, penalties)
    ends = []
    for _ in range(2):
        ends.append([time.perf_counter()])
        for student in class_of.students(int(count)):
            gradebook.save(student, "2030-01-01 12:00:00 UTC", marks)
            ends[-1].append(time.perf_counter())
    gradebook.close()
    new, again = ends
    tenth = max(1, len(new) // 10)
    return {
        "new": (len(new) - 1) / (new[-1] - new[0]),
        "last": tenth / (new[-1] - new[-1 - tenth]),
        "again": (len(again) - 1) / (again[-1] - again[0]),
        "bytes": 0 if url else (file.stat().st_size - before) / int(count),
    }
