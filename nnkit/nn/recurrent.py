"""Recurrent layers: one cell used at every time step, its state handed on from step to step.

The three cells are primitives over a whole sequence: forward a loop over the steps, backward the same loop in reverse
(backpropagation through time). What needs no loop is done for all steps at once, above all the product of the inputs
with their weights. Shapes: T steps, N sequences side by side, D inputs, H units.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit import functional as F  # noqa: N812
from nnkit.engine import Array, Tensor, from_numpy, primitive, stack, zeros
from nnkit.functional import ShapeError
from nnkit.nn import init
from nnkit.nn.module import Module, Parameter, require_sizes


def _inputs(x: Array, w: Array, b: Array) -> Array:
    """Return W x_t + b for all time steps in one product, (T, N, G)."""
    return (x.reshape(-1, x.shape[2]) @ w.T + b).reshape(*x.shape[:2], len(w))


def _derivatives(x: Array, w_ih: Array, w_hh: Array, before: Array, through_time: Callable[[Array], Any]) -> Any:
    """Return the vjps of x, W_ih, W_hh, b_ih, b_hh and the initial states.

    `through_time(g)` returns the gradients of W_ih x_t + b_ih and of W_hh h_{t−1} + b_hh, both (T, N, G), and those of
    the initial states. All vjps need it, so it runs once for each g. `before` are the h_{t−1}.
    """
    memory: dict[str, Any] = {}
    shape = x.shape

    def part(g: Array, i: int) -> Array:
        if memory.get("g") is not g:
            memory["g"], memory["parts"] = g, through_time(g)
        return memory["parts"][i]

    def rows(a: Array) -> Array:
        return a.reshape(-1, a.shape[2])

    return (
        lambda g: (rows(part(g, 0)) @ w_ih).reshape(shape),
        lambda g: rows(part(g, 0)).T @ rows(x),
        lambda g: rows(part(g, 1)).T @ rows(before),
        lambda g: rows(part(g, 0)).sum(0),
        lambda g: rows(part(g, 1)).sum(0),
        lambda g: part(g, 2).copy(),
        lambda g: part(g, 3).copy(),
    )


def _parts(a: Array, count: int) -> list[Array]:
    """Return views of the parts for each gate, which stand side by side in the last dimension."""
    n = a.shape[-1] // count
    return [a[..., k * n : (k + 1) * n] for k in range(count)]


def _frozen(new: Array, old: Array, there: Array | None, t: int) -> None:
    """Where a sequence has ended, keep its old state."""
    if there is not None:
        np.copyto(new, old, where=~there[t])


def _through(there: Array | None, t: int, dh: Array, passed: Array) -> Array:
    """Return the gradient of the state before: `passed` through the cell, or, where it stood still, dh itself."""
    return passed if there is None else np.where(there[t], passed, dh)


def _masked(slopes: Array, there: Array | None) -> Array:
    return slopes if there is None else slopes * there


@primitive("RNN", dtype="as is")
def rnn(
    x: Array, w_ih: Array, w_hh: Array, b_ih: Array, b_hh: Array, h0: Array, *, nonlinearity: str, there: Array | None
) -> Any:
    """h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh);  ∂/∂z_t = φ'(z_t) (g_t + W_hhᵀ ∂/∂z_{t+1})."""
    z, steps = _inputs(x, w_ih, b_ih + b_hh), len(x)
    h = np.empty((steps + 1, *h0.shape), x.dtype)
    h[0] = h0
    for t in range(steps):
        z[t] += h[t] @ w_hh.T
        if nonlinearity == "tanh":
            np.tanh(z[t], out=h[t + 1])
        else:
            np.maximum(z[t], 0, out=h[t + 1])
        _frozen(h[t + 1], h[t], there, t)

    def through_time(g: Array) -> Any:
        slope = 1 - h[1:] ** 2 if nonlinearity == "tanh" else (h[1:] > 0).astype(h.dtype)
        dz, dh = _masked(slope, there), np.zeros_like(h[0])
        for t in reversed(range(steps)):
            dh = dh + g[t]
            dz[t] *= dh
            dh = _through(there, t, dh, dz[t] @ w_hh)
        return dz, dz, dh

    return h[1:], _derivatives(x, w_ih, w_hh, h[:-1], through_time)[:6]


def _sigmoid(x: Array) -> None:
    """Put 1 / (1 + e^−x) in the place of x."""
    np.multiply(x, -1, out=x)  # np.negative is wrong here in NumPy 2.4 for one column of float32
    np.exp(x, out=x)
    x += 1
    np.reciprocal(x, out=x)


@primitive("LSTM", dtype="as is")
def lstm(
    x: Array, w_ih: Array, w_hh: Array, b_ih: Array, b_hh: Array, h0: Array, c0: Array, *, there: Array | None
) -> Any:
    """i, f, o = σ(z), ĉ = tanh(z), z = W_ih x_t + b_ih + W_hh h_{t−1} + b_hh;  the chain rule from the last step back.

    c_t = f c_{t−1} + i ĉ and h_t = o tanh(c_t). The value is h_1 … h_T and, last, c_T. The gates stand in the order
    i, f, ĉ, o.
    """
    gates, steps, n = _inputs(x, w_ih, b_ih + b_hh), len(x), h0.shape[1]
    h = np.empty((steps + 2, *h0.shape), x.dtype)
    c = np.empty((steps + 1, *h0.shape), x.dtype)
    h[0], c[0] = h0, c0
    for t in range(steps):
        z = gates[t]
        z += h[t] @ w_hh.T
        i, f, new, o = _parts(z, 4)
        _sigmoid(z[:, : 2 * n])  # i and f in one go
        np.tanh(new, out=new)
        _sigmoid(o)
        np.multiply(f, c[t], out=c[t + 1])
        c[t + 1] += i * new
        np.multiply(o, np.tanh(c[t + 1]), out=h[t + 1])
        _frozen(h[t + 1], h[t], there, t)
        _frozen(c[t + 1], c[t], there, t)
    h[steps + 1] = c[steps]

    def through_time(g: Array) -> Any:
        i, f, new, o = _parts(gates, 4)
        tanh_c = np.tanh(c[1:])
        # What a gate's pre-activation does to c_t (for i, f, ĉ) or to h_t (for o), for all steps at once.
        slopes = (new * i * (1 - i), c[:-1] * f * (1 - f), i * (1 - new**2), tanh_c * o * (1 - o))
        dz = _masked(np.concatenate(slopes, axis=2), there)
        to_c, dh, dc = o * (1 - tanh_c**2), np.zeros_like(h[0]), g[steps]
        for t in reversed(range(steps)):
            dh = dh + g[t]
            dc_t = dc + dh * to_c[t]
            dz[t, :, : 3 * n] *= np.concatenate((dc_t, dc_t, dc_t), axis=1)
            dz[t, :, 3 * n :] *= dh
            dc = _through(there, t, dc, dc_t * f[t])
            dh = _through(there, t, dh, dz[t] @ w_hh)
        return dz, dz, dh, dc

    return h[1:], _derivatives(x, w_ih, w_hh, h[:-2], through_time)


@primitive("GRU", dtype="as is")
def gru(x: Array, w_ih: Array, w_hh: Array, b_ih: Array, b_hh: Array, h0: Array, *, there: Array | None) -> Any:
    """h_t = (1 − u) ĥ + u h_{t−1}, ĥ = tanh(a + r q), r, u = σ(…);  the chain rule from the last step back.

    a = W_ih x_t + b_ih and q = W_hh h_{t−1} + b_hh, each with three parts, in the order r, u, ĥ: r = σ(a_r + q_r),
    u = σ(a_u + q_u).
    """
    gates, steps, n = _inputs(x, w_ih, b_ih), len(x), h0.shape[1]
    h = np.empty((steps + 1, *h0.shape), x.dtype)
    q = np.empty((steps, *h0.shape), x.dtype)
    h[0] = h0
    for t in range(steps):
        z, recurrent = gates[t], h[t] @ w_hh.T + b_hh
        z[:, : 2 * n] += recurrent[:, : 2 * n]
        _sigmoid(z[:, : 2 * n])
        r, u, new = _parts(z, 3)
        q[t] = recurrent[:, 2 * n :]
        new += r * q[t]
        np.tanh(new, out=new)
        np.add(new, u * (h[t] - new), out=h[t + 1])
        _frozen(h[t + 1], h[t], there, t)

    def through_time(g: Array) -> Any:
        r, u, new = _parts(gates, 3)
        # What the pre-activations of ĥ and u do to h_t, for all steps at once.
        of_new, of_u = (1 - u) * (1 - new**2), (h[:-1] - new) * u * (1 - u)
        dz = _masked(np.concatenate((of_new * q * r * (1 - r), of_u, of_new), axis=2), there)
        dq, dh = np.concatenate((dz[:, :, : 2 * n], dz[:, :, 2 * n :] * r), axis=2), np.zeros_like(h[0])
        for t in reversed(range(steps)):
            dh = dh + g[t]
            three = np.concatenate((dh, dh, dh), axis=1)
            dz[t] *= three
            dq[t] *= three
            dh = _through(there, t, dh, dh * u[t] + dq[t] @ w_hh)
        return dz, dq, dh

    return h[1:], _derivatives(x, w_ih, w_hh, h[:-1], through_time)[:6]


class _Recurrent(Module):
    """What RNN, LSTM and GRU share: their parameters, and how layers are put on top of each other."""

    gates, states = 1, 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        require_sizes(self, input_size=input_size, hidden_size=hidden_size, num_layers=num_layers)
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, dropout
        bound, rows = 1 / math.sqrt(hidden_size), self.gates * hidden_size
        for k in range(num_layers):
            shapes: dict[str, tuple[int, ...]] = {
                f"weight_ih_l{k}": (rows, hidden_size if k else input_size),
                f"weight_hh_l{k}": (rows, hidden_size),
            }
            if bias:
                shapes |= {f"bias_ih_l{k}": (rows,), f"bias_hh_l{k}": (rows,)}
            for name, shape in shapes.items():
                setattr(self, name, Parameter(init.uniform_(zeros(shape), -bound, bound)))

    def _cell(self, *arguments: Any, there: Array | None) -> Tensor:
        raise NotImplementedError

    def forward(self, input: Any, hx: Any = None, lengths: Any = None) -> Any:
        """Run over a batch of sequences.

        Parameters
        ----------
        input : (T, N, input_size)
            The second and first size exchanged with `batch_first`; (T, input_size) for one sequence.
        hx : Tensor, optional
            The state before the first step, (num_layers, N, hidden_size), without N for one sequence; for an LSTM a
            pair (h, c) of them. Zeros if left out.
        lengths : (N,)
            How many steps each sequence has (1 to T); what comes after does not count. PyTorch packs sequences instead.

        Returns
        -------
        output
            The last layer's h at every step, in the input's arrangement; 0 where a sequence has ended.
        state
            Every layer's state after each sequence's last step, in the arrangement of `hx`.
        """
        input = input if isinstance(input, Tensor) else from_numpy(input)
        shape, single = input.shape, input.ndim == 2
        if len(shape) not in (2, 3) or shape[-1] != self.input_size:
            arrangement = "(N, T, input_size)" if self.batch_first else "(T, N, input_size)"
            raise ShapeError(
                f"the input has shape {shape}, but the weight weight_ih_l0 has shape {self.weight_ih_l0.shape}: "
                f"{arrangement} is needed, with input_size={self.input_size}."
            )
        F.require_one_dtype(type(self).__name__, F.array_of(input), F.array_of(self.weight_ih_l0))
        if single:
            input = input.unsqueeze(1)
        elif self.batch_first:
            input = input.transpose(0, 1)
        steps, n = input.shape[:2]
        if not steps:
            raise ShapeError(f"the input has shape {shape}: it needs at least one time step.")
        states = self._initial(hx, n, single, input.dtype)
        there = None if lengths is None else self._present(lengths, steps, n)
        no_bias, finals = np.zeros(self.gates * self.hidden_size, input.dtype), []
        for k in range(self.num_layers):
            if k and self.dropout:
                input = F.dropout(input, self.dropout, self.training)
            names = (f"{name}_l{k}" for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            parameters = [vars(self).get(name, no_bias) for name in names]
            h = self._cell(input, *parameters, *(state[k] for state in states), there=there)
            input = h if self.states == 1 else h[:steps]
            finals.append(h[steps - 1 :])  # the last h and, of an LSTM, the last c
        if there is not None:
            input = input * there.astype(input.dtype)
        output = input[:, 0] if single else input.transpose(0, 1) if self.batch_first else input
        final = stack(finals, dim=1)
        final = final[:, :, 0] if single else final
        return output, final[0] if self.states == 1 else (final[0], final[1])

    def _initial(self, hx: Any, n: int, single: bool, dtype: Any) -> list[Any]:
        """Return the initial states, each (num_layers, N, hidden_size)."""
        wanted = (self.num_layers, n, self.hidden_size)
        if hx is None:
            return [np.zeros(wanted, dtype)] * self.states
        states = [hx] if self.states == 1 else list(hx)
        if len(states) != self.states:
            raise ShapeError(f"the initial state must be a pair (h, c), got {len(states)} parts.")
        states = [state[:, None] if single and len(state.shape) == 2 else state for state in states]
        for state in states:
            if tuple(state.shape) != wanted:
                raise ShapeError(
                    f"the initial state has shape {tuple(state.shape)}, but {wanted} is needed: "
                    "(num_layers, N, hidden_size)."
                )
            if state.dtype != dtype:
                raise ShapeError(f"the initial state is {state.dtype}, but the input is {dtype}.")
        return states

    def _present(self, lengths: Any, steps: int, n: int) -> Array:
        """Return which steps belong to a sequence, (T, N, 1)."""
        lengths = F.array_of(lengths)
        if lengths.shape != (n,) or lengths.dtype.kind not in "iu" or (lengths < 1).any() or (lengths > steps).any():
            raise ShapeError(f"lengths must be {n} integers from 1 to {steps}, one for each sequence; got {lengths}.")
        return (np.arange(steps)[:, None] < lengths)[:, :, None]

    def extra_repr(self) -> str:
        """Return the settings."""
        text = f"{self.input_size}, {self.hidden_size}"
        text += f", num_layers={self.num_layers}" if self.num_layers > 1 else ""
        text += "" if self.bias else ", bias=False"
        return text + (", batch_first=True" if self.batch_first else "")


class RNN(_Recurrent):
    """h_t = tanh(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh), or relu instead of tanh.

    Attributes
    ----------
    weight_ih_l0 : (hidden_size, input_size)
        For the layers l1, l2, … above (hidden_size, hidden_size).
    weight_hh_l0 : (hidden_size, hidden_size)
    bias_ih_l0, bias_hh_l0 : (hidden_size,)

    Examples
    --------
    >>> output, h = RNN(28, 128, batch_first=True)(zeros(64, 5, 28))
    >>> output.shape, h.shape
    ((64, 5, 128), (1, 64, 128))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"nonlinearity must be 'tanh' or 'relu', got {nonlinearity!r}.")
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout)
        self.nonlinearity = nonlinearity

    def _cell(self, *arguments: Any, there: Array | None) -> Tensor:
        return rnn(*arguments, nonlinearity=self.nonlinearity, there=there)


class LSTM(_Recurrent):
    """Long short-term memory: a second state c that gates write to, keep and read, so that gradients survive.

    i, f, o = σ(…), ĉ = tanh(…), each of W_ih x_t + b_ih + W_hh h_{t−1} + b_hh; c_t = f c_{t−1} + i ĉ, h_t = o tanh c_t.

    Attributes
    ----------
    weight_ih_l0 : (4 hidden_size, input_size)
        The gates in the order i, f, ĉ, o.
    weight_hh_l0 : (4 hidden_size, hidden_size)
    bias_ih_l0, bias_hh_l0 : (4 hidden_size,)

    Examples
    --------
    >>> output, (h, c) = LSTM(3, 8)(zeros(5, 2, 3))
    >>> output.shape, h.shape, c.shape
    ((5, 2, 8), (1, 2, 8), (1, 2, 8))
    """

    gates, states = 4, 2

    def _cell(self, *arguments: Any, there: Array | None) -> Tensor:
        return lstm(*arguments, there=there)


class GRU(_Recurrent):
    """Gated recurrent unit: r says how much of the past the proposal ĥ sees, u how much of the past is kept.

    r, u = σ(…), ĥ = tanh(W_ih x_t + b_ih + r (W_hh h_{t−1} + b_hh)), h_t = (1 − u) ĥ + u h_{t−1}.

    Attributes
    ----------
    weight_ih_l0 : (3 hidden_size, input_size)
        The parts in the order r, u, ĥ.
    weight_hh_l0 : (3 hidden_size, hidden_size)
    bias_ih_l0, bias_hh_l0 : (3 hidden_size,)

    Examples
    --------
    >>> output, h = GRU(3, 8, num_layers=2)(zeros(5, 2, 3))
    >>> output.shape, h.shape
    ((5, 2, 8), (2, 2, 8))
    """

    gates = 3

    def _cell(self, *arguments: Any, there: Array | None) -> Tensor:
        return gru(*arguments, there=there)
