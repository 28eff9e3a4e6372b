"""The process in which answers are put to their checks: ``python -m nnkit.mine.worker JOBS RESULTS SECONDS``.

It may hang, end, print or read as it likes: nobody reads what it prints, nothing comes in, and who started it looks at
a clock. Where the system can fork, each job has a process of its own, made from one that has loaded everything.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from nnkit.exercises import evaluate
from nnkit.exercises.terms import CRASHED, TIMED_OUT

FORKS = hasattr(os, "fork") and sys.platform != "emscripten"


def work(job: dict[str, Any], results: str) -> None:
    """Run an answer's code and put it to its checks; what came out is added to the results, one line for each check.

    Parameters
    ----------
    job : dict
        ``number``, ``code``, ``exercises``, ``folder`` in which it runs.
    results : str
        The file's name.
    """
    names: dict[str, Any] = {"__name__": "my_nnkit"}
    problem = ""
    try:
        os.chdir(job["folder"])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(job["code"], "<answer>", "exec"), names)
    except BaseException as error:
        problem = f"its code stopped with {type(error).__name__}: {error}"
    for exercise in job["exercises"]:
        if problem:
            verdict = [CRASHED, problem]
        else:
            report = evaluate(exercise, names)
            said = " ".join(text for text in (report.message, report.cause) if text)
            if report.case and not report.passed:
                said += f" Smallest failing case: {report.case}."
            verdict = [report.status, said]
        note(results, job["number"], exercise, verdict)


def note(results: str, number: int, exercise: str, verdict: list[str]) -> None:
    """Add a line to the results.

    Parameters
    ----------
    results : str
        The file's name.
    number : int
        The job's.
    exercise : str
        What was checked.
    verdict : list[str]
        Status and message.
    """
    with open(results, "a", encoding="utf-8") as file:
        file.write(json.dumps([number, exercise, verdict]) + "\n")


def watched(job: dict[str, Any], results: str, seconds: float) -> None:
    """Do a job in a process of its own; what ends it, or keeps it beyond its time, becomes its verdict.

    Parameters
    ----------
    job : dict
        See `work`.
    results : str
        The file's name.
    seconds : float
        How long it may take.
    """
    child = os.fork()
    if child == 0:
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            work(job, results)
        finally:
            os._exit(0)
    end = time.monotonic() + seconds
    verdict = [CRASHED, "Python itself ended while it ran"]
    ended = False
    try:
        while not (ended := os.waitpid(child, os.WNOHANG)[0] != 0):
            if time.monotonic() > end:
                verdict = [TIMED_OUT, f"it did not end in {seconds:g} s"]
                break
            time.sleep(0.002)
    finally:  # also when this process is told to end
        if not ended:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    content = Path(results).read_text(encoding="utf-8") if Path(results).exists() else ""
    done = {tuple(json.loads(line)[:2]) for line in content.splitlines()}
    for exercise in job["exercises"]:
        if (job["number"], exercise) not in done:
            note(results, job["number"], exercise, verdict)


def main() -> None:
    """Do all jobs of a file."""
    jobs, results, seconds = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for job in json.loads(Path(jobs).read_text(encoding="utf-8")):
        if FORKS:
            watched(job, results, float(seconds))
        else:
            work(job, results)


if __name__ == "__main__":
    main()
