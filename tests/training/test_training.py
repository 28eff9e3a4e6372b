"""The training loop: what it learns, when it stops, what it keeps, what it says."""

from __future__ import annotations

import dataclasses
import io
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import Tensor, bar, nn, optim, training
from nnkit.data import DataLoader, TensorDataset, toys
from nnkit.training import GridResult, History, accuracy, evaluate, fit, grid_search, k_fold


@pytest.fixture(autouse=True)
def seeded() -> None:
    nnkit.manual_seed(0)


def network() -> tuple[nn.Module, optim.Optimizer]:
    model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
    return model, optim.Adam(model.parameters(), lr=0.02)


def line(n: int = 40) -> tuple[Tensor, Tensor]:
    X = nnkit.linspace(-1, 1, n).reshape(n, 1)
    return X, 2 * X + 1


class Played(nn.Module):
    """A model whose validation losses are given: it answers with the next one whenever it is evaluated."""

    def __init__(self, losses: list[float]) -> None:
        super().__init__()
        self.losses = losses
        self.w = nn.Parameter(nnkit.tensor([0.0]))
        self.register_buffer("epoch", nnkit.tensor([0.0]))

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            self.epoch += 1
            return self.w * x
        return nnkit.tensor(float(self.losses[int(self.epoch.item()) - 1]))


def play(losses: list[float], **options: Any) -> tuple[Played, History]:
    model = Played(losses)
    x = nnkit.ones(4, 1)
    history = fit(
        model,
        (x, x),
        lambda prediction, target: prediction.mean(),
        optim.SGD(model.parameters(), lr=1.0),
        epochs=len(losses),
        batch_size=4,
        validation=(x, x),
        **options,
    )
    return model, history


def test_it_learns_and_writes_a_history() -> None:
    X, y = toys.moons(300, noise=0.1)
    held = toys.moons(200, noise=0.1)
    model, optimizer = network()
    schedule = optim.lr_scheduler.StepLR(optimizer, 20, gamma=0.5)
    history = fit(
        model,
        (X, y),
        nn.CrossEntropyLoss(),
        optimizer,
        epochs=30,
        batch_size=32,
        validation=held,
        metrics={"accuracy": accuracy},
        scheduler=schedule,
        max_norm=5.0,
    )
    assert history.metrics["accuracy"][-1] > 0.92
    assert len(history) == len(history.loss) == len(history.validation_loss) == 30
    assert history.loss[-1] < history.loss[0]
    assert history.lr == [0.02] * 20 + [0.01] * 10
    assert history.stopped == "finished"
    measured = evaluate(model, held, nn.CrossEntropyLoss(), {"accuracy": accuracy})
    assert measured["loss"] == pytest.approx(history.validation_loss[-1])
    assert measured["accuracy"] == history.metrics["accuracy"][-1]
    assert "30 epochs, finished" in repr(history)


def test_the_history_is_plain_data(tmp_path: Path) -> None:
    _, history = play([3.0, 1.0, 2.0])
    nnkit.save(dataclasses.asdict(history), tmp_path / "history.npz")
    assert History(**nnkit.load(tmp_path / "history.npz")) == history


def test_a_seed_decides_everything() -> None:
    def once() -> list[float]:
        nnkit.manual_seed(3)
        model, optimizer = network()
        return fit(model, toys.moons(100), nn.CrossEntropyLoss(), optimizer, epochs=3).loss

    assert once() == once()


def test_the_mean_loss_counts_samples_not_batches() -> None:
    x = nnkit.tensor([[1.0], [1.0], [1.0], [5.0]])
    model = Played([0.0])
    optimizer = optim.SGD(model.parameters(), lr=0.0)
    loss = lambda prediction, target: (target + 0 * prediction).mean()  # noqa: E731
    history = fit(model, DataLoader(TensorDataset(x, x), batch_size=3), loss, optimizer, epochs=1)
    assert history.loss == [2.0]
    assert history.validation_loss == []
    assert evaluate(nn.Identity(), (x, x), lambda prediction, target: target.mean(), batch_size=3) == {"loss": 2.0}


def test_modes_are_set_and_given_back() -> None:
    seen: list[bool] = []

    class Watching(Played):
        def forward(self, x: Tensor) -> Tensor:
            seen.append(self.training)
            return super().forward(x)

    model = Watching([1.0, 1.0]).eval()
    x = nnkit.ones(4, 1)
    fit(model, (x, x), lambda p, t: p.mean(), optim.SGD(model.parameters()), epochs=2, validation=(x, x))
    assert seen == [True, False, True, False]
    assert not model.training
    model.train()
    evaluate(model, (x, x), lambda p, t: p.mean())
    assert model.training


# --------------------------------------------------------------------------------------------------- early stopping


@pytest.mark.parametrize(
    ("losses", "options", "epochs", "best", "stopped"),
    [
        ([5, 4, 3, 3.5, 3.2, 1, 1], {"patience": 2}, 5, 2, "early"),
        ([5, 4, 3, 3.5, 2, 2.5, 2.5], {"patience": 2}, 7, 4, "early"),
        ([5, 4, 3, 2, 1], {"patience": 2}, 5, 4, "finished"),
        ([5, 4.9, 4.8, 4.7, 4.6], {"patience": 2, "min_delta": 0.5}, 3, 2, "early"),
        ([5, 4.7, 4.4, 4.1, 3.8], {"patience": 2, "min_delta": 0.5}, 5, 4, "finished"),
        ([5, np.nan, np.nan, 1], {"patience": 2}, 3, 0, "early"),
        ([1, 1, 1], {"patience": 1}, 2, 0, "early"),
        ([2, 1, 3], {"patience": 5}, 3, 1, "finished"),
        ([np.nan, 2, 1, 3], {"patience": 5}, 4, 2, "finished"),
    ],
)
def test_early_stopping_gives_back_the_best_state(
    losses: list[float], options: dict[str, Any], epochs: int, best: int, stopped: str
) -> None:
    model, history = play(losses, **options)
    assert (len(history), history.best_epoch, history.stopped) == (epochs, best, stopped)
    assert model.epoch.item() == best + 1
    assert model.w.item() == -(best + 1)


def test_without_patience_the_last_state_stays() -> None:
    model, history = play([1.0, 2.0, 3.0])
    assert history.best_epoch == 0
    assert model.epoch.item() == 3


def test_a_plateau_lowers_the_rate() -> None:
    model = Played([1.0] * 4)
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    x = nnkit.ones(4, 1)
    history = fit(
        model,
        (x, x),
        lambda p, t: p.mean(),
        optimizer,
        epochs=4,
        validation=(x, x),
        scheduler=optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1),
    )
    assert history.lr == pytest.approx([1.0, 1.0, 1.0, 0.1])


# ----------------------------------------------------------------------------------------------------- interruption


class Interrupted:
    """A loss that is interrupted when it is asked for the n-th time."""

    def __init__(self, n: int) -> None:
        self.left = n

    def __call__(self, prediction: Tensor, target: Tensor) -> Tensor:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt
        return ((prediction - target) ** 2).mean()


@pytest.mark.parametrize("validated", [False, True])
def test_an_interruption_keeps_what_was_learned(validated: bool) -> None:
    X, y = line()
    model = nn.Linear(1, 1)
    options = {"validation": (X, y)} if validated else {}
    history = fit(
        model, (X, y), Interrupted(33), optim.SGD(model.parameters(), lr=0.3), batch_size=10, epochs=50, **options
    )  # type: ignore[arg-type]
    assert history.stopped == "interrupted"
    assert len(history) == (6 if validated else 8)
    assert len(history.lr) == len(history.loss)
    assert model.training
    assert abs(model.weight.item() - 2) < 0.3


def test_an_interruption_of_early_stopping_gives_back_the_best_state() -> None:
    losses = iter([5.0, 1.0, 3.0])
    model = Played([0.0] * 9)

    def loss(prediction: Tensor, target: Tensor) -> Any:
        if model.training:
            return prediction.mean()
        value = next(losses, None)
        if value is None:
            raise KeyboardInterrupt
        return value

    x = nnkit.ones(4, 1)
    history = fit(model, (x, x), loss, optim.SGD(model.parameters()), epochs=9, validation=(x, x), patience=3)
    assert (history.stopped, len(history), history.best_epoch) == ("interrupted", 3, 1)
    assert model.epoch.item() == 2


def test_other_errors_come_through_and_the_mode_is_given_back() -> None:
    model = nn.Linear(1, 1).eval()

    def loss(prediction: Tensor, target: Tensor) -> Tensor:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fit(model, line(), loss, optim.SGD(model.parameters()))
    assert not model.training


# ------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda f: f(line(), patience=2), ValueError, "validation data"),
        (lambda f: f(line(), patience=0, validation=line()), ValueError, "at least 1"),
        (lambda f: f(line(0)), ValueError, "no batch"),
        (lambda f: f(line()[0]), TypeError, "X alone"),
        (lambda f: f((line()[0], line(30)[1])), ValueError, r"\(40, 1\) and \(30, 1\)"),
    ],
)
def test_what_does_not_fit_is_a_sentence(call: Any, error: type[Exception], words: str) -> None:
    model = nn.Linear(1, 1)
    with pytest.raises(error, match=words):
        call(lambda data, **options: fit(model, data, nn.MSELoss(), optim.SGD(model.parameters()), **options))


# ------------------------------------------------------------------------------------------------ cross-validation


@pytest.mark.parametrize(("n", "k"), [(10, 2), (10, 10), (11, 3), (100, 7)])
def test_folds_divide_the_samples(n: int, k: int) -> None:
    folds = list(k_fold(n, k, np.random.default_rng(0)))
    assert len(folds) == k
    assert sorted(np.concatenate([validation for _, validation in folds])) == list(range(n))
    sizes = {len(validation) for _, validation in folds}
    assert max(sizes) - min(sizes) <= 1
    for learned, validation in folds:
        assert sorted([*learned, *validation]) == list(range(n))


@pytest.mark.parametrize("k", [1, 11])
def test_too_few_or_too_many_folds(k: int) -> None:
    with pytest.raises(ValueError, match=f"k = {k} for 10"):
        list(k_fold(10, k))


def search(**options: Any) -> list[GridResult]:
    def build(lr: float, hidden: int) -> Any:
        model = nn.Sequential(nn.Linear(2, hidden), nn.Tanh(), nn.Linear(hidden, 2))
        return model, optim.Adam(model.parameters(), lr=lr), {"batch_size": 16}

    data, metrics = toys.moons(90, noise=0.1), {"accuracy": accuracy}
    grid = {"lr": [1e-5, 0.05], "hidden": [2, 8]}
    return grid_search(build, grid, data, nn.CrossEntropyLoss(), k=3, epochs=8, metrics=metrics, **options)


@pytest.mark.parametrize("score", ["loss", "accuracy"])
def test_grid_search_finds_the_better_settings(score: str) -> None:
    results = search(score=score)
    assert len(results) == 4
    assert results[0].parameters == {"lr": 0.05, "hidden": 8}
    means = [result.mean for result in results]
    assert means == sorted(means, reverse=score == "accuracy")
    for result in results:
        assert len(result.scores) == 3
        assert result.mean == pytest.approx(np.mean(result.scores))
        assert result.std == pytest.approx(np.std(result.scores))


def test_grid_search_refuses_what_it_cannot_do() -> None:
    with pytest.raises(ValueError, match=r"accuracy.*precision"):
        search(score="precision")
    with pytest.raises(ValueError, match="nothing to try"):
        grid_search(lambda lr: None, {"lr": []}, line(), nn.MSELoss())


def test_an_interrupted_grid_search_keeps_what_is_complete() -> None:
    built: list[float] = []

    def build(lr: float) -> Any:
        built.append(lr)
        model = nn.Linear(1, 1)
        return model, optim.SGD(model.parameters(), lr=lr)

    loss = Interrupted(2 * 3 + 3)  # each training asks for 2 batches, each measurement for 1; 3 of these are two folds
    results = grid_search(build, {"lr": [0.1, 0.2, 0.3]}, line(), loss, k=2, epochs=1, batch_size=10)
    assert [result.parameters for result in results] == [{"lr": 0.1}]
    assert built == [0.1, 0.1, 0.2]


# ---------------------------------------------------------------------------------------------------- the progress bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shell(name: str) -> types.SimpleNamespace:
    return types.SimpleNamespace(get_ipython=lambda: type(name, (), {})())


@pytest.mark.parametrize(
    ("variables", "output", "module", "wanted"),
    [
        ({}, Terminal(), None, True),
        ({}, io.StringIO(), None, False),
        ({}, io.StringIO(), shell("ZMQInteractiveShell"), True),
        ({}, io.StringIO(), shell("TerminalInteractiveShell"), False),
        ({"NNKIT_STATIC": "0"}, Terminal(), None, True),
        ({"NNKIT_STATIC": "1"}, Terminal(), None, False),
        ({"NNKIT_STATIC": "1"}, io.StringIO(), shell("ZMQInteractiveShell"), False),
        ({"PYTEST_VERSION": "9"}, io.StringIO(), shell("ZMQInteractiveShell"), False),
        ({}, None, None, False),
    ],
)
def test_the_bar_is_shown_when_somebody_is_looking(
    variables: dict[str, str], output: Any, module: Any, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_VERSION", raising=False)
    monkeypatch.delenv("NNKIT_STATIC", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(sys.modules, "IPython", module)
    monkeypatch.setattr(sys, "stdout", output)
    assert bar.is_wanted() is wanted


def test_the_bar_writes_to_standard_output_and_leaves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    model = nn.Linear(1, 1)
    fit(model, line(), nn.MSELoss(), optim.SGD(model.parameters()), epochs=2, show=True)
    shown = capsys.readouterr()
    assert "training" in shown.out
    assert shown.out.endswith("\r")
    assert shown.err == ""


def test_it_is_quiet_in_tests_and_logs(capfd: pytest.CaptureFixture[str]) -> None:
    model = nn.Linear(1, 1)
    fit(model, line(), nn.MSELoss(), optim.SGD(model.parameters()), epochs=2)
    assert capfd.readouterr() == ("", "")


def test_without_tqdm_there_is_no_bar_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert isinstance(bar.bar(3, "x", wanted=True), bar.Silent)


def test_everything_public_is_documented() -> None:
    for name in ("History", "accuracy", "evaluate", "fit", "grid_search", "k_fold", "GridResult"):
        assert getattr(training, name).__doc__
