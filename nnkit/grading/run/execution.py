"""A submission is run: with a hidden seed, within limits, and so that no cell can take back an earlier verdict.

One bad submission must never stop the others: what goes wrong here becomes an outcome of the cells that it touches.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import Execute
from traitlets import Bool, Enum, Integer, List, Unicode

from nnkit.exercises.terms import GRADING_SEED_VARIABLE, INSTRUCTOR_FOLDER_VARIABLE
from nnkit.grading.course.demonstrations import unneeded_cells
from nnkit.grading.intake.released import instructor_folder, released_notebook
from nnkit.grading.intake.submissions import UNREADABLE
from nnkit.grading.marks.outcomes import error_output
from nnkit.grading.run.seeds import SECRET_VARIABLE, instructor_secret, secret_folder, submission_seed

Resources = dict[str, Any]


class ExecuteSubmission(Execute):
    """nbgrader's Execute with a hidden seed, a limit for the whole notebook, and no way to lose earlier verdicts.

    A cell that is stopped in time costs what it would have done. A kernel that dies, or that cannot be interrupted,
    costs the cells after it; their test cells say so.
    """

    notebook_timeout = Integer(300, help="Seconds that all cells of one notebook may take together.").tag(config=True)
    skip_demonstrations = Bool(True, help="Leave out cells that only demonstrate.").tag(config=True)
    output_limit = Integer(500_000, help="Characters that one cell may print; the rest is left out.").tag(config=True)
    # A kernel that hangs would make every polite goodbye wait for its own time limit.
    shutdown_kernel = Enum(["graceful", "immediate"], default_value="immediate").tag(config=True)
    # Every kernel would warn about its transport, once for each submission.
    extra_arguments = List(["--IPKernelApp.log_level=ERROR"]).tag(config=True)
    # What comes in loses the tag (`nnkit.grading.intake.sanitise`); here nothing is skipped even without it.
    skip_cells_with_tag = Unicode("").tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: Resources | None = None, km: Any = None
    ) -> tuple[NotebookNode, Resources]:
        """Run one submission.

        Parameters
        ----------
        nb : NotebookNode
            The repaired notebook, changed in place.
        resources : Resources or None
            nbgrader's own; under "nbgrader" they say whose submission this is and where the gradebook is.
        km : Any
            A kernel manager to use in place of a new one.
        """
        resources = resources if resources is not None else {}
        self._stopped: tuple[str, str] | None = None
        self._deadline = time.monotonic() + self.notebook_timeout
        notes = nb.metadata.get("nnkit", {})
        if notes.get("state") == UNREADABLE:
            self._stopped = (
                "FileUnreadable",
                f"Not run: the file that was handed in could not be read; {notes.reason}.",
            )
            for cell in nb.cells:
                self._mark(cell)
            return nb, resources
        where = resources["nbgrader"]
        seed = submission_seed(
            instructor_secret(secret_folder(where["db_url"])),
            where["student"],
            where["assignment"],
            where["notebook"],
            (cell.source for cell in nb.cells),
        )
        self._environment = {name: value for name, value in os.environ.items() if name != SECRET_VARIABLE}
        self._environment |= {GRADING_SEED_VARIABLE: seed, "NNKIT_STATIC": "1"}
        folder = instructor_folder(self)
        if folder is not None:
            self._environment[INSTRUCTOR_FOLDER_VARIABLE] = str(folder)
        handed_out = released_notebook(self, where["assignment"], where["notebook"])
        self._budgets = budgets(handed_out)
        self._unneeded = unneeded_cells(nb, handed_out) if self.skip_demonstrations else set()
        nb, resources = super().preprocess(nb, resources, km)
        for cell in nb.cells:
            _hide(cell, seed)
        return nb, resources

    @contextmanager
    def setup_kernel(self, **options: Any) -> Iterator[None]:
        """Start the kernel with the seed in its environment, and in no other place."""
        options.setdefault("env", self._environment)
        with super().setup_kernel(**options):
            yield

    def preprocess_cell(self, cell: NotebookNode, resources: Resources, index: int) -> tuple[NotebookNode, Resources]:
        """Run one cell, unless it is not needed or the time is up; what stops it is noted in its outputs."""
        if index in self._unneeded:
            return cell, resources
        if self._stopped is None and time.monotonic() > self._deadline:
            self._stopped = (
                "NotRunInTime",
                f"Not run: the cells before this one took more than the {self.notebook_timeout} s that a notebook has.",
            )
        if self._stopped is not None:
            self._mark(cell)
            return cell, resources
        self._printed = 0
        try:
            return super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            self._stopped = ("KernelDied", f"Not run: Python itself ended in cell {index + 1} of the notebook.")
        except CellTimeoutError:
            self._stopped = (
                "NotRunInTime",
                f"Not run: cell {index + 1} of the notebook did not end in {self.timeout} s and could not be stopped.",
            )
        cell.outputs = cell.get("outputs", [])
        cell.outputs.append(error_output(self._stopped[0], self._stopped[1].replace("Not run: ", "Stopped: ")))
        return cell, resources

    def _mark(self, cell: NotebookNode) -> None:
        assert self._stopped is not None
        if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell):
            cell.outputs = [error_output(*self._stopped)]

    def _get_timeout(self, cell: NotebookNode | None) -> int | None:
        limit: int | None = super()._get_timeout(cell)
        if cell is not None and limit is not None:
            limit = max(limit, self._budgets.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), 0))
        left = max(1, int(self._deadline - time.monotonic()) + 1)
        return left if limit is None else min(limit, left)

    def output(self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """Keep what a cell prints, up to the limit: an endless loop that prints would fill the memory."""
        if msg["msg_type"] == "stream":
            text = msg["content"]["text"]
            room = self.output_limit - self._printed
            if room <= 0:
                return None
            self._printed += len(text)
            if len(text) > room:
                msg["content"]["text"] = text[:room] + "\n… the rest of this output is left out.\n"
        return super().output(outs, msg, display_id, cell_index)


def budgets(released: NotebookNode | None) -> dict[str, int]:
    """How many seconds the cells may take that say so in the released notebook, as one that trains a network does.

    Parameters
    ----------
    released : NotebookNode or None
        The seconds stand in a cell's metadata, as ``"nnkit": {"seconds": 90}``. What a submission says of itself does
        not count.

    Returns
    -------
    dict from str to int
        nbgrader's name for a cell → seconds.
    """
    found = {}
    for cell in released.cells if released is not None else ():
        seconds = cell.metadata.get("nnkit", {}).get("seconds")
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if seconds and name:
            found[name] = int(seconds)
    return found


def _hide(cell: NotebookNode, seed: str) -> None:
    """Take the seed out of everything that a cell shows, should a student's code print its environment."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(seed, "hidden")
        if isinstance(value, list):
            return [clean(entry) for entry in value]
        if isinstance(value, dict):
            return NotebookNode({key: clean(entry) for key, entry in value.items()})
        return value

    if cell.cell_type == "code":
        cell.outputs = clean(cell.outputs)
