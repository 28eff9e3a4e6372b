"""The open task of notebook 07: judged on images that no student has, and on a network that is left as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit.data import mnist
from nnkit.exercises import evaluate, index
from nnkit.exercises.catalogue.reading_digits.parts.images import held_out
from nnkit.exercises.terms import INSTRUCTOR_FOLDER_VARIABLE
from tests.answers import answers_to, namespace_of

MARKS = ("predict_digits", "predict_digits_95", "predict_digits_97")


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    known = answers_to("predict_digits")
    return namespace_of(known.right["all at once"])


def test_no_image_that_grades_is_one_that_students_have() -> None:
    pictures = {picture.tobytes() for picture in held_out()[0]}
    assert len(pictures) == 2000
    for train in (True, False):
        theirs = np.round(mnist(train)[0].numpy() * 255).astype(np.uint8)
        assert not pictures & {picture.tobytes() for picture in theirs}


def test_all_digits_are_as_frequent_among_the_images_that_grade() -> None:
    assert np.bincount(held_out()[1]).tolist() == [200] * 10


def test_the_images_that_grade_are_not_released(repository: Path) -> None:
    assert not list((repository / "course").rglob("instructor"))
    assert "instructor" in (repository / "nbgrader_config.py").read_text()


def test_a_notebook_asks_for_more_than_grading() -> None:
    for name in MARKS:
        exercise = index.find(name)
        (public,), (hidden,) = exercise.draw(), exercise.draw(5, hidden=True)
        assert public.arguments["mark"] == pytest.approx(hidden.arguments["mark"] + 0.005)


def test_labels_of_the_images_do_not_travel_with_them() -> None:
    for exercise in map(index.find, MARKS):
        assert all(set(case.arguments) == {"images", "mark"} for case in exercise.draw())


def test_the_network_is_left_as_it_was(names: dict[str, Any]) -> None:
    network = names["my_network"]
    before = {name: np.array(value) for name, value in network.state_dict().items()}
    assert evaluate("predict_digits", names).passed
    after = network.state_dict()
    assert all(np.array_equal(before[name], np.asarray(after[name])) for name in before)


def test_the_network_is_left_as_it_was_when_the_function_fails_on_a_network_of_zeros(names: dict[str, Any]) -> None:
    network, right = names["my_network"], names["predict_digits"]

    def fails_on_zeros(images: Any) -> Any:
        if not np.any(network[0].weight.detach().numpy()):
            raise ValueError("nothing to read with")
        return right(images)

    before = network[0].weight.detach().numpy().copy()
    report = evaluate("predict_digits", {**names, "predict_digits": fails_on_zeros})
    assert report.status == "crashed"
    assert np.array_equal(before, network[0].weight.detach().numpy())


def test_a_network_that_has_seen_nothing_but_its_neighbours_is_refused(names: dict[str, Any]) -> None:
    """Nearest neighbours read digits well; but they are no network of 60,000 numbers."""
    images, labels = (part.numpy()[:1000] for part in mnist())
    rows = images.reshape(len(images), -1)

    def predict_digits(given: Any) -> Any:
        given = given.reshape(len(given), -1)
        return labels[(given @ rows.T - 0.5 * (rows**2).sum(axis=1)).argmax(axis=1)]

    report = evaluate("predict_digits", {**names, "predict_digits": predict_digits})
    assert not report.passed
    assert "set to 0" in report.message


def test_where_the_instructors_files_are_missing_the_report_says_so(
    names: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(INSTRUCTOR_FOLDER_VARIABLE, str(tmp_path))
    report = evaluate("predict_digits", names, hidden=True)
    assert "could not be checked" in str(report)
    assert INSTRUCTOR_FOLDER_VARIABLE in report.message


def told(names: dict[str, Any], function: Any, **more: Any) -> Any:
    return evaluate("predict_digits", {**names, **more, "predict_digits": function}, time_limit=60)


def test_a_function_that_reads_another_name_is_not_told_of_batch_norm(names: dict[str, Any]) -> None:
    labels = names["predict_digits"](mnist()[0].numpy()[8000:])
    report = told(names, lambda images: labels)
    assert "(2000,), expected 120 labels" in report.message
    assert "another name" in report.cause


def test_answers_that_are_kept_are_told_as_such(names: dict[str, Any]) -> None:
    kept: dict[int, Any] = {}

    def predict_digits(images: Any) -> Any:
        return kept.setdefault(len(images), names["predict_digits"](images))

    report = told(names, predict_digits)
    assert "kept between two calls" in report.cause
    assert "atch norm" not in str(report)


def test_a_training_in_the_function_is_not_told_to_be_dropout(names: dict[str, Any]) -> None:
    network = names["my_network"]

    def predict_digits(images: Any) -> Any:
        network[9].weight.data = network[9].weight.data + 0.1 * nnkit.randn(*network[9].weight.shape)
        return names["predict_digits"](images)

    report = told(names, predict_digits)
    assert "Does it train?" in report.cause
    assert "ropout" not in str(report)


def test_an_error_with_one_image_alone_says_so(names: dict[str, Any]) -> None:
    def predict_digits(images: Any) -> Any:
        with nnkit.no_grad():
            return names["my_network"](nnkit.tensor(images)).numpy().squeeze().argmax(axis=1)

    report = told(names, predict_digits)
    assert report.status == "crashed"
    assert "then one image alone was given" in report.message
    assert "squeeze" in report.cause
