"""Each of the eight recorded losses shows what it is to be recognised by, whatever the seed."""

from __future__ import annotations

import ast
import math
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest

from tests.notebooks.record_curves import POINTS, SHOWN, TRAININGS, cell

GUESSING = math.log(10)
pytestmark = pytest.mark.slow  # each trains a network on digits
SEEDS = range(5)
REPOSITORY = Path(__file__).resolve().parents[2]


def recorded(cause: str, seed: int, **changed: float) -> tuple[np.ndarray, np.ndarray]:
    training, validation = replace(TRAININGS[cause], **changed).record(seed)
    return np.array(training), np.array(validation)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rate_too_high_jumps_and_stays_high(seed: int) -> None:
    training, validation = recorded("rate too high", seed)
    assert validation.min() > 1.2
    assert np.abs(np.diff(validation)).max() > 0.3
    calm, _ = recorded("rate too high", seed, rate=0.1)
    assert calm[-20:].mean() < 0.5 < training[-20:].mean()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rate_too_low_sinks_slowly_and_smoothly(seed: int) -> None:
    _, validation = recorded("rate too low", seed)
    assert (np.diff(validation) < 0).all()
    assert 1.9 < validation[-1] < GUESSING - 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_noise_floor_is_a_level_that_a_smaller_rate_undercuts_at_once(seed: int) -> None:
    training, validation = recorded("noise floor", seed)
    assert validation[-20:].mean() > 0.75 * validation[-40:-20].mean()
    assert np.abs(np.diff(validation[-20:])).max() > 0.05
    _, calm = recorded("noise floor", seed, late_rate=0.012)
    assert calm[-15:].mean() < 0.85 * validation[-15:].mean()
    assert training[-20:].mean() > 0.3


@pytest.mark.parametrize("seed", SEEDS)
def test_data_that_are_not_shuffled_make_teeth_as_long_as_an_epoch(seed: int) -> None:
    training, validation = recorded("not shuffled", seed)
    teeth = validation - np.convolve(validation, np.ones(8) / 8, mode="same")
    spectrum = np.abs(np.fft.rfft(teeth[8:-4])) ** 2  # 48 points: 6 epochs of 8 points
    assert spectrum.argmax() % 6 == 0
    assert (validation > training)[-40:].all()


@pytest.mark.parametrize("seed", SEEDS)
def test_overfitting_parts_the_two_curves(seed: int) -> None:
    training, validation = recorded("overfitting", seed)
    assert training[-1] < 0.01
    assert validation.argmin() < POINTS // 4
    assert validation[-1] > 1.1 * validation.min()


@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_labels_keep_the_training_loss_above_the_other(seed: int) -> None:
    training, validation = recorded("wrong labels", seed)
    assert (training > validation).all()
    assert training[-20:].mean() > 1.2 * validation[-20:].mean()


@pytest.mark.parametrize("seed", SEEDS)
def test_dead_units_hold_the_loss_at_guessing(seed: int) -> None:
    training, validation = recorded("dead units", seed)
    assert np.abs(np.concatenate([training, validation]) - GUESSING).max() < 0.05
    assert abs(validation[-1] - validation[len(validation) // 4]) < 0.02


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_sign_leads_up_smoothly_from_the_first_step(seed: int) -> None:
    _, validation = recorded("a bug in the gradient", seed)
    assert (np.diff(validation) > 0).all()
    _, slower = recorded("a bug in the gradient", seed, rate=0.002)
    assert (np.diff(slower) > 0).all()


def test_the_notebook_shows_what_is_recorded() -> None:
    """To two digits at the beginning of each curve; later on the arithmetic of another machine may lead elsewhere."""
    notebooks = [nbformat.read(path, as_version=4) for path in sorted((REPOSITORY / "solutions").glob("*/*.ipynb"))]
    cells = [one.source for notebook in notebooks for one in notebook.cells if one.id == "curves_recorded"]
    if not cells:
        pytest.skip("no notebook shows the curves")
    (shown,), again = (curves_of(source) for source in cells), curves_of(cell())
    assert len(shown) == len(SHOWN)
    for letter, losses in shown.items():
        for some, anew in zip(losses, again[letter], strict=True):
            assert len(some) == POINTS
            np.testing.assert_allclose(some[:3], anew[:3], rtol=0.05)


def curves_of(source: str) -> dict[str, tuple[list[float], list[float]]]:
    curves: dict[str, tuple[list[float], list[float]]] = ast.literal_eval(source.split("curves = ", 1)[1])
    return curves
