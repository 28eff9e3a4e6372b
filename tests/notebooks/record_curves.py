"""Records the eight losses of *diagnose this curve*: each is a real training in which one thing went wrong.

`python -m tests.notebooks.record_curves` prints the cell `curves_recorded` of the notebook that shows them. What a
curve is to be recognised by holds for other seeds too; `test_recorded_curves.py` looks at some.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

import nnkit
from nnkit import data, nn
from nnkit.functional import cross_entropy

SAMPLES, POINTS = 2000, 60
Curve = tuple[list[float], list[float]]


@dataclass(frozen=True)
class Training:
    """How a training differs from a sound one: 2,000 digits, batches of 50 in a new order each epoch, rate 0.1.

    Parameters
    ----------
    rate : float
        The learning rate.
    batch : int
        Samples of a batch.
    samples : int
        How many digits there are to learn from.
    hidden : int
        Units of the one hidden layer.
    sort : bool
        Whether the digits come sorted by class, every epoch the same.
    wrong_labels : float
        Share of the training labels that are drawn anew.
    bias : float
        Where the biases of the hidden units start.
    sign : float
        What each gradient is multiplied with: −1 is a bug.
    late_rate : float, optional
        The learning rate in the last third, if it is another one.
    every : int
        How many steps there are from one point of the curve to the next.
    """

    rate: float = 0.1
    batch: int = 50
    samples: int = SAMPLES
    hidden: int = 64
    sort: bool = False
    wrong_labels: float = 0.0
    bias: float = 0.0
    sign: float = 1.0
    late_rate: float | None = None
    every: int = 20

    def record(self, seed: int) -> Curve:
        """Train, and return the training loss and that of 2,000 other digits at `POINTS` times.

        Parameters
        ----------
        seed : int
            Of the start, the order and the wrong labels.

        Returns
        -------
        list of float, list of float
            The mean loss of the batches met since the last point, and the loss on the digits not trained on.
        """
        rng = np.random.default_rng(seed)
        images, labels = (part.numpy() for part in data.mnist())
        chosen = rng.permutation(len(images))
        other, mine = chosen[:SAMPLES], chosen[SAMPLES : SAMPLES + self.samples]
        flat = images.reshape(len(images), -1)
        X, y = flat[mine], labels[mine].copy()
        drawn = rng.random(len(y)) < self.wrong_labels
        y[drawn] = rng.integers(0, 10, drawn.sum())
        if self.sort:
            X, y = X[np.argsort(y, kind="stable")], np.sort(y)

        nnkit.manual_seed(seed)
        network = nn.Sequential(nn.Linear(784, self.hidden), nn.ReLU(), nn.Linear(self.hidden, 10))
        parameters = list(network.parameters())
        parameters[1].data = parameters[1].data + self.bias
        training, validation, met = list[float](), list[float](), list[float]()
        batches = self._batches(rng)
        with np.errstate(all="ignore"):
            while len(training) < POINTS:
                batch = next(batches)
                network.zero_grad()
                loss = cross_entropy(network(nnkit.from_numpy(X[batch])), nnkit.from_numpy(y[batch]))
                loss.backward()
                met.append(loss.item())
                late = self.late_rate is not None and len(training) >= 2 * POINTS // 3
                rate = self.late_rate if late else self.rate
                for p in parameters:
                    p.data = p.data - rate * self.sign * p.grad
                if len(met) == self.every:
                    with nnkit.no_grad():
                        shown = network(nnkit.from_numpy(flat[other]))
                        validation.append(cross_entropy(shown, nnkit.from_numpy(labels[other])).item())
                    training.append(float(np.mean(met)))
                    met.clear()
        return training, validation

    def _batches(self, rng: np.random.Generator) -> Iterator[np.ndarray]:
        while True:
            order = np.arange(self.samples) if self.sort else rng.permutation(self.samples)
            yield from (order[start : start + self.batch] for start in range(0, self.samples, self.batch))


TRAININGS = {
    "rate too high": Training(rate=1.5),
    "rate too low": Training(rate=0.001),
    "noise floor": Training(batch=2, rate=0.12, samples=8000, every=100),
    "not shuffled": Training(sort=True, every=5),
    "overfitting": Training(samples=150, rate=0.3),
    "wrong labels": Training(wrong_labels=0.4),
    "dead units": Training(bias=-20.0),
    "a bug in the gradient": Training(sign=-1.0, rate=0.02, every=1),
}
# The order in which they are shown, so that it gives nothing away.
SHOWN = (
    "overfitting",
    "rate too low",
    "not shuffled",
    "dead units",
    "noise floor",
    "a bug in the gradient",
    "wrong labels",
    "rate too high",
)


def cell(seed: int = 0) -> str:
    """Write the source of the notebook's cell.

    Parameters
    ----------
    seed : int
        For all eight.

    Returns
    -------
    str
    """
    lines = [
        "# Recorded from eight real trainings: the mean loss of some batches, and after these the loss on",
        "# 2,000 digits that are not trained on.",
        "curves = {",
    ]
    for letter, cause in zip("ABCDEFGH", SHOWN, strict=True):
        lines.append(f'    "{letter}": (')
        for losses in TRAININGS[cause].record(seed):
            numbers = ", ".join(f"{loss:.3g}" for loss in losses)
            lines += ["        [", textwrap.indent(textwrap.fill(numbers, 84), " " * 12) + ",", "        ],"]
        lines.append("    ),")
    return "\n".join([*lines, "}"])


if __name__ == "__main__":
    print(cell())
