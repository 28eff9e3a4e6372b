"""From what a test cell shows to its points: a check without a verdict gives none, and stderr takes none away."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from nnkit.exercises.terms import PASSED
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
        if exercise is None:
            return cell, resources
        outputs = cell.outputs
        failed = any(output.output_type == "error" for output in outputs)
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


class SaveOutcomes(SaveAutoGrades):
    """nbgrader's SaveAutoGrades; what a person should look at is marked so in the formgrader."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Save the scores of one submission in the gradebook."""
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
