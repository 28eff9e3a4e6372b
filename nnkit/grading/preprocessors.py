"""The steps that ``nbgrader_config.py`` plugs into nbgrader's own, under the names that settings may mention.

`SealQuestions` and `LetChecksRaise` are steps of ``nbgrader generate_assignment``, `ReadMarks` of ``nbgrader
generate_feedback``, the others of ``nbgrader autograde``. The commands, nbgrader's Python interface and the
formgrader's buttons all take them from the settings, so all do the same. An instructor's settings name them by this
path, wherever they are at home, and set their traits by the name of the class, as in
``c.ExecuteSubmission.notebook_timeout = 600``.
"""

from nnkit.grading.course.run_all import LetChecksRaise
from nnkit.grading.course.sealed_questions import SealQuestions
from nnkit.grading.feedback.exporter import ReadMarks
from nnkit.grading.intake.repair import RepairSubmission
from nnkit.grading.marks.scoring import RequireVerdict, SaveOutcomes
from nnkit.grading.run.execution import ExecuteSubmission

__all__ = [
    "ExecuteSubmission",
    "LetChecksRaise",
    "ReadMarks",
    "RepairSubmission",
    "RequireVerdict",
    "SaveOutcomes",
    "SealQuestions",
]
