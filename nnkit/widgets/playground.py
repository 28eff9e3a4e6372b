"""The playground: points in the plane, a small network of one's own making, and what training makes of it.

An experiment is decided by its settings, a plain dictionary. The playground prints it under the picture; given back to
`playground`, it makes the same picture again, number by number.
"""

from __future__ import annotations

import contextlib
import difflib
import html
import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from nnkit.widgets import base

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
}
DATA = ("moons", "circles", "xor", "spirals", "blobs")
ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu")
OPTIMIZERS = ("SGD", "Adam")
LAYERS, UNITS, SAMPLES, EPOCHS = 4, 32, 2_000, 5_000
NEURONS_DRAWN = 8  # of each hidden layer
FRAMES = 5  # pictures that are drawn while the button's epochs run


class Experiment:
    """Data, a network and its training, all decided by settings.

    Parameters
    ----------
    **settings
        As for `playground`; what is left out has its default. ``epochs`` are trained at once.

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
    >>> experiment.train(5)
    >>> experiment.settings["epochs"], len(experiment.losses)
    (10, 11)
    >>> again = Experiment(**experiment.settings)
    >>> again.losses == experiment.losses
    True
    """

    def __init__(self, **settings: Any) -> None:
        self._given = checked(settings)
        self.losses: list[float] = []
        self.validation_losses: list[float] = []
        self._build()
        self._note()
        self.train(self._given["epochs"])

    @property
    def settings(self) -> dict[str, Any]:
        """What makes this experiment again, the epochs trained so far included."""
        return {**self._given, "epochs": len(self.losses) - 1}

    @property
    def diverged(self) -> bool:
        """Whether the loss is a number no longer; training has stopped there."""
        return not math.isfinite(self.losses[-1])

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
            self.model = nn.Sequential(*layers, nn.Linear(sizes[-1], int(y.max()) + 1)).double()
        self._weights = [weight for name, weight in self.model.named_parameters() if name.endswith("weight")]
        optimizer = {"SGD": optim.SGD, "Adam": optim.Adam}[given["optimizer"]]
        self._optimizer = optimizer(self.model.parameters(), lr=given["rate"])
        self._order = np.random.default_rng([seed, 1])

    def train(self, epochs: int) -> None:
        """Go through the training data some more times.

        Parameters
        ----------
        epochs : int
            How often.
        """
        import nnkit

        given = self._given
        for _ in range(min(epochs, EPOCHS + 1 - len(self.losses))):
            if self.diverged:
                return
            order = self._order.permutation(len(self.y))
            # Too large a rate overflows; that is shown as what it is, not as a warning.
            with np.errstate(all="ignore"):
                for start in range(0, len(order), given["batch_size"]):
                    batch = order[start : start + given["batch_size"]]
                    self._optimizer.zero_grad()
                    scores = self.model(nnkit.from_numpy(self.X[batch]))
                    loss = nnkit.functional.cross_entropy(scores, nnkit.from_numpy(self.y[batch]))
                    for weight in self._weights if given["l1"] or given["l2"] else ():
                        loss = loss + given["l1"] * weight.abs().sum() + given["l2"] * weight.pow(2).sum()
                    loss.backward()
                    self._optimizer.step()
                self._note()

    def _note(self) -> None:
        for losses, (X, y) in ((self.losses, (self.X, self.y)), (self.validation_losses, self.validation)):
            scores = self.scores(X).astype(float)
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
        epochs = len(self.losses) - 1
        if self.diverged:
            return f"In epoch {epochs} the loss stopped being a number: the steps are too large for these data."
        return (
            f"After {epochs} epoch{'' if epochs == 1 else 's'}: loss {self.losses[-1]:.2f} on the training data, "
            f"{self.validation_losses[-1]:.2f} on the validation data (hollow), of which "
            f"{round(100 * self.share_right)} % are classified right."
        )

    def figure(self) -> Any:
        """Draw regions and points, the learning curves, and what each hidden neuron answers.

        Returns
        -------
        Figure
        """
        import matplotlib.pyplot as plt

        from nnkit import draw
        from nnkit.draw import style

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
        axes.imshow(strip, origin="lower", cmap="PuOr", vmin=-largest, vmax=largest)
        units = self._given["hidden"][layer]
        more = f", the first {NEURONS_DRAWN} of {units}" if units > NEURONS_DRAWN else ""
        axes.set_title(f"hidden layer {layer + 1}{more}", fontsize=10, loc="left")
        axes.axis("off")


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
    limits = {"samples": (20, SAMPLES), "batch_size": (1, SAMPLES), "epochs": (0, EPOCHS), "seed": (0, 2**31)}
    for name, (low, high) in limits.items():
        if not _whole(given[name], low, high):
            raise ValueError(f"{name} is a whole number from {low} to {high}; got {given[name]!r}.")
        given[name] = int(given[name])
    for name, most in {"noise": 2.0, "rate": 100.0, "l1": 10.0, "l2": 10.0}.items():
        value = given[name]
        if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not 0 <= value <= most:
            raise ValueError(f"{name} is a number from 0 to {most:g}; got {value!r}.")
        given[name] = float(value)
    return given


def _whole(value: Any, low: int = 0, high: int = 2**31) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and bool(low <= value <= high)


def read_layers(text: str) -> tuple[int, ...]:
    """Read the neurons of each hidden layer as people write them: "8, 4", "6", "" for none.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of int

    Raises
    ------
    ValueError
        If there is something else in it.

    Examples
    --------
    >>> read_layers("8, 4"), read_layers("6"), read_layers(" ")
    ((8, 4), (6,), ())
    """
    words = [word for word in re.split(r"[\s,;×x()\[\]]+", text) if word]
    if not all(word.isdecimal() for word in words):
        raise ValueError(f"Hidden layers are written as numbers of neurons, such as 6 or 8, 4; got {text.strip()!r}.")
    return tuple(int(word) for word in words if int(word))


# ---------------------------------------------------------------------------------------------------------------------
# In the notebook
# ---------------------------------------------------------------------------------------------------------------------


def _result(experiment: Experiment) -> base.Twin:
    """Return the static twin: the picture of the trained network, and the settings that make it again."""
    settings = experiment.settings
    return base.Twin(experiment.figure(), f"settings = {settings}", _settings_html(settings))


def _settings_html(settings: Mapping[str, Any]) -> str:
    return (
        '<pre style="white-space:pre-wrap; font-size:85%; margin:0.4em 0">'
        f"settings = {html.escape(repr(dict(settings)))}</pre>"
    )


def playground(settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
    """Show a network to play with: choose data and network, train it, watch regions, losses and neurons.

    Half of the samples are learned from, the other half (hollow) is for validation. The settings are printed below as a
    dictionary: ``playground(settings)`` makes the same picture again. A change of settings starts again from fresh
    weights, so that the dictionary tells the whole story. The static twin shows the trained network.

    Parameters
    ----------
    settings : mapping, optional
        As printed.
    **changes : Any
        Single settings; they win. ``data``: "moons", "circles", "xor", "spirals", "blobs"; ``samples``; ``noise``;
        ``hidden``: neurons of each hidden layer, ``()`` for none; ``activation``: "identity", "sigmoid", "tanh",
        "relu"; ``optimizer``: "SGD", "Adam"; ``rate``; ``batch_size``; ``l1``, ``l2``: penalties on the weights;
        ``epochs``: trained before the first look; ``seed``.

    Raises
    ------
    ValueError
        If a setting is unknown or out of bounds.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     playground(data="xor", epochs=1)
    Playground: xor and a network with 1 hidden layer. After 1 epoch: loss ...
    """
    experiment = Experiment(**{**(settings or {}), **changes})
    base.show(lambda: _result(experiment), live=lambda: _live(experiment))


def _live(start: Experiment) -> Any:
    """Make the widget: the settings, three buttons, the picture and the dictionary."""
    import ipywidgets

    given = start.settings
    wide = {"style": {"description_width": "7em"}, "layout": ipywidgets.Layout(width="17em")}

    def choice(name: str, options: tuple[Any, ...]) -> Any:
        values = tuple(sorted({*options, given[name]})) if not isinstance(given[name], str) else options
        return ipywidgets.Dropdown(options=values, value=given[name], description=_LABELS.get(name, name), **wide)

    controls: dict[str, Any] = {
        "data": choice("data", DATA),
        "noise": choice("noise", (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)),
        "hidden": ipywidgets.Text(
            value=", ".join(map(str, given["hidden"])),
            description="hidden layers",
            placeholder="none",
            continuous_update=False,
            **wide,
        ),
        "activation": choice("activation", ACTIVATIONS),
        "optimizer": choice("optimizer", OPTIMIZERS),
        "rate": choice("rate", (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)),
        "l1": choice("l1", (0.0, 0.001, 0.003, 0.01, 0.03)),
        "l2": choice("l2", (0.0, 0.001, 0.003, 0.01, 0.03)),
        "seed": choice("seed", (0, 1, 2, 3, 4)),
    }
    step = ipywidgets.Button(description="1 epoch", layout=ipywidgets.Layout(width="7em"))
    train = ipywidgets.Button(description=f"{given['epochs'] or 50} epochs", layout=ipywidgets.Layout(width="7em"))
    again = ipywidgets.Button(description="Start again", layout=ipywidgets.Layout(width="8em"))
    picture, printed = ipywidgets.HTML(), ipywidgets.HTML()
    now = start
    asked = given["epochs"] or 50

    def show() -> None:
        picture.value = base.picture_html(now.figure())
        printed.value = _settings_html(now.settings)

    def renew(_: Any = None) -> None:
        nonlocal now
        values = {name: control.value for name, control in controls.items()}
        try:
            values["hidden"] = read_layers(values["hidden"])
            now = Experiment(**{**now.settings, **values, "epochs": 0})
            show()
        except Exception as error:
            picture.value = base.sentence(error, "drawn")

    def run(epochs: int) -> None:
        pieces = min(FRAMES, epochs)
        try:
            for piece in range(pieces):
                now.train(epochs * (piece + 1) // pieces - epochs * piece // pieces)
                show()
        except Exception as error:
            picture.value = base.sentence(error, "trained")

    step.on_click(lambda _: run(1))
    train.on_click(lambda _: run(asked))
    again.on_click(renew)
    for control in controls.values():
        control.observe(renew, names="value")
    show()
    rows = ipywidgets.Box(list(controls.values()), layout=ipywidgets.Layout(flex_flow="row wrap"))
    return ipywidgets.VBox([rows, ipywidgets.HBox([step, train, again]), picture, printed])


_LABELS = {"l1": "L1 penalty", "l2": "L2 penalty"}
