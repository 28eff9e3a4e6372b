"""A probe of notebook 07, third part: a training program is given a small network that writes down what it meets.

The network is built from the case's weights (see `watched_network`). From its record follows what each step has done:
the gradient of its batch, with the labels that belong to it, is worked out here by hand and held against the change of
the weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

import nnkit
from nnkit.engine import GENERATOR
from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes import probe
from nnkit.exercises.beside.watched_network import Watched

Array = np.ndarray

NEAR = 0.003  # the share of a step that may be left over where it is said to follow something
SIZEABLE = 0.02  # the share of a step from which on a part of it counts
MOST_OLDER = 12  # earlier batches whose gradients are looked for in a step
RATES = (2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)  # for labels that are read off a step


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


# ---------------------------------------------------------------------------------------------------------------------
# Which image is which, and which question a step
# ---------------------------------------------------------------------------------------------------------------------


def likeness(inputs: Array, images: Array, X: Array) -> Array:
    """How like every input is to every image, also where all were shifted and scaled: (inputs, images), at most 1.

    One scale for all is looked through, and one for each pixel, made of the training images X.
    """
    mean, spread = X.mean(axis=0), X.std(axis=0) + 1e-9
    tables = [_unit(inputs) @ _unit(known).T for known in (images, (images - mean) / spread)]
    return max(tables, key=lambda table: table.max(axis=1).min())


def rows_of(inputs: Array, X: Array) -> list[int]:
    """Which image each input is; −1 where that cannot be seen."""
    alike = likeness(inputs, X, X)
    return [int(row) for row in alike.argmax(axis=1)] if alike.max(axis=1).min() > 0.999 else [-1] * len(inputs)


def _unit(rows: Array) -> Array:
    centred = rows - rows.mean(axis=1, keepdims=True)
    return centred / (np.linalg.norm(centred, axis=1, keepdims=True) + 1e-12)


def reads_and_steps(record: Sequence[Mapping[str, Any]], X: Array, X_new: Array) -> list[tuple[str, list[int]]]:
    """Which questions are a step, and which together are one reading of all new images.

    New images may be read in parts, and by a copy of the network. Whatever else is asked without gradients, such as a
    look at the training images, teaches nothing and is passed over.
    """
    found: list[tuple[str, list[int]]] = []
    parts: list[int] = []
    for number, seen in enumerate(record):
        if seen["x"].ndim != 2:
            continue
        rows, done = len(seen["x"]), sum(len(record[part]["x"]) for part in parts)
        teaches = seen["followed"] and seen["own"] and not _are_next(seen, X, X_new[done : done + rows])
        if rows == len(X_new) or teaches:
            found.append(("step" if teaches and rows != len(X_new) else "read", [number]))
            parts = []
        elif rows < len(X_new):
            parts.append(number)
            if done + rows == len(X_new):
                found.append(("read", parts))
                parts = []
    return found


def _are_next(seen: Mapping[str, Any], X: Array, images: Array) -> bool:
    """Whether somebody who reads new images in parts, and follows gradients that nobody needs, has come to these."""
    if seen["training"] or seen["x"].shape != images.shape:
        return False
    return bool(np.diagonal(likeness(seen["x"], images, X)).min() > 0.999)


def in_another_order(inputs: Array, X_new: Array, X: Array) -> bool:
    """Whether inputs are the new images, but not each in its place."""
    alike = likeness(inputs, X_new, X)
    return bool(alike.max(axis=1).min() > 0.999 and np.diagonal(alike).min() < 0.99)


# ---------------------------------------------------------------------------------------------------------------------
# What a step follows
# ---------------------------------------------------------------------------------------------------------------------


def flat(arrays: Sequence[Array]) -> Array:
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


def followed(changes: list[Array], gradients: list[list[Array]], weights: list[Array]) -> str:
    """What a step follows, if not the gradient of its own batch alone.

    Parameters
    ----------
    changes : list[Array]
        Of each parameter.
    gradients : list[list[Array]]
        Of this batch and those before it, the last being its own.
    weights : list[Array]
        The parameters before the step.

    Returns
    -------
    str
        "sum": the gradients of this batch and of some before it, one and all. "part": that sum in some parameters, its
        own gradient in others. "old": its own gradient and something of older ones. "decay": something of the weights
        as well. "" if it is none of these.
    """
    change = flat(changes)
    if not np.isfinite(change).all() or not np.isfinite(flat([flat(g) for g in gradients])).all():
        return ""
    if any(fitted(change, flat(total))[1] < NEAR for total in _sums(gradients)):
        return "sum"
    if _in_part(changes, gradients):
        return "part"
    older = [flat(entry) for entry in gradients[: -MOST_OLDER - 1 : -1]]
    columns = np.array([*older, flat(weights)]).T
    shares = np.linalg.lstsq(columns, change, rcond=None)[0]
    size = np.linalg.norm(change)
    if np.linalg.norm(change - columns @ shares) > NEAR * size:
        return ""
    sizeable = np.abs(shares) * np.linalg.norm(columns, axis=0) > SIZEABLE * size
    if sizeable[-1]:
        return "decay"
    return "old" if sizeable[1:].any() else ""


def _sums(gradients: list[list[Array]]) -> Iterator[list[Array]]:
    """The sum of the last two gradients, of the last three, and so on."""
    total = gradients[-1]
    for entry in gradients[-2::-1]:
        total = [a + b for a, b in zip(total, entry, strict=True)]
        yield total


def _in_part(changes: list[Array], gradients: list[list[Array]]) -> bool:
    own = [fitted(change.ravel(), part.ravel()) for change, part in zip(changes, gradients[-1], strict=True)]
    rates = [rate for rate, off in own if off < NEAR]
    if not rates or len(rates) == len(own) or np.ptp(rates) > 0.01 * abs(rates[0]):
        return False
    sums = list(_sums(gradients))
    return all(
        off < NEAR or any(_same_rate(fitted(change.ravel(), total[k].ravel()), rates[0]) for total in sums)
        for k, (change, (_, off)) in enumerate(zip(changes, own, strict=True))
    )


def _same_rate(fit: tuple[float, float], rate: float) -> bool:
    return fit[1] < NEAR and abs(fit[0] - rate) < 0.01 * abs(rate)


def other_labels(seen: Mapping[str, Any], changes: list[Array], labels: Array) -> dict[str, bool]:
    """At which rates a step shows whole numbers of labels of each class, and whether they are other than the labels'.

    The last bias's gradient is the mean of probabilities minus the share of each class among the labels that the loss
    got: who knows the rate can count them.
    """
    shifted = np.exp(seen["out"] - seen["out"].max(axis=1, keepdims=True))
    expected = (shifted / shifted.sum(axis=1, keepdims=True)).sum(axis=0)
    own, found = np.bincount(labels, minlength=len(expected)), {}
    for rate in RATES:
        counts = expected + len(labels) * changes[-1] / rate
        whole = np.round(counts)
        if np.abs(counts - whole).max() < 0.02 and whole.min() >= 0:
            found[str(rate)] = bool((whole != own).any())
    return found


# ---------------------------------------------------------------------------------------------------------------------
# The probe
# ---------------------------------------------------------------------------------------------------------------------


@probe
def watched_training(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Run a training program on a watched network.

    Returns
    -------
    dict
        ``returned``: what came back. ``untouched``: whether the weights at the first question are those of the case.
        ``copies_learn``: whether a copy of the network was asked that has other weights, and the network itself made
        no step. ``steps``: for each question in a batch ``rows`` (which images), ``training`` and ``p`` of its dropout,
        ``dropped`` and ``alive`` (how many neurons' values were dropped, and how many could be), ``rate`` and ``off``
        (the change of the weights after it against the gradient of this batch), ``moved`` and ``slope`` (the lengths of
        both), ``follows`` and ``labels`` (see `followed` and `other_labels`; empty where the step is not off) and
        ``loss``. ``reads``: for each question about the new images ``training`` and ``p`` of the dropout, ``outer``
        (the mode that the network as a whole has), ``own`` and ``current`` (whether it was put to the network itself,
        and to its weights of that moment), ``out`` and ``after``, the steps before it. ``inputs``: see
        `_what_was_met`. ``drawn``: whether the generator that was given has drawn anything.
    """
    X, y, X_new = (np.array(arguments[key]) for key in ("X", "y", "X_new"))
    weights = [np.array(arguments[key]) for key in ("W1", "b1", "W2", "b2")]
    rng, library = np.random.default_rng(arguments["seed"]), GENERATOR.bit_generator.state
    fresh = rng.bit_generator.state
    try:
        nnkit.manual_seed(arguments["seed"] + 1)  # decides which neurons are dropped
        model = Watched(weights, arguments["drop"])
        with np.errstate(all="ignore"):
            returned = student(model, arguments["X"], arguments["y"], arguments["X_new"], arguments["epochs"], rng)
            returned = wire.loads(wire.dumps(wire.plain(_as_lists(returned))))
            drawn = rng.bit_generator.state != fresh
            return {"returned": returned, "drawn": drawn, **_what_was_seen(model, X, y, X_new)}
    finally:
        GENERATOR.bit_generator.state = library


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
    record = model.record.questions
    X, X_new = X.astype(np.float64), X_new.astype(np.float64)
    later = [seen["weights"] for seen in record[1:]] + [model.weights()]
    steps: list[dict[str, Any]] = []
    reads: list[dict[str, Any]] = []
    gradients: list[list[Array]] = []
    met: list[tuple[int, str, Array, Array]] = []
    reordered = False
    for kind, numbers in reads_and_steps(record, X, X_new):
        asked = [record[number] for number in numbers]
        x = np.concatenate([seen["x"] for seen in asked])
        first = asked[0]
        if kind == "read":
            reads.append(
                {
                    "training": any(seen["training"] for seen in asked),
                    "outer": any(seen["outer"] for seen in asked),
                    "own": all(seen["own"] for seen in asked),
                    "current": all(seen["current"] for seen in asked),
                    "p": first["p"],
                    "out": np.concatenate([seen["out"] for seen in asked]),
                    "after": len(steps),
                }
            )
            moved = x.shape == X_new.shape and in_another_order(x, X_new, X)
            reordered = reordered or moved
            images = np.full_like(x, np.nan) if moved or x.shape != X_new.shape else X_new
        else:
            rows = rows_of(x, X)
            steps.append(_step(first, later[numbers[0]], rows, y, gradients))
            images = np.array([X[row] if row >= 0 else np.full(X.shape[1], np.nan) for row in rows])
        epoch = len(reads) - (kind == "read")
        met += [(epoch, kind, image, one) for image, one in zip(images, x, strict=True)]
    copies_learn = any(not seen["current"] for seen in record) and not steps
    untouched = not record or all(map(np.array_equal, record[0]["weights"], model.given))
    inputs = {**_what_was_met(met), "reordered": reordered}
    return {"steps": steps, "reads": reads, "inputs": inputs, "untouched": untouched, "copies_learn": copies_learn}


def _step(
    seen: Mapping[str, Any], after: list[Array], rows: list[int], y: Array, gradients: list[list[Array]]
) -> dict[str, Any]:
    """One step; its gradient is added to those of the steps before it."""
    loss, parts = gradient(seen, y[rows])
    gradients.append(parts)
    changes = [new - old for new, old in zip(after, seen["weights"], strict=True)]
    change, direction = flat(changes), flat(parts)
    rate, off = fitted(change, direction)
    alive = np.maximum(seen["x"] @ seen["weights"][0].T + seen["weights"][1], 0) > 0
    is_off = not off < SIZEABLE and -1 not in rows
    return {
        "rows": rows,
        "training": seen["training"],
        "p": seen["p"],
        "dropped": int((alive & (seen["mask"] == 0)).sum()),
        "alive": int(alive.sum()),
        "rate": rate,
        "off": off,
        "moved": float(np.linalg.norm(change)),
        "slope": float(np.linalg.norm(direction)),
        "follows": followed(changes, gradients, seen["weights"]) if is_off else "",
        "labels": other_labels(seen, changes, y[rows]) if is_off and np.isfinite(change).all() else {},
        "loss": loss,
    }


def _what_was_met(met: list[tuple[int, str, Array, Array]]) -> dict[str, Any]:
    """What reached the network: epoch, "step" or "read", the image (nan: not known which) and the numbers it came as.

    Returns
    -------
    dict
        ``batches``, ``reads``: the root mean square of what the network met there. ``again``: how many times larger
        each image is in a later epoch, 1.0 if it is not one number. ``differ``: whether an image was ever met as two
        different rows of numbers. ``merged``: "" or how two different images that became one differ, "brightness" if
        that is all in which any such two do, else "more".
    """
    sizes = {
        kind: np.array([np.mean(one**2) for _, where, _, one in met if where == kind]) for kind in ("step", "read")
    }
    found: dict[bytes, list[tuple[int, str, Array, Array]]] = {}
    for entry in met:
        if not np.isnan(entry[2]).any():
            found.setdefault(entry[2].tobytes(), []).append(entry)
    firsts = [entries[0] for entries in found.values()]
    differ = any(not _close(entries[0][3], entry[3]) for entries in found.values() for entry in entries[1:])
    merged = _merged(np.array([f[2] for f in firsts]), np.array([f[3] for f in firsts])) if firsts else ""
    return {
        "batches": float(np.sqrt(sizes["step"].mean())) if len(sizes["step"]) else 0.0,
        "reads": float(np.sqrt(sizes["read"].mean())) if len(sizes["read"]) else 0.0,
        "again": _again(list(found.values())),
        "differ": differ,
        "merged": merged,
    }


def _close(first: Array, second: Array) -> bool:
    return bool(np.allclose(first, second, rtol=1e-4, atol=1e-5))


def _again(entries: list[list[tuple[int, str, Array, Array]]]) -> float:
    """How many times larger every image comes in a second epoch than in the first, at one place at least."""
    for kind in ("step", "read"):
        factors = []
        for of_image in entries:
            rows = {epoch: one for epoch, where, _, one in reversed(of_image) if where == kind}
            if 0 in rows and 1 in rows and np.ptp(rows[0]) > 0:
                factors.append(float(np.ptp(rows[1]) / np.ptp(rows[0])))
        if len(factors) > 1 and np.allclose(factors, factors[0], rtol=1e-3) and abs(factors[0] - 1) > 1e-2:
            return factors[0]
    return 1.0


def _merged(images: Array, rows: Array) -> str:
    """How images differ that arrive as the same row of numbers; "" if there are none."""
    size = float(np.sqrt(np.mean(rows**2))) or 1.0
    far = np.array([np.abs(rows - one).max(axis=1) for one in rows])
    pairs = np.argwhere(np.triu(far < 1e-4 * size, k=1))
    if not len(pairs):
        return ""
    return "brightness" if all(_proportional(images[a], images[b]) for a, b in pairs) else "more"


def _proportional(first: Array, second: Array) -> bool:
    factor = float(first @ second) / (float(second @ second) or 1.0)
    return abs(factor - 1) > 0.05 and bool(np.allclose(first, factor * second, atol=1e-6))
