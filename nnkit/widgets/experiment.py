"""An experiment of the playground: points in the plane, a small network, and what training makes of it.

It is decided by its settings, a plain dictionary: whoever gives them again gets the same weights and losses, number by
number, also where single weights were changed by hand on the way.
"""

from __future__ import annotations

import contextlib
import difflib
import itertools
import math
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from nnkit.draw import style

DEFAULTS: dict[str, Any] = {
    "data": "moons",
    "samples": 200,
    "noise": 0.15,
    "hidden": (8,),
    "activation": "tanh",
    "optimizer": "SGD",
    "rate": 0.3,
    "batch_size": 10,
    "l1": 0.0,
    "l2": 0.0,
    "epochs": 60,
    "seed": 0,
    "edits": (),
}
DATA = ("moons", "circles", "xor", "spirals", "blobs")
ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu")
OPTIMIZERS = ("SGD", "Adam")
LAYERS, UNITS, SAMPLES, EPOCHS = 4, 32, 2_000, 5_000
WHOLE = {"samples": (20, SAMPLES), "batch_size": (1, SAMPLES), "epochs": (0, EPOCHS), "seed": (0, 2**31)}
MOST = {"noise": 2.0, "rate": 100.0, "l1": 10.0, "l2": 10.0}
LARGEST = 1_000.0  # of a weight set by hand
NEURONS_DRAWN = 8  # of each hidden layer


class Experiment:
    """Data, a network and its training, all decided by settings.

    Parameters
    ----------
    **settings
        As for `nnkit.widgets.playground`; what is left out has its default. ``epochs`` are trained at once. ``edits``
        are weights set by hand, in the order of time: (epoch, layer, neuron, input, value), where layers, neurons and
        inputs count from 1, the input 0 is the bias, and the epoch is how many there had been.

    Attributes
    ----------
    losses, validation_losses : list of float
        The mean loss after each epoch, and before the first.

    Raises
    ------
    ValueError
        If a setting is unknown or out of bounds.

    Examples
    --------
    >>> experiment = Experiment(data="blobs", hidden=(), epochs=5)
    >>> experiment.edit(1, 2, 0, 0.5)
    >>> experiment.train(5)
    >>> experiment.settings["epochs"], experiment.settings["edits"], len(experiment.losses)
    (10, ((5, 1, 2, 0, 0.5),), 11)
    >>> again = Experiment(**experiment.settings)
    >>> again.losses == experiment.losses
    True
    """

    def __init__(self, **settings: Any) -> None:
        self._given = checked(settings)
        self._edits: list[tuple[int, int, int, int, float]] = []
        self._under_way: Iterator[float] | None = None
        self.losses: list[float] = []
        self.validation_losses: list[float] = []
        self.share_of_epoch = 0.0
        self._build()
        self._note()
        for epoch, layer, neuron, entry, value in self._given["edits"]:
            self.train(epoch - self.epochs)
            self.edit(layer, neuron, entry, value)
        self.train(self._given["epochs"] - self.epochs)

    @property
    def epochs(self) -> int:
        """How many epochs there have been."""
        return len(self.losses) - 1

    @property
    def settings(self) -> dict[str, Any]:
        """What makes this experiment again, the epochs trained so far and the weights set by hand included."""
        return {**self._given, "epochs": self.epochs, "edits": tuple(self._edits)}

    @property
    def diverged(self) -> bool:
        """Whether the loss is a number no longer; training has stopped there."""
        return not math.isfinite(self.losses[-1])

    @property
    def finished(self) -> bool:
        """Whether training goes no further."""
        return self.diverged or self.epochs >= EPOCHS

    def _build(self) -> None:
        from nnkit import nn, optim

        given, seed = self._given, self._given["seed"]
        X, y = _points(given["data"], given["samples"], given["noise"], np.random.default_rng([seed, 0]))
        half = len(y) // 2
        X = (X - X[:half].mean(0)) / X[:half].std(0)  # one rate then suits all data
        self.X, self.y, self.validation = X[:half], y[:half], (X[half:], y[half:])
        modules = {"identity": nn.Identity, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}
        layers: list[Any] = []
        sizes = [2, *given["hidden"]]
        with _own_randomness(seed):
            for into, out in itertools.pairwise(sizes):
                layers += [nn.Linear(into, out), modules[given["activation"]]()]
            self.model = nn.Sequential(*layers, nn.Linear(sizes[-1], self.classes)).double()
        self._linear: list[Any] = [layer for layer in self.model if isinstance(layer, nn.Linear)]
        optimizer = {"SGD": optim.SGD, "Adam": optim.Adam}[given["optimizer"]]
        self._optimizer = optimizer(self.model.parameters(), lr=given["rate"])
        self._order = np.random.default_rng([seed, 1])

    def train(self, epochs: int) -> None:
        """Go through the training data some more times.

        Parameters
        ----------
        epochs : int
            How often; one that is under way is brought to its end and counts.
        """
        for _ in range(epochs):
            self.train_for(math.inf)

    def train_for(self, seconds: float, epochs: int = 1) -> bool:
        """Train until some epochs are over, or for a while; an epoch that is under way then goes on with the next call.

        Parameters
        ----------
        seconds : float
            After about this time it stops.
        epochs : int
            After so many it stops.

        Returns
        -------
        bool
            Whether it stopped between two epochs: what the network says then belongs to the last loss.

        Examples
        --------
        >>> experiment = Experiment(samples=100, batch_size=1, epochs=0)
        >>> experiment.train_for(0.0), experiment.epochs, experiment.share_of_epoch
        (False, 0, 0.02)
        >>> experiment.train(1)
        >>> experiment.epochs, experiment.share_of_epoch
        (1, 0.0)
        """
        begun = last = time.perf_counter()
        for _ in range(epochs):
            if self.finished:
                break
            self._under_way = self._under_way or self._epoch()
            for share in self._under_way:
                self.share_of_epoch = share
                if time.perf_counter() - begun >= seconds:
                    return False
            self._under_way, self.share_of_epoch = None, 0.0
            now = time.perf_counter()
            if now - begun + (now - last) > seconds:  # another one like this would not fit
                break
            last = now
        return True

    def _epoch(self) -> Iterator[float]:
        """Go once through the training data; after each batch but the last say how much of it is over."""
        import nnkit

        given = self._given
        order = self._order.permutation(len(self.y))
        for start in range(0, len(order), given["batch_size"]):
            if start:
                yield start / len(order)
            batch = order[start : start + given["batch_size"]]
            # Too large a rate overflows; that is shown as what it is, not as a warning.
            with np.errstate(all="ignore"):
                self._optimizer.zero_grad()
                scores = self.model(nnkit.from_numpy(self.X[batch]))
                loss = nnkit.functional.cross_entropy(scores, nnkit.from_numpy(self.y[batch]))
                for layer in self._linear if given["l1"] or given["l2"] else ():
                    loss = loss + given["l1"] * layer.weight.abs().sum() + given["l2"] * layer.weight.pow(2).sum()
                loss.backward()
                self._optimizer.step()
        self._note()

    def edit(self, layer: int, neuron: int, entry: int, value: float) -> None:
        """Set a weight or a bias by hand; training goes on from there.

        Parameters
        ----------
        layer : int
            1 for the first hidden layer; the outputs are the last.
        neuron : int
            Of this layer, from 1 on.
        entry : int
            The input to which the weight belongs, from 1 on; 0 for the bias.
        value : float

        Raises
        ------
        ValueError
            If there is no such weight, the value is not a usable number, or an epoch is under way.
        """
        import nnkit

        if self._under_way is not None:
            raise ValueError("A weight is set between two epochs, and one is under way: train it to its end first.")
        given = (self.epochs, layer, neuron, entry, value)
        changed = _edit(given, _shape(self._given["hidden"], self.classes))
        linear = self._linear[layer - 1]
        with nnkit.no_grad():
            if entry:
                linear.weight[neuron - 1, entry - 1] = changed[-1]
            else:
                linear.bias[neuron - 1] = changed[-1]
        self._edits.append(changed)
        # The last loss is that of the network as it is seen.
        self.losses.pop()
        self.validation_losses.pop()
        self._note()

    @property
    def classes(self) -> int:
        """How many classes the data have."""
        return int(self.y.max()) + 1

    @property
    def weights(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """The weights (neurons, inputs) and biases (neurons,) of each layer, the outputs last."""
        return [(layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in self._linear]

    def _note(self) -> None:
        for losses, (X, y) in ((self.losses, (self.X, self.y)), (self.validation_losses, self.validation)):
            scores = self.scores(X).astype(float)
            with np.errstate(all="ignore"):
                scores = scores - scores.max(axis=1, keepdims=True)
                log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
            losses.append(float(-log_p[np.arange(len(y)), y].mean()))

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Return the network's scores of points.

        Parameters
        ----------
        X : (N, 2) array

        Returns
        -------
        (N, classes) array
        """
        return self.neurons(X)[-1]

    def neurons(self, X: np.ndarray) -> list[np.ndarray]:
        """Return what the neurons of each hidden layer answer to points, and at last the scores.

        Parameters
        ----------
        X : (N, 2) array

        Returns
        -------
        list of arrays
            (N, neurons) for each hidden layer, then (N, classes).
        """
        import nnkit

        seen = []
        with nnkit.no_grad(), np.errstate(all="ignore"):
            values = nnkit.from_numpy(np.asarray(X, dtype=np.float64))
            for number, layer in enumerate(self.model):
                values = layer(values)
                if number % 2 or number == len(self.model) - 1:
                    seen.append(values.numpy())
        return seen

    @property
    def share_right(self) -> float:
        """The share of the validation data that falls into the region of its own class."""
        X, y = self.validation
        return float((self.scores(X).argmax(1) == y).mean())

    @property
    def words(self) -> str:
        """What came out, in a sentence or two."""
        epochs = self.epochs
        edits = len(self._edits)
        hands = f" {edits} weight{' was' if edits == 1 else 's were'} set by hand." if edits else ""
        if self.diverged:
            return f"In epoch {epochs} the loss stopped being a number: the steps are too large for these data."
        return (
            f"After {epochs} epoch{'' if epochs == 1 else 's'}: loss {_written(self.losses[-1])} on the training data, "
            f"{_written(self.validation_losses[-1])} on the validation data (hollow), of which "
            f"{round(100 * self.share_right)} % are classified right.{hands}"
        )

    def figure(self) -> Any:
        """Draw regions and points, the learning curves, and what each hidden neuron answers.

        Returns
        -------
        Figure
        """
        import matplotlib.pyplot as plt

        from nnkit import draw

        style.use()
        rows = len(self._given["hidden"])
        fig = plt.figure(figsize=(8, 3.9 + 0.95 * rows))
        grid = fig.add_gridspec(1 + rows, 2, height_ratios=[3.6, *[0.85] * rows], width_ratios=[1, 1.05])
        left, right = fig.add_subplot(grid[0, 0]), fig.add_subplot(grid[0, 1])
        draw.decision_regions(self.scores, self.X, self.y, ax=left, resolution=120)
        low, high = np.array([left.get_xlim(), left.get_ylim()]).T
        size = min(float(points.get_sizes()[0]) for points in left.collections if hasattr(points, "get_sizes"))
        for label in np.unique(self.y):
            X = self.validation[0][self.validation[1] == label]
            colour = draw.plots.CLASS_COLOURS[int(label)]
            marker = draw.plots.MARKERS[int(label)]
            left.scatter(*X.T, marker=marker, s=size, facecolors="none", edgecolors=colour, linewidths=1.0, zorder=2.5)
        left.set_xlim(low[0], high[0])
        left.set_ylim(low[1], high[1])
        curves = {"training": self.losses, "validation": self.validation_losses}
        draw.learning_curves(curves, unit="epoch", start=0, ax=right)
        for row in range(rows):
            self._draw_layer(fig.add_subplot(grid[1 + row, :]), row, low, high)
        kind = self._given["data"]
        layers = f"{rows} hidden layer{'' if rows == 1 else 's'}" if rows else "no hidden layer"
        return style.caption(
            fig, alt=f"Playground: {kind} and a network with {layers}. {self.words}", caption=self.words
        )

    def _draw_layer(self, axes: Any, layer: int, low: np.ndarray, high: np.ndarray) -> None:
        """Draw small maps of the plane side by side, one for each neuron."""
        side = 40
        points = np.stack(np.meshgrid(np.linspace(low[0], high[0], side), np.linspace(low[1], high[1], side)), axis=-1)
        answers = self.neurons(points.reshape(-1, 2))[layer][:, :NEURONS_DRAWN]
        count = answers.shape[1]
        # One colour scale for the whole layer: a neuron that hardly moves looks like it.
        largest = float(np.abs(answers[np.isfinite(answers)]).max(initial=1e-6))
        strip = np.full((side, NEURONS_DRAWN * (side + 4)), np.nan)
        for place in range(count):
            strip[:, place * (side + 4) : place * (side + 4) + side] = answers[:, place].reshape(side, side)
        axes.imshow(strip, origin="lower", cmap="PuOr_r", vmin=-largest, vmax=largest)
        units = self._given["hidden"][layer]
        more = f", the first {NEURONS_DRAWN} of {units}" if units > NEURONS_DRAWN else ""
        axes.set_title(f"hidden layer {layer + 1}{more}", fontsize=10, loc="left")
        axes.axis("off")


def _written(loss: float) -> str:
    """Write a loss with two decimals, or shorter where it is beyond all use."""
    return f"{loss:.2f}" if loss < 1000 else style.number(loss)


@contextlib.contextmanager
def _own_randomness(seed: int) -> Iterator[None]:
    """Start nnkit's random numbers at a seed, and afterwards put them back to where they were."""
    from nnkit.engine import GENERATOR, manual_seed

    before = GENERATOR.bit_generator.state
    manual_seed(seed)
    try:
        yield
    finally:
        GENERATOR.bit_generator.state = before


def _points(kind: str, samples: int, noise: float, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    from nnkit.data import toys

    makers: dict[str, Callable[..., Any]] = {
        "moons": toys.moons,
        "circles": toys.rings,
        "xor": toys.xor,
        "spirals": lambda n, noise, generator: toys.spirals(n, noise, classes=2, turns=1.0, generator=generator),
        "blobs": toys.blobs,
    }
    X, y = makers[kind](samples, noise, generator=generator)
    return X.numpy().astype(np.float64), y.numpy()


# ---------------------------------------------------------------------------------------------------------------------
# Settings
# ---------------------------------------------------------------------------------------------------------------------


def checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Complete settings with the defaults, and refuse what makes no experiment.

    Parameters
    ----------
    settings : mapping
        As for `playground`.

    Returns
    -------
    dict
        Every setting, in its own type.

    Raises
    ------
    ValueError
        With a sentence that names the setting, what it may be and what came.

    Examples
    --------
    >>> checked({"hidden": [4, 4]})["hidden"]
    (4, 4)
    >>> checked({"noize": 1})
    Traceback (most recent call last):
    ...
    ValueError: The playground has no setting 'noize'; did you mean 'noise'?
    """
    for name in settings:
        if name not in DEFAULTS:
            close = difflib.get_close_matches(str(name), DEFAULTS, n=1)
            known = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(DEFAULTS)}."
            raise ValueError(f"The playground has no setting {name!r}; {known}")
    given = {**DEFAULTS, **settings}
    for name, choices in (("data", DATA), ("activation", ACTIVATIONS), ("optimizer", OPTIMIZERS)):
        if given[name] not in choices:
            raise ValueError(f"{name} is one of {', '.join(choices)}; got {given[name]!r}.")
    hidden = given["hidden"]
    hidden = (hidden,) if _whole(hidden) else hidden
    if not isinstance(hidden, tuple | list) or len(hidden) > LAYERS or not all(_whole(n, 1, UNITS) for n in hidden):
        raise ValueError(
            f"hidden has the number of neurons of each hidden layer, such as (8,) or (8, 4): at most {LAYERS} layers "
            f"of 1 to {UNITS}; got {given['hidden']!r}."
        )
    given["hidden"] = tuple(int(n) for n in hidden)
    for name, (low, high) in WHOLE.items():
        if not _whole(given[name], low, high):
            raise ValueError(f"{name} is a whole number from {low} to {high}; got {given[name]!r}.")
        given[name] = int(given[name])
    for name, most in MOST.items():
        value = given[name]
        if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not 0 <= value <= most:
            raise ValueError(f"{name} is a number from 0 to {most:g}; got {value!r}.")
        given[name] = float(value)
    given["edits"] = _edits(given)
    return given


def _edits(given: Mapping[str, Any]) -> tuple[tuple[int, int, int, int, float], ...]:
    """Read the weights set by hand, of settings that are checked otherwise."""
    edits = given["edits"]
    shape = _shape(given["hidden"], 3 if given["data"] == "blobs" else 2)
    if not isinstance(edits, tuple | list):
        raise ValueError(f"edits lists weights set by hand, (epoch, layer, neuron, input, value) each; got {edits!r}.")
    read = tuple(_edit(one, shape) for one in edits)
    epochs = [0, *(one[0] for one in read), given["epochs"]]
    if epochs != sorted(epochs):
        raise ValueError(
            f"edits stand in the order of their epochs, none after the {given['epochs']} of epochs; got {edits!r}."
        )
    return read


def _edit(one: Any, shape: list[int]) -> tuple[int, int, int, int, float]:
    """Read one weight set by hand; `shape` has the sizes of the layers, the inputs first."""
    try:
        epoch, layer, neuron, entry, value = one
    except (TypeError, ValueError):
        raise ValueError(f"An edit is (epoch, layer, neuron, input, value); got {one!r}.") from None
    there = (
        _whole(epoch, 0, EPOCHS)
        and _whole(layer, 1, len(shape) - 1)
        and _whole(neuron, 1, shape[layer])
        and _whole(entry, 0, shape[layer - 1])
    )
    if not there:
        sizes = ", ".join(map(str, shape[1:]))
        raise ValueError(
            f"An edit is (epoch, layer, neuron, input, value): the layers have {sizes} neurons, counted from 1, and "
            f"the input 0 is the bias; got {one!r}."
        )
    usable = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not usable or not abs(float(value)) <= LARGEST:
        raise ValueError(f"A weight set by hand is a number from −{LARGEST:g} to {LARGEST:g}; got {value!r}.")
    return int(epoch), int(layer), int(neuron), int(entry), float(value)


def _shape(hidden: tuple[int, ...], classes: int) -> list[int]:
    return [2, *hidden, classes]


def _whole(value: Any, low: int = 0, high: int = 2**31) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and bool(low <= value <= high)
