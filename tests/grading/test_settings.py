"""What an instructor's `nbgrader_config.py` may name goes on being there, wherever in nnkit it is at home."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config, PyFileConfigLoader
from traitlets.utils.importstring import import_item

from nnkit.grading.preprocessors import LetChecksRaise, SealQuestions

# As they stood in nbgrader_config.py when they came into it: folders of courses carry copies of it.
NAMED = (
    "nnkit.grading.submissions.SubmissionExporter",
    "nnkit.grading.submissions.FeedbackExporter",
    "nnkit.grading.submissions.CollectOneByOne",
    "nnkit.grading.submissions.ReleaseFeedbackOneByOne",
    "nnkit.grading.preprocessors.RepairSubmission",
    "nnkit.grading.preprocessors.ExecuteSubmission",
    "nnkit.grading.preprocessors.ReadMarks",
    "nnkit.grading.preprocessors.RequireVerdict",
    "nnkit.grading.preprocessors.SaveOutcomes",
    "nnkit.grading.preprocessors.SealQuestions",
    "nnkit.grading.preprocessors.LetChecksRaise",
)


@pytest.fixture
def settings(repository: Path) -> Config:
    return PyFileConfigLoader("nbgrader_config.py", path=str(repository)).load_config()


@pytest.mark.parametrize("path", NAMED)
def test_a_class_keeps_the_path_by_which_settings_name_it(path: str) -> None:
    assert import_item(path).__name__ == path.rpartition(".")[2]


def test_the_course_names_every_class_by_its_short_path(settings: Config) -> None:
    grading = [*settings.Autograde.sanitize_preprocessors, *settings.Autograde.autograde_preprocessors]
    steps = [*settings.GenerateAssignment.preprocessors, *grading, *settings.GenerateFeedback.preprocessors]
    exporters = [settings.Autograde.exporter_class, settings.GenerateFeedback.exporter_class]
    exchange = [settings.ExchangeFactory.collect, settings.ExchangeFactory.release_feedback]
    named = [*exporters, *exchange, *(step for step in steps if step.startswith("nnkit."))]
    assert sorted(named) == sorted(NAMED)
    for step in steps:
        assert issubclass(import_item(step), NbGraderPreprocessor)


def test_the_course_has_a_name_for_the_exchange(settings: Config) -> None:
    """nbgrader releases nothing without one, and it becomes the name of a folder."""
    assert re.fullmatch(r"\w+", settings.CourseDirectory.course_id)


def test_the_release_takes_every_step_of_nbgraders_own(settings: Config) -> None:
    steps = [import_item(step) for step in settings.GenerateAssignment.preprocessors]
    for own in (SealQuestions, LetChecksRaise):
        steps.remove(own)
    assert steps == GenerateAssignment().preprocessors


def test_a_class_takes_its_limits_from_the_settings_by_its_bare_name(settings: Config) -> None:
    settings.ExecuteSubmission.notebook_timeout = 17
    step = import_item("nnkit.grading.preprocessors.ExecuteSubmission")(config=settings)
    assert step.notebook_timeout == 17
    assert step.timeout == settings.ExecuteSubmission.timeout
