"""The optimizers: what `step` does to a parameter w once `backward` has left its gradient g.

Every rule is one short method, `_update`, written as in its docstring. It works on plain arrays and in place: w and the
running averages keep their memory, and intermediate results go into buffers that are used again in every step. What an
optimizer remembers between steps lies in `state`; its settings lie in `param_groups`, one for each group of parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from nnkit.engine import Array, Tensor, tensor, writeable, writes

State = dict[str, Any]
Group = dict[str, Any]
FLUSH_EVERY = 64  # steps
FADED = 1024  # times the smallest normal number: more than FLUSH_EVERY steps by 0.9 shrink an average, a factor 849


class Optimizer:
    """What all optimizers share: groups of parameters, the loop over them, saving and loading.

    A rule of your own inherits from it and writes `_start` (what is remembered of a parameter) and `_update`.

    Parameters
    ----------
    params : iterable of Tensor or of dict
        Tensors (such as `model.parameters()`), or a list of groups: dicts with "params" and settings of their own.
    defaults : dict
        The settings of groups that do not bring theirs.

    Attributes
    ----------
    param_groups : list of dict
        Changing a setting, such as `optimizer.param_groups[0]["lr"]`, counts at once.
    state : dict
        For every parameter that was updated, its step count and running averages (arrays like the parameter).

    Raises
    ------
    TypeError, ValueError
        If there are no parameters, one is no tensor, is no leaf or comes twice, or a setting is out of range.
    """

    def __init__(self, params: Iterable[Any], defaults: Group) -> None:
        self.defaults = defaults
        self.param_groups: list[Group] = []
        self.state: dict[Tensor, State] = {}
        self._buffers: dict[Any, Array] = {}
        self._steps = 0
        groups: list[Any] = [params] if isinstance(params, Tensor | Mapping) else list(params)
        if isinstance(params, Tensor) or not groups:
            got = "one tensor" if groups else "none"
            raise ValueError(f"An optimizer takes a list of parameters, got {got}; write model.parameters() or [w, b].")
        for group in groups if isinstance(groups[0], Mapping) else [{"params": groups}]:
            self.add_param_group(group)

    def add_param_group(self, param_group: Mapping[str, Any]) -> None:
        """Add a group: a dict with "params" and those settings that differ from the defaults."""
        group = {**self.defaults, **param_group}
        params = group["params"]
        group["params"] = [params] if isinstance(params, Tensor) else list(params)
        unknown = group.keys() - self.defaults.keys() - {"params", "initial_lr"}
        if unknown:
            raise ValueError(f"{type(self).__name__} has no setting {unknown}; it has {', '.join(self.defaults)}.")
        taken = {p for other in self.param_groups for p in other["params"]}
        for p in group["params"]:
            if not isinstance(p, Tensor):
                raise TypeError(f"An optimizer changes tensors, got {type(p).__name__} among the parameters.")
            if not p.is_leaf:
                raise ValueError(
                    f"A parameter of shape {p.shape} is the result of {p.operation}; only leaves can be learned."
                )
            if p in taken:
                raise ValueError(f"A parameter of shape {p.shape} was given twice; it would be updated twice.")
            taken.add(p)
        self._check(group)
        self.param_groups.append(group)

    def _check(self, group: Group) -> None:
        for name, value in group.items():
            if isinstance(value, int | float) and name != "dampening" and not value >= 0:
                raise ValueError(f"{name} must not be negative, got {value}.")
        if not all(0 <= beta < 1 for beta in group.get("betas", ())):
            raise ValueError(f"Each of betas must be at least 0 and below 1, got {group['betas']}.")

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set them to 0."""
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none:
                    p.grad = None
                elif p.grad is not None:
                    p.grad.zero_()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter that has a gradient; return what `closure`, if given, computed first."""
        loss = None if closure is None else closure()
        self._steps += 1
        if self._steps % FLUSH_EVERY == 0:
            self._flush()
        with np.errstate(all="ignore"):
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        w, state = writeable(p), self.state.get(p)
                        if state is None:
                            state = self.state[p] = self._start(w, group)
                        self._update(w, p.grad.node.array, state, group)
                        writes.note(w)  # so that a derivative that still needs the old numbers says so
        return loss

    def _flush(self) -> None:
        """Set to 0 what is left of averages that have faded away: numbers about to become denormal.

        A weight whose gradient stays 0, such as that of a pixel at the border, has an average that shrinks step by step
        and ends among the denormal numbers, the last ones before 0. There it stays, because 0.9 times the smallest of
        them is rounded to itself; and there arithmetic can be a hundred times slower. In float32 numbers below 1e-35,
        and their roots beside an `eps` of 1e-10 or more, change no weight that is not itself as good as 0.
        """
        for group in self.param_groups:
            for p in group["params"] if group.get("eps", 1) >= 1e-10 else ():
                for name, average in self.state.get(p, {}).items():
                    if isinstance(average, np.ndarray):
                        kept = np.abs(average) >= FADED * np.finfo(average.dtype).tiny
                        if name == "grad_avg":  # a mean may not stay behind when its mean square goes: √(s − m²)
                            kept &= self.state[p]["square_avg"] != 0
                        average *= kept

    def _start(self, w: Array, group: Group) -> State:
        raise NotImplementedError(f"{type(self).__name__} does not say what it remembers: write its _start.")

    def _update(self, w: Array, g: Array, state: State, group: Group) -> None:
        raise NotImplementedError(f"{type(self).__name__} has no rule: write its _update.")

    def _buffer(self, w: Array, name: str) -> Array:
        """Return an array like w to compute in. It is the same one in every step, and for every w of this shape."""
        key = name, w.shape, w.dtype
        if key not in self._buffers:
            self._buffers[key] = np.empty_like(w)
        return self._buffers[key]

    def _with_decay(self, w: Array, g: Array, group: Group) -> Array:
        """g + λ w: the gradient of the loss with a penalty λ/2 ‖w‖²."""
        if not group["weight_decay"]:
            return g
        total = np.multiply(w, group["weight_decay"], out=self._buffer(w, "decay"))
        total += g
        return total

    def state_dict(self) -> dict[str, Any]:
        """Return a copy of all settings and of all that is remembered, with numbers in the place of parameters.

        Returns
        -------
        dict
            With "state" (for each parameter's number a dict of numbers and tensors) and "param_groups" (list of dicts
            of settings, in which "params" lists the parameters' numbers). `nnkit.save` writes it into a file.
        """
        numbers = {p: i for i, p in enumerate(self._parameters())}
        state = {numbers[p]: {name: _copied(value) for name, value in kept.items()} for p, kept in self.state.items()}
        groups = [group | {"params": [numbers[p] for p in group["params"]]} for group in self.param_groups]
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from where another optimizer of the same kind, with the same groups, stood.

        Raises
        ------
        ValueError
            If the groups have other sizes, or something remembered has another shape than its parameter.
        """
        saved = state_dict["param_groups"]
        mine, theirs = ([len(group["params"]) for group in groups] for groups in (self.param_groups, saved))
        if mine != theirs:
            raise ValueError(f"The saved groups have {theirs} parameters, those of this optimizer {mine}.")
        order = [number for group in saved for number in group["params"]]
        state: dict[Tensor, State] = {}
        for p, number in zip(self._parameters(), order, strict=True):
            kept = state_dict["state"].get(number)
            if kept is not None:
                state[p] = {name: _loaded(value, p, name) for name, value in kept.items()}
        self.state = state
        for group, other in zip(self.param_groups, saved, strict=True):
            group.update({name: value for name, value in other.items() if name != "params"})

    def _parameters(self) -> list[Tensor]:
        return [p for group in self.param_groups for p in group["params"]]

    def __repr__(self) -> str:
        groups = [
            f"{len(group['params'])} parameters: "
            + ", ".join(f"{name}={value}" for name, value in group.items() if name != "params")
            for group in self.param_groups
        ]
        return f"{type(self).__name__}({'; '.join(groups)})"


def _copied(value: Any) -> Any:
    return tensor(value) if isinstance(value, np.ndarray) else value


def _loaded(value: Any, p: Tensor, name: str) -> Any:
    """Return a saved number or array as the state of parameter p: a copy, in its dtype."""
    if not isinstance(value, Tensor | np.ndarray):
        return value
    array = np.array(value.detach() if isinstance(value, Tensor) else value, p.dtype)
    if array.shape != p.shape:
        raise ValueError(f"The saved {name} has shape {array.shape}, the parameter it belongs to {p.shape}.")
    return array


class SGD(Optimizer):
    """Stochastic gradient descent: w ← w − α d, where d is the gradient g or, with momentum μ, a running sum of it.

    Parameters
    ----------
    params : iterable of Tensor or of dict
        The parameters, or groups of them.
    lr : float
        The rate α.
    momentum : float
        μ in d ← μ d + (1 − τ) g; the first d is g.
    dampening : float
        τ.
    weight_decay : float
        λ; adds λ w to the gradient.
    nesterov : bool
        Step along g + μ d, the gradient where the momentum is about to carry w.

    Raises
    ------
    ValueError
        If a setting is negative, or nesterov is asked for without momentum or with dampening.

    Examples
    --------
    >>> w = tensor([3.0], requires_grad=True)
    >>> optimizer = SGD([w], lr=0.1)
    >>> (-2 * w + 4 * w * w).backward()
    >>> optimizer.step()
    >>> w
    tensor([0.8], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
    ) -> None:
        settings = {"momentum": momentum, "dampening": dampening, "weight_decay": weight_decay, "nesterov": nesterov}
        super().__init__(params, {"lr": lr, **settings})

    def _check(self, group: Group) -> None:
        super()._check(group)
        if group["nesterov"] and (not group["momentum"] or group["dampening"]):
            raise ValueError("nesterov=True needs a momentum above 0 and a dampening of 0.")

    def _start(self, w: Array, group: Group) -> State:
        return {}

    def _update(self, w: Array, g: Array, state: State, group: Group) -> None:
        """d ← μ d + (1 − τ) g;  w ← w − α d,  or with nesterov  w ← w − α (g + μ d)."""
        mu, room = group["momentum"], self._buffer(w, "step")
        g = self._with_decay(w, g, group)
        if mu:
            d = state.get("momentum_buffer")
            if d is None:
                d = state["momentum_buffer"] = g.copy(order="K")  # in memory as g and w
            else:
                d *= mu
                d += np.multiply(g, 1 - group["dampening"], out=room)
            if group["nesterov"]:
                g = np.add(g, np.multiply(d, mu, out=room), out=room)
            else:
                g = d
        w -= np.multiply(g, group["lr"], out=room)


class Adagrad(Optimizer):
    """Adagrad: every weight has a rate of its own, smaller the more gradient it has seen.

    Parameters
    ----------
    params : iterable of Tensor or of dict
        The parameters, or groups of them.
    lr : float
        The rate α.
    lr_decay : float
        η; the rate of step t is α / (1 + (t − 1) η).
    weight_decay : float
        λ; adds λ w to the gradient.
    initial_accumulator_value : float
        Where the sum of squares begins.
    eps : float
        Keeps the division finite.

    Examples
    --------
    >>> w = tensor([1.0, 100.0], requires_grad=True)
    >>> optimizer = Adagrad([w], lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([ 0.5, 99.5], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
    ) -> None:
        start = {"initial_accumulator_value": initial_accumulator_value}
        super().__init__(params, {"lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay, **start})

    def _start(self, w: Array, group: Group) -> State:
        return {"step": 0, "sum": np.full_like(w, group["initial_accumulator_value"])}

    def _update(self, w: Array, g: Array, state: State, group: Group) -> None:
        """s ← s + g²;  w ← w − α_t g / (√s + ε)."""
        state["step"] += 1
        s, root = state["sum"], self._buffer(w, "step")
        g = self._with_decay(w, g, group)
        s += np.multiply(g, g, out=root)
        np.sqrt(s, out=root)
        root += group["eps"]
        np.divide(g, root, out=root)
        root *= group["lr"] / (1 + (state["step"] - 1) * group["lr_decay"])
        w -= root


class RMSprop(Optimizer):
    """RMSprop: the gradient divided by its recent size, so that steep and flat directions move alike.

    Parameters
    ----------
    params : iterable of Tensor or of dict
        The parameters, or groups of them.
    lr : float
        The rate α.
    alpha : float
        ρ, how much of the past the running averages keep.
    eps : float
        Keeps the division finite; it stands outside the root.
    weight_decay : float
        λ; adds λ w to the gradient.
    momentum : float
        μ in d ← μ d + g / size.
    centered : bool
        Divide by the standard deviation of the gradient instead of its root mean square.

    Examples
    --------
    >>> w = tensor([1.0, 100.0], requires_grad=True)
    >>> optimizer = RMSprop([w], lr=0.5, alpha=0.0)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([ 0.5, 99.5], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
    ) -> None:
        settings = {"eps": eps, "weight_decay": weight_decay, "momentum": momentum, "centered": centered}
        super().__init__(params, {"lr": lr, "alpha": alpha, **settings})

    def _start(self, w: Array, group: Group) -> State:
        state: State = {"step": 0, "square_avg": np.zeros_like(w)}
        if group["momentum"]:
            state["momentum_buffer"] = np.zeros_like(w)
        if group["centered"]:
            state["grad_avg"] = np.zeros_like(w)
        return state

    def _update(self, w: Array, g: Array, state: State, group: Group) -> None:
        """s ← ρ s + (1 − ρ) g²;  w ← w − α g / (√s + ε);  centered: m ← ρ m + (1 − ρ) g and √(s − m²)."""
        state["step"] += 1
        rho, s, root = group["alpha"], state["square_avg"], self._buffer(w, "step")
        g = self._with_decay(w, g, group)
        np.multiply(g, g, out=root)
        _average(s, root, rho)
        if group["centered"]:
            m = state["grad_avg"]
            np.copyto(root, g)
            _average(m, root, rho)
            np.subtract(s, np.multiply(m, m, out=root), out=root)
            np.sqrt(root, out=root)
        else:
            np.sqrt(s, out=root)
        root += group["eps"]
        np.divide(g, root, out=root)
        if group["momentum"]:
            d = state["momentum_buffer"]
            d *= group["momentum"]
            d += root
            np.copyto(root, d)
        root *= group["lr"]
        w -= root


def _average(average: Array, new: Array, rho: float) -> None:
    """average ← ρ average + (1 − ρ) new; `new` is used up."""
    new *= 1 - rho
    average *= rho
    average += new


class Adam(Optimizer):
    """Adam: momentum and RMSprop together, both corrected for having started at 0.

    Parameters
    ----------
    params : iterable of Tensor or of dict
        The parameters, or groups of them.
    lr : float
        The rate α.
    betas : (float, float)
        β₁ and β₂, how much of the past the averages of g and g² keep.
    eps : float
        Keeps the division finite; it stands outside the root.
    weight_decay : float
        λ; adds λ w to the gradient.

    Examples
    --------
    >>> w = tensor([1.0, 100.0], requires_grad=True)
    >>> optimizer = Adam([w], lr=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([ 0.5, 99.5], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": tuple(betas), "eps": eps, "weight_decay": weight_decay})

    def _start(self, w: Array, group: Group) -> State:
        return {"step": 0, "exp_avg": np.zeros_like(w), "exp_avg_sq": np.zeros_like(w)}

    def _update(self, w: Array, g: Array, state: State, group: Group) -> None:
        """m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  w ← w − α m̂ / (√v̂ + ε)

        with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ).
        """
        state["step"] += 1
        m, v, (beta1, beta2), t = state["exp_avg"], state["exp_avg_sq"], group["betas"], state["step"]
        room = self._buffer(w, "step")
        g = self._decayed(w, g, group)
        np.subtract(g, m, out=room)  # m + (1 − β₁)(g − m) is the same average, and one pass over memory less
        room *= 1 - beta1
        m += room
        np.multiply(g, g, out=room)
        _average(v, room, beta2)
        k = (1 - beta2**t) ** 0.5  # √v̂ + ε = (√v + k ε) / k
        np.sqrt(v, out=room)
        room += k * group["eps"]
        np.divide(m, room, out=room)
        room *= group["lr"] * k / (1 - beta1**t)
        w -= room

    def _decayed(self, w: Array, g: Array, group: Group) -> Array:
        return self._with_decay(w, g, group)


class AdamW(Adam):
    """Adam whose weight decay acts on the weights directly, w ← w − α λ w, and not through the averages.

    Parameters
    ----------
    params, lr, betas, eps
        As for `Adam`.
    weight_decay : float
        λ.

    Examples
    --------
    >>> w = tensor([1.0, 100.0], requires_grad=True)
    >>> optimizer = AdamW([w], lr=0.5, weight_decay=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([ 0.45, 94.50], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def _decayed(self, w: Array, g: Array, group: Group) -> Array:
        w *= 1 - group["lr"] * group["weight_decay"]
        return g
