"""The exercises of notebook 04 on training networks: a whole network's gradients, dropout, and scaling."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises import ladder, training_networks_probes
from nnkit.exercises.exercise import AUTOMATIC, Case, Exercise, Mistake
from nnkit.exercises.ladder import Finding
from nnkit.exercises.training_networks_probes import CALLS
from nnkit.exercises.wording import number

CROSS_ENTROPY = (
    "nnkit.functional.cross_entropy",
    "nnkit.functional.log_softmax",
    "nnkit.functional.softmax",
    "torch.nn.functional.cross_entropy",
    "torch.nn.functional.log_softmax",
    "sklearn.metrics.log_loss",
)


# ---------------------------------------------------------------------------------------------------------------------
# mlp_loss_and_grads
# ---------------------------------------------------------------------------------------------------------------------


def _mlp(
    X: Any,
    y: Any,
    W1: Any,
    b1: Any,
    W2: Any,
    b2: Any,
    *,
    activation: Callable[..., Any] = lambda z: np.maximum(z, 0),
    hidden_slope: Callable[..., Any] = lambda z, message: z > 0,
    output: Callable[..., Any] = lambda scores: scores,
    log_softmax: Callable[..., Any] | None = None,
    delta: Callable[..., Any] = lambda p, target: p - target,
    back: Callable[..., Any] = lambda d, W2: d @ W2.T,
    kept: Callable[..., Any] = lambda z, h: h,
) -> tuple[Any, tuple[Any, ...]]:
    """Loss and gradients of the two layers; the keywords are the places where things go wrong."""
    z = X @ W1 + b1
    h = activation(z)
    log_p = (log_softmax or _log_softmax)(output(h @ W2 + b2))
    target = np.eye(len(b2))[y]
    d = delta(np.exp(log_p), target) / len(y)
    message = back(d, W2)
    dz = message * hidden_slope(z, message)
    loss = -np.mean(log_p[np.arange(len(y)), y])
    return loss, (X.T @ dz, dz.sum(axis=0), kept(z, h).T @ d, d.sum(axis=0))


def _log_softmax(scores: Any) -> Any:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _open_at_zero(*arguments: Any) -> tuple[Any, ...]:
    """The other right answer where a ReLU gets exactly 0: the message passes."""
    return _mlp(*arguments, hidden_slope=lambda z, message: z >= 0)


def _mlp_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def signed(*shape: int) -> np.ndarray:
        return rng.uniform(0.4, 1.6, shape).round(1) * rng.choice([-1, 1], shape)

    def case(samples: int, inputs: int, middle: int, classes: int, covers: str, y: Any = None) -> Case:
        """Numbers for which some neurons fire and some do not, and messages of both signs reach those that do."""
        while True:
            X, W1, b1 = signed(samples, inputs), signed(inputs, middle), signed(middle)
            W2, b2 = signed(middle, classes), signed(classes)
            labels = rng.integers(classes, size=samples) if y is None else np.asarray(y)
            z = X @ W1 + b1
            fires = z > 0
            d = np.exp(_log_softmax(np.maximum(z, 0) @ W2 + b2)) - np.eye(classes)[labels]
            message = d @ W2.T
            if np.abs(z).min() < 0.05 or np.abs(message).min() < 0.01 or not fires.any():
                continue
            if samples == 1 or (not fires.all() and (message[fires] < 0).any() and (message[~fires] > 0).any()):
                return _with_text({"X": X, "y": labels, "W1": W1, "b1": b1, "W2": W2, "b2": b2}, covers)

    def large(samples: int) -> Case:
        """Logits of a thousand and ten thousand: one row far above the others, and true classes far below."""
        steps = np.array([1.0, -2.0, 3.0, -1.0])[:samples, None]
        W2 = np.array([[5000.0, -4000.0, 1000.0], [-2000.0, 2500.0, -1000.0]])
        X, W1 = np.concatenate([steps, -steps], axis=1), np.array([[1.0, -0.5], [0.0, 0.5]])
        arguments = {"X": X, "y": rng.integers(3, size=samples), "W1": W1, "b1": np.array([0.2, 0.1])}
        arguments["y"][0] = 1  # the score of its true class is the least of the first row
        return _with_text(arguments | {"W2": W2, "b2": np.array([3.0, -1.0, 2.0])}, "logits of ±10,000")

    # Hidden neuron 0 gets exactly 0 from the first sample: 1·2 − 2·1 + 0.
    at_zero = {
        "X": np.array([[1.0, 2.0], [2.0, 1.0]]),
        "y": np.array([0, 1]),
        "W1": np.array([[2.0, 0.5], [-1.0, -0.3]]),
        "b1": np.array([0.0, 0.4]),
        "W2": np.array([[1.0, -1.0], [0.5, 1.5]]),
        "b2": np.array([0.1, -0.2]),
    }
    asleep = dict(case(3, 2, 3, 2, "").arguments)
    asleep["b1"] = np.array([0.5, -9.0, 0.3])
    cases = [
        case(1, 1, 1, 2, "one number in every layer"),
        case(1, 2, 2, 3, "one sample"),
        case(2, 2, 3, 2, "two samples"),
        case(4, 3, 5, 3, "batches"),
        case(3, 3, 3, 3, "square matrices"),
        case(4, 2, 3, 4, "a class that no sample has", [0, 2, 2, 3]),
        _with_text(asleep, "a neuron that never fires"),
        _with_text(at_zero, "a ReLU at exactly 0"),
        large(1),
        large(2),
        large(4),
    ]
    if hidden:
        cases += [case(6, 4, 3, 2, "batches"), case(2, 5, 4, 6, "batches"), case(5, 1, 6, 3, "one input")]
    return cases


def _with_text(arguments: dict[str, Any], covers: str) -> Case:
    samples, inputs = arguments["X"].shape
    middle, classes = arguments["W2"].shape
    words = f"{samples} sample{'' if samples == 1 else 's'} of {inputs} input{'' if inputs == 1 else 's'}"
    words += f", {middle} hidden neuron{'' if middle == 1 else 's'}, {classes} classes"
    return Case(arguments, covers, words)


def _slip(**places: Any) -> Callable[..., tuple[Any, ...]]:
    return lambda expected, **arguments: _mlp(**arguments, **places)


def _scaled(loss: Callable[..., float], grads: Callable[..., float]) -> Callable[..., tuple[Any, ...]]:
    """Loss and gradients times factors made from the numbers of samples and of classes."""

    def change(expected: Any, X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> tuple[Any, ...]:
        sizes = len(y), len(b2)
        return expected[0] * loss(*sizes), tuple(grad * grads(*sizes) for grad in expected[1])

    return change


def _of_gradients(change: Callable[..., tuple[Any, ...]]) -> Callable[..., tuple[Any, ...]]:
    return lambda expected, **arguments: (expected[0], change(*expected[1]))


def _bias_gradients(change: Callable[[Any, int], Any]) -> Callable[..., tuple[Any, ...]]:
    """The bias gradients, made from the messages δ of all samples, one row each."""

    def changed(expected: Any, **arguments: Any) -> tuple[Any, ...]:
        X, y, b1, b2 = (arguments[name] for name in ("X", "y", "b1", "b2"))
        loss, (dW1, _, dW2, _) = expected
        z = X @ arguments["W1"] + b1
        d2 = (np.exp(_log_softmax(np.maximum(z, 0) @ arguments["W2"] + b2)) - np.eye(len(b2))[y]) / len(y)
        d1 = d2 @ arguments["W2"].T * (z > 0)
        return loss, (dW1, change(d1, len(y)), dW2, change(d2, len(y)))

    return changed


def _plain_softmax(scores: Any) -> Any:
    return np.log(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True))


def _one_shift(scores: Any) -> Any:
    return _plain_softmax(scores - scores.max())


def _never_quite_zero(scores: Any) -> Any:
    return np.log(np.exp(_log_softmax(scores)) + 1e-12)


def _over_the_batch(scores: Any) -> Any:
    return _log_softmax(scores.T).T


def _over_everything(scores: Any) -> Any:
    shifted = np.exp(scores - scores.max())
    return np.log(shifted / shifted.sum())


def _every_row_of_every_label(expected: Any, **arguments: Any) -> tuple[Any, ...]:
    """`p[:, y]` in the place of `p[range(N), y]`, on both ways."""
    X, y, b2 = arguments["X"], arguments["y"], arguments["b2"]
    h = np.maximum(X @ arguments["W1"] + arguments["b1"], 0)
    log_p = _log_softmax(h @ arguments["W2"] + b2)
    some = np.isin(np.arange(len(b2)), y).astype(float)
    grads = _mlp(**arguments, delta=lambda p, target: p - some)[1]
    return -np.mean(log_p[:, y]), grads


MLP_LOSS_AND_GRADS = Exercise(
    name="mlp_loss_and_grads",
    signature="mlp_loss_and_grads(X, y, W1, b1, W2, b2)",
    returns=("loss", ("dW1", "db1", "dW2", "db2")),
    reference=_mlp,
    also_right=(_open_at_zero,),
    cases=_mlp_cases,
    withheld=(*AUTOMATIC, *CROSS_ENTROPY),
    shape_notes={
        "loss": "The loss is one number: the mean over the samples.",
        "dW1": "A gradient has its owner's shape: one row for each input, one column for each hidden neuron.",
        "dW2": "A gradient has its owner's shape: one row for each hidden neuron, one column for each class.",
        "db1": "A gradient has its owner's shape. One bias serves all samples of the batch: what becomes of the "
        "messages that meet at it?",
        "db2": "A gradient has its owner's shape. One bias serves all samples of the batch: what becomes of the "
        "messages that meet at it?",
    },
    hints=(
        "Forward in four lines, and keep what they make: z = X W1 + b1, h = max(z, 0), scores = h W2 + b2, and the "
        "logarithms of the softmax. Take each row's largest score away from the row before any exponential.",
        "The message that arrives at the scores is (p − 1 at the true class) / N. From there it is an affine layer, a "
        "door, an affine layer: dW = (what went in)ᵀ δ, db = the sum of δ over the samples, message to h = δ W2ᵀ.",
        "`log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))` with s the shifted scores; "
        "`log_p[np.arange(N), y]` picks each sample's own class. The door at the ReLU looks at z, not at the message.",
    ),
    mistakes=(
        Mistake.relation(
            "gradients of the sum",
            "Too large by the number of samples: a gradient of the sum over the batch. What does the mean do to every "
            "message?",
            _scaled(lambda n, k: 1, lambda n, k: n),
        ),
        Mistake.relation(
            "loss summed, gradients of the mean",
            "Your loss is the sum over the batch, where its mean is asked for.",
            _scaled(lambda n, k: n, lambda n, k: 1),
        ),
        Mistake.relation(
            "summed over the batch",
            "Loss and gradients grow with the number of samples: yours is the sum over the batch. The mean is asked "
            "for.",
            _scaled(lambda n, k: n, lambda n, k: n),
        ),
        Mistake.relation(
            "loss averaged over the classes too",
            "Your loss is too small by the number of classes: `mean` counts the zeros of the one-hot table too.",
            _scaled(lambda n, k: 1 / k, lambda n, k: 1),
        ),
        Mistake.relation(
            "averaged over the classes too",
            "Too small by the number of classes. Each sample has one term in the sum, that of "
            "its own class: over how many does your mean go?",
            _scaled(lambda n, k: 1 / k, lambda n, k: 1 / k),
        ),
        Mistake.relation(
            "logarithm to the base 10",
            "Your loss is 2.303 times too small. Which logarithm belongs to eˣ?",
            _scaled(lambda n, k: 1 / np.log(10), lambda n, k: 1),
        ),
        Mistake.relation(
            "sign of the loss",
            "Your loss is negative. The logarithm of a probability is: what stands before it?",
            _scaled(lambda n, k: -1, lambda n, k: 1),
        ),
        Mistake.relation(
            "sign of the gradients",
            "The sign is the opposite one, as if the message began with (1 at the true class) − p. Descent with it "
            "would lead uphill.",
            _scaled(lambda n, k: 1, lambda n, k: -1),
        ),
        Mistake.relation(
            "true class not taken away",
            "Your message at the scores is p / N for all classes, so every score would be pushed down. What is "
            "different at the true class?",
            _slip(delta=lambda p, target: p),
        ),
        Mistake.relation(
            "every row of every label",
            "`p[:, y]` takes for every sample the columns of all labels. Each row has one class of its own; an index "
            "for the rows has to go along with y.",
            _every_row_of_every_label,
        ),
        Mistake.relation(
            "softmax over the batch",
            "Your probabilities add up to 1 over the samples. For one sample they do over the classes: along which "
            "axis of the scores do the classes lie?",
            _slip(log_softmax=_over_the_batch),
        ),
        Mistake.relation(
            "softmax over the whole table",
            "Your probabilities add up to 1 over the whole batch: with one sample they are right. `sum()` without an "
            "axis adds up everything; each row has a sum of its own.",
            _slip(log_softmax=_over_everything),
        ),
        Mistake.relation(
            "no shift",
            "Small scores are right. e to the power of 10,000 is more than a float can hold; the softmax does not "
            "change when the same number is taken away from all scores of a row. Which number helps?",
            _slip(log_softmax=_plain_softmax),
        ),
        Mistake.relation(
            "one shift for all rows",
            "You take away the largest score of the whole batch. In a row far below it every exponential is 0, and so "
            "is their sum. Each row has a largest score of its own.",
            _slip(log_softmax=_one_shift),
        ),
        Mistake.relation(
            "a little added to p",
            "With large scores the loss stops growing: a small number added inside the logarithm (10⁻¹² gives at most "
            "27.6) keeps it finite and makes it wrong. log p = s − log Σ eˢ needs no logarithm of a probability.",
            _slip(log_softmax=_never_quite_zero),
        ),
        Mistake.relation(
            "always open",
            "In the first layer your message passes every neuron, also those that did not fire. What is the slope of a "
            "ReLU left of 0?",
            _slip(hidden_slope=lambda z, message: 1.0),
        ),
        Mistake.relation(
            "door decided by the message",
            "In the first layer your door shuts where the *message* is negative. Whether a neuron fires was decided "
            "on the way forward, by z.",
            _slip(hidden_slope=lambda z, message: message > 0),
        ),
        Mistake.relation(
            "value for the slope",
            "In the first layer you multiply the message by what comes out of the ReLU. How steep is it to the right "
            "of 0?",
            _slip(hidden_slope=lambda z, message: np.maximum(z, 0)),
        ),
        Mistake.relation(
            "no ReLU",
            "Your numbers are those of a network without its ReLU: two affine layers, which are one.",
            _slip(activation=lambda z: z, hidden_slope=lambda z, message: 1.0),
        ),
        Mistake.relation(
            "ReLU at the output",
            "Your numbers are those of a network whose scores pass a ReLU too. Scores may be negative; nothing stands "
            "between the second layer and the softmax.",
            _slip(output=lambda scores: np.maximum(scores, 0)),
        ),
        Mistake.relation(
            "dW2 from the pre-activation",
            "Your dW2 multiplies δ by what goes into the ReLU; W2 was multiplied by what comes out.",
            _slip(kept=lambda z, h: z),
        ),
        Mistake.implementation(
            "way back with W2 the wrong way round",
            "Square matrices run, others do not: δ has one column for each class, and its product with W2 must leave "
            "one for each hidden neuron. Along which axis of W2 do the classes lie?",
            lambda *arguments: _mlp(*arguments, back=lambda d, W2: d @ W2),
        ),
        Mistake.relation(
            "matrices transposed",
            "The entries are right and lie across: in dW1 and dW2 rows belong to what goes into a layer, columns to "
            "what comes out.",
            _of_gradients(lambda dW1, db1, dW2, db2: (dW1.T, db1, dW2.T, db2)),
        ),
        Mistake.relation(
            "output layer first",
            "The four gradients are right, in another order: first dW1, db1, then dW2, db2.",
            _of_gradients(lambda dW1, db1, dW2, db2: (dW2, db2, dW1, db1)),
        ),
        Mistake.relation(
            "bias gradients not added up",
            "A bias gradient of yours has one row for each sample. One bias serves all samples of the batch: what "
            "becomes of messages that meet?",
            _bias_gradients(lambda d, n: d),
        ),
        Mistake.relation(
            "bias gradients averaged",
            "A bias gradient of yours is too small by the number of samples: the division by N is in δ already, and "
            "messages that meet are added.",
            _bias_gradients(lambda d, n: d.mean(axis=0)),
        ),
        Mistake.relation(
            "bias gradients with two axes",
            "A bias gradient of yours is a matrix of one row. `keepdims=True` keeps an axis that the bias does not "
            "have.",
            _bias_gradients(lambda d, n: d.sum(axis=0, keepdims=True)),
        ),
        Mistake.relation(
            "forward without biases",
            "Your numbers come from a network without its biases. Do b1 and b2 enter on the way forward?",
            lambda expected, X, y, W1, b1, W2, b2: _mlp(X, y, W1, 0 * b1, W2, 0 * b2),
        ),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# dropout_forward
# ---------------------------------------------------------------------------------------------------------------------

MANY = 9_000  # entries from which a share can be read
LUCK = 6  # standard deviations that a share may be off


def _dropout_twice(
    x: np.ndarray,
    p: float,
    seed: int,
    *,
    make: Callable[..., tuple[Any, Any]] | None = None,
) -> dict[str, Any]:
    """What the probe sends for somebody who makes (out, mask) in this way."""
    once = make or _dropout
    generator = np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        first, again = once(x, p, generator), once(x, p, np.random.default_rng(seed))
        later, corner = once(x, p, generator), training_networks_probes.corner_of(x)
        counts = [training_networks_probes.dropped_in(once(corner, p, generator)) for _ in range(CALLS)]
        return {"first": first, "again": again, "next": later, "counts": counts}


def _dropout(x: np.ndarray, p: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask


def _dropout_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(p: float, covers: str, *shape: int) -> Case:
        x = rng.uniform(0.5, 2, shape).round(2) * rng.choice([-1, 1], shape)
        x[rng.random(shape) < 0.1] = 0  # what a ReLU leaves behind
        seed = int(rng.integers(2**31))
        words = f"x of shape {shape}, p = {p:g}"
        return Case({"x": x, "p": p, "seed": seed}, covers, words)

    cases = [
        case(0.0, "p = 0", 3, 4),
        case(0.3, "matrices", 90, 100),
        case(0.8, "matrices", 100, 120),
        case(0.2, "vectors", MANY),
        case(0.6, "three axes", 30, 20, 25),
        case(0.5, "p = ½", 95, 100),
        case(0.0, "p = 0", 200),
    ]
    return [*cases, case(0.1, "matrices", 150, 70), case(0.9, "vectors", 12_000)] if hidden else cases


def _judge_dropout(exercise: Exercise, case: Case, answer: dict[str, Any]) -> Finding | None:
    seen = answer["returned"]
    if not isinstance(seen, dict) or not {"first", "again", "next"} <= seen.keys():
        return Finding("type", "What your function returned cannot be read.", symptom="unreadable")
    finding = _form_of_dropout(exercise, case, seen["first"])
    if finding is None:
        finding = _values_of_dropout(case, *(np.asarray(part, dtype=float) for part in seen["first"]))
    if "x" in answer["changed"] and (finding is None or finding.rung == "value"):
        right = "The values are right, but your" if finding is None else "Your"
        cause = "Whoever calls it afterwards works on what is left of x. `x * mask` makes a new array, `x *= mask` and "
        cause += "`x[…] = 0` change the caller's."
        return Finding("input changed", f"{right} function changed its argument x in place.", "", cause, symptom="x")
    return finding or _randomness_of_dropout(case, seen)


def _form_of_dropout(exercise: Exercise, case: Case, returned: Any) -> Finding | None:
    """Two numeric results of the shape of x."""
    x, p = case.arguments["x"], case.arguments["p"]
    wanted = "2 results: out, mask"
    if returned is None:
        text = "Your function returned None, expected out and mask in this order."
        return Finding("returned nothing", text, cause=f"{text} Is there a `return` at its end?", symptom="none")
    if not isinstance(returned, list | tuple) or len(returned) != 2:
        text = f"Your function returned {ladder.in_words(returned)}, expected {wanted}."
        cause = "The mask is needed again on the way back: the message must pass the same doors. `return out, mask`."
        return Finding("type", text, cause=cause, symptom="form")
    with np.errstate(all="ignore"):
        right = _dropout(x, p, np.random.default_rng(0))
    for name, part, model in zip(("out", "mask"), returned, right, strict=True):
        # Only the form counts here: what has the right shape is compared with itself.
        got = np.asarray(part) if isinstance(part, np.ndarray | list | tuple) else None
        if got is not None and got.dtype.kind in "biuf" and got.shape == x.shape:
            continue
        finding = ladder.compare(model, part, exercise, name)
        if finding is not None:
            return Finding(**{**vars(finding), "symptom": f"{name}: {finding.rung}"})
    return None


# What the kept entries may have been multiplied by, in place of 1 / (1 − p).
FACTORS: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("right", lambda p: 1 / (1 - p)),
    ("one", lambda p: 1.0),
    ("1 / p", lambda p: 1 / p if p else np.inf),
    ("1 - p", lambda p: 1 - p),
    ("p", lambda p: p),
)


def _values_of_dropout(case: Case, out: np.ndarray, mask: np.ndarray) -> Finding | None:
    """Is out = x · mask; does the mask hold 0 and 1 / (1 − p) alone; is the share of zeros p; does it look random?"""
    x, p = case.arguments["x"], case.arguments["p"]
    factor = 1 / (1 - p)
    for name, values in (("out", out), ("mask", mask)):
        if not np.isfinite(values).all():
            text = f"{name} has values that are not finite, for p = {p:g}."
            cause = "Something is divided by 0 there. With p = 0 nothing is dropped: what are the kept entries "
            cause += "multiplied by?"
            return Finding("not finite", text, name, cause, symptom=f"{name}: not finite")
    kept = mask[mask != 0]
    level, levels = (float(kept.flat[0]) if kept.size else 0.0), _levels(mask)
    scale = next((name for name, of in FACTORS if np.isclose(level, of(p), rtol=1e-4)), "another")
    if levels > 1:
        text = f"mask holds more than two different numbers, such as {number(float(kept.min()))} and "
        text += f"{number(float(kept.max()))}; expected 0 and {number(factor)} alone."
        swapped = _levels(out) == 1 and _values_of_dropout(case, mask, out) is None
        cause = "out and mask have changed places: first out, then mask." if swapped else _TWO_VALUES
        return Finding("value", text, "mask", cause, symptom="swapped" if swapped else "many values")
    pattern = _pattern(mask, p)
    if pattern is not None:
        return pattern
    dropped = 1 - kept.size / mask.size
    tolerance = LUCK * np.sqrt(max(p * (1 - p), 1e-12) / mask.size)
    shares = {"right": p, "swapped": 1 - p, "of normal draws": 0.5 * (1 + math.erf(p / math.sqrt(2)))}
    share = next((name for name, of in shares.items() if abs(dropped - of) <= tolerance), "another")
    fits = np.allclose(out, x * mask, rtol=1e-4, atol=1e-6)
    symptom = f"scale {scale}, share {share}, {'fits' if fits else 'does not fit'}"
    if x.size < MANY and p:
        share = "right"
    if share != "right":
        text = (
            f"With p = {p:g} your mask drops {100 * dropped:.1f} % of {mask.size:,} entries; p is the share dropped, "
        )
        text += f"{100 * p:g} % expected."
        return Finding("value", text, "mask", _BY_ITS_DRAW, symptom=symptom)
    if scale != "right":
        text = f"The right share is dropped. The entries that stay are {number(level)} in your mask, expected "
        text += f"{number(factor)}."
        return Finding("value", text, "mask", None, symptom=symptom)
    if not fits:
        place = tuple(int(i) for i in np.argwhere(~np.isclose(out, x * mask, rtol=1e-4, atol=1e-6))[0])
        text = f"The mask is right, and out is not x · mask: at {list(place)} x is {number(x[place])}, mask "
        text += f"{number(mask[place])}, out {number(out[place])}."
        return Finding("value", text, "out", None, symptom=symptom)
    return None


def _levels(mask: np.ndarray) -> int:
    """How many different numbers the mask holds beside 0."""
    return int(np.unique(mask[mask != 0].round(6)).size)


_BY_ITS_DRAW = "An entry is dropped if its own draw, one that is spread evenly from 0 to 1, lies below p."
_TWO_VALUES = "A mask has doors that are shut, 0, and doors that are open, all with the same number."


def _pattern(mask: np.ndarray, p: float) -> Finding | None:
    """Are entries dropped one by one, not in whole rows or columns?"""
    for axis in range(mask.ndim) if p and mask.ndim > 1 else ():
        if (mask == mask.take([0], axis=axis)).all():
            along = "sample" if axis == 0 else "entry of a sample" if mask.ndim == 2 else "slice"
            text = f"Your mask is the same for every {along}."
            cause = "One draw decides for many entries. Each entry has a draw of its own: how many numbers does x hold?"
            return Finding("value", text, "mask", cause, symptom=f"same along {axis}")
    return None


def _randomness_of_dropout(case: Case, seen: dict[str, Any]) -> Finding | None:
    """Does the mask come from the generator: the same seed gives the same one, the next draw another?"""
    x, p = case.arguments["x"], case.arguments["p"]
    if not p:
        return None
    masks = {}
    for call in ("first", "again", "next"):
        part = seen[call][1] if isinstance(seen[call], list | tuple) and len(seen[call]) == 2 else None
        masks[call] = np.asarray(part) if isinstance(part, list | tuple | np.ndarray) else np.zeros(())
    if masks["again"].shape != x.shape or not np.array_equal(masks["first"], masks["again"]):
        text = "Two calls with generators of the same seed gave different masks."
        cause = "The draws do not come from the argument `rng`. Every number has to: an experiment with a seed can "
        cause += "then be repeated."
        return Finding("value", text, "mask", cause, symptom="not from rng")
    if np.array_equal(masks["first"], masks["next"]):
        text = "Two calls with the same generator, one after the other, gave the same mask."
        cause = "A generator moves on with every draw; yours starts afresh in each call. Is one made inside your "
        cause += "function?"
        return Finding("value", text, "mask", cause, symptom="starts afresh")
    counts = seen.get("counts")
    if isinstance(counts, list) and len(counts) == CALLS and counts[0] != -1 and all(c == counts[0] for c in counts):
        size = training_networks_probes.corner_of(x).size
        text = f"Of {size} entries your mask dropped {counts[0]}, in each of {CALLS} calls."
        cause = "Each entry has a draw of its own. How many are dropped is then left to chance, and varies."
        return Finding("value", text, "mask", cause, symptom="fixed number")
    return None


def _masked(mask: Callable[..., Any], out: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """A mistaken dropout: its mask from p and a generator's draws, its output from x, mask and p."""

    def make(x: np.ndarray, p: float, rng: np.random.Generator) -> tuple[Any, Any]:
        made = mask(x, p, rng)
        return (x * made if out is None else out(x, made, p)), made

    return lambda x, p, seed: _dropout_twice(x, p, seed, make=make)


def _changed_in_place(x: np.ndarray, p: float, seed: int) -> dict[str, Any]:
    answer = _dropout_twice(x.copy(), p, seed)
    x *= np.asarray(answer["first"][1])
    return answer


def _swapped(x: np.ndarray, p: float, seed: int) -> dict[str, Any]:
    return _dropout_twice(x, p, seed, make=lambda *arguments: _dropout(*arguments)[::-1])


_ELSEWHERE = np.random.default_rng(20_000)


DROPOUT_FORWARD = Exercise(
    name="dropout_forward",
    signature="dropout_forward(x, p, rng)",
    reference=_dropout_twice,
    cases=_dropout_cases,
    probe="dropout",
    judge=_judge_dropout,
    withheld=("nnkit.functional.dropout", "torch.nn.functional.dropout"),
    hints=(
        "`rng.random(x.shape)` gives each entry a number between 0 and 1. How large is the share of these numbers that "
        "lie below p?",
        "Entries whose number is below p are dropped, the others stay. Of the sum of x then only the share 1 − p is "
        "left on average: by what must the others be multiplied to make up for it?",
        "The mask holds 0 where an entry is dropped and 1 / (1 − p) where it stays; a comparison gives True and False, "
        "which count as 1 and 0 in a division. out is x times the mask.",
    ),
    mistakes=(
        Mistake.implementation(
            "p taken for the share kept",
            "Yours keeps the share p and drops the rest, and scales to fit. Here p is the share that is dropped.",
            _masked(lambda x, p, rng: (rng.random(x.shape) < p) / p),
        ),
        Mistake.implementation(
            "comparison the wrong way round",
            "Yours drops the share 1 − p; the scale 1 / (1 − p) belongs to the entries that stay. Which of the random "
            "numbers are less than p, those to drop or those to keep?",
            _masked(lambda x, p, rng: (rng.random(x.shape) < p) / (1 - p)),
        ),
        Mistake.implementation(
            "mask of what is dropped",
            "Your out is right. Your mask is the other way round: it holds 1 where an entry is dropped. The way back "
            "multiplies by it, so the messages would pass where nothing passed.",
            _masked(lambda x, p, rng: rng.random(x.shape) < p, lambda x, mask, p: np.where(mask, 0, x / (1 - p))),
        ),
        Mistake.implementation(
            "not scaled",
            "The right share is dropped, and what stays is as it was. The sum is then smaller, by the factor 1 − p on "
            "average, than the next layer will get when nothing is dropped. What makes up for it?",
            _masked(lambda x, p, rng: (rng.random(x.shape) >= p) * 1.0),
        ),
        Mistake.implementation(
            "scaled by 1 / p",
            "The right share is dropped; what stays is divided by p. If a tenth is dropped, must the others become ten "
            "times as large to make up for it?",
            _masked(lambda x, p, rng: (rng.random(x.shape) >= p) / p),
        ),
        Mistake.implementation(
            "scaled the wrong way",
            "The right share is dropped; what stays is multiplied by 1 − p, which makes it smaller still. It has to "
            "make up for what is gone.",
            _masked(lambda x, p, rng: (rng.random(x.shape) >= p) * (1 - p)),
        ),
        Mistake.implementation(
            "scaled outside the mask",
            "The scale is in out and not in the mask. On the way back the message is multiplied by the mask alone: "
            "out = x · mask has to hold.",
            _masked(lambda x, p, rng: rng.random(x.shape) >= p, lambda x, mask, p: x * mask / (1 - p)),
        ),
        Mistake.implementation(
            "the same mask for every sample",
            "One row of draws serves all samples in yours. Each entry of x has a draw of its own.",
            _masked(lambda x, p, rng: np.broadcast_to((rng.random(x.shape[-1]) >= p) / (1 - p), x.shape)),
        ),
        Mistake.implementation(
            "a mask of one row",
            "Your mask has one number for each column and none for each sample. Each entry of x has a draw of its own, "
            "so the mask has the shape of x.",
            _masked(lambda x, p, rng: (rng.random(x.shape[-1]) >= p) / (1 - p)),
        ),
        Mistake.implementation(
            "normal numbers",
            "Your draws are normally distributed: half of them are below 0, and p is no share of them. Which draws are "
            "spread evenly from 0 to 1?",
            _masked(lambda x, p, rng: (rng.standard_normal(x.shape) >= p) / (1 - p)),
        ),
        Mistake.implementation(
            "draws from elsewhere",
            "Two generators of the same seed give two different masks with your function, so its draws do not come "
            "from `rng`. `np.random.rand` and a generator of your own are others.",
            _masked(lambda x, p, rng: (_ELSEWHERE.random(x.shape) >= p) / (1 - p)),
        ),
        Mistake.implementation(
            "a generator of its own with a seed",
            "Your function gives the same mask whenever it is called: it makes a generator of its own with a fixed "
            "seed, or draws nothing at all. A network would then lose the same neurons in every step.",
            _masked(lambda x, p, rng: (np.random.default_rng(0).random(x.shape) >= p) / (1 - p)),
        ),
        Mistake.implementation(
            "a fixed number dropped",
            "Yours drops the same number of entries in every call, and chance decides only which. Each entry has a "
            "draw of its own, which knows nothing of the others: the number varies.",
            _masked(lambda x, p, rng: (rng.permutation(x.size).reshape(x.shape) >= round(p * x.size)) / (1 - p)),
        ),
        Mistake.implementation(
            "mask first",
            "The two results have changed places: first out, then mask.",
            _swapped,
        ),
        Mistake.implementation(
            "x changed in place",
            "Your out is right, and x is no longer what it was: `x *= mask` writes into the caller's array. `x * mask` "
            "makes a new one.",
            _changed_in_place,
        ),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# Standardizer
# ---------------------------------------------------------------------------------------------------------------------


def _statistics(X: np.ndarray) -> tuple[Any, Any]:
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(std == 0, 1.0, std)


def _scale(
    X: np.ndarray,
    other: np.ndarray,
    Z: np.ndarray,
    *,
    fit: Callable[..., tuple[Any, Any]] = _statistics,
    transform: Callable[..., Any] = lambda X, mean, std: (X - mean) / std,
    inverse: Callable[..., Any] = lambda Z, mean, std: Z * std + mean,
    shared: bool = False,
) -> dict[str, Any]:
    """What the probe sends for somebody who works in this way; the keywords are the places where things go wrong."""
    with np.errstate(all="ignore"):
        first, second = fit(X), fit(other)
        return {
            "problem": None,
            "fitted": transform(X, *first),
            "other": transform(other, *first),
            "back": inverse(Z, *first),
            "beside": transform(X, *(second if shared else first)),
            "anew": transform(X, *second),
        }


def _scale_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def draw(rows: int, columns: int) -> np.ndarray:
        sizes = 10.0 ** rng.integers(-1, 3, columns)
        return ((rng.normal(size=(rows, columns)) + rng.uniform(1, 3, columns)) * sizes).round(3)

    def case(rows: int, columns: int, others: int, covers: str, constant: int | None = None) -> Case:
        X, other = draw(rows, columns), draw(others, columns)
        Z = rng.uniform(0.3, 2, (others + 1, columns)).round(2) * rng.choice([-1, 1], (others + 1, columns))
        if constant is not None:
            X[:, constant] = float(rng.integers(2, 9))
        words = f"fit on {rows} row{'' if rows == 1 else 's'} of {columns} column{'' if columns == 1 else 's'}"
        words += "" if constant is None or rows == 1 else f", of which column {constant} is constant"
        return Case({"X": X, "other": other, "Z": Z}, covers, words + f"; {others} other rows")

    by_hand = {
        "X": np.array([[1.0, 10.0], [3.0, 30.0]]),
        "other": np.array([[2.0, 50.0], [5.0, 10.0]]),
        "Z": np.array([[-1.0, 2.0]]),
    }
    text = "fit on [[1, 10], [3, 30]]; other rows [[2, 50], [5, 10]]; inverse of [[−1, 2]]"
    cases = [
        Case(by_hand, "a table worked on paper", text),
        case(6, 3, 4, "columns of different size"),
        case(5, 1, 3, "one column"),
        case(4, 3, 5, "a constant column", constant=1),
        case(7, 2, 2, "a constant column", constant=0),
        case(1, 2, 3, "a single row", constant=0),
        case(3, 3, 4, "as many rows as columns"),
    ]
    return (
        [*cases, case(20, 5, 6, "columns of different size"), case(8, 4, 3, "a constant column", 3)]
        if hidden
        else cases
    )


# What each step of a case is called when it is wrong, and what is said to it.
_STEPS = {
    "fitted": ("transform(X)", ""),
    "other": ("transform of the other rows", " What was fitted is transformed well; these rows came later."),
    "back": ("inverse_transform", " transform is right."),
    "beside": ("transform(X), after another Standardizer was fitted", ""),
    "anew": ("transform(X), after a second fit", ""),
}
_CAUSES = {
    "beside": "Two objects of your class share what they have learned. `self.mean = …` belongs to one object, a "
    "variable of the class or of the notebook to all.",
    "anew": "A second `fit` replaces what the first one has learned.",
}


def _judge_scale(exercise: Exercise, case: Case, answer: dict[str, Any]) -> Finding | None:
    seen = answer["returned"]
    if not isinstance(seen, dict) or "problem" not in seen:
        return Finding("type", "What the class gave cannot be read.", symptom="unreadable")
    problem = seen["problem"]
    if problem is not None:
        return _problem_of_scale(problem)
    right = exercise.reference(*ladder.copies_of(case.arguments).values())
    for step, (name, remark) in _STEPS.items():
        finding = ladder.compare(right[step], seen.get(step), exercise, name)
        if finding is not None:
            if finding.rung == "returned nothing":
                finding = Finding(**{**vars(finding), "cause": "Is there a `return` at the end of this method?"})
            if finding.rung == "value":
                finding = Finding(**{**vars(finding), "text": finding.text + remark, "cause": _CAUSES.get(step)})
            return finding
    if answer["changed"]:
        method = {"X": "fit", "other": "transform", "Z": "inverse_transform"}[answer["changed"][0]]
        text = f"The values are right, but `{method}` changed the array that it was given."
        cause = (
            "Whoever has these data goes on working with them. `X - mean` makes a new array, `X -= mean` changes the "
        )
        return Finding("input changed", text, "", cause + "caller's.", symptom="changed")
    return None


def _problem_of_scale(problem: Any) -> Finding:
    kind = problem.get("kind") if isinstance(problem, dict) else None
    detail = str(problem.get("name", problem.get("type", ""))) if isinstance(problem, dict) else ""
    if kind == "missing":
        text = f"Your class has no method `{detail}` yet."
        return Finding("not written", text, cause=text, symptom=f"no {detail}")
    if kind == "arguments":
        call = "Standardizer()" if detail == "Standardizer" else f"scaler.{detail}(X)"
        text = f"It is used as `{call}`, and yours does not take these arguments."
        return Finding("type", text, cause="Every method has `self` first; what it needs to know comes from `fit`.")
    if kind == "fit":
        what = "None" if detail == "NoneType" else f"a {detail}"
        text = f"`fit` returned {what}, expected the object itself."
        cause = "With `return self` at its end one can write `scaler = Standardizer().fit(X)`."
        return Finding("type", text, cause=cause, symptom="fit")
    return Finding("type", "What the class gave cannot be read.", symptom="unreadable")


def _worked(**places: Any) -> Callable[..., Any]:
    return lambda X, other, Z: _scale(X, other, Z, **places)


def _own_statistics(X: np.ndarray, other: np.ndarray, Z: np.ndarray) -> dict[str, Any]:
    right = _scale(X, other, Z)
    return right | {"other": _scale(other, other, Z)["fitted"], "anew": right["fitted"]}


def _row_by_row(X: np.ndarray) -> tuple[Any, Any]:
    std = X.std(axis=1, keepdims=True)
    return X.mean(axis=1, keepdims=True), np.where(std == 0, 1.0, std)


def _of_a_sample(X: np.ndarray) -> tuple[Any, Any]:
    std = np.sqrt(X.var(axis=0) * (len(X) / (len(X) - 1))) if len(X) > 1 else np.full(X.shape[1], np.nan)
    return X.mean(axis=0), np.where(std == 0, 1.0, std)


def _transform_in_place(X: np.ndarray, other: np.ndarray, Z: np.ndarray) -> dict[str, Any]:
    answer = _scale(X, other, Z)
    other[...] = answer["other"]
    return answer


STANDARDIZER = Exercise(
    name="Standardizer",
    signature="Standardizer()",
    reference=_scale,
    cases=_scale_cases,
    probe="standardizer",
    judge=_judge_scale,
    withheld=("sklearn.preprocessing.StandardScaler", "scipy.stats.zscore"),
    hints=(
        "`fit` learns two numbers for each column of X and stores them in `self`; `transform` and `inverse_transform` "
        "use what is stored and look at no data of their own to find it.",
        "`X.mean(axis=0)` and `X.std(axis=0)` have one number for each column. Where the standard deviation is 0, "
        "divide by 1: `np.where(condition, a, b)` chooses entry by entry.",
        "transform subtracts the mean, then divides. Its inverse does the opposite in the opposite order. `fit` ends "
        "with `return self`.",
    ),
    mistakes=(
        Mistake.implementation(
            "fitted to what it transforms",
            "What was fitted comes out right; other rows are scaled by their own mean and spread. Then the same "
            "measurement would get two different numbers, depending on its company. Where should mean and spread come "
            "from?",
            _own_statistics,
        ),
        Mistake.implementation(
            "sample standard deviation",
            "Your spread divides by N − 1. Asked for is the population's, which divides by N: the scaled columns then "
            "have standard deviation 1 exactly.",
            _worked(fit=_of_a_sample),
        ),
        Mistake.implementation(
            "constant column divided by 0",
            "A column that is the same in every row has spread 0, and 0 / 0 is no number. Divide such a column by 1.",
            _worked(fit=lambda X: (X.mean(axis=0), X.std(axis=0))),
        ),
        Mistake.implementation(
            "a little added to the spread",
            "A small number added to the spread keeps the division finite. But when a column that was constant moves "
            "a little later on, it is divided by that small number and comes out huge. Divide such a column by 1.",
            _worked(fit=lambda X: (X.mean(axis=0), X.std(axis=0) + 1e-8)),
        ),
        Mistake.implementation(
            "constant column set to 0",
            "A column that was constant comes out as 0 for all other rows too. Divided by 1 it still shows how far "
            "they are from the mean.",
            _worked(
                fit=lambda X: (X.mean(axis=0), np.where(X.std(axis=0) == 0, np.inf, X.std(axis=0))),
                inverse=lambda Z, mean, std: Z * np.where(np.isinf(std), 0, std) + mean,
            ),
        ),
        Mistake.implementation(
            "one mean for the whole table",
            "Your mean and spread are single numbers, those of all columns together. A column in kilometres and one in "
            "degrees have nothing in common: each has its own.",
            _worked(fit=lambda X: (X.mean(), X.std() or 1.0)),
        ),
        Mistake.implementation(
            "row by row",
            "Your mean and spread run along the rows, so different quantities of one sample are mixed. Over which axis "
            "do the samples lie?",
            _worked(fit=_row_by_row),
        ),
        Mistake.implementation(
            "divided by the variance",
            "You divide by the variance. It has the square of the unit; what divides metres must be in metres.",
            _worked(fit=lambda X: (X.mean(axis=0), np.where(X.var(axis=0) == 0, 1.0, X.var(axis=0)))),
        ),
        Mistake.implementation(
            "only centred",
            "The columns are centred and keep their spread. By what are they divided?",
            _worked(transform=lambda X, mean, std: X - mean, inverse=lambda Z, mean, std: Z + mean),
        ),
        Mistake.implementation(
            "only divided",
            "The columns have spread 1 and are not centred. What is subtracted?",
            _worked(transform=lambda X, mean, std: X / std, inverse=lambda Z, mean, std: Z * std),
        ),
        Mistake.implementation(
            "from 0 to 1",
            "Your columns run from 0 to 1: smallest and largest value decide, so one outlier moves everything. Mean "
            "and standard deviation are asked for.",
            _worked(fit=lambda X: (X.min(axis=0), np.where(np.ptp(X, axis=0) == 0, 1.0, np.ptp(X, axis=0)))),
        ),
        Mistake.implementation(
            "brackets missing",
            "Your transform is X − mean / std: the division is done first. What has to be divided?",
            _worked(transform=lambda X, mean, std: X - mean / std),
        ),
        Mistake.implementation(
            "inverse in the same order",
            "transform is right. Your inverse adds the mean and then multiplies, so the mean is multiplied too. What "
            "was done last is undone first.",
            _worked(inverse=lambda Z, mean, std: (Z + mean) * std),
        ),
        Mistake.implementation(
            "inverse without the mean",
            "transform is right. Your inverse gives back the spread and forgets the mean.",
            _worked(inverse=lambda Z, mean, std: Z * std),
        ),
        Mistake.implementation(
            "shared by all objects",
            "One Standardizer is right; as soon as a second one is fitted, the first has forgotten its own numbers. "
            "Two objects of your class share them: `self.mean = …` belongs to one object, a variable of the class or "
            "of the notebook to all.",
            _worked(shared=True),
        ),
        Mistake.implementation(
            "fit returns nothing",
            "`fit` returns None. With `return self` at its end one can write `scaler = Standardizer().fit(X)`.",
            lambda X, other, Z: {"problem": {"kind": "fit", "type": "NoneType"}},
        ),
        Mistake.implementation(
            "fit returns the scaled data",
            "`fit` returns an array: the scaled data. It only learns; `transform` is asked for those. It returns the "
            "object itself.",
            lambda X, other, Z: {"problem": {"kind": "fit", "type": "ndarray"}},
        ),
        Mistake.implementation(
            "transform changes its array",
            "The values are right, and the array that was given to `transform` is changed: `X -= …` writes into the "
            "caller's. `X - …` makes a new one.",
            _transform_in_place,
        ),
    ),
)


EXERCISES = (MLP_LOSS_AND_GRADS, DROPOUT_FORWARD, STANDARDIZER)
