"""The control of most attacks: a notebook is run with everything in one process, and scored as stock nbgrader does.

This is how a class was graded before there was a judge outside: the student's cells and `check` share a process that
has the whole package, the hidden seed is in the environment, and what the test cell shows is its verdict. Started as a
program it imports everything once and forks a process for every notebook that it is told of.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnkit.exercises.terms import TIME_LIMIT_VARIABLE
from tests.grading.small_course import REPOSITORY

SEED = "5" * 64
SEED_VARIABLE = "NNKIT_GRADING_SEED"
LONGEST = 60  # seconds, for one notebook


class OneProcess:
    """The warm program, which runs one notebook after the other, each in a process of its own."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), TIME_LIMIT_VARIABLE: "3", **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def marks(self, notebook: Path) -> dict[str, float]:
        """What stock nbgrader gives: name of the test cell → points. The notebook's folder is the working folder."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        result = notebook.parent.parent / "one-process.json"
        result.unlink(missing_ok=True)
        self._program.stdin.write(json.dumps([str(notebook), str(result)]) + "\n")
        self._program.stdin.flush()
        self._program.stdout.readline()
        found: dict[str, float] = json.loads(result.read_text(encoding="utf-8")) if result.exists() else {}
        return found

    def close(self) -> None:
        """End it."""
        for stream in (self._program.stdin, self._program.stdout):
            assert stream is not None
            stream.close()
        self._program.wait()


def _main() -> None:
    import matplotlib.pyplot  # noqa: F401
    import nbgrader.utils  # noqa: F401

    import nnkit.exercises
    import nnkit.grading.run.outputs
    from nnkit.grading.run.inside.shell import make_shell

    nnkit.exercises.evaluate("double", {})
    _judge_with_the_seed()
    shell = make_shell()
    for line in sys.stdin:
        notebook, result = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.alarm(LONGEST)
            os.setsid()
            with contextlib.suppress(BaseException):
                _run(shell, Path(notebook), Path(result))
            os._exit(0)
        os.waitpid(child, 0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        print("done", flush=True)


def _judge_with_the_seed() -> None:
    """Have `check` draw the cases of grading, from the seed in its environment."""
    from nnkit.exercises import checking

    evaluate = checking.evaluate

    def hidden(name: str, namespace: Any, *_: Any, **__: Any) -> Any:
        digest = hmac.new(os.environ[SEED_VARIABLE].encode(), name.encode(), hashlib.sha256).digest()
        return evaluate(name, namespace, int.from_bytes(digest[:7], "big"), True)

    checking.evaluate = hidden


def _run(shell: Any, path: Path, result: Path) -> None:
    import nbformat
    from nbgrader.utils import determine_grade, is_grade

    from nnkit.grading.run.inside.shell import CellOutput
    from nnkit.grading.run.outputs import CellOutputs

    os.environ[SEED_VARIABLE] = SEED
    os.chdir(path.parent)
    sys.path.insert(0, "")
    notebook = nbformat.read(path, as_version=4)
    # A student's code may patch what is used here; that is what it could do to nbgrader's kernel, too, but not to
    # nbgrader: what decides is kept before anything is run.
    decide, is_graded, dump, new = determine_grade, is_grade, json.dumps, CellOutputs
    write = result.write_text
    taken: list[Any] = []
    output = CellOutput(lambda event: taken.append(event), os.getpid())
    shell.show_on(output)
    marks: dict[str, float] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        taken.clear()
        output.begin(100_000)
        with contextlib.suppress(BaseException):
            shell.run_cell(cell.source, store_history=True)
        output.end()
        shown = new({})
        for event in taken:
            if "shows" in event:
                shown.take(event)
        cell.outputs = shown.outputs
        if is_graded(cell):
            marks[cell.metadata["nbgrader"]["grade_id"]] = decide(cell)[0]
            write(dump(marks), encoding="utf-8")


if __name__ == "__main__":
    _main()
