"""From what a test cell shows to its points: a check without a verdict gives none, and stderr takes none away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from nnkit.exercises.terms import PASSED
from nnkit.grading.intake.standing_in import NOT_HANDED_IN
from nnkit.grading.marks.outcomes import (
    ERRORS,
    FOR_A_PERSON,
    cell_outcome,
    checked_exercise,
    error_output,
    find_report,
)

Resources = dict[str, Any]


class RequireVerdict(NbGraderPreprocessor):
    """A check that gave no verdict gives no points, and stderr does not take them away.

    nbgrader gives full points to a test cell that shows nothing, and reads a number among its results as points.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        """Put an error into a cell whose check gave no verdict; make what a passed one shows harmless to nbgrader."""
        if cell.cell_type != "code" or not utils.is_grade(cell) or utils.is_solution(cell):
            return cell, resources
        exercise = checked_exercise(cell.source)
        outputs = cell.outputs
        failed = any(output.output_type == "error" for output in outputs)
        if exercise is None:
            for output in outputs if not failed else ():
                if output.output_type == "stream":
                    output.name = "stdout"
            return cell, resources
        report = find_report(cell, exercise)
        results = [output for output in outputs if output.output_type == "execute_result"]
        if report is not None and report["status"] == PASSED and not failed and all(map(_reads_as_text, results)):
            for output in outputs:
                if output.output_type == "stream":
                    output.name = "stdout"
                elif output.output_type == "execute_result":
                    # nbgrader would log, for every right answer, that it cannot read the report as points.
                    output.output_type = "display_data"
                    output.pop("execution_count", None)
        elif report is None or report["status"] == PASSED or not failed:
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


@dataclass(frozen=True)
class Marks:
    """What the gradebook is told about one graded notebook.

    Parameters
    ----------
    scores : dict[str, float or None]
        nbgrader's name of a graded cell → its points; None where a person has to give them.
    for_a_person : frozenset[str]
        The graded cells that a person should look at, whatever points they have.
    comments : dict[str, str or None]
        nbgrader's name of an answer's cell → what is noted there without a person.
    """

    scores: dict[str, float | None]
    for_a_person: frozenset[str]
    comments: dict[str, str | None]


def read_marks(notebook: NotebookNode) -> Marks:
    """The marks that a graded notebook has, as nbgrader reads them.

    Parameters
    ----------
    notebook : NotebookNode
        After all steps.

    Raises
    ------
    ValueError
        A test cell of the plain kind shows more points than it is worth.
    """
    restored = _restored(notebook)
    scores: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    for_a_person = set()
    for cell in notebook.cells:
        if utils.is_grade(cell):
            name = cell.metadata["nbgrader"]["grade_id"]
            score = utils.determine_grade(cell, None)[0]
            scores[name] = None if score is None else float(score)
            if _is_for_a_person(cell, restored):
                for_a_person.add(name)
        if utils.is_solution(cell) or utils.is_task(cell):
            flags = cell.metadata["nbgrader"]
            untouched = flags.get("checksum") == utils.compute_checksum(cell) and not utils.is_task(cell)
            comments[flags["grade_id"]] = "No response." if untouched else None
    return Marks(scores, frozenset(for_a_person), comments)


def _restored(notebook: NotebookNode) -> frozenset[str]:
    """The answers whose cells were missing; in a notebook that is not there at all that is nothing to look at."""
    notes = notebook.metadata.get("nnkit", {})
    return frozenset(notes.get("restored_answers", []) if notes.get("state") != NOT_HANDED_IN else ())


def _is_for_a_person(cell: NotebookNode, restored: frozenset[str]) -> bool:
    if cell.metadata["nbgrader"]["grade_id"] in restored:
        return True
    return not utils.is_solution(cell) and cell_outcome(cell).status in FOR_A_PERSON


class SaveOutcomes(SaveAutoGrades):
    """nbgrader's SaveAutoGrades; what a person should look at is marked so in the formgrader, and nothing else.

    A mark that a person gave is final still where the answer is the same as before.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Save the scores of one submission in the gradebook."""
        self._restored = _restored(nb)
        self._graded = nb
        return super().preprocess(nb, resources)

    def _add_score(self, cell: NotebookNode, resources: Resources) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        by_hand, was_final = grade.manual_score is not None, not grade.needs_manual_grade
        super()._add_score(cell, resources)
        if by_hand:
            same = getattr(getattr(self.parent, "parent", None), "same_answers", None)
            stays = was_final and same is not None and same.is_same(self.notebook_id, name, self._graded)
            grade.needs_manual_grade = not stays
        elif _is_for_a_person(cell, self._restored):
            grade.needs_manual_grade = True
        self.gradebook.db.commit()
