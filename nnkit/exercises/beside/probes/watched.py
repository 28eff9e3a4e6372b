"""A probe of notebook 07, third part: a training program is given a small network that writes down what it meets.

The network is built from the case's weights. Whenever it is asked it notes the inputs, whether it was in training, its
weights at that moment and the neurons that were dropped. From these follows what each step has done: the gradient of
its batch, with the labels that belong to it, is worked out here by hand and held against the change of the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import nnkit
from nnkit import nn
from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes import probe

Array = np.ndarray

# Far more than any of the programs needs: a loop without an end gets a sentence in place of a wait.
MOST_QUESTIONS = 2_000


class Watched(nn.Module):
    """Linear, ReLU, dropout, Linear, with a record of every question."""

    def __init__(self, weights: list[Array], drop: float, seed: int) -> None:
        super().__init__()
        hidden, inputs = weights[0].shape
        self.first, self.last = nn.Linear(inputs, hidden), nn.Linear(hidden, len(weights[2]))
        for parameter, values in zip(self.parameters(), weights, strict=True):
            parameter.data[...] = nnkit.tensor(values.astype(np.float32))
        self.given = self.weights()
        self.drop, self.rng = drop, np.random.default_rng(seed)
        self.record: list[dict[str, Any]] = []

    def weights(self) -> list[Array]:
        """The parameters as arrays of their own."""
        return [parameter.detach().numpy().astype(np.float64) for parameter in self.parameters()]

    def forward(self, x: Any) -> Any:
        """Answer, and write down the question."""
        if len(self.record) >= MOST_QUESTIONS:
            raise RuntimeError(f"the network was asked {MOST_QUESTIONS:,} times; what ends the loop?")
        x = x if isinstance(x, nnkit.Tensor) else nnkit.tensor(np.asarray(x))
        inputs = np.array(x.detach().numpy(), dtype=np.float64)
        mask = np.ones((len(inputs), self.last.in_features), dtype=np.float32)
        if self.training and self.drop:
            mask = ((self.rng.random(mask.shape) >= self.drop) / (1 - self.drop)).astype(np.float32)
        out = self.last(self.first(x).relu() * nnkit.tensor(mask))
        seen = {"x": inputs, "training": self.training, "mask": mask, "weights": self.weights()}
        seen["followed"] = out.requires_grad  # False under no_grad: then nothing is learned from this answer
        self.record.append(seen | {"out": np.array(out.detach().numpy(), dtype=np.float64)})
        return out


def gradient(seen: Mapping[str, Any], labels: Array) -> tuple[float, list[Array]]:
    """Loss and gradients of one batch with these labels, by hand."""
    W1, b1, W2, _ = seen["weights"]
    z = seen["x"] @ W1.T + b1
    h = np.maximum(z, 0) * seen["mask"]
    shifted = seen["out"] - seen["out"].max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    delta = np.exp(logs)
    delta[np.arange(len(labels)), labels] -= 1
    delta /= len(labels)
    back = (delta @ W2) * seen["mask"] * (z > 0)
    loss = -float(logs[np.arange(len(labels)), labels].mean())
    return loss, [back.T @ seen["x"], back.sum(axis=0), delta.T @ h, delta.sum(axis=0)]


def rows_of(inputs: Array, X: Array) -> list[int]:
    """Which image each input is, also where all were shifted and scaled; −1 where that cannot be seen."""
    found = []
    for known in (X, (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-9)):  # one scale for all, or one for each pixel
        alike = _unit(inputs) @ _unit(known).T
        found.append((float(alike.max(axis=1).min()), alike.argmax(axis=1)))
    closest, best = max(found, key=lambda pair: pair[0])
    return [int(row) for row in best] if closest > 0.999 else [-1] * len(inputs)


def _unit(rows: Array) -> Array:
    centred = rows - rows.mean(axis=1, keepdims=True)
    return centred / (np.linalg.norm(centred, axis=1, keepdims=True) + 1e-12)


def reads_and_steps(record: list[dict[str, Any]], count: int) -> list[tuple[str, list[int]]]:
    """Which questions are a step, and which together are one reading of all `count` new images.

    New images may be read in parts. Whatever else is asked without gradients, such as a look at the training images,
    teaches nothing and is passed over.
    """
    found: list[tuple[str, list[int]]] = []
    parts: list[int] = []
    for number, seen in enumerate(record):
        if seen["x"].ndim != 2:
            continue
        rows = len(seen["x"])
        if rows == count or seen["followed"]:
            found.append(("read" if rows == count else "step", [number]))
            parts = []
        elif rows < count:
            parts.append(number)
            if sum(len(record[part]["x"]) for part in parts) == count:
                found.append(("read", parts))
                parts = []
    return found


def flat(arrays: list[Array]) -> Array:
    """Several arrays as one row of numbers."""
    return np.concatenate([array.ravel() for array in arrays])


def fitted(change: Array, direction: Array) -> tuple[float, float]:
    """The rate a for which −a · direction comes nearest to a change, and the share of the change that is left over."""
    length = float(direction @ direction)
    if not (np.isfinite(change).all() and np.isfinite(length)):
        return float("nan"), float("inf")
    rate = -float(change @ direction) / (length or 1.0)
    size = float(np.linalg.norm(change))
    return rate, float(np.linalg.norm(change + rate * direction)) / size if size else 0.0


@probe
def watched_training(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Run a training program on a watched network.

    Returns
    -------
    dict
        ``returned``: what came back. ``untouched``: whether the weights at the first
        question are those of the case. ``steps``: for each question in a batch ``rows`` (which images),
        ``training``, ``rate`` and ``off`` (the change of the weights after it against the gradient of this batch),
        ``summed`` (the same against the sum of all gradients so far) and ``loss``. ``reads``: for each question about
        the new images ``training``, ``out`` and ``after``, the steps before it. ``inputs``: the root mean square of
        what the network met in batches, in ``reads``, whether an image was ever met as two different rows of numbers
        (``differ``), and whether two different images became one (``merged``). ``drawn``: whether the generator that
        was given has drawn anything.
    """
    X, y, X_new = (np.array(arguments[key]) for key in ("X", "y", "X_new"))
    weights = [np.array(arguments[key]) for key in ("W1", "b1", "W2", "b2")]
    model = Watched(weights, arguments["drop"], arguments["seed"] + 1)
    rng = np.random.default_rng(arguments["seed"])
    fresh = rng.bit_generator.state
    with np.errstate(all="ignore"):
        returned = student(model, arguments["X"], arguments["y"], arguments["X_new"], arguments["epochs"], rng)
        returned = wire.loads(wire.dumps(wire.plain(_as_lists(returned))))
        drawn = rng.bit_generator.state != fresh
        return {"returned": returned, "drawn": drawn, **_what_was_seen(model, X, y, X_new)}


def _as_lists(returned: Any) -> Any:
    """Losses and scores as arrays, where they are numbers of nnkit or lists of its tensors."""

    def one(value: Any) -> Any:
        if isinstance(value, nnkit.Tensor):
            return np.array(value.detach().numpy())
        if isinstance(value, list | tuple):
            parts = [one(entry) for entry in value]
            try:
                made = np.asarray(parts)
            except ValueError:
                return parts
            return made if made.dtype.kind in "biuf" else parts
        return value

    return tuple(one(part) for part in returned) if isinstance(returned, list | tuple) else returned


def _what_was_seen(model: Watched, X: Array, y: Array, X_new: Array) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    reads: list[dict[str, Any]] = []
    later = [seen["weights"] for seen in model.record[1:]] + [model.weights()]
    total = np.zeros(flat(model.weights()).size)
    met: dict[bytes, Array] = {}
    differ = False
    shown: dict[str, list[Array]] = {"read": [], "step": []}
    for kind, numbers in reads_and_steps(model.record, len(X_new)):
        asked = [model.record[number] for number in numbers]
        x = np.concatenate([seen["x"] for seen in asked])
        shown[kind].append(x)
        if kind == "read":
            out = np.concatenate([seen["out"] for seen in asked])
            reads.append({"training": any(seen["training"] for seen in asked), "out": out, "after": len(steps)})
            pairs = list(zip(X_new, x, strict=True))
        else:
            seen, after = asked[0], later[numbers[0]]
            rows = rows_of(x, X.astype(np.float64))
            loss, parts = gradient(seen, y[rows])
            change, direction = flat(after) - flat(seen["weights"]), flat(parts)
            total = total + direction
            rate, off = fitted(change, direction)
            step = {"rows": rows, "training": seen["training"], "rate": rate, "off": off, "loss": loss}
            steps.append(step | {"summed": fitted(change, total)[1], "moved": float(np.linalg.norm(change))})
            pairs = [(X[row], one) for row, one in zip(rows, x, strict=True) if row >= 0]
        for image, one in pairs:
            before = met.setdefault(np.asarray(image, dtype=np.float64).tobytes(), one)
            differ = differ or not np.allclose(before, one, rtol=1e-4, atol=1e-5)
    rounded = {np.round(one, 6).tobytes() for one in met.values()}

    def size(chosen: list[Array]) -> float:
        return float(np.sqrt(np.mean([np.mean(part**2) for part in chosen]))) if chosen else 0.0

    inputs = {
        "batches": size(shown["step"]),
        "reads": size(shown["read"]),
        "differ": bool(differ),
        "merged": len(rounded) < len(met),
    }
    untouched = not model.record or all(map(np.array_equal, model.record[0]["weights"], model.given))
    return {"steps": steps, "reads": reads, "inputs": inputs, "untouched": untouched}
