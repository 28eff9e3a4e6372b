"""Every optimizer and scheduler against PyTorch: 50 steps, each option alone and together, also resumed half-way."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import optim

torch = pytest.importorskip("torch", reason="PyTorch is the oracle of these tests and is not installed")

STEPS = 50
SHAPES = ((4, 3), (3,), (), (2, 0), (2, 2, 2))
OPTIONS: dict[str, dict[str, Any]] = {
    "SGD": {"lr": 0.05, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1},
    "Adagrad": {"lr": 0.1, "lr_decay": 0.05, "weight_decay": 0.1, "initial_accumulator_value": 0.2, "eps": 1e-3},
    "RMSprop": {"lr": 0.02, "alpha": 0.8, "eps": 1e-3, "weight_decay": 0.1, "momentum": 0.7, "centered": True},
    "Adam": {"lr": 0.05, "betas": (0.7, 0.95), "eps": 1e-3, "weight_decay": 0.1},
    "AdamW": {"lr": 0.05, "betas": (0.7, 0.95), "eps": 1e-3, "weight_decay": 0.3},
}


def subsets(options: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every choice among the options, from none of them to all."""
    choices = itertools.product((False, True), repeat=len(options))
    return [{name: options[name] for name, taken in zip(options, choice, strict=True) if taken} for choice in choices]


CASES = [(name, options) for name, all_ in OPTIONS.items() for options in subsets(all_)]
CASES += [("SGD", {"momentum": 0.8, "nesterov": True}), ("SGD", {"momentum": 0.8, "nesterov": True, "lr": 0.05})]
CASES += [("SGD", {"momentum": 0.8, "nesterov": True, "lr": 0.05, "weight_decay": 0.1})]


def starts(dtype: Any) -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    return [np.asarray(rng.standard_normal(shape), dtype) for shape in SHAPES]


def gradient(i: int, step: int, value: np.ndarray) -> np.ndarray | None:
    """Pull towards a place that moves; the second parameter gets no gradient in every third step."""
    return None if i == 1 and step % 3 == 0 else np.asarray(value - np.cos(step + i), value.dtype)


class Run:
    """The same few parameters learned by one of the two libraries."""

    def __init__(self, library: Any, name: str, options: dict[str, Any], dtype: Any, groups: bool = False) -> None:
        self.library = library
        self.params = [library.from_numpy(array.copy()).requires_grad_() for array in starts(dtype)]
        if groups:
            params: Any = [{"params": self.params[:2]}, {"params": self.params[2:], "lr": 0.2, "weight_decay": 0.05}]
        else:
            params = self.params
        self.optimizer = getattr(library.optim, name)(params, **options)

    def step(self, step: int) -> None:
        self.optimizer.zero_grad()
        for i, p in enumerate(self.params):
            g = gradient(i, step, p.detach().numpy())
            p.grad = None if g is None else self.library.from_numpy(g)
        self.optimizer.step()

    def values(self) -> list[np.ndarray]:
        return [p.detach().numpy().copy() for p in self.params]


def assert_alike(ours: Run, theirs: Run, tolerance: float) -> None:
    for a, b in zip(ours.values(), theirs.values(), strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("name", "options"), CASES, ids=str)
def test_every_choice_of_options_agrees_with_pytorch(name: str, options: dict[str, Any]) -> None:
    ours, theirs = Run(nnkit, name, options, np.float64), Run(torch, name, options, np.float64)
    for step in range(STEPS):
        ours.step(step)
        theirs.step(step)
        assert_alike(ours, theirs, 1e-10)


@pytest.mark.parametrize("name", OPTIONS)
def test_parameter_groups_agree_with_pytorch(name: str) -> None:
    ours = Run(nnkit, name, OPTIONS[name], np.float64, groups=True)
    theirs = Run(torch, name, OPTIONS[name], np.float64, groups=True)
    for step in range(STEPS):
        ours.step(step)
        theirs.step(step)
    assert_alike(ours, theirs, 1e-10)


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("options", [False, True])
def test_float32_agrees_with_pytorch(name: str, options: bool) -> None:
    chosen = OPTIONS[name] if options else {}
    ours, theirs = Run(nnkit, name, chosen, np.float32), Run(torch, name, chosen, np.float32)
    for step in range(STEPS):
        ours.step(step)
        theirs.step(step)
    assert_alike(ours, theirs, 2e-5)


@pytest.mark.parametrize(("name", "options"), CASES, ids=str)
def test_a_run_resumed_from_a_saved_state_agrees_with_pytorch(
    name: str, options: dict[str, Any], tmp_path: Path
) -> None:
    ours, theirs = Run(nnkit, name, options, np.float64), Run(torch, name, options, np.float64)
    for step in range(STEPS // 2):
        ours.step(step)
        theirs.step(step)
    nnkit.save({"optimizer": ours.optimizer.state_dict(), "params": ours.values()}, tmp_path / "state.npz")
    ours.step(99)  # what was saved does not move along

    saved = nnkit.load(tmp_path / "state.npz")
    again = Run(nnkit, name, {}, np.float64)  # the settings come from the file too
    for p, value in zip(again.params, saved["params"], strict=True):
        p.data = value
    again.optimizer.load_state_dict(saved["optimizer"])
    for step in range(STEPS // 2, STEPS):
        again.step(step)
        theirs.step(step)
    assert_alike(again, theirs, 1e-10)


@pytest.mark.parametrize("name", OPTIONS)
def test_the_state_has_pytorchs_form(name: str) -> None:
    ours, theirs = Run(nnkit, name, OPTIONS[name], np.float64), Run(torch, name, OPTIONS[name], np.float64)
    for step in range(3):
        ours.step(step)
        theirs.step(step)
    mine, other = ours.optimizer.state_dict(), theirs.optimizer.state_dict()
    assert mine.keys() == other.keys()
    assert mine["state"].keys() == other["state"].keys()
    for number, state in other["state"].items():
        assert mine["state"][number].keys() <= state.keys()
        for key, value in mine["state"][number].items():
            np.testing.assert_allclose(np.asarray(value), np.asarray(state[key]), rtol=1e-12)
    for key, value in mine["param_groups"][0].items():
        assert other["param_groups"][0][key] == value


def told(part: Any) -> str:
    """A parameter as the name of its test: the same in every process, so without the addresses of functions."""
    return re.sub(r"<function .*?at 0x\w+>", "a function", str(part))[:60]


SCHEDULERS: list[tuple[str, dict[str, Any]]] = [
    ("StepLR", {"step_size": 7}),
    ("StepLR", {"step_size": 1, "gamma": 0.9}),
    ("MultiStepLR", {"milestones": [3, 20, 20, 41]}),
    ("MultiStepLR", {"milestones": [30, 5], "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.93}),
    ("CosineAnnealingLR", {"T_max": 50}),
    ("CosineAnnealingLR", {"T_max": 12, "eta_min": 0.01}),
    ("CosineAnnealingLR", {"T_max": 1}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.1, "end_factor": 0.7, "total_iters": 30}),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 40}),
    ("LambdaLR", {"lr_lambda": lambda epoch: 0.95**epoch}),
    ("LambdaLR", {"lr_lambda": [lambda epoch: 0.95**epoch, lambda epoch: 1 / (1 + epoch)]}),
]
PLATEAU: dict[str, Any] = {
    "mode": "max",
    "factor": 0.5,
    "patience": 2,
    "threshold": 0.05,
    "threshold_mode": "abs",
    "cooldown": 3,
    "min_lr": 0.002,
    "eps": 1e-4,
}


def scheduled(library: Any, *schedulers: tuple[str, dict[str, Any]]) -> tuple[Run, list[Any]]:
    run = Run(library, "SGD", {"lr": 0.3, "momentum": 0.5}, np.float64, groups=True)
    return run, [getattr(library.optim.lr_scheduler, name)(run.optimizer, **options) for name, options in schedulers]


def rates(run: Run) -> list[float]:
    return [group["lr"] for group in run.optimizer.param_groups]


@pytest.mark.parametrize(("name", "options"), SCHEDULERS, ids=told)
@pytest.mark.parametrize(
    "second", [None, ("ExponentialLR", {"gamma": 0.99}), ("LinearLR", {"total_iters": 9})], ids=str
)
def test_schedulers_alone_and_two_at_once(name: str, options: dict[str, Any], second: Any) -> None:
    chosen = [(name, options)] + ([second] if second else [])
    (ours, mine), (theirs, others) = scheduled(nnkit, *chosen), scheduled(torch, *chosen)
    for step in range(STEPS):
        np.testing.assert_allclose(rates(ours), rates(theirs), rtol=1e-10, atol=1e-14)
        for run, schedulers in ((ours, mine), (theirs, others)):
            run.step(step)
            for scheduler in schedulers:
                scheduler.step()
        np.testing.assert_allclose(mine[0].get_last_lr(), others[0].get_last_lr(), rtol=1e-10, atol=1e-14)
    assert_alike(ours, theirs, 1e-10)


@pytest.mark.parametrize(("name", "options"), SCHEDULERS, ids=told)
def test_schedulers_resumed_from_a_saved_state(name: str, options: dict[str, Any], tmp_path: Path) -> None:
    (ours, (mine,)), (theirs, (other,)) = scheduled(nnkit, (name, options)), scheduled(torch, (name, options))
    for step in range(20):
        for run, scheduler in ((ours, mine), (theirs, other)):
            run.step(step)
            scheduler.step()
    nnkit.save([ours.values(), ours.optimizer.state_dict(), mine.state_dict()], tmp_path / "state.npz")
    values, optimizer, scheduler = nnkit.load(tmp_path / "state.npz")
    again, (new,) = scheduled(nnkit, (name, options))
    for p, value in zip(again.params, values, strict=True):
        p.data = value
    again.optimizer.load_state_dict(optimizer)
    new.load_state_dict(scheduler)
    for step in range(20, STEPS):
        again.step(step)
        new.step()
        theirs.step(step)
        other.step()
        np.testing.assert_allclose(rates(again), rates(theirs), rtol=1e-10, atol=1e-14)
    assert_alike(again, theirs, 1e-10)


@pytest.mark.parametrize(("name", "options"), SCHEDULERS, ids=told)
def test_last_epoch_goes_on_with_the_rates_of_the_optimizer(name: str, options: dict[str, Any]) -> None:
    seen = []
    for library in (nnkit, torch):
        run, (scheduler,) = scheduled(library, (name, options))
        for step in range(9):
            run.step(step)
            scheduler.step()
        again = getattr(library.optim.lr_scheduler, name)(run.optimizer, **options, last_epoch=8)
        history = [rates(run)]
        for step in range(9):
            run.step(step)
            again.step()
            history.append(rates(run))
        seen.append(history)
    np.testing.assert_allclose(seen[0], seen[1], rtol=1e-10)


@pytest.mark.parametrize("options", subsets(PLATEAU), ids=str)
def test_reduce_on_plateau_agrees_with_pytorch(options: dict[str, Any]) -> None:
    chosen = ("ReduceLROnPlateau", options)
    (ours, (mine,)), (theirs, (other,)) = scheduled(nnkit, chosen), scheduled(torch, chosen)
    rng = np.random.default_rng(3)
    metrics = np.concatenate([np.linspace(1, 0.5, 10), np.full(30, 0.5), rng.random(20) - 0.3, [np.nan] * 5])
    for metric in metrics:
        mine.step(metric)
        other.step(metric)
        np.testing.assert_allclose(rates(ours), rates(theirs), rtol=1e-10)


def test_reduce_on_plateau_resumed_agrees_with_pytorch(tmp_path: Path) -> None:
    chosen = ("ReduceLROnPlateau", {"patience": 3})
    (_, (mine,)), (theirs, (other,)) = scheduled(nnkit, chosen), scheduled(torch, chosen)
    for _ in range(3):
        mine.step(1.0)
        other.step(1.0)
    nnkit.save(mine.state_dict(), tmp_path / "plateau.npz")
    again, (new,) = scheduled(nnkit, chosen)
    new.load_state_dict(nnkit.load(tmp_path / "plateau.npz"))
    for _ in range(6):
        new.step(nnkit.tensor(1.0))
        other.step(torch.tensor(1.0))
        np.testing.assert_allclose(rates(again), rates(theirs), rtol=1e-10)


ROWS: list[tuple[list[tuple[str, dict[str, Any]]], list[int]]] = [
    ([("LinearLR", {"start_factor": 0.1, "total_iters": 5}), ("CosineAnnealingLR", {"T_max": 20})], [5]),
    ([("LinearLR", {"total_iters": 9}), ("StepLR", {"step_size": 4}), ("ExponentialLR", {"gamma": 0.9})], [4, 17]),
    ([("ExponentialLR", {"gamma": 0.9}), ("MultiStepLR", {"milestones": [2, 5]})], [3]),
    ([("LambdaLR", {"lr_lambda": lambda epoch: 0.9**epoch}), ("LambdaLR", {"lr_lambda": lambda e: 1 / (2 + e)})], [6]),
    ([("StepLR", {"step_size": 2}), ("ExponentialLR", {"gamma": 0.9}), ("LinearLR", {})], [0, 10]),
    ([("StepLR", {"step_size": 2}), ("ExponentialLR", {"gamma": 0.9}), ("LinearLR", {})], [8, 8]),
    ([("CosineAnnealingLR", {"T_max": 6, "eta_min": 0.01})], []),
]


def in_a_row(library: Any, row: list[tuple[str, dict[str, Any]]], milestones: list[int]) -> tuple[Run, Any]:
    run, schedulers = scheduled(library, *row)
    return run, library.optim.lr_scheduler.SequentialLR(run.optimizer, schedulers, milestones)


@pytest.mark.parametrize(("row", "milestones"), ROWS, ids=told)
def test_schedulers_in_a_row_agree_with_pytorch(row: Any, milestones: list[int], tmp_path: Path) -> None:
    (ours, mine), (theirs, other) = in_a_row(nnkit, row, milestones), in_a_row(torch, row, milestones)
    for step in range(30):
        if step == 13:
            nnkit.save([ours.values(), ours.optimizer.state_dict(), mine.state_dict()], tmp_path / "state.npz")
            values, optimizer, scheduler = nnkit.load(tmp_path / "state.npz")
            ours, mine = in_a_row(nnkit, row, milestones)
            for p, value in zip(ours.params, values, strict=True):
                p.data = value
            ours.optimizer.load_state_dict(optimizer)
            mine.load_state_dict(scheduler)
        np.testing.assert_allclose(rates(ours), rates(theirs), rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(mine.get_last_lr(), other.get_last_lr(), rtol=1e-10, atol=1e-14)
        for run, scheduler in ((ours, mine), (theirs, other)):
            run.step(step)
            scheduler.step()
    assert_alike(ours, theirs, 1e-10)


@pytest.mark.parametrize(
    ("row", "milestones"),
    [([], []), ([("LinearLR", {})], [3]), ([("LinearLR", {}), ("ReduceLROnPlateau", {})], [3])],
    ids=str,
)
def test_a_row_that_pytorch_refuses_is_refused(row: Any, milestones: list[int]) -> None:
    for library in (nnkit, torch):
        with pytest.raises(ValueError):
            in_a_row(library, row, milestones)


def test_a_row_belongs_to_one_optimizer() -> None:
    for library in (nnkit, torch):
        (_, (first,)), (run, _) = scheduled(library, ("StepLR", {"step_size": 2})), scheduled(library)
        with pytest.raises(ValueError):
            library.optim.lr_scheduler.SequentialLR(run.optimizer, [first], [])
        with pytest.raises(TypeError):
            library.optim.lr_scheduler.SequentialLR(run.optimizer, [0.1], [])


def test_they_are_the_optimizers_of_nnkit() -> None:
    assert set(OPTIONS) == set(optim.__all__) - {"Optimizer", "lr_scheduler"}
