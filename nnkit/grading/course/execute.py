"""Running the instructors' notebooks in place, so that the outputs they show are real and the same everywhere."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from nnkit.grading.course.folder import CourseError
from nnkit.grading.course.names import assignment_name, notebooks_of
from nnkit.saving import whole_file

CELL_TIMEOUT = 120
# Matrices as small as the course's gain nothing from several threads, and on a busy machine threads that wait for each
# other take twenty times as long. One also adds up in the same order on a machine of any number of cores.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# OpenBLAS adds up in an order that suits the processor, and a training that is chaotic ends elsewhere with each. Stored
# outputs are those of one order, which all of these processors since 2013 know.
SAME_ORDER = {"OPENBLAS_CORETYPE": "Haswell"} if platform.machine() in ("x86_64", "AMD64") else {}


def run_notebook(notebook: NotebookNode, folder: Path, allow_errors: bool = False) -> NotebookNode:
    """Execute a notebook from top to bottom and leave nothing in it that changes from run to run.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place: outputs and execution counts are new; timing and widget state are removed.
    folder : Path
        Where its kernel runs.
    allow_errors : bool
        Go on after a cell that fails, as for a notebook that is not solved yet.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        A cell failed and `allow_errors` is False.
    """
    from nbclient import NotebookClient

    environment = {name: value for name, value in os.environ.items() if not name.startswith("NNKIT_GRADING")}
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        allow_errors=allow_errors,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # it warns about its transport at every start
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env=ONE_THREAD | SAME_ORDER | environment | {"NNKIT_STATIC": "1"})
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def execute_solutions(course: Path, names: list[str], progress: Any = None) -> list[str]:
    """Execute some notebooks and save them with their outputs.

    Parameters
    ----------
    course : Path
        The folder with ``solutions/``.
    names : list[str]
        Assignments, or single notebooks (``04_mlp/unseen_data``, ``unseen_data``); all notebooks when there is none.
    progress : Any
        Called with the line of each notebook that is done.

    Returns
    -------
    list of str
        One line for each notebook, with the time it took.

    Raises
    ------
    CourseError
        An assignment or notebook is unknown, or a cell failed; what was not finished is not written.
    """
    lines = []
    for path in _chosen(course, names):
        notebook = nbformat.read(path, as_version=4)
        started = time.perf_counter()
        try:
            run_notebook(notebook, path.parent)
        except Exception as problem:
            raise CourseError(f"{path.relative_to(course)} did not run to its end:\n{problem}") from problem
        write_notebook(notebook, path)
        lines.append(f"{path.relative_to(course).as_posix()}: {time.perf_counter() - started:.1f} s")
        if progress is not None:
            progress(lines[-1])
    return lines


def _chosen(course: Path, names: list[str]) -> list[Path]:
    every = [path for paths in notebooks_of(course, []).values() for path in paths]
    chosen: list[Path] = []
    for name in names:
        plain = assignment_name(name).removesuffix(".ipynb")
        found = [path for path in every if plain in (path.stem, f"{path.parent.name}/{path.stem}")]
        chosen += found or [path for paths in notebooks_of(course, [plain]).values() for path in paths]
    return sorted(set(chosen)) if names else every


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Save a notebook whole or not at all, with LF line ends on every system.

    Parameters
    ----------
    notebook : NotebookNode
        What to save.
    path : Path
        Where.

    Raises
    ------
    nbformat.ValidationError
        It is not a notebook; nothing is written.
    """
    nbformat.validate(notebook)
    with whole_file(path) as file:
        file.write((nbformat.writes(notebook, version=4).rstrip("\n") + "\n").encode("utf-8"))
