"""What nbgrader runs on every submission: repair, execute with a hidden seed, insist on a verdict, save the score.

Plugged in by name in ``nbgrader_config.py``, so that the ``nbgrader autograde`` command, nbgrader's Python interface
and the formgrader's button all do the same. One bad submission must never stop the others: what goes wrong here
becomes an outcome of the cells that it touches.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Enum, Integer, List, Unicode

from nnkit.grading.demonstrations import unneeded_cells
from nnkit.grading.outcomes import ERRORS, FOR_A_PERSON, cell_outcome, checked_exercise, error_output, find_report
from nnkit.grading.seeds import SECRET_VARIABLE, SEED_VARIABLE, instructor_secret, secret_folder, submission_seed
from nnkit.grading.submissions import UNREADABLE

Resources = dict[str, Any]
# Tags with which a cell would tell nbclient how to treat it; only the instructor's notebook decides that.
STEERING_TAGS = ("skip-execution", "raises-exception")


@dataclass(frozen=True)
class Master:
    """What the gradebook knows about one of nbgrader's cells."""

    name: str
    cell_type: str
    source: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float

    @property
    def flags(self) -> NotebookNode:
        """The cell's nbgrader metadata as it was released."""
        flags: dict[str, Any] = {
            "grade": self.grade,
            "grade_id": self.name,
            "locked": self.locked,
            "schema_version": 3,
            "solution": self.solution,
            "task": self.task,
        }
        if self.grade or self.task:
            flags["points"] = self.points
        return NotebookNode(flags)


def read_masters(database_url: str, assignment: str, notebook: str) -> dict[str, Master]:
    """The released cells of a notebook, by nbgrader's name for them."""
    with Gradebook(database_url) as gradebook:
        found = gradebook.find_notebook(notebook, assignment)
        grades = {cell.name: float(cell.max_score) for cell in found.grade_cells}
        tasks = {cell.name: float(cell.max_score) for cell in found.task_cells}
        solutions = {cell.name for cell in found.solution_cells}
        return {
            cell.name: Master(
                name=cell.name,
                cell_type=cell.cell_type,
                source=cell.source,
                locked=bool(cell.locked),
                grade=cell.name in grades,
                solution=cell.name in solutions,
                task=cell.name in tasks,
                points=grades.get(cell.name, tasks.get(cell.name, 0.0)),
            )
            for cell in found.source_cells
        }


def released_notebook(preprocessor: Any, assignment: str, notebook: str) -> NotebookNode | None:
    """The notebook that was handed out, else the instructors'; None when neither is there any more."""
    course = getattr(getattr(preprocessor.parent, "parent", None), "coursedir", None)
    if course is None:
        return None
    for folder in (course.release_directory, course.source_directory):
        try:
            return nbformat.read(Path(course.format_path(folder, ".", assignment)) / f"{notebook}.ipynb", as_version=4)
        except (OSError, ValueError):
            continue
    return None


class RepairSubmission(NbGraderPreprocessor):
    """Give a submission back the cells, flags and points it was released with.

    A cell is recognised by its nbgrader name, else by its cell id, else (when it is locked) by its text. Of several
    copies the last one that was worked on counts. Locked cells get their released text; missing ones are put back in
    their place. What was done is listed in ``metadata.nnkit.repairs``.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        where = resources["nbgrader"]
        masters = read_masters(where["db_url"], where["assignment"], where["notebook"])
        handed_out = released_notebook(self, where["assignment"], where["notebook"])
        released = [
            (cell.get("id", ""), cell.metadata.get("nbgrader", {}).get("grade_id"))
            for cell in (handed_out.cells if handed_out is not None else [])
        ]
        repairs: list[str] = []

        self._forget_steering(nb)
        chosen = self._recognise(nb, masters, released, repairs)
        for cell in nb.cells:
            flags = cell.metadata.pop("nbgrader", None)
            name = next((name for name, found in chosen.items() if found is cell), None)
            if name is None:
                continue
            master = masters[name]
            wanted = master.flags
            if not isinstance(flags, dict) or any(flags.get(key) != value for key, value in wanted.items()):
                repairs.append(f"The cell {name} has its released flags and points again.")
            cell.metadata["nbgrader"] = wanted
            _change_type(cell, master.cell_type)
            if master.locked and cell.source != master.source:
                cell.source = master.source
                repairs.append(f"The locked cell {name} has its released text again.")
        for name in _in_release_order(masters, released):
            if name not in chosen and self._put_back(nb, masters[name], chosen, released):
                repairs.append(f"The cell {name} was missing and is back.")

        if repairs:
            nb.metadata.setdefault("nnkit", NotebookNode())["repairs"] = repairs
            for repair in repairs:
                self.log.warning("%s (%s, %s)", repair, where["student"], where["notebook"])
        return nb, resources

    @staticmethod
    def _forget_steering(nb: NotebookNode) -> None:
        nb.metadata.pop("widgets", None)
        for cell in nb.cells:
            tags = cell.metadata.pop("tags", None)
            kept = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
            if kept := [tag for tag in kept if tag not in STEERING_TAGS]:
                cell.metadata["tags"] = kept

    @staticmethod
    def _recognise(
        nb: NotebookNode, masters: dict[str, Master], released: list[tuple[str, str | None]], repairs: list[str]
    ) -> dict[str, NotebookNode]:
        """Which cell of the submission is which released cell."""
        candidates: dict[str, list[NotebookNode]] = {}
        nameless = []
        for cell in nb.cells:
            flags = cell.metadata.get("nbgrader")
            name = flags.get("grade_id") if isinstance(flags, dict) else None
            if isinstance(name, str) and name in masters:
                candidates.setdefault(name, []).append(cell)
            else:
                nameless.append(cell)
        names_by_id = {identifier: name for identifier, name in released if name in masters}
        for cell in nameless:
            name = names_by_id.get(cell.get("id", ""))
            if name is not None and name not in candidates:
                candidates[name] = [cell]
        names_by_text = {master.source.strip(): name for name, master in masters.items() if master.locked}
        taken = {id(cell) for cells in candidates.values() for cell in cells}
        for cell in nameless:
            name = names_by_text.get(cell.source.strip())
            if name is not None and name not in candidates and id(cell) not in taken:
                candidates[name] = [cell]

        chosen = {}
        for name, cells in candidates.items():
            master = masters[name]
            if len(cells) > 1:
                repairs.append(f"There were {len(cells)} copies of the cell {name}; the last one worked on counts.")
            worked_on = [cell for cell in cells if cell.cell_type == master.cell_type and cell.source != master.source]
            chosen[name] = cells[-1] if master.locked or not worked_on else worked_on[-1]
        return chosen

    @staticmethod
    def _put_back(
        nb: NotebookNode, master: Master, chosen: dict[str, NotebookNode], released: list[tuple[str, str | None]]
    ) -> bool:
        """Insert a missing cell after the nearest one that came before it; code is the student's to give."""
        if master.solution and not master.grade:
            return False
        make = new_code_cell if master.cell_type == "code" else new_markdown_cell
        names = [name for _, name in released]
        place = names.index(master.name) if master.name in names else 0
        taken = {cell.get("id") for cell in nb.cells}
        identifier = released[place][0] if released and released[place][0] not in taken else f"restored-{len(nb.cells)}"
        cell = make(master.source, id=identifier)
        cell.metadata["nbgrader"] = master.flags
        position = len(nb.cells)
        if master.name in names:
            position = 1 if nb.metadata.get("nnkit", {}).get("state") == UNREADABLE else 0
            for released_id, released_name in reversed(released[:place]):
                before = chosen.get(released_name) if released_name else None
                found = [
                    index
                    for index, other in enumerate(nb.cells)
                    if other is before or (before is None and other.get("id") == released_id)
                ]
                if found:
                    position = found[0] + 1
                    break
        nb.cells.insert(position, cell)
        chosen[master.name] = cell
        if master.solution:
            nb.metadata.setdefault("nnkit", NotebookNode()).setdefault("restored_answers", []).append(master.name)
        return True


def _in_release_order(masters: dict[str, Master], released: list[tuple[str, str | None]]) -> list[str]:
    order = [name for _, name in released if name in masters]
    return order + sorted(set(masters) - set(order))


def _change_type(cell: NotebookNode, cell_type: str) -> None:
    if cell.cell_type == cell_type:
        return
    cell.cell_type = cell_type
    if cell_type == "code":
        cell.pop("attachments", None)
        cell.outputs = []
        cell.execution_count = None
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


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
    # RepairSubmission takes the tag away; here nothing is skipped even without it.
    skip_cells_with_tag = Unicode("").tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: Resources | None = None, km: Any = None
    ) -> tuple[NotebookNode, Resources]:
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
        self._environment |= {SEED_VARIABLE: seed, "NNKIT_STATIC": "1"}
        handed_out = released_notebook(self, where["assignment"], where["notebook"])
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


class RequireVerdict(NbGraderPreprocessor):
    """A check that gave no verdict gives no points, and stderr does not take them away.

    nbgrader gives full points to a test cell that shows nothing, and reads a number among its results as points.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        if cell.cell_type != "code" or not utils.is_grade(cell) or utils.is_solution(cell):
            return cell, resources
        exercise = checked_exercise(cell.source)
        if exercise is None:
            return cell, resources
        outputs = cell.outputs
        failed = any(output.output_type == "error" for output in outputs)
        report = find_report(cell, exercise)
        results = [output for output in outputs if output.output_type == "execute_result"]
        if report is not None and report["status"] == "passed" and not failed and all(map(_reads_as_text, results)):
            for output in outputs:
                if output.output_type == "stream":
                    output.name = "stdout"
                elif output.output_type == "execute_result":
                    # nbgrader would log, for every right answer, that it cannot read the report as points.
                    output.output_type = "display_data"
                    output.pop("execution_count", None)
        elif report is None or report["status"] == "passed" or not failed:
            sentence = "This check gave no verdict, so it gives no points; a person should look at it."
            # First, because nbgrader stops at the first output that it can read as a score.
            if not any(output.output_type == "error" and output.ename in ERRORS for output in outputs):
                outputs.insert(0, error_output("NoVerdict", sentence))
        return cell, resources


def _reads_as_text(result: NotebookNode) -> bool:
    text = result.get("data", {}).get("text/plain")
    if not text:
        return False
    try:
        float(text[0] if isinstance(text, list) else text)
    except ValueError:
        return True
    return False


class SaveOutcomes(SaveAutoGrades):
    """nbgrader's SaveAutoGrades; what a person should look at is marked so in the formgrader."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        self._restored = set(nb.metadata.get("nnkit", {}).get("restored_answers", []))
        return super().preprocess(nb, resources)

    def _add_score(self, cell: NotebookNode, resources: Resources) -> None:
        super()._add_score(cell, resources)
        name = cell.metadata["nbgrader"]["grade_id"]
        written = utils.is_solution(cell)
        if name in self._restored or (not written and cell_outcome(cell).status in FOR_A_PERSON):
            grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
            grade.needs_manual_grade = True
            self.gradebook.db.commit()
