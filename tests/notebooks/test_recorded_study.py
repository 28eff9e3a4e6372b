"""The recorded study of settings is what its script records, and the notebook's words about it hold."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import nbformat
import pytest

from tests.benchmarks.mnist_study import EPOCHS, SEEDS, STUDY, Setting, cell, chosen, full_data, train

REPOSITORY = Path(__file__).resolve().parents[2]
OFFICIAL = os.environ.get("NNKIT_DATA_DIR", "")  # read now: the tests themselves run without settings of the user
Study = dict[Setting, list[list[float]]]
Test = dict[str, tuple[Setting, int, list[float]]]


def source() -> str:
    notebook = nbformat.read(REPOSITORY / "solutions" / "07_mnist" / "choosing_settings.ipynb", as_version=4)
    (found,) = (one.source for one in notebook.cells if one.id == "study_recorded")
    return str(found)


def recorded() -> tuple[Study, Test]:
    values = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(source()).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    study = {Setting(*setting): runs for setting, runs in values["study"].items()}
    test = {network: (Setting(*one), *rest) for network, (one, *rest) in values["test_of_the_chosen"].items()}
    return study, test


def last(setting: Setting) -> float:
    runs = recorded()[0][setting]
    return sum(run[-1] for run in runs) / len(runs)


def test_the_cell_is_what_the_script_prints() -> None:
    study, test = recorded()
    assert tuple(study) == STUDY
    assert all(len(runs) == len(SEEDS) for runs in study.values())
    assert cell(study, test) == source()


def test_what_was_asked_about_the_test_images_was_chosen_by_validation() -> None:
    study, test = recorded()
    for network, (setting, epochs, _) in test.items():
        assert (setting._replace(network="CNN" if network == "CNN" else "128-64"), epochs) == chosen(
            study, "CNN" if network == "CNN" else "128-64"
        )


def test_the_words_about_the_record_hold() -> None:
    adam = [last(Setting("128-64", "Adam", rate, 64)) for rate in (1e-4, 1e-3, 1e-2)]
    sgd = [last(Setting("128-64", "SGD", rate, 64)) for rate in (1e-2, 1e-1, 1.0)]
    assert max(adam) - min(adam) < 0.6
    assert sgd[1] - sgd[0] > 1.4 < sgd[1] - sgd[2]
    assert 0.2 < sgd[1] - max(adam) < 0.3
    study, test = recorded()
    unfinished = {("Adam", 1e-5): 20, ("SGD", 1e-2): 5, ("Adam", 1e-4): 2}
    for (optimizer, rate), epochs in unfinished.items():
        for run in study[Setting("128-64", optimizer, rate, 64)]:
            assert abs(run[EPOCHS.index(epochs)] - 91.8) < 0.6
    dense, convolutional = (sum(test[network][2]) / 3 for network in ("128-64", "CNN"))
    assert abs(dense - 98.0) < 0.05 > abs(convolutional - 98.0)


@pytest.mark.slow
@pytest.mark.skipif(not OFFICIAL, reason="NNKIT_DATA_DIR does not name a folder with the official files")
def test_two_trainings_give_again_what_was_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """In their first epochs; later on the arithmetic of another machine may lead elsewhere."""
    monkeypatch.setenv("NNKIT_DATA_DIR", OFFICIAL)
    training, validation = full_data()
    for setting in (Setting("128-64", "Adam", 1e-3, 64), Setting("128-64", "SGD", 1e-2, 64)):
        _, found = train(setting, 0, 2, training, validation)
        assert found == pytest.approx(recorded()[0][setting][0][:2], abs=0.5)
