"""The study of settings on all of MNIST: python tests/benchmarks/mnist_study.py

Rate, batch size and epochs of the case study, varied one at a time as on the slides: 30 epochs with batches of 64 for
the rate, 30 epochs at a rate of 1e-4 for the batch size, batches of 64 at a rate of 1e-4 for the epochs, which are
slices of the same trainings. Training are the first 50,000 of the 60,000 training images, validation are the last
10,000. In the end the settings that were best on the validation images are trained again and asked about the 10,000
test images, once for each seed.

What it prints is the cell `study_recorded` of the notebook `choosing_settings`, which shows it. Each training is
reported on standard error as soon as it is done. All of it takes about a quarter of an hour in one thread.
The four official files are read from the folder NNKIT_DATA_DIR, or downloaded by nnkit.data.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from typing import NamedTuple

import numpy as np

import nnkit
from nnkit import nn, optim
from nnkit.data import mnist
from nnkit.training import accuracy, evaluate, fit

TRAINING = slice(0, 50_000)
VALIDATION = slice(50_000, 60_000)
EPOCHS = (1, 2, 3, 5, 10, 20, 30)
SEEDS = (0, 1)
TEST_SEEDS = (0, 1, 2)
Pair = tuple[nnkit.Tensor, nnkit.Tensor]


class Setting(NamedTuple):
    """What is chosen before a training.

    Parameters
    ----------
    network : str
        "128", "128-64" or "CNN".
    optimizer : str
        "SGD" (plain) or "Adam".
    rate : float
        The learning rate.
    batch : int
        Samples of a batch.
    """

    network: str
    optimizer: str
    rate: float
    batch: int


# The longest training of each network; the CNN takes four times as long for an epoch.
LONGEST = {"128-64": 30, "CNN": 10}
STUDY = (
    *(Setting("128-64", "Adam", rate, 64) for rate in (1e-5, 1e-4, 1e-3, 1e-2, 1e-1)),
    *(Setting("128-64", "SGD", rate, 64) for rate in (1e-4, 1e-3, 1e-2, 1e-1, 1.0)),
    *(Setting("CNN", "Adam", rate, 64) for rate in (1e-4, 1e-3, 1e-2)),
    *(Setting("128-64", "Adam", 1e-4, batch) for batch in (16, 256, 1024)),
    *(Setting("128-64", "SGD", 1e-4, batch) for batch in (16, 256, 1024)),
)


def build(network: str) -> nn.Module:
    """Return a new network.

    Parameters
    ----------
    network : str
        "128" has one hidden layer, "128-64" two, "CNN" is that of the slides.

    Returns
    -------
    Module
        It takes images (N, 1, 28, 28).

    Examples
    --------
    >>> sum(parameter.numel() for parameter in build("128-64").parameters())
    109386
    """
    if network == "CNN":
        maps = [nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
        return nn.Sequential(*maps, nn.Linear(16 * 13 * 13, 20), nn.ReLU(), nn.Linear(20, 10))
    sizes = [784, *(int(size) for size in network.split("-"))]
    hidden = [layer for size, after in itertools.pairwise(sizes) for layer in (nn.Linear(size, after), nn.ReLU())]
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(sizes[-1], 10))


def train(
    setting: Setting, seed: int, epochs: int, training: Pair, measured: Pair | None
) -> tuple[nn.Module, list[float]]:
    """Train once.

    Parameters
    ----------
    setting : Setting
        What is varied.
    seed : int
        Of the start and of the order of the images.
    epochs : int
        How often to go through the data.
    training : (X, y)
        What is learned from.
    measured : (X, y) or None
        What is read after each epoch.

    Returns
    -------
    Module, list of float
        The trained network, and the accuracy in percent after each epoch.
    """
    nnkit.manual_seed(seed)
    model = build(setting.network)
    kind = {"Adam": optim.Adam, "SGD": optim.SGD}[setting.optimizer]
    optimizer = kind(model.parameters(), lr=setting.rate)
    rng, found = np.random.default_rng(seed), list[float]()
    with np.errstate(all="ignore"):  # with the highest rates the numbers may overflow
        for _ in range(epochs):
            fit(
                model, training, nn.CrossEntropyLoss(), optimizer,
                epochs=1, batch_size=setting.batch, generator=rng, show=False,
            )  # fmt: skip
            if measured is not None:
                found.append(percent(model, measured))
    return model, found


def percent(model: nn.Module, data: Pair) -> float:
    """Return how many of 100 images a network reads right, to two decimals (exact for 10,000 images).

    Parameters
    ----------
    model : Module
        A network for images.
    data : (X, y)
        Images and labels.

    Returns
    -------
    float
    """
    return round(100 * evaluate(model, data, metrics={"accuracy": accuracy})["accuracy"], 2)


def chosen(study: dict[Setting, list[list[float]]], network: str) -> tuple[Setting, int]:
    """Return the setting and the number of epochs that read the validation images best, in the mean over the seeds.

    Parameters
    ----------
    study : dict
        For each setting and each seed the accuracies after `EPOCHS`.
    network : str
        Whose settings are compared.

    Returns
    -------
    Setting, int
    """
    means = {
        (setting, epoch): float(np.mean([run[place] for run in runs]))
        for setting, runs in study.items()
        if setting.network == network
        for place, epoch in enumerate(EPOCHS[: len(runs[0])])
    }
    return max(means, key=lambda choice: means[choice])


def cell(study: dict[Setting, list[list[float]]], test: dict[str, tuple[Setting, int, list[float]]]) -> str:
    """Write the source of the notebook's cell.

    Parameters
    ----------
    study : dict
        For each setting and each seed the accuracies after `EPOCHS`.
    test : dict
        For each network the chosen setting, its epochs, and the accuracy on the test images for each seed.

    Returns
    -------
    str
    """
    lines = [
        "# Recorded by tests/benchmarks/mnist_study.py: percent of the 10,000 validation images that are read right,",
        f"# for seed {' and seed '.join(map(str, SEEDS))}, after these epochs:",
        f"EPOCHS = {EPOCHS}",
        "# (network, optimizer, rate, batch size)",
        "study = {",
    ]
    for setting, runs in study.items():
        lines += [f"    {_written(setting)}: [", *(f"        {run}," for run in runs), "    ],"]
    seeds = ", ".join(map(str, TEST_SEEDS))
    lines += [
        "}",
        f"# The settings that were best there, and percent of the 10,000 test images for seeds {seeds}:",
        "test_of_the_chosen = {",
    ]
    for network, (setting, epochs, found) in test.items():
        lines.append(f'    "{network}": ({_written(setting)}, {epochs}, {found}),')
    lines.append("}")
    return "\n".join(lines)


def _written(setting: Setting) -> str:
    """Write a setting as the tuple that the notebook holds."""
    return str(tuple(setting)).replace("'", '"')


def full_data() -> tuple[Pair, Pair]:
    """Return the training images and the validation images, each with its labels.

    Returns
    -------
    (X, y), (X, y)
        50,000 and 10,000 images.
    """
    images, labels = mnist(full=True)
    return (images[TRAINING], labels[TRAINING]), (images[VALIDATION], labels[VALIDATION])


def main() -> None:
    """Record the study, and print the cell."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    training, validation = full_data()
    study: dict[Setting, list[list[float]]] = {}
    for setting in STUDY:
        for seed in SEEDS:
            start = time.perf_counter()
            longest = LONGEST[setting.network]
            _, found = train(setting, seed, longest, training, validation)
            study.setdefault(setting, []).append([found[epoch - 1] for epoch in EPOCHS if epoch <= longest])
            report(setting, f"seed {seed}", str(study[setting][-1]), start)
    test: dict[str, tuple[Setting, int, list[float]]] = {}
    for network, model in {"128": "128-64", "128-64": "128-64", "CNN": "CNN"}.items():
        setting, epochs = chosen(study, model)
        setting = setting._replace(network=network)
        found = []
        for seed in TEST_SEEDS:
            start = time.perf_counter()
            trained, _ = train(setting, seed, epochs, training, None)
            found.append(percent(trained, mnist(train=False)))
            report(setting, f"seed {seed}", f"{epochs} epochs, test {found[-1]}", start)
        test[network] = setting, epochs, found
    print(cell(study, test))


def report(setting: Setting, *words: object) -> None:
    """Say on standard error what a training gave and how long it took.

    Parameters
    ----------
    setting : Setting
        Its settings.
    *words : object
        What is said of it; the last is the time at which it began.
    """
    *said, start = words
    assert isinstance(start, float)
    print(*setting, *said, f"{time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
