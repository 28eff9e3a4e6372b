"""The steps that ``nbgrader_config.py`` plugs into ``nbgrader autograde``, under the names that settings may mention.

The ``nbgrader autograde`` command, nbgrader's Python interface and the formgrader's button all take them from the
settings, so all do the same. An instructor's settings name them by this path, wherever they are at home, and set their
traits by the name of the class, as in ``c.ExecuteSubmission.notebook_timeout = 600``.
"""

from nnkit.grading.intake.repair import RepairSubmission
from nnkit.grading.marks.scoring import RequireVerdict, SaveOutcomes
from nnkit.grading.run.execution import ExecuteSubmission

__all__ = ["ExecuteSubmission", "RepairSubmission", "RequireVerdict", "SaveOutcomes"]
