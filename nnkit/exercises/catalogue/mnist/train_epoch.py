"""One epoch of training: shuffled batches, each forward, backward, and one step of the optimizer."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.training_epoch import training_epoch
from nnkit.exercises.catalogue.descent.parts import batches
from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.mnist.parts.epochs import SENTENCES, judge
from nnkit.exercises.catalogue.withheld import TRAINING
from nnkit.exercises.exercise import Case, Mistake, exercise, wrong
from nnkit.exercises.judge.wording import plural
from nnkit.languages import say


def draw(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Few samples and many, batches that come out even or not; gradients that were left in the model."""

    def case(samples: int, batch_size: int, covers: str, classes: int = 3, left: bool = False) -> Case:
        inputs = max(4, batch_size, min(samples, 6)) + 2  # more than a batch has samples, so that labels can be read
        arguments = {
            "X": signed(rng, 0.1, 1.0, (samples, inputs), decimals=2).astype(np.float32),
            "y": rng.permutation(np.arange(samples) % classes),
            "batch_size": batch_size,
            "lr": 0.5,
            "W": signed(rng, 0.1, 1.0, (classes, inputs), decimals=2).astype(np.float32),
            "b": signed(rng, 0.1, 1.0, classes, decimals=2).astype(np.float32),
            "left": left,
            "seed": int(rng.integers(1000)),
        }
        text = say("{samples}, batch_size = {batch_size}", samples=plural(samples, "sample"), batch_size=batch_size)
        return Case(arguments, covers, text + (", and gradients that were left in the model" if left else ""))

    found = [
        case(6, 3, "batches that come out even"),
        case(5, 2, "a shorter last batch"),
        case(3, 1, "single samples"),
        case(4, 4, "all samples in one batch"),
        case(4, 9, "fewer samples than a batch holds"),
        case(7, 3, "gradients left from before", left=True),
        case(16, 4, "batches that come out even", classes=4),
        case(19, 4, "a shorter last batch"),
        case(15, 1, "single samples"),
        case(14, 14, "all samples in one batch"),
    ]
    return [*found, case(26, 8, "a shorter last batch", classes=5), case(13, 20, found[4].covers)] if hidden else found


def in_slices(order: Any, size: int) -> list[Any]:
    """The batches of an order, the last one shorter where it does not come out even."""
    return [order[start : start + size] for start in range(0, len(order), size)]


def weighted(losses: list[tuple[float, int]], **others: Any) -> float:
    """The mean loss of all samples, from the batches' means and lengths."""
    return sum(loss * length for loss, length in losses) / max(1, sum(length for _, length in losses))


def loss_of(model: Any, X: Any, y: Any) -> Any:
    """The mean cross-entropy of a batch."""
    from nnkit.functional import cross_entropy

    return cross_entropy(model(X), y)


def training(
    order: Callable[[int, np.random.Generator], Any] = lambda n, rng: rng.permutation(n),
    cut: Callable[[Any, int], list[Any]] = in_slices,
    targets: Callable[[Any, Any, Any], Any] = lambda y, batch, place: y[batch],
    loss: Callable[..., Any] = loss_of,
    loop: str = "zero forward backward step",
    first: Callable[[Any, Any], None] = lambda model, optimizer: model.train(),
    report: Callable[..., Any] = weighted,
    measured: bool = False,
) -> Callable[..., Any]:
    """An epoch as it should be, or with something else in one of its places.

    Where it is `measured`, each batch goes through the model a second time, and its loss after the step is what counts.
    """

    def student(model: Any, optimizer: Any, X: Any, y: Any, size: int, rng: np.random.Generator) -> Any:
        first(model, optimizer)
        losses, place = [], 0
        for batch in cut(order(len(X), rng), size):
            for action in loop.split():
                if action == "zero":
                    optimizer.zero_grad()
                elif action == "forward":
                    found = loss(model, X[batch], targets(y, batch, slice(place, place + len(batch))))
                elif action == "backward":
                    found.backward()
                else:
                    optimizer.step()
            found = loss(model, X[batch], targets(y, batch, slice(place, place + len(batch)))) if measured else found
            losses.append((found.item(), len(batch)))
            place += len(batch)
        if "step" not in loop and "late" in loop:
            optimizer.step()
        return report(losses=losses, model=model, X=X, y=y)

    return student


def seen(student: Callable[..., Any]) -> Callable[..., Any]:
    """What the probe records of an epoch."""
    return lambda **arguments: training_epoch(student, arguments, {})


def mistaken(symptom: str, **places: Any) -> Mistake:
    """A mistake that the judge knows by its symptom."""
    return wrong(symptom, seen(training(**places))).told(SENTENCES.get(symptom) or batches.SENTENCES[symptom])


def softmax_before(model: Any, X: Any, y: Any) -> Any:
    """Somebody who puts softmax before a loss that has it inside."""
    from nnkit.functional import cross_entropy

    return cross_entropy(model(X).softmax(1), y)


def shuffled_in_place(student: Callable[..., Any]) -> Callable[..., Any]:
    """The caller's arrays, put into another order."""

    def changing(model: Any, optimizer: Any, X: Any, y: Any, size: int, rng: np.random.Generator) -> Any:
        order = rng.permutation(len(X))
        X[:], y[:] = X[order], y[order]
        return student(model, optimizer, X, y, size, rng)

    return changing


EXERCISE = exercise(
    "train_epoch(model, optimizer, X, y, batch_size, rng)",
    reference=lambda X, y, batch_size, lr, W, b, left, seed: training_epoch(
        training(),
        {"X": X, "y": y, "batch_size": batch_size, "lr": lr, "W": W, "b": b, "left": left, "seed": seed},
        {},
    ),
    cases=draw,
    probe="training_epoch",
    judge=judge,
    withheld=TRAINING,
    hints=(
        """Switch the model to training, draw one random order of the samples' numbers from `rng`, and cut it into
        batches with a slice for each start, as for `minibatches`.""",
        """For each batch, in this order: gradients to 0, logits = model(…), the loss by `cross_entropy`, `backward`,
        `step`. To report: the batch's loss is a mean, so times its number of samples it is a sum; add those up.""",
    ),
    mistakes=(
        mistaken("evaluation mode", first=lambda model, optimizer: None),
        mistaken("gradients added up", loop="forward backward step", first=lambda m, o: (m.train(), o.zero_grad())),
        mistaken("gradients from before", loop="forward backward step zero"),
        mistaken("no step", loop="zero forward backward"),
        mistaken("one step for several batches", loop="forward backward late"),
        mistaken("several steps for one batch", loop="zero forward backward step step"),
        mistaken("no gradient", loop="forward backward zero step"),
        mistaken("gradients of the batch before", loop="forward step zero backward"),
        mistaken("gradients of a sum", loss=lambda model, X, y: loss_of(model, X, y) * len(X)),
        mistaken("times a number", loss=lambda model, X, y: loss_of(model, X, y) / (2 * len(X))),
        mistaken("uphill", loss=lambda model, X, y: -loss_of(model, X, y)),
        mistaken("softmax before", loss=softmax_before),
        mistaken("not shuffled", order=lambda n, rng: np.arange(n)),
        mistaken("another source", order=lambda n, rng: np.random.default_rng().permutation(n)),
        mistaken("same order again", order=lambda n, rng: np.random.default_rng(0).permutation(n)),
        mistaken("drawn anew", order=lambda n, rng: rng.integers(0, n, n)),
        mistaken("last one dropped", cut=lambda order, size: in_slices(order[: len(order) // size * size], size)),
        mistaken("targets in their old order", targets=lambda y, batch, place: y[place]),
        wrong("changed", seen(shuffled_in_place(training(order=lambda n, rng: np.arange(n))))).told(
            batches.SENTENCES["changed"]
        ),
        mistaken("mean of means", report=lambda losses, **others: float(np.mean([loss for loss, _ in losses]))),
        mistaken("sum of means", report=lambda losses, **others: sum(loss for loss, _ in losses)),
        mistaken("sum", report=lambda losses, **others: sum(loss * length for loss, length in losses)),
        mistaken("sums of means", report=lambda losses, X, **others: sum(loss for loss, _ in losses) / len(X)),
        mistaken("sum by batches", report=lambda losses, **others: sum(a * b for a, b in losses) / len(losses)),
        mistaken("after the step", report=weighted, measured=True),
        mistaken("last batch", report=lambda losses, **others: losses[-1][0]),
        mistaken("after the epoch", report=lambda losses, model, X, y, **others: loss_of(model, X, y).item()),
    ),
)
