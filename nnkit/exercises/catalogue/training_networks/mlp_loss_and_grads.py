"""Loss and gradients of two layers: affine, ReLU, affine, softmax with cross-entropy."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import (
    divided_twice,
    logarithm_of_zero,
    slips_in,
    times,
    usual_small_numbers_beside,
    usual_steps_in_the_place_of,
)
from nnkit.exercises.catalogue.formulas import log_softmax, one_hot, sigmoid, sigmoid_slope, softmax
from nnkit.exercises.catalogue.withheld import CROSS_ENTROPY, DERIVATIVES
from nnkit.exercises.exercise import Case, Mistake, exercise, wrong
from nnkit.exercises.judge.wording import plural
from nnkit.languages import say

GRADIENTS = ("dW1", "db1", "dW2", "db2")
OWNERS = {"dW1": "W1", "db1": "b1", "dW2": "W2", "db2": "b2"}
HUGE = 1e13


def mlp(
    X: Any,
    y: Any,
    W1: Any,
    b1: Any,
    W2: Any,
    b2: Any,
    *,
    activation: Callable[..., Any] = lambda z: np.maximum(z, 0),
    door: Callable[..., Any] = lambda z, message: z > 0,
    output: Callable[..., Any] = lambda scores: scores,
    logarithms: Callable[..., Any] = log_softmax,
    picked: Callable[..., Any] = lambda log_p, y: log_p[np.arange(len(y)), y],
    delta: Callable[..., Any] = lambda p, target: p - target,
    back: Callable[..., Any] = lambda d, W2: d @ W2.T,
    kept: Callable[..., Any] = lambda z, h: h,
    bias: Callable[..., Any] = lambda d: d.sum(axis=0),
) -> tuple[Any, tuple[Any, ...]]:
    """Loss and gradients of the two layers; the keywords are the places where things go wrong."""
    z = X @ W1 + b1
    h = activation(z)
    log_p = logarithms(output(h @ W2 + b2))
    d = delta(np.exp(log_p), np.eye(len(b2))[y]) / len(y)
    message = back(d, W2)
    dz = message * door(z, message)
    return -np.mean(picked(log_p, y)), (X.T @ dz, bias(dz), kept(z, h).T @ d, bias(d))


slip = slips_in(mlp)


def all_labels(log_p: Any, y: Any) -> Any:
    """The columns of all labels, for every row."""
    return log_p[:, y]


def less_all_labels(p: Any, target: Any) -> Any:
    """1 taken off at every row's label in each of the rows."""
    return p - target.any(axis=0)


ALL_LABELS: dict[str, dict[str, Callable[..., Any]]] = {
    "every row of every label": {"picked": all_labels, "delta": less_all_labels},
    "every row of every label, in the loss": {"picked": all_labels},
    "every row of every label, in the gradients": {"delta": less_all_labels},
}


def gradients_of_labels_before(y: Any, **others: Any) -> tuple[Any, Any]:
    """The loss of the right labels and the gradients of those that are 1 smaller."""
    return mlp(y=y, **others)[0], mlp(y=y - 1, **others)[1]


def bias_slips(label: str, bias: Callable[[Any], Any], sentence: str) -> tuple[Mistake, ...]:
    """The bias gradients made in this way, both or one of them alone."""

    def made(name: str) -> Callable[..., Any]:
        return lambda X, y, W1, b1, W2, b2: mlp(X, y, W1, b1, W2, b2, bias=bias)[1][GRADIENTS.index(name)]

    together = (("db1", "db2"), ("db1",), ("db2",))
    return tuple(
        wrong(f"{' and '.join(names)} {label}", **{name: made(name) for name in names}).told(sentence)
        for names in together
    )


def open_at_zero(*arguments: Any) -> tuple[Any, ...]:
    """The other right answer where a ReLU gets exactly 0: the message passes."""
    return mlp(*arguments, door=lambda z, message: z >= 0)


def draw(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Networks of all sizes; a neuron that never fires, a ReLU at exactly 0, and logits far from each other."""

    def numbers(*shape: int) -> np.ndarray:
        return signed(rng, 0.4, 1.6, shape)

    def case(samples: int, inputs: int, middle: int, classes: int, covers: str, y: Any = None) -> Case:
        """Numbers for which some neurons fire and some do not, and messages of both signs reach those that do."""
        while True:
            X, W1, b1 = numbers(samples, inputs), numbers(inputs, middle), numbers(middle)
            W2, b2 = numbers(middle, classes), numbers(classes)
            labels = rng.integers(classes, size=samples) if y is None else np.asarray(y)
            z = X @ W1 + b1
            fires = z > 0
            message = (softmax(np.maximum(z, 0) @ W2 + b2) - np.eye(classes)[labels]) @ W2.T
            if np.abs(z).min() < 0.05 or np.abs(message).min() < 0.01 or not fires.any():
                continue
            if samples == 1 or (not fires.all() and (message[fires] < 0).any() and (message[~fires] > 0).any()):
                return with_text({"X": X, "y": labels, "W1": W1, "b1": b1, "W2": W2, "b2": b2}, covers)

    def large(samples: int) -> Case:
        """Logits of a thousand and ten thousand: one row far above the others, and true classes far below."""
        steps = np.array([1.0, -2.0, 3.0, -1.0])[:samples, None]
        W2 = np.array([[5000.0, -4000.0, 1000.0], [-2000.0, 2500.0, -1000.0]])
        X, W1 = np.concatenate([steps, -steps], axis=1), np.array([[1.0, -0.5], [0.0, 0.5]])
        arguments = {"X": X, "y": rng.integers(3, size=samples), "W1": W1, "b1": np.array([0.2, 0.1])}
        arguments["y"][0] = 1  # the score of its true class is the least of the first row
        return with_text(arguments | {"W2": W2, "b2": np.array([3.0, -1.0, 2.0])}, "logits of ±10,000")

    def steep() -> Case:
        """Inputs so large that any step of a weight, however small, leads far away from the point."""
        drawn = case(3, 2, 3, 2, "").arguments
        return with_text({**drawn, "X": drawn["X"] * HUGE, "W1": drawn["W1"] / HUGE}, "inputs of size 10¹³")

    # Hidden neuron 0 gets exactly 0 from the first sample: 1·2 − 2·1 + 0.
    at_zero = {
        "X": np.array([[1.0, 2.0], [2.0, 1.0]]),
        "y": np.array([0, 1]),
        "W1": np.array([[2.0, 0.5], [-1.0, -0.3]]),
        "b1": np.array([0.0, 0.4]),
        "W2": np.array([[1.0, -1.0], [0.5, 1.5]]),
        "b2": np.array([0.1, -0.2]),
    }
    asleep = {**case(3, 2, 3, 2, "").arguments, "b1": np.array([0.5, -9.0, 0.3])}
    cases = [
        large(1),  # first, since it tells most mistakes from each other
        case(1, 1, 1, 2, "one number in every layer"),
        case(1, 2, 2, 3, "one sample"),
        case(2, 2, 3, 2, "two samples"),
        case(4, 3, 5, 3, "batches"),
        case(3, 3, 3, 3, "square matrices"),
        case(4, 2, 3, 4, "a class that no sample has", [0, 2, 2, 3]),
        with_text(asleep, "a neuron that never fires"),
        with_text(at_zero, "a ReLU at exactly 0"),
        large(2),
        large(4),
        steep(),
    ]
    if hidden:
        cases += [case(6, 4, 3, 2, "batches"), case(2, 5, 4, 6, "batches"), case(5, 1, 6, 3, "batches")]
    return cases


def with_text(arguments: dict[str, Any], covers: str) -> Case:
    """A case that says its sizes."""
    (samples, inputs), (middle, classes) = arguments["X"].shape, arguments["W2"].shape
    words = say(
        "{samples} of {inputs}, {hidden_neurons}",
        samples=plural(samples, "sample"),
        inputs=plural(inputs, "input"),
        hidden_neurons=plural(middle, "hidden neuron"),
    )
    return Case(arguments, covers, say("{words}, {classes} classes", words=words, classes=classes))


def plain_softmax(scores: Any) -> Any:
    """The logarithms of a softmax without a shift."""
    return np.log(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True))


def without_a_shift(scores: Any) -> Any:
    """The same as a difference, which does not help: the sum of the exponentials is infinite, or 0."""
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def loss_from(logarithms: Callable[[Any], Any]) -> Callable[..., Any]:
    """The loss of somebody who gets the logarithms from the scores in this way."""
    return lambda X, y, W1, b1, W2, b2: mlp(X, y, W1, b1, W2, b2, logarithms=logarithms)[0]


def loss_from_p(of: Callable[[Any], Any]) -> Callable[..., Any]:
    """The loss of somebody who takes this of the true class's probability."""

    def loss(X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        return mlp(X, y, W1, b1, W2, b2, picked=lambda log_p, y: -of(np.exp(log_p[np.arange(len(y)), y])))[0]

    return loss


def loss_with(log: Callable[[Any], Any], X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    """The loss as a logarithm of probabilities."""
    return loss_from(lambda scores: log(softmax(scores)))(X, y, W1, b1, W2, b2)


def zero_times_infinity(X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    """The logarithms of all probabilities times the one-hot table."""
    logs = np.log(softmax(np.maximum(X @ W1 + b1, 0) @ W2 + b2))
    return -np.sum(one_hot(logs, y) * logs) / len(y)


def differences(label: str, low: float, high: float) -> Mistake:
    """The loss a step further, less that a step before, in the place of formulas."""
    step = 1e-5

    def answer(X: Any, y: Any, **weights: Any) -> tuple[Any, Any]:
        def at(name: str, place: Any, way: float) -> Any:
            moved = weights[name].copy()
            moved[place] += way * step
            return mlp(X, y, **{**weights, name: moved})[0]

        def slope(name: str, place: Any) -> Any:
            return (at(name, place, high) - at(name, place, low)) / (step * (high - low))

        found = [
            np.reshape([slope(name, place) for place in np.ndindex(array.shape)], array.shape)
            for name, array in weights.items()
        ]
        return mlp(X, y, **weights)[0], tuple(found)

    return wrong(label, answer).told("""
        Yours are differences, what comes out after a small step of a weight less what came out before it. With inputs
        of 10¹³ the smallest step leads far away. Asked for are the formulas of the table, one pass back for all
        entries.""")


EXERCISE = exercise(
    "mlp_loss_and_grads(X, y, W1, b1, W2, b2) -> loss, (dW1, db1, dW2, db2)",
    reference=mlp,
    also_right=(open_at_zero,),
    cases=draw,
    withheld=(*DERIVATIVES, *CROSS_ENTROPY),
    shape_notes={
        "loss": "The loss is one number: the mean over the samples.",
        "dW1": "A gradient has its owner's shape: one row for each input, one column for each hidden neuron.",
        "dW2": "A gradient has its owner's shape: one row for each hidden neuron, one column for each class.",
        "db1": "A gradient has its owner's shape: one number for each hidden neuron.",
        "db2": "A gradient has its owner's shape: one number for each class.",
    },
    hints=(
        """Forward in four lines, and keep what they make: z = X W1 + b1, h = max(z, 0), scores = h W2 + b2, and the
        logarithms of the softmax. Take each row's largest score away from the row before any exponential.""",
        """The message that arrives at the scores is (p − 1 at the true class) / N. From there it is an affine layer, a
        door, an affine layer: dW = (what went in)ᵀ δ, db = the sum of δ over the samples, message to h = δ W2ᵀ.""",
        """`log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))` with s the shifted scores; `log_p[np.arange(N),
        y]` picks each sample's own class. The door at the ReLU looks at z, not at the message.""",
    ),
    mistakes=(
        times("gradients of the sum", lambda y: len(y), *GRADIENTS).told("""
            Too large by the number of samples: a gradient of the sum over the batch. What does the mean do to every
            message?"""),
        times("loss summed, gradients of the mean", lambda y: len(y), "loss").told("""
            Your loss is the sum over the batch, where its mean is asked for."""),
        times("summed over the batch", lambda y: len(y)).told("""
            Loss and gradients grow with the number of samples: yours is the sum over the batch. The mean is asked
            for."""),
        times("loss averaged over the classes too", lambda b2: 1 / len(b2), "loss").told("""
            Your loss is too small by the number of classes: `mean` counts the zeros of the one-hot table too."""),
        divided_twice(lambda y: len(y), *GRADIENTS),
        divided_twice(lambda y: len(y), "dW1", "dW2"),
        times("gradients divided by the classes", lambda y, b2: len(y) / len(b2), *GRADIENTS).told("""
            Your gradients are divided by the number of classes, the loss's mean by that of samples: which of the two
            axes of the scores has N entries?"""),
        wrong("one minus the probability", loss=loss_from_p(lambda p: 1 - p)).told("""
            Your loss is the mean of 1 − p. It never exceeds 1, however sure and wrong the answer is."""),
        times("averaged over the classes too", lambda b2: 1 / len(b2)).told("""
            Too small by the number of classes. Each sample has one term in the sum, that of its own class: over how
            many does your mean go?"""),
        times("logarithm to the base 10", 1 / np.log(10), "loss").told("""
            Your loss is 2.303 times too small. Which logarithm belongs to eˣ?"""),
        times("logarithm to the base 2", 1 / np.log(2), "loss").told("""
            Your loss is 1.443 times too large: counted in bits. Which logarithm belongs to eˣ?"""),
        wrong(
            "two bases in one difference",
            loss=loss_from(
                lambda s: (
                    s
                    - np.log10(np.exp(s - s.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))
                    - s.max(axis=1, keepdims=True)
                )
            ),
        ).told("""
            Your log p is a score less a logarithm to the base 10. A score is an exponent of e: the sum needs the
            natural logarithm."""),
        times("sign of the loss", -1, "loss").told("""
            Your loss is negative. The logarithm of a probability is: what stands before it?"""),
        times("sign of the gradients", -1, *GRADIENTS).told("""
            The sign is the opposite one, as if the message began with (1 at the true class) − p. Descent with it would
            lead uphill."""),
        slip("true class not taken away", delta=lambda p, target: p).told("""
            Your message at the scores is p / N for all classes, so every score would be pushed down. What is different
            at the true class?"""),
        *(
            slip(label, **places).told("""
                `p[:, y]` takes for every sample the columns of all labels. Each row has one class of its own; an index
                for the rows has to go along with y.""")
            for label, places in ALL_LABELS.items()
        ),
        wrong(
            "labels less the probabilities",
            lambda y, **others: mlp(y=y, delta=lambda p, target: p - y[:, None], **others),
        ).told("""
            Your message at the scores is p less the *number* of the class, the same for all classes of a row. Y is a
            table: 1 at each sample's class, else 0."""),
        wrong("classes counted from 1", lambda y, **others: mlp(y=y - 1, **others)).told("""
            Your numbers are right for labels that are 1 smaller: entry y − 1. Python counts from 0, and so does y."""),
        wrong("classes counted from 1 in the gradients", gradients_of_labels_before).told("""
            Your gradients are right for labels that are 1 smaller: entry y − 1. Python counts from 0, and so does
            y."""),
        slip("softmax over the batch", logarithms=lambda scores: log_softmax(scores, axis=0)).told("""
            Your probabilities add up to 1 over the samples. For one sample they do over the classes: along which axis
            of the scores do the classes lie?"""),
        slip("softmax over the whole table", logarithms=lambda scores: np.log(softmax(scores, axis=None))).told("""
            Your probabilities add up to 1 over the whole batch: with one sample they are right. `sum()` without an axis
            adds up everything; each row has a sum of its own."""),
        slip("no shift", logarithms=plain_softmax).told("""
            Small scores are right. e to the power of 10,000 is more than a float can hold; the softmax does not change
            when the same number is taken away from all scores of a row. Which number helps?"""),
        slip("no shift, a difference of logarithms", logarithms=without_a_shift).told("""
            Small scores are right. With scores of thousands your loss is not finite: something on the way to it is more
            than a float can hold, or too near 0. The softmax does not change when the same number is taken away from
            all scores of a row. Which number helps?"""),
        *(
            slip(label, logarithms=logarithms).told("""
                You take away the largest score of the whole batch. In a row far below it every exponential is 0, and so
                is their sum. Each row has a largest score of its own.""")
            for label, logarithms in {
                "one shift for all rows": lambda scores: plain_softmax(scores - scores.max()),
                "one shift for all rows, a difference": lambda scores: without_a_shift(scores - scores.max()),
            }.items()
        ),
        logarithm_of_zero(loss_with, "loss"),
        wrong("0 times infinity", loss=zero_times_infinity).told("""
            With large scores your loss is no number: a probability too small for a float is 0, its logarithm −∞, and 0
            times that is undefined. Of which class do you need the logarithm, and does it have to go through p?"""),
        *usual_small_numbers_beside(loss_with, "loss"),
        slip("scores cut off", output=lambda scores: np.clip(scores, -500, 500)).told("""
            Scores of thousands come out as if they were cut off before the softmax: those that differ are then the
            same. What is taken away from a row has to be the same number for all its scores."""),
        slip("always open", door=lambda z, message: 1.0).told("""
            In the first layer your message passes every neuron, also those that did not fire. What is the slope of a
            ReLU left of 0?"""),
        wrong(
            "dW1 from the message before the door",
            dW1=lambda X, y, W1, b1, W2, b2: mlp(X, y, W1, b1, W2, b2, door=lambda z, message: 1.0)[1][0],
        ).told("""
            Your dW1 is made of the message as it arrives at h, before the ReLU's door has shut for some neurons."""),
        slip(
            "leaky",
            activation=lambda z: np.where(z > 0, z, 0.01 * z),
            door=lambda z, message: np.where(z > 0, 1, 0.01),
        ).told("""
            Left of 0 your ReLU is not flat: a hundredth of z comes through. That is the leaky one; here it is
            max(z, 0)."""),
        slip("door decided by the message", door=lambda z, message: message > 0).told("""
            In the first layer your door shuts where the *message* is negative. Whether a neuron fires was decided on
            the way forward, by z."""),
        slip("value for the slope", door=lambda z, message: np.maximum(z, 0)).told("""
            In the first layer you multiply the message by what comes out of the ReLU. How steep is it to the right of
            0?"""),
        wrong(
            "door without the bias", lambda b1, **others: mlp(b1=b1, door=lambda z, message: z > b1, **others)
        ).told("""
            In the first layer your door looks at X W₁ without its bias. What went into the ReLU was z = X W₁ + b₁."""),
        slip("no ReLU", activation=lambda z: z, door=lambda z, message: 1.0).told("""
            Your numbers are those of a network without its ReLU: two affine layers, which are one."""),
        slip("sigmoid", activation=sigmoid, door=lambda z, message: sigmoid_slope(z)).told("""
            Your numbers are those of a network whose hidden neurons are sigmoids; here they are ReLUs."""),
        slip("tanh", activation=np.tanh, door=lambda z, message: 1 - np.tanh(z) ** 2).told("""
            Your numbers are those of a network whose hidden neurons are tanh; here they are ReLUs."""),
        slip("ReLU at the output", output=lambda scores: np.maximum(scores, 0)).told("""
            Your numbers are those of a network whose scores pass a ReLU too. Scores may be negative; nothing stands
            between the second layer and the softmax."""),
        slip("dW2 from the pre-activation", kept=lambda z, h: z).told("""
            Your dW2 multiplies δ by what goes into the ReLU; W2 was multiplied by what comes out."""),
        slip("way back with W2 the wrong way round", back=lambda d, W2: d @ W2).told("""
            Square matrices run, others do not: δ has one column for each class, and its product with W2 must leave one
            for each hidden neuron. Along which axis of W2 do the classes lie?"""),
        *(
            wrong(f"{' and '.join(names)} transposed", **{name: lambda result: result.T for name in names}).told("""
                The entries are right and lie across: in the gradient of a matrix rows belong to what goes into a layer,
                columns to what comes out.""")
            for names in (("dW1", "dW2"), ("dW1",), ("dW2",))
        ),
        wrong("weights first", db1="dW2", dW2="db1").told("""
            Your second gradient is dW2 and the third db1. The order is dW1, db1, dW2, db2."""),
        *usual_steps_in_the_place_of(**OWNERS),
        wrong("output layer first", dW1="dW2", db1="db2", dW2="dW1", db2="db1").told("""
            The four gradients are right, in another order: first dW1, db1, then dW2, db2."""),
        *bias_slips(
            "not added up",
            lambda d: d,
            """A bias gradient of yours has one row for each sample. One bias serves all samples of the batch: what
            becomes of messages that meet?""",
        ),
        *bias_slips(
            "averaged",
            lambda d: d.mean(axis=0),
            """A bias gradient of yours is too small by the number of samples: the division by N is in δ already, and
            messages that meet are added.""",
        ),
        *bias_slips(
            "along the neurons",
            lambda d: d.sum(axis=1),
            """A bias gradient of yours has one number for each sample: the sum runs along the neurons. Over which axis
            do the samples lie?""",
        ),
        *bias_slips(
            "with two axes",
            lambda d: d.sum(axis=0, keepdims=True),
            """A bias gradient of yours is a matrix of one row. `keepdims=True` keeps an axis that the bias does not
            have.""",
        ),
        wrong("forward without biases", lambda X, y, W1, b1, W2, b2: mlp(X, y, W1, 0 * b1, W2, 0 * b2)).told("""
            Your numbers come from a network without its biases. Do b1 and b2 enter on the way forward?"""),
        wrong("forward without b1", lambda b1, **others: mlp(b1=0 * b1, **others)).told("""
            Your numbers come from a network without b1. Where does it enter on the way forward?"""),
        wrong("forward without b2", lambda b2, **others: mlp(b2=0 * b2, **others)).told("""
            Your numbers come from a network without b2. Where does it enter on the way forward?"""),
        wrong(
            "b1 after the ReLU",
            lambda b1, W2, b2, **others: mlp(b1=0 * b1, W2=W2, b2=b1 @ W2 + b2, kept=lambda z, h: h + b1, **others),
        ).told("""
            Your numbers come from a network that adds b1 after the ReLU. It belongs to z, which decides
            what fires."""),
        differences("differences to both sides", -1, 1),
        differences("differences to one side", 0, 1),
    ),
)
