"""Right and wrong answers to `mended_d`."""

from __future__ import annotations

from tests.answers import changed
from tests.answers.training_gone_wrong import PROVIDED, SOUND, promised_by_all

__all__ = ["PROMISES", "PROVIDED", "RIGHT", "WRONG"]

MENDED = changed(SOUND, ("def mended(", "def mended_d("))

RIGHT = {
    "the one line": MENDED,
    "one order before the epochs": changed(
        MENDED,
        (
            "    optimizer = optim.SGD(model.parameters(), lr=0.2)",
            (
                "    optimizer = optim.SGD(model.parameters(), lr=0.2)\n"
                "    together = rng.permutation(len(X))\n"
                "    X, y = X[together], y[together]"
            ),
        ),
    ),
    "sorted by random numbers": changed(
        MENDED,
        ("rng.permutation(len(X", "np.argsort(rng.random(len(X)"),
    ),
    "an array shuffled": changed(
        MENDED,
        ("        order = rng.permutation(len(X))", "        order = np.arange(len(X))\n        rng.shuffle(order)"),
    ),
    "rows gathered first": changed(
        MENDED,
        (
            "        order = rng.permutation(len(X))",
            ("        order = rng.permutation(len(X))\n        images, labels = X[order], y[order]"),
        ),
        ("            batch = order[start : start + 32]\n", ""),
        ("X[batch]", "images[start : start + 32]"),
        ("y[batch]", "labels[start : start + 32]"),
    ),
    "sorted within each batch": changed(
        MENDED,
        ("order[start : start + 32]", "np.sort(order[start : start + 32])"),
    ),
}

WRONG = {
    "as it was": changed(
        MENDED,
        (
            "    optimizer = optim.SGD(model.parameters(), lr=0.2)",
            ("    optimizer = optim.SGD(model.parameters(), lr=0.2)\n    y = y[rng.permutation(len(y))]"),
        ),
    ),
    "not shuffled at all": changed(
        MENDED,
        ("rng.permutation", "np.arange"),
    ),
    "backwards": changed(
        MENDED,
        ("rng.permutation(len(X))", "np.arange(len(X))[::-1]"),
    ),
    "one order for all epochs": changed(
        MENDED,
        ("    losses, scores = [], []", "    losses, scores = [], []\n    order = rng.permutation(len(X))"),
        ("        order = rng.permutation(len(X))\n", ""),
    ),
    "another generator": changed(
        MENDED,
        ("    losses, scores = [], []", "    losses, scores = [], []\n    generator = np.random.default_rng(5)"),
        ("= rng", "= generator"),
    ),
    "a smaller rate": changed(
        MENDED,
        (
            "    optimizer = optim.SGD(model.parameters(), lr=0.2)",
            ("    optimizer = optim.SGD(model.parameters(), lr=0.02)\n    y = y[rng.permutation(len(y))]"),
        ),
    ),
    "another rate as well": changed(
        MENDED,
        ("0.2", "0.02"),
    ),
    "more epochs": changed(
        MENDED,
        ("(epochs", "(epochs + 1"),
    ),
    "labels by their place": changed(
        MENDED,
        ("y[batch]", "y[start : start + 32]"),
    ),
    "another beginning": changed(
        MENDED,
        ("rng.permutation(len(X))", "np.roll(np.arange(len(X)), rng.integers(len(X)))"),
    ),
    "a little shifted": changed(
        MENDED,
        ("rng.permutation(len(X))", "np.argsort(np.arange(len(X)) + rng.uniform(0, 10, len(X)))"),
    ),
    "new images in an order, too": changed(
        MENDED,
        ("model(X_new)", "model(X_new[rng.permutation(len(X_new))])"),
    ),
}

PROMISES = {
    **promised_by_all(MENDED),
    "the shuffling stays": changed(
        MENDED,
        ("rng.permutation", "np.arange"),
    ),
    "a random order leaves no neighbours together": changed(
        MENDED,
        ("rng.permutation(len(X))", "np.argsort(np.arange(len(X)) + 20 * rng.random(len(X)))"),
    ),
}
