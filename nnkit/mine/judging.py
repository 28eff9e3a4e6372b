"""Answers are put to their checks again, away from the process that asks: whatever they do, each gets a verdict."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nnkit.exercises.terms import CRASHED, TIMED_OUT
from nnkit.mine.worker import FORKS, work

PROCESSES = sys.platform != "emscripten"  # in JupyterLite there is one process, and what hangs there hangs
SECONDS = 20.0  # for all that one answer may do; its check alone stops it after ten


@dataclass(frozen=True)
class Job:
    """Some code, and the exercises that it is to answer.

    Parameters
    ----------
    code : str
        Defines what the exercises ask for.
    exercises : tuple[str, ...]
        Their names.
    folder : Path
        Where it runs: that of the notebook it comes from.
    """

    code: str
    exercises: tuple[str, ...]
    folder: Path


def judge(jobs: Sequence[Job], seconds: float = SECONDS) -> list[dict[str, tuple[str, str]]]:
    """The verdicts on some answers.

    Parameters
    ----------
    jobs : Sequence[Job]
        What to judge.
    seconds : float
        How long each may take.

    Returns
    -------
    list of dict
        For each job: exercise → status (as a report has it) and what is to be said.

    Examples
    --------
    >>> judge([Job("def double(x):\\n    return 2 * x", ("double",), Path())])[0]["double"][0]
    'passed'
    """
    found: list[dict[str, tuple[str, str]]] = [{} for _ in jobs]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        described = [
            {"number": number, "code": job.code, "exercises": job.exercises, "folder": str(job.folder.resolve())}
            for number, job in enumerate(jobs)
        ]
        for batch in [described] if FORKS else [[one] for one in described]:
            if batch:
                late = _run(batch, Path(folder), seconds)
                for number, exercise, verdict in _results(Path(folder)):
                    found[number][exercise] = (verdict[0], verdict[1])
                ended = (
                    (TIMED_OUT, f"it did not end in {seconds:g} s")
                    if late
                    else (CRASHED, "Python itself ended while it ran")
                )
                for one in batch:
                    for exercise in jobs[int(str(one["number"]))].exercises:
                        found[int(str(one["number"]))].setdefault(exercise, ended)
    return found


def _run(batch: Sequence[dict[str, object]], folder: Path, seconds: float) -> bool:
    """Have a process do some jobs; whether it had to be stopped."""
    jobs, results = folder / "jobs.json", folder / "results.jsonl"
    if not PROCESSES:
        here = Path.cwd()
        for one in batch:
            with contextlib.redirect_stdout(io.StringIO()):
                work(one, str(results))
            os.chdir(here)
        return False
    jobs.write_text(json.dumps(batch), encoding="utf-8")
    above = str(Path(__file__).resolve().parents[2])
    known = [above, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(known), "PYTHONUTF8": "1", "MPLBACKEND": "agg"}
    process = subprocess.Popen(
        [sys.executable, "-m", "nnkit.mine.worker", str(jobs), str(results), str(seconds)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    try:
        process.wait(60 + seconds * len(batch))
        return False
    except subprocess.TimeoutExpired:
        return True
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _results(folder: Path) -> list[tuple[int, str, list[str]]]:
    path = folder / "results.jsonl"
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            number, exercise, verdict = json.loads(line)
        except ValueError:
            continue
        found.append((number, exercise, verdict))
    return found
