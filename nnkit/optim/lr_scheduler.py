"""Schedules: how the learning rate changes from epoch to epoch.

A scheduler is made from an optimizer, and its `step` is called once after each epoch. The rates are computed from the
one before wherever that is possible, as in PyTorch: two schedulers on one optimizer multiply, and a rate that was
changed by hand stays changed. e is the number of epochs done, α₀ the rate at the start.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nnkit.optim.optimizers import Optimizer

Group = dict[str, Any]


class LRScheduler:
    """What all schedules share. A schedule of your own inherits from it and writes `get_lr`.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates to change.
    last_epoch : int
        The number of epochs done when going on with saved settings; −1 starts anew.

    Raises
    ------
    TypeError
        If `optimizer` is none.
    KeyError
        If `last_epoch` is given, but the optimizer has not been scheduled before.
    """

    optimizer: Optimizer

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        _require_optimizer(optimizer)
        self.optimizer = optimizer
        for group in optimizer.param_groups:
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise KeyError(
                    f"last_epoch={last_epoch} goes on with an earlier schedule, but the optimizer has no initial_lr: "
                    "load its state_dict first, or leave last_epoch out."
                )
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self._begin(last_epoch)

    def _begin(self, last_epoch: int = -1) -> None:
        """Set the rates of the first epoch, or of the one after `last_epoch`."""
        self.last_epoch, self._is_initial = last_epoch, True
        self.step()
        self._is_initial = False

    def get_lr(self) -> list[float]:
        """Return the learning rate of every group for epoch `last_epoch`."""
        raise NotImplementedError(f"{type(self).__name__} has no schedule: write its get_lr.")

    def step(self) -> None:
        """Go on to the next epoch."""
        self.last_epoch += 1
        for group, lr in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            group["lr"] = lr
        self._last_lr = self._rates()

    def get_last_lr(self) -> list[float]:
        """Return the learning rates that hold now."""
        return self._last_lr

    def _rates(self) -> list[float]:
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Return everything but the optimizer (and functions), as plain data."""
        return {name: value for name, value in vars(self).items() if name not in ("optimizer", "lr_lambdas")}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from where another scheduler stood; the optimizer's own state is loaded separately."""
        vars(self).update(state_dict)


def _require_optimizer(optimizer: Any) -> None:
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"A scheduler changes the rates of an optimizer, got {type(optimizer).__name__}.")


class StepLR(LRScheduler):
    """α = α₀ γ^⌊e / step_size⌋: the rate falls by the factor γ every `step_size` epochs.

    Examples
    --------
    >>> from nnkit import optim, ones
    >>> optimizer = optim.SGD([ones(1, requires_grad=True)], lr=1.0)
    >>> scheduler = StepLR(optimizer, step_size=2, gamma=0.5)
    >>> rates = []
    >>> for epoch in range(5):
    ...     rates.append(scheduler.get_last_lr()[0])
    ...     optimizer.step()
    ...     scheduler.step()
    >>> rates
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1) -> None:
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """α ← γ α after every `step_size` epochs."""
        falls = self.last_epoch > 0 and self.last_epoch % self.step_size == 0
        return [lr * self.gamma if falls else lr for lr in self._rates()]


class MultiStepLR(LRScheduler):
    """The rate falls by the factor γ at every epoch named in `milestones`; one named twice counts twice."""

    def __init__(
        self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.milestones, self.gamma = sorted(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """α ← γ α at a milestone."""
        return [lr * self.gamma ** Counter(self.milestones)[self.last_epoch] for lr in self._rates()]


class ExponentialLR(LRScheduler):
    """α = α₀ γᵉ: the rate falls by the factor γ after every epoch."""

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """α ← γ α."""
        return self._rates() if self._is_initial else [lr * self.gamma for lr in self._rates()]


class LinearLR(LRScheduler):
    """α = α₀ f, where f goes evenly from `start_factor` to `end_factor` in `total_iters` epochs: a warm-up.

    Raises
    ------
    ValueError
        If `start_factor` is not above 0 and at most 1, or `end_factor` not between 0 and 1.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not (0 < start_factor <= 1 and 0 <= end_factor <= 1):
            raise ValueError(
                f"LinearLR needs 0 < start_factor ≤ 1 and 0 ≤ end_factor ≤ 1, got {start_factor} and {end_factor}."
            )
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """α ← α f(e) / f(e − 1)."""
        e, rise = self.last_epoch, self.end_factor - self.start_factor
        if e == 0:
            return [lr * self.start_factor for lr in self._rates()]
        if self._is_initial or e > self.total_iters:
            return self._rates()
        factor = 1 + rise / (self.total_iters * self.start_factor + (e - 1) * rise)
        return [lr * factor for lr in self._rates()]


class CosineAnnealingLR(LRScheduler):
    """α = α_min + (α₀ − α_min) (1 + cos(π e / T)) / 2: half a wave of the cosine from α₀ down in T epochs."""

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1) -> None:
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """α − α_min ← (α − α_min) (1 + cos(π e / T)) / (1 + cos(π (e − 1) / T))."""
        e, T, low, rates = self.last_epoch, self.T_max, self.eta_min, self._rates()
        if self._is_initial:
            return rates
        if (e - 1 - T) % (2 * T) == 0:  # at the bottom the factor is 0/0; from there it rises again
            rise = (1 - math.cos(math.pi / T)) / 2
            return [lr + (base - low) * rise for lr, base in zip(rates, self.base_lrs, strict=True)]
        factor = (1 + math.cos(math.pi * e / T)) / (1 + math.cos(math.pi * (e - 1) / T))
        return [low + (lr - low) * factor for lr in rates]


class LambdaLR(LRScheduler):
    """α = α₀ f(e), for a function f of your own, or one for each group.

    Examples
    --------
    >>> from nnkit import optim, ones
    >>> optimizer = optim.SGD([ones(1, requires_grad=True)], lr=0.8)
    >>> LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch)).get_last_lr()
    [0.8]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]],
        last_epoch: int = -1,
    ) -> None:
        _require_optimizer(optimizer)
        count = len(optimizer.param_groups)
        self.lr_lambdas = [lr_lambda] * count if callable(lr_lambda) else list(lr_lambda)
        if len(self.lr_lambdas) != count:
            raise ValueError(f"LambdaLR needs {count} functions, one for each group, got {len(self.lr_lambdas)}.")
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """α ← α₀ f(e)."""
        return [base * f(self.last_epoch) for base, f in zip(self.base_lrs, self.lr_lambdas, strict=True)]


class SequentialLR(LRScheduler):
    """One schedule after another, such as a warm-up and then a cosine: each starts from α₀ at its milestone.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates to change.
    schedulers : sequence of LRScheduler
        Made for this optimizer, in their order.
    milestones : sequence of int
        The epoch at which each of them but the first begins, in rising order.
    last_epoch : int
        The number of epochs done when going on with saved settings; −1 starts anew.

    Raises
    ------
    TypeError
        If one of them is no scheduler.
    ValueError
        If there is none, one belongs to another optimizer or waits for a plateau, or the number of milestones is not
        one less than that of schedulers.

    Examples
    --------
    >>> from nnkit import optim, ones
    >>> optimizer = optim.SGD([ones(1, requires_grad=True)], lr=1.0)
    >>> rise, fall = LinearLR(optimizer, 0.25, total_iters=2), ExponentialLR(optimizer, gamma=0.5)
    >>> scheduler, rates = SequentialLR(optimizer, [rise, fall], milestones=[2]), []
    >>> for epoch in range(5):
    ...     rates.append(scheduler.get_last_lr()[0])
    ...     scheduler.step()
    >>> rates
    [0.25, 0.625, 1.0, 0.5, 0.25]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: Sequence[LRScheduler],
        milestones: Sequence[int],
        last_epoch: int = -1,
    ) -> None:
        _require_optimizer(optimizer)
        schedulers, milestones = list(schedulers), list(milestones)
        for scheduler in schedulers:
            if not isinstance(scheduler, LRScheduler):
                raise TypeError(f"SequentialLR puts schedulers in a row, got {type(scheduler).__name__} among them.")
            if isinstance(scheduler, ReduceLROnPlateau):
                raise ValueError("ReduceLROnPlateau cannot be one of a row: its step needs a metric.")
            if scheduler.optimizer is not optimizer:
                raise ValueError(f"{type(scheduler).__name__} was made for another optimizer than SequentialLR.")
        if not schedulers or len(milestones) != len(schedulers) - 1:
            raise ValueError(
                "SequentialLR needs at least one scheduler and one milestone less than schedulers, got "
                f"{len(schedulers)} and {len(milestones)}."
            )
        self.optimizer, self._schedulers, self._milestones = optimizer, schedulers, milestones
        self._begin(last_epoch)

    def _begin(self, last_epoch: int = -1) -> None:
        self.last_epoch = last_epoch + 1
        self._restart(self._schedulers[bisect_right(self._milestones, 0)])

    def _restart(self, scheduler: LRScheduler) -> None:
        """Begin a schedule from the rates that the optimizer started with."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        scheduler._begin()
        self._last_lr = self._rates()

    def step(self) -> None:
        """Go on to the next epoch, by the schedule whose turn it is."""
        self.last_epoch += 1
        turn = bisect_right(self._milestones, self.last_epoch)
        if turn and self._milestones[turn - 1] == self.last_epoch:
            self._restart(self._schedulers[turn])
        else:
            self._schedulers[turn].step()
        self._last_lr = self._rates()

    def state_dict(self) -> dict[str, Any]:
        """Return everything but the optimizer (and functions), as plain data; of every schedule in the row, too."""
        return super().state_dict() | {"_schedulers": [scheduler.state_dict() for scheduler in self._schedulers]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from where another scheduler stood; the optimizer's own state is loaded separately."""
        for scheduler, state in zip(self._schedulers, state_dict["_schedulers"], strict=True):
            scheduler.load_state_dict(state)
        super().load_state_dict({name: value for name, value in state_dict.items() if name != "_schedulers"})


class ReduceLROnPlateau(LRScheduler):
    """The rate falls by `factor` when a metric has not become better for more than `patience` epochs.

    Its `step` takes the metric, such as the validation loss.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates to change.
    mode : str
        "min" if less is better, "max" if more is.
    factor : float
        What the rate is multiplied by, below 1.
    patience : int
        How many epochs without improvement are let pass.
    threshold, threshold_mode : float and str
        Better means better by this much, as a share of the best ("rel") or as such ("abs").
    cooldown : int
        How many epochs after a fall are not counted.
    min_lr : float or sequence of float
        The least rate, or one for each group.
    eps : float
        A fall smaller than this is left out.

    Raises
    ------
    ValueError
        If the factor is 1 or more, a mode is unknown, or `min_lr` does not fit the groups.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0,
        eps: float = 1e-8,
    ) -> None:
        _require_optimizer(optimizer)
        if factor >= 1:
            raise ValueError(f"The factor must be below 1, got {factor}.")
        if mode not in ("min", "max") or threshold_mode not in ("rel", "abs"):
            raise ValueError(
                f'mode is "min" or "max", threshold_mode "rel" or "abs"; got {mode!r} and {threshold_mode!r}.'
            )
        count = len(optimizer.param_groups)
        self.min_lrs = list(min_lr) if isinstance(min_lr, Sequence) else [min_lr] * count
        if len(self.min_lrs) != count:
            raise ValueError(f"min_lr needs {count} rates, one for each group, got {len(self.min_lrs)}.")
        self.optimizer, self.mode, self.factor, self.patience = optimizer, mode, factor, patience
        self.threshold, self.threshold_mode, self.cooldown, self.eps = threshold, threshold_mode, cooldown, eps
        self.best = math.inf if mode == "min" else -math.inf
        self.last_epoch = self.cooldown_counter = self.num_bad_epochs = 0
        self._last_lr = self._rates()

    def step(self, metrics: Any) -> None:  # type: ignore[override]
        """Take note of this epoch's metric, and lower the rates if it has not become better for too long."""
        self.last_epoch += 1
        value = float(metrics)
        if self._is_better(value):
            self.best, self.num_bad_epochs = value, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
            for group, least in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
                lr = max(group["lr"] * self.factor, least)
                if group["lr"] - lr > self.eps:
                    group["lr"] = lr
        self._last_lr = self._rates()

    def _is_better(self, value: float) -> bool:
        if math.isinf(self.best):
            return value != self.best and not math.isnan(value)
        margin = self.threshold * (self.best if self.threshold_mode == "rel" else 1)
        return value < self.best - margin if self.mode == "min" else value > self.best + margin
