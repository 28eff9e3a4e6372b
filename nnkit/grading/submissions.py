"""What settings name for ``nbgrader autograde``, feedback and the exchange; to import it is to plug intake in."""

from nnkit.grading.feedback.exporter import FeedbackExporter
from nnkit.grading.intake.exchange import CollectOneByOne, ReleaseFeedbackOneByOne
from nnkit.grading.intake.plugging import install
from nnkit.grading.intake.submissions import SubmissionExporter

__all__ = ["CollectOneByOne", "FeedbackExporter", "ReleaseFeedbackOneByOne", "SubmissionExporter"]

install()
