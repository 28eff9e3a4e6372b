"""`nnkit grade --dask`: a class is graded by the workers of a cluster, also where some of them are killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from nnkit.grading.course.steps import nbgrader_api, run_step
from nnkit.grading.run.record import RECORD
from nnkit.grading.run.sandbox import why_no_sandbox
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, LONGEST, hand_in, solved
from tests.grading.test_traps import TRAPS
from tests.grading.whole_class import (
    alive,
    counts,
    database,
    descendants,
    differences,
    ended,
    files,
    grade,
    gradebook,
    start,
    surroundings,
    until,
)

pytest.importorskip("distributed", reason="the package distributed is not installed")

SECONDS = 180  # that a cluster gets to start
WORKERS = 3
SLOW = ("s1", "s2", "s3", "s4", "s5", "s6")
QUICK = ("perfect", "untouched", "check_rebound_to_a_number", "python_ends_in_an_answer", "cut_off")


@dataclass
class Cluster:
    """A scheduler on this machine, and its workers, each with the nanny that starts it again."""

    address: str
    nannies: list[subprocess.Popen[bytes]]

    def worker_of(self, nanny: subprocess.Popen[bytes]) -> int:
        """The process in which a nanny has the worker: of those that it has started, the one that listens."""
        found = [number for number in descendants(nanny.pid) if _is_worker(number)]
        assert found
        return found[0]


def _is_worker(number: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return False


def kill(*numbers: int) -> None:
    """End processes; what belonged to one that has just ended may have ended with it."""
    for number in numbers:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def cluster(folder: Path, workers: int = WORKERS, **environment: str) -> Iterator[Cluster]:
    """Start one; at the end, end every process that it has started."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    folder.mkdir(parents=True, exist_ok=True)
    log = (folder / "log.txt").open("wb")
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--no-dashboard", "--no-show"]
    scheduler += ["--host", "127.0.0.1", "--port", str(port)]
    python = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-dashboard", "--nthreads", "1"]
    python += ["--host", "127.0.0.1", "--memory-limit", "0", "--local-directory", str(folder)]
    begun: list[subprocess.Popen[bytes]] = []

    def begin(command: list[str]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=surroundings() | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        begun.append(process)
        return process

    try:
        begin(scheduler)
        assert until(lambda: answers(port), SECONDS), (folder / "log.txt").read_text()
        nannies = [begin(python) for _ in range(workers)]
        yield Cluster(address, nannies)
    finally:
        below = [number for process in begun for number in descendants(process.pid)]
        kill(*(process.pid for process in reversed(begun)), *below)
        for process in begun:
            process.wait(60)
        log.close()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = small_course.make_course(tmp_path_factory.mktemp("fresh") / "course")
    run_step("generate", nbgrader_api(course).generate_assignment(ASSIGNMENT))
    for student in QUICK:
        hand_in(course, student, TRAPS[student][0](course))
    slow = solved(course)
    slow.cells.insert(5, new_code_cell("import time\ntime.sleep(1)", id="slow"))
    for student in SLOW:
        hand_in(course, student, slow)
    return course


@pytest.fixture(scope="module")
def alone(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same class, graded on this machine."""
    course = copy(fresh, tmp_path_factory.mktemp("alone") / "course")
    assert counts(grade(course)) == (len(QUICK + SLOW), 0)
    return course


def copy(course: Path, place: Path) -> Path:
    return Path(shutil.copytree(course, place))


def assert_same(course: Path, alone: Path) -> None:
    assert not differences(gradebook(database(course)), gradebook(database(alone)))
    assert not differences(files(course), files(alone))


def graded_so_far(course: Path) -> int:
    return len(list(course.glob(f"autograded/*/*/{RECORD}")))


def test_a_class_is_graded_alike_also_where_workers_are_killed(fresh: Path, alone: Path, tmp_path: Path) -> None:
    with cluster(tmp_path / "cluster") as running:
        course = copy(fresh, tmp_path / "undisturbed")
        assert counts(grade(course, "--dask", running.address)) == (11, 0)
        assert_same(course, alone)
        assert counts(grade(course, "--dask", running.address)) == (0, 11)

        course = copy(fresh, tmp_path / "a worker is killed")
        with ended(start(course, "--dask", running.address)) as process:
            assert until(lambda: graded_so_far(course) >= 1, SECONDS)
            worker = running.worker_of(running.nannies[0])
            os.kill(worker, signal.SIGKILL)
            assert process.wait(LONGEST) == 0, (course / "err.txt").read_text()
        assert not alive([worker])
        assert_same(course, alone)

        course = copy(fresh, tmp_path / "a nanny is killed, too")
        with ended(start(course, "--dask", running.address)) as process:
            assert until(lambda: graded_so_far(course) >= 1, SECONDS)
            below = descendants(running.nannies[1].pid)
            kill(running.nannies[1].pid, *below)
            assert process.wait(LONGEST) == 0, (course / "err.txt").read_text()
        assert_same(course, alone)
        assert ": 11 graded" in (course / "out.txt").read_text(encoding="utf-8")

        course = copy(fresh, tmp_path / "all are killed")
        with ended(start(course, "--dask", running.address)) as process:
            assert until(lambda: graded_so_far(course) >= 1, SECONDS)
            for nanny in running.nannies:
                if nanny.poll() is None:
                    kill(nanny.pid, *descendants(nanny.pid))
            os.kill(process.pid, signal.SIGINT)  # nobody comes; who waits presses Ctrl-C
            assert process.wait(SECONDS) == 130
        assert "Traceback" not in (course / "err.txt").read_text()


def test_a_cluster_whose_scheduler_ends_is_told(fresh: Path, alone: Path, tmp_path: Path) -> None:
    course = copy(fresh, tmp_path / "course")
    with (
        cluster(tmp_path / "cluster", workers=1) as running,
        ended(start(course, "--dask", running.address)) as process,
    ):
        assert until(lambda: graded_so_far(course) >= 1, SECONDS)
        scheduler = next(number for number in descendants(os.getpid()) if _is_scheduler(number))
        os.kill(scheduler, signal.SIGKILL)
        assert process.wait(SECONDS) == 1
    said = (course / "err.txt").read_text()
    assert "Traceback (most" not in said
    assert running.address in said
    graded, unchanged = counts(grade(course))
    assert unchanged >= 1
    assert graded + unchanged == 11
    assert_same(course, alone)


def _is_scheduler(number: int) -> bool:
    try:
        return b"dask_scheduler" in Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return False


@pytest.mark.skipif(bool(why_no_sandbox()), reason="no sandbox can be had here")
def test_workers_shut_students_code_in(fresh: Path, tmp_path: Path) -> None:
    course = copy(fresh, tmp_path / "course")
    for place in (course / "submitted").iterdir():
        shutil.rmtree(place)
    notebook = solved(course)
    secret = course / "gradebook.db"
    thief = f"from pathlib import Path\nprint('re' + 'ad', Path({str(secret)!r}).stat().st_size > 0)"
    notebook.cells.insert(5, new_code_cell(thief, id="thief"))
    hand_in(course, "thief", notebook)
    outputs = f"autograded/thief/{ASSIGNMENT}/{small_course.NOTEBOOK}.ipynb"
    with cluster(tmp_path / "cluster", workers=1) as running:
        assert counts(grade(course, "--dask", running.address)) == (1, 0)
        text = (course / outputs).read_text(encoding="utf-8")
        assert "FileNotFoundError" in text
        assert "read True" not in text
        # The control: without walls it is read.
        assert counts(grade(course, "--dask", running.address, "--force", "--unsafe-no-sandbox")) == (1, 0)
        assert "read True" in (course / outputs).read_text(encoding="utf-8")


@pytest.mark.skipif(bool(why_no_sandbox()), reason="no sandbox can be had here")
def test_a_worker_without_a_sandbox_refuses(fresh: Path, tmp_path: Path) -> None:
    course = copy(fresh, tmp_path / "course")
    with cluster(tmp_path / "cluster", workers=1, PATH=str(tmp_path)) as running:
        done = grade(course, "--dask", running.address)
    assert done.returncode == 1
    assert "there is no program called bwrap" in done.stderr
    assert "Traceback" not in done.stderr
    assert not graded_so_far(course)


def test_a_wrong_address_is_told(fresh: Path, tmp_path: Path) -> None:
    course = copy(fresh, tmp_path / "course")
    for address in (f"tcp://127.0.0.1:{free_port()}", "nonsense://x", "no address at all"):
        done = grade(course, "--dask", address)
        assert done.returncode == 1
        assert f"No Dask scheduler answers at {address}" in done.stderr
        assert "Traceback" not in done.stderr


def test_what_dask_logs_of_a_lost_cluster_is_not_shown() -> None:
    lost = (
        "import logging, sys\nfrom nnkit.grading.course.folder import CourseError\n"
        "from nnkit.grading.run.pools import DaskPool\n"
        "try:\n    DaskPool(sys.argv[1], None)\nexcept CourseError:\n    pass\n"
        "for name in ('distributed.client', 'distributed.core', 'distributed.comm.tcp', 'asyncio'):\n"
        "    logging.getLogger(name).error('lost', exc_info=OSError())\n"
    )
    command = [sys.executable, "-c", lost, f"tcp://127.0.0.1:{free_port()}"]
    done = subprocess.run(command, env=surroundings(), capture_output=True, text=True, timeout=SECONDS, check=True)
    assert not done.stderr
