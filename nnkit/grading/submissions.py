"""The exporter with which ``nbgrader autograde`` reads what was handed in, under the name that settings mention."""

from nnkit.grading.intake.submissions import SubmissionExporter

__all__ = ["SubmissionExporter"]
