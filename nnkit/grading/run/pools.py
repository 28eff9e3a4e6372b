"""Where submissions are graded side by side: processes on this machine, or the workers of a Dask cluster.

Both take submissions and give back what came of them in any order; both can lose a process and go on.
"""

from __future__ import annotations

import logging
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import active_children, connection, parent_process
from pathlib import Path
from typing import Any, Protocol

from nnkit.grading.course.folder import CourseError
from nnkit.grading.processes import warm_context
from nnkit.grading.run.assignment import Assignment
from nnkit.grading.run.scratch import remove, scratch_folder
from nnkit.grading.run.submission import Graded, Submission, grade_submission
from nnkit.installation import install_command

WORKER_SECONDS = 60  # for which a cluster may be without workers


class Pool(Protocol):
    """What grades submissions side by side."""

    is_here: bool  # whether on this machine

    @property
    def width(self) -> int:
        """How many it grades at once."""

    def submit(self, submission: Submission) -> Future[Graded]:
        """Have one graded."""

    def renew(self) -> None:
        """Begin again after a process was lost."""

    def close(self) -> None:
        """End all of it, at once."""


_at_hand: list[Assignment] = []  # in a process of the pool: what it grades


class ProcessPool:
    """Processes on this machine.

    Parameters
    ----------
    jobs : int
        How many.
    assignment : Assignment
        What they grade.
    """

    is_here = True

    def __init__(self, jobs: int, assignment: Assignment) -> None:
        self.width = jobs
        self._assignment = assignment
        self._until_closed = ExitStack()
        self._scratch = self._until_closed.enter_context(scratch_folder())
        self._executor = self._new()

    def _new(self) -> ProcessPoolExecutor:
        self._others = set(active_children())
        given = (self._assignment, str(self._scratch), dict(os.environ))
        return ProcessPoolExecutor(self.width, mp_context=warm_context(), initializer=_begin, initargs=given)

    def submit(self, submission: Submission) -> Future[Graded]:
        """Have one graded.

        Parameters
        ----------
        submission : Submission
            What was handed in.
        """
        return self._executor.submit(_grade, submission)

    def renew(self) -> None:
        """Begin again after a process was lost."""
        self._end()
        self._executor = self._new()

    def close(self) -> None:
        """End all processes; what they are at is graded another time."""
        with self._until_closed:
            self._end()

    def _end(self) -> None:
        processes = set(active_children()) - self._others
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


def _begin(assignment: Assignment, scratch: str, environment: dict[str, str]) -> None:
    """Prepare a process of the pool; it leaves nothing outside of the folder that is removed after it."""
    os.environ.clear()  # what it has is that of the process from which it was forked
    os.environ.update(environment)
    tempfile.tempdir = scratch
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who presses Ctrl-C stops the one that writes, and it ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel, Path(scratch)), daemon=True).start()
    _at_hand[:] = [assignment]


def _end_with(sentinel: int, scratch: Path) -> None:
    """Nobody takes what is graded here when the process that writes is gone, and nobody else clears up."""
    connection.wait([sentinel])
    remove(scratch)
    os._exit(1)


def _grade(submission: Submission) -> Graded:
    return grade_submission(_at_hand[0], submission)


def _hush_dask() -> None:
    """What a client logs of a lost cluster, with its tracebacks, is said by us in one sentence."""
    for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class DaskPool:
    """The workers of a Dask cluster.

    Parameters
    ----------
    address : str
        Of its scheduler, such as "tcp://127.0.0.1:8786".
    assignment : Assignment
        What they grade.

    Raises
    ------
    CourseError
        Dask is not installed, or nobody answers at the address.
    """

    is_here = False

    def __init__(self, address: str, assignment: Assignment) -> None:
        try:
            from distributed import Client
            from distributed.comm.addressing import get_address_host_port
        except ImportError:
            raise CourseError(
                "Grading on a cluster needs the package distributed, which is not installed. Install it, here and "
                f"where the workers run, with\n  {install_command('cluster')}"
            ) from None
        _hush_dask()
        try:
            get_address_host_port(address)  # a client that cannot read its address complains again when it is gone
            self._client: Any = Client(address, set_as_default=False, timeout=10)
        except (OSError, ValueError, TimeoutError) as problem:
            raise CourseError(f"No Dask scheduler answers at {address} ({type(problem).__name__}).") from None
        self._address = address
        self._assignment = assignment
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        with self._connected():
            self._client.wait_for_workers(1, timeout=WORKER_SECONDS)
            self._executor = self._client.get_executor(pure=False)
            self._sent = self._client.scatter(self._assignment, broadcast=True, hash=False)

    @contextmanager
    def _connected(self) -> Iterator[None]:
        """Whatever a client raises that has lost its cluster is said in one sentence."""
        try:
            yield
        except Exception as problem:
            raise CourseError(
                f"The Dask cluster at {self._address} does not grade any more, or has no workers: "
                f"{type(problem).__name__}: {problem}. What is graded stays; start the same again when it is there."
            ) from problem

    @property
    def width(self) -> int:
        """How many submissions the workers grade at once."""
        return max(1, len(self._client.nthreads()))

    def submit(self, submission: Submission) -> Future[Graded]:
        """Have one graded.

        Parameters
        ----------
        submission : Submission
            What was handed in.
        """
        with self._connected():
            future: Future[Graded] = self._executor.submit(grade_submission, self._sent, submission)
        return future

    def renew(self) -> None:
        """Begin again after a submission was lost, perhaps with all that the workers had."""
        self._begin()

    def close(self) -> None:
        """Leave the cluster; what its workers are at is graded another time."""
        self._client.close()
