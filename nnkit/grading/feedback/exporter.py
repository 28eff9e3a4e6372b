"""What nbgrader's ``GenerateFeedback`` writes pages with, and the step that reads the marks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbconvert.exporters import Exporter, HTMLExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import GetGrades

from nnkit.grading.feedback.page import feedback_page

FILES = "files"  # in what nbgrader's steps are told: what lies beside the notebook


class FeedbackExporter(HTMLExporter):
    """The course's own page in the place of nbgrader's."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page on a graded notebook.

        Parameters
        ----------
        nb : NotebookNode
            As grading left it.
        resources : dict[str, Any] or None
            nbgrader's own, which say whose it is.
        kw : Any
            Has no meaning here.
        """
        copied, found = Exporter.from_notebook_node(self, nb, resources, **kw)
        about = found.get("nbgrader", {})
        files = about.get(FILES)
        return feedback_page(copied, about, files if isinstance(files, Mapping) else None), found


class ReadMarks(GetGrades):
    """nbgrader's GetGrades, which says besides whether points are a person's, or wait for one."""

    def _get_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._get_score(cell, resources)
        flags = cell.metadata["nbgrader"]
        names = (flags["grade_id"], self.notebook_id, self.assignment_id, self.student_id)
        grade = self.gradebook.find_grade(*names)
        given = grade.manual_score is not None
        flags["waits"] = bool(grade.needs_manual_grade) and not given
        flags["by_hand"] = given
        flags["overruled"] = given and grade.auto_score is not None and grade.manual_score != grade.auto_score
