"""Training: the loop that every network shares, and what belongs to it.

`fit` is the loop: batches forward, backward, one step of the optimizer, epoch after epoch. `evaluate` measures a
trained model, `grid_search` tries settings by cross-validation. Data are a pair of tensors (X, y), a dataset, or a
loader whose batches are (inputs …, target).
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from nnkit.bar import bar as progress_bar
from nnkit.data.loader import DataLoader, Subset, TensorDataset
from nnkit.engine import Array, Tensor, generator_or_default, no_grad
from nnkit.nn.module import Module
from nnkit.nn.utils import clip_grad_norm_
from nnkit.optim import Optimizer
from nnkit.optim.lr_scheduler import ReduceLROnPlateau

Measure = Callable[[Any, Any], Any]  # (prediction, target) → a mean over the batch


@dataclass
class History:
    """What `fit` saw, one entry for each finished epoch: plain lists and numbers, which `nnkit.save` can write.

    Attributes
    ----------
    loss : list of float
        Mean loss over the training batches, measured while the model was learning.
    validation_loss : list of float
        Loss on the validation data after the epoch; empty without them.
    metrics : dict of str to list of float
        For each metric its values on the validation data (or on the training data without them).
    lr : list of float
        The learning rate (of the first group) during the epoch.
    best_epoch : int, optional
        The epoch whose validation loss (or loss) was least, counted from 0; None before the first one ends.
    stopped : str
        Why it ended: "finished", "early" or "interrupted".
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    lr: list[float] = field(default_factory=list)
    best_epoch: int | None = None
    stopped: str = "finished"

    def __len__(self) -> int:
        return len(self.loss)

    def __repr__(self) -> str:
        last = {"loss": self.loss, "validation loss": self.validation_loss, **self.metrics}
        words = ", ".join(f"{name} {values[-1]:.4g}" for name, values in last.items() if values)
        return f"History({len(self)} epochs, {self.stopped}{': ' + words if words else ''})"

    def draw(self, *, log: bool = False, ax: Any = None) -> Any:
        """Draw the losses and the metrics over the epochs, as `nnkit.draw.learning_curves` does.

        Parameters
        ----------
        log : bool
            Logarithmic losses.
        ax : matplotlib.axes.Axes, optional
            Where to draw the losses; left out, a new figure, with a panel for each metric.

        Returns
        -------
        matplotlib.figure.Figure

        Examples
        --------
        >>> History(loss=[1.0, 0.5], lr=[0.1, 0.1], best_epoch=1).draw(log=True).axes[0].get_ylabel()
        'loss'
        """
        # The one place where the library asks for a picture: through the package's door, which loads it only now.
        import nnkit

        return nnkit.draw.learning_curves(self, log=log, ax=ax)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Show the curves where a notebook displays a History; words where there is no matplotlib, or no epoch."""
        shown = {"text/plain": repr(self)}
        if len(self):
            with contextlib.suppress(ImportError):
                shown |= {"text/html": self.draw()._repr_mimebundle_()["text/html"]}
        return shown


def accuracy(prediction: Tensor, target: Tensor) -> float:
    """Return the share of samples whose largest entry along dimension 1 is that of the target class.

    Parameters
    ----------
    prediction : (N, C) or (N, C, …)
        Scores, logits or probabilities.
    target : (N,) or (N, …)
        Classes.

    Examples
    --------
    >>> from nnkit import tensor
    >>> accuracy(tensor([[0.1, 0.9], [0.8, 0.2]]), tensor([1, 1]))
    0.5
    """
    return float((prediction.detach().numpy().argmax(1) == target.numpy()).mean())


def fit(
    model: Module,
    data: Any,
    loss: Measure,
    optimizer: Optimizer,
    *,
    epochs: int = 10,
    batch_size: int = 64,
    validation: Any = None,
    metrics: Mapping[str, Measure] | None = None,
    scheduler: Any = None,
    patience: int | None = None,
    min_delta: float = 0.0,
    max_norm: float | None = None,
    generator: np.random.Generator | None = None,
    show: bool | None = None,
) -> History:
    """Train a model.

    Interrupting it (Ctrl-C, or the notebook's stop button) ends the training and keeps what was learned so far.

    Parameters
    ----------
    model : Module
        Called with the inputs of a batch.
    data : (X, y), dataset or DataLoader
        X and y are tensors; they, and a dataset, are shuffled in every epoch.
    loss : callable
        Takes (prediction, target), returns the mean over a batch, such as `nn.CrossEntropyLoss()`.
    optimizer : Optimizer
        Holds the model's parameters.
    epochs : int
        How often to go through the data, at most.
    batch_size : int
        Samples in a batch, unless `data` is a loader.
    validation : (X, y), dataset or DataLoader, optional
        Data of the same form, looked at after each epoch, not learned from.
    metrics : mapping of str to callable, optional
        Further measures by name, such as ``{"accuracy": accuracy}``.
    scheduler : LRScheduler, optional
        Takes a step after each epoch.
    patience : int, optional
        Stop early when the best validation loss was not undercut by more than `min_delta` in that many epochs; at the
        end, however it came, the model gets back its state after the best epoch.
    max_norm : float, optional
        Clip the gradients to this norm before each step.
    generator : numpy.random.Generator, optional
        Decides the order of the samples; left out, that of `nnkit.manual_seed`.
    show : bool, optional
        A progress bar; left out, in terminals and notebooks only.

    Returns
    -------
    History
        A notebook shows its curves where it is the last value of a cell, `history.draw()` draws them anywhere.

    Raises
    ------
    ValueError
        If `patience` is asked for without validation data, or there are no data.

    Examples
    --------
    >>> import nnkit
    >>> from nnkit import nn, optim
    >>> generator = nnkit.manual_seed(0)
    >>> X = nnkit.linspace(-1, 1, 32).reshape(32, 1)
    >>> model = nn.Linear(1, 1)
    >>> fit(model, (X, 2 * X + 1), nn.MSELoss(), optim.SGD(model.parameters(), lr=0.5), epochs=20, batch_size=8)
    History(20 epochs, finished: loss ...)
    >>> round(model(nnkit.tensor([3.0])).item(), 2)
    7.0
    """
    if patience is not None and (validation is None or patience < 1):
        raise ValueError("Early stopping needs validation data and a patience of at least 1 epoch.")
    loader = _loader(data, batch_size, shuffle=True, generator=generator)
    history, best, before = History(), None, model.training
    try:
        with progress_bar(epochs * len(loader), "training", show, unit=" batches") as bar:
            for epoch in range(epochs):
                rate = float(optimizer.param_groups[0]["lr"])
                mean = _epoch(model, loader, loss, optimizer, max_norm, bar)
                measured: dict[str, float] = {}
                if validation is not None:
                    measured = evaluate(model, validation, loss, metrics)
                elif metrics:
                    measured = evaluate(model, data, None, metrics)
                # Written down all at once: an interrupted epoch leaves no half of itself.
                history.loss.append(mean)
                history.lr.append(rate)
                if validation is not None:
                    history.validation_loss.append(measured.pop("loss"))
                for name, value in measured.items():
                    history.metrics.setdefault(name, []).append(value)
                losses = history.validation_loss or history.loss
                bar.set_postfix_str(f"epoch {epoch + 1}/{epochs}, loss {losses[-1]:.4g}", refresh=False)
                if history.best_epoch is None or _ranked(losses[-1]) < _ranked(losses[history.best_epoch]):
                    history.best_epoch = epoch
                    if patience is not None:
                        best = {name: value.clone() for name, value in model.state_dict().items()}
                if isinstance(scheduler, ReduceLROnPlateau):
                    scheduler.step(losses[-1])
                elif scheduler is not None:
                    scheduler.step()
                if patience is not None and _stalls(losses, patience, min_delta):
                    history.stopped = "early"
                    break
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    finally:
        model.train(before)
        if best is not None:
            model.load_state_dict(best)
    return history


def _epoch(model: Module, loader: Any, loss: Measure, optimizer: Optimizer, max_norm: float | None, bar: Any) -> float:
    """Learn from every batch once; return the mean loss."""
    model.train()
    total, count = 0.0, 0
    for *inputs, target in loader:
        optimizer.zero_grad()
        value = loss(model(*inputs), target)
        value.backward()
        if max_norm is not None:
            clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()
        total += value.item() * len(target)
        count += len(target)
        bar.update()
    if not count:
        raise ValueError("There is nothing to learn from: the data have no batch.")
    return total / count


def _ranked(loss: float) -> float:
    """Return a loss as it is compared with others: one that is not a number is worse than any."""
    return math.inf if math.isnan(loss) else loss


def _stalls(losses: Sequence[float], patience: int, min_delta: float) -> bool:
    """Say whether the last `patience` losses did not undercut the best of those before by more than `min_delta`."""
    earlier, last = losses[:-patience], losses[-patience:]
    return bool(earlier) and min(map(_ranked, last)) >= min(map(_ranked, earlier)) - min_delta


def evaluate(
    model: Module,
    data: Any,
    loss: Measure | None = None,
    metrics: Mapping[str, Measure] | None = None,
    batch_size: int = 1000,
) -> dict[str, float]:
    """Measure a model, in evaluation mode and without learning from the data.

    Parameters
    ----------
    model, data, loss, metrics
        As for `fit`.
    batch_size : int
        Samples at a time, unless `data` is a loader.

    Returns
    -------
    dict
        "loss", if one is given, and the metrics by name; means over all samples.

    Examples
    --------
    >>> import nnkit
    >>> from nnkit import nn
    >>> X = nnkit.tensor([[0.0, 1.0], [2.0, 0.0]])
    >>> evaluate(nn.Identity(), (X, nnkit.tensor([1, 1])), metrics={"accuracy": accuracy})
    {'accuracy': 0.5}
    """
    measures = {**({} if loss is None else {"loss": loss}), **(metrics or {})}
    totals, count, before = dict.fromkeys(measures, 0.0), 0, model.training
    model.eval()
    try:
        with no_grad():
            for *inputs, target in _loader(data, batch_size):
                prediction = model(*inputs)
                for name, measure in measures.items():
                    totals[name] += float(measure(prediction, target)) * len(target)
                count += len(target)
    finally:
        model.train(before)
    if not count:
        raise ValueError("There is nothing to measure: the data have no batch.")
    return {name: total / count for name, total in totals.items()}


def _dataset(data: Any) -> Any:
    """Return (X, y) as a dataset, and a dataset as it is."""
    pair = isinstance(data, tuple | list) and all(isinstance(part, Tensor | np.ndarray) for part in data)
    return TensorDataset(*data) if pair else data


def _loader(data: Any, batch_size: int, shuffle: bool = False, generator: np.random.Generator | None = None) -> Any:
    """Return data of any of the three forms as something that gives batches."""
    if isinstance(data, Tensor | np.ndarray):
        raise TypeError("Data are a pair (X, y), a dataset or a DataLoader; got X alone.")
    dataset = _dataset(data)
    if isinstance(data, DataLoader) or not hasattr(dataset, "__getitem__"):
        return data
    return DataLoader(dataset, batch_size, shuffle=shuffle, generator=generator)


class GridResult(NamedTuple):
    """What one choice of settings gave: `scores` on each fold, their mean and standard deviation."""

    parameters: dict[str, Any]
    scores: list[float]
    mean: float
    std: float


def k_fold(n: int, k: int, generator: np.random.Generator | None = None) -> Iterator[tuple[Array, Array]]:
    """Divide n samples at random into k folds, and let each be the validation data once.

    Yields
    ------
    training, validation : array of int
        Indices.

    Examples
    --------
    >>> [(len(training), len(validation)) for training, validation in k_fold(7, 3)]
    [(4, 3), (5, 2), (5, 2)]
    """
    if not 2 <= k <= n:
        raise ValueError(f"k-fold cross-validation needs 2 ≤ k ≤ the number of samples, got k = {k} for {n} samples.")
    folds = np.array_split(generator_or_default(generator).permutation(n), k)
    for i, fold in enumerate(folds):
        yield np.concatenate(folds[:i] + folds[i + 1 :]), fold


def grid_search(
    build: Callable[..., Any],
    grid: Mapping[str, Sequence[Any]],
    data: Any,
    loss: Measure,
    *,
    k: int = 5,
    score: str = "loss",
    metrics: Mapping[str, Measure] | None = None,
    generator: np.random.Generator | None = None,
    show: bool | None = None,
    **options: Any,
) -> list[GridResult]:
    """Try every combination of settings by k-fold cross-validation: train on k − 1 folds, measure on the one left out.

    All combinations see the same folds. Interrupting it keeps the combinations that are complete.

    Parameters
    ----------
    build : callable
        Takes a combination as ``**parameters``, returns a new model and its optimizer, and, if it likes, a dict of
        settings for `fit`.
    grid : mapping of str to sequence
        For each parameter the values to try.
    data : (X, y) or dataset
    loss, metrics
        As for `fit`.
    k : int
        The number of folds.
    score : str
        What decides: "loss" (less is better) or the name of a metric (more is better).
    generator : numpy.random.Generator, optional
        Decides the folds.
    show : bool, optional
        A progress bar; left out, in terminals and notebooks only.
    **options : Any
        Settings for `fit`, such as `epochs`.

    Returns
    -------
    list of GridResult
        The best mean first.

    Raises
    ------
    ValueError
        If the grid names no values, `score` is unknown, or k does not fit the number of samples.

    Examples
    --------
    >>> import nnkit
    >>> from nnkit import nn, optim
    >>> X = nnkit.linspace(-1, 1, 30).reshape(30, 1)
    >>> def build(lr):
    ...     model = nn.Linear(1, 1)
    ...     return model, optim.SGD(model.parameters(), lr=lr)
    >>> results = grid_search(build, {"lr": [1e-6, 0.1]}, (X, 3 * X), nn.MSELoss(), k=3, epochs=5, batch_size=5)
    >>> [result.parameters for result in results]
    [{'lr': 0.1}, {'lr': 1e-06}]
    """
    if score != "loss" and score not in (metrics or {}):
        raise ValueError(
            f'score is "loss" or the name of a metric ({", ".join(metrics or {}) or "none given"}), got {score!r}.'
        )
    combinations = [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]
    if not combinations:
        raise ValueError("The grid has a parameter without values: there is nothing to try.")
    dataset = _dataset(data)
    folds = list(k_fold(len(dataset), k, generator))
    results: list[GridResult] = []
    with progress_bar(len(combinations) * k, "grid search", show, unit=" trainings") as bar:
        for parameters in combinations:
            scores: list[float] = []
            try:
                for training, validation in folds:
                    model, optimizer, *more = build(**parameters)
                    history = fit(
                        model, Subset(dataset, training.tolist()), loss, optimizer,
                        show=False, **{**options, **(more[0] if more else {})},
                    )  # fmt: skip
                    if history.stopped == "interrupted":
                        raise KeyboardInterrupt
                    scores.append(evaluate(model, Subset(dataset, validation.tolist()), loss, metrics)[score])
                    bar.update()
            except KeyboardInterrupt:
                break
            results.append(GridResult(parameters, scores, float(np.mean(scores)), float(np.std(scores))))
    sign = 1 if score == "loss" else -1
    return sorted(results, key=lambda result: _ranked(sign * result.mean))
