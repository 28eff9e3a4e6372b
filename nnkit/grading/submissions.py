"""The exporters that settings name for ``nbgrader autograde`` and feedback; to import them is to plug intake in."""

from nnkit.grading.intake.plugging import FeedbackExporter, install
from nnkit.grading.intake.submissions import SubmissionExporter

__all__ = ["FeedbackExporter", "SubmissionExporter"]

install()
