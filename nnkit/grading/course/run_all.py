"""What lets a notebook that is handed out run to its end: *Run All* does not stop at a check that is not passed yet.

JupyterLab stops at the first cell that raises, unless the cell says that it may. The instructors' sources do not say
so: there, a check that raises is a mistake. Grading does not read the tag; what a check said decides alone.
"""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade

MAY_RAISE = "raises-exception"  # JupyterLab's, nbclient's and nbconvert's name for it


class LetChecksRaise(NbGraderPreprocessor):
    """Tag every check in a notebook that is handed out as a cell that may raise."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Tag the checks of one notebook.

        Parameters
        ----------
        nb : NotebookNode
            The notebook, changed in place.
        resources : dict[str, Any]
            nbgrader's own.

        Examples
        --------
        >>> from nbformat.v4 import new_code_cell, new_notebook
        >>> about = {"grade": True, "solution": False, "grade_id": "test_double", "points": 1}
        >>> cell = new_code_cell('check("double")', metadata={"nbgrader": about})
        >>> _ = LetChecksRaise().preprocess(new_notebook(cells=[cell]), {})
        >>> cell.metadata.tags
        ['raises-exception']
        """
        for cell in nb.cells:
            if cell.cell_type == "code" and is_grade(cell):
                tags = cell.metadata.get("tags", [])
                if MAY_RAISE not in tags:
                    cell.metadata["tags"] = [*tags, MAY_RAISE]
        return nb, resources
