"""Right and wrong answers to `mended_a`."""

from __future__ import annotations

from tests.answers import changed
from tests.answers.training_gone_wrong import PROVIDED, SOUND, promised_by_all

__all__ = ["PROMISES", "PROVIDED", "RIGHT", "WRONG"]

MENDED = changed(
    SOUND,
    ("def mended(", "def mended_a("),
    (
        "    optimizer = optim.SGD(model.parameters(), lr=0.2)",
        (
            "    optimizer = optim.SGD(model.parameters(), lr=0.2)\n"
            "    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)"
        ),
    ),
)

RIGHT = {
    "the one line": MENDED,
    "standardised with the training's numbers": changed(
        MENDED,
        (
            "    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)",
            (
                "    mean, std = X.mean(), X.std()\n"
                "    X, X_new = ((part - mean) / std for part in (X, X_new))\n"
                "    X, X_new = X.astype(np.float32), X_new.astype(np.float32)"
            ),
        ),
    ),
    "from −1 to 1": changed(
        MENDED,
        (
            "    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)",
            ("    X = (X.astype(np.float32) - 127.5) / 127.5\n    X_new = (X_new.astype(np.float32) - 127.5) / 127.5"),
        ),
    ),
    "where the network is asked": changed(
        MENDED,
        (("    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)\n"), ""),
        ("X[batch]", "(X[batch] / 255).astype(np.float32)"),
        ("(X_new", "((X_new / 255).astype(np.float32)"),
    ),
    "each pixel on its own scale": changed(
        MENDED,
        (
            "    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)",
            (
                "    X, X_new = X.astype(np.float32), X_new.astype(np.float32)\n"
                "    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-3\n"
                "    X, X_new = (X - mean) / std, (X_new - mean) / std"
            ),
        ),
    ),
}

WRONG = {
    "as it was": changed(
        MENDED,
        ("(X / 255).astype(np.float32), (X_new / 255)", "X.astype(np.float32), X_new"),
    ),
    "a smaller rate": changed(
        MENDED,
        (
            (
                "    optimizer = optim.SGD(model.parameters(), lr=0.2)\n"
                "    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)"
            ),
            (
                "    optimizer = optim.SGD(model.parameters(), lr=1e-5)\n"
                "    X, X_new = X.astype(np.float32), X_new.astype(np.float32)"
            ),
        ),
    ),
    "only the training images": changed(
        MENDED,
        ("(X_new / 255)", "X_new"),
    ),
    "each by its own largest": changed(
        MENDED,
        ("255).astype(np.float32), (X_new / 255", "X.max()).astype(np.float32), (X_new / X_new.max()"),
    ),
    "cut off": changed(
        MENDED,
        ("/ 255).astype(np.float32), (X_new / 255", "> 0).astype(np.float32), (X_new > 0"),
    ),
    "another rate as well": changed(
        MENDED,
        ("0.2", "0.02"),
    ),
    "more epochs": changed(
        MENDED,
        ("(epochs", "(epochs + 1"),
    ),
    "not shuffled": changed(
        MENDED,
        ("rng.permutation", "np.arange"),
    ),
    "anew in each epoch": changed(
        MENDED,
        ("    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)\n", ""),
        (
            "        order =",
            "        X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)\n        order =",
        ),
    ),
    "each image by its own largest": changed(
        MENDED,
        (
            "X / 255).astype(np.float32), (X_new / 255",
            "X / X.max(axis=1, keepdims=True)).astype(np.float32), (X_new / X_new.max(axis=1, keepdims=True)",
        ),
    ),
    "by spreads that are 0": changed(
        MENDED,
        (
            "    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)",
            (
                "    mean, std = X.mean(axis=0), X.std(axis=0)\n"
                "    X, X_new = ((part - mean) / std for part in (X, X_new))\n"
                "    X, X_new = X.astype(np.float32), X_new.astype(np.float32)"
            ),
        ),
    ),
    "results exchanged": changed(
        MENDED,
        ("return losses, scores", "return scores, losses"),
    ),
}

PROMISES = {
    **promised_by_all(MENDED),
    "what is done to X is done to X_new": changed(
        MENDED,
        ("(X_new / 255)", "X_new"),
    ),
    "no grey value is lost": changed(
        MENDED,
        ("/ 255).astype(np.float32), (X_new / 255", "> 0).astype(np.float32), (X_new > 0"),
    ),
    "different images stay different": changed(
        MENDED,
        (
            "X / 255).astype(np.float32), (X_new / 255",
            "X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32), "
            "(X_new / np.linalg.norm(X_new, axis=1, keepdims=True)",
        ),
    ),
}
