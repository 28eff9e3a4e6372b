"""Feedback speaks the language of the settings; tables, outcomes and causes are the same in every language."""

from __future__ import annotations

from pathlib import Path

import pytest
from traitlets import TraitError
from traitlets.config import Config

from nnkit.grading.course.steps import nbgrader_api, run_step
from nnkit.grading.preprocessors import ExecuteSubmission
from nnkit.languages import language
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, hand_in, solved
from tests.grading.test_failing_judge import graded


@pytest.fixture
def course(tmp_path: Path) -> Path:
    found = small_course.make_course(tmp_path)
    run_step("generate", nbgrader_api(found).generate_assignment(ASSIGNMENT))
    notebook = solved(found)
    for cell in notebook.cells:
        cell.source = cell.source.replace("return 2 * x", "return x + 2")
    hand_in(found, "ada", notebook)
    return found


def test_feedback_speaks_the_language_of_the_settings_and_outcomes_are_the_same(course: Path) -> None:
    english = graded(course)
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as settings:
        settings.write('\nc.ExecuteSubmission.language = "de"\n')
    german = graded(course)
    assert "double: not yet." in str(english)
    assert "double: noch nicht." in str(german)
    assert "Fälle der Bewertung; Seed" in str(german)
    assert "double: not yet." not in str(german)
    assert german.outcomes == english.outcomes
    assert german.marks.scores == english.marks.scores
    assert language() == "en", "who grades goes on in the language that was spoken"


def test_a_language_that_is_not_there_is_refused_before_anything_is_graded() -> None:
    with pytest.raises(TraitError, match=r"nnkit speaks en, de; there is no language 'xx'"):
        ExecuteSubmission(config=Config({"ExecuteSubmission": {"language": "xx"}}))
    assert ExecuteSubmission(config=Config({"ExecuteSubmission": {"language": "de_AT"}})).language == "de"
