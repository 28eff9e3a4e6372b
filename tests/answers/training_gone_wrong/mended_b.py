"""Right and wrong answers to `mended_b`."""

from __future__ import annotations

from tests.answers import changed
from tests.answers.training_gone_wrong import PROVIDED, SOUND

__all__ = ["PROMISES", "PROVIDED", "RIGHT", "WRONG"]

MENDED = changed(SOUND, ("def mended(", "def mended_b("))

RIGHT = {
    "the one line": MENDED,
    "a twentieth": changed(
        MENDED,
        ("0.2", "0.1"),
    ),
    "a quarter less than a tenth": changed(
        MENDED,
        ("0.2", "0.15"),
    ),
    "a tenth of the loss": changed(
        MENDED,
        ("0.2", "2.0"),
        ("            loss.", "            (loss / 10)."),
    ),
    "the division": changed(
        MENDED,
        ("0.2", "2.0 / 10"),
    ),
}

WRONG = {
    "as it was": changed(
        MENDED,
        ("0.2", "2.0"),
    ),
    "half of it": changed(
        MENDED,
        ("0.2", "1.0"),
    ),
    "a thousandth": changed(
        MENDED,
        ("0.2", "0.002"),
    ),
    "more epochs": changed(
        MENDED,
        ("(epochs", "(epochs + 2"),
    ),
    "not shuffled": changed(
        MENDED,
        ("rng.permutation", "np.arange"),
    ),
}

PROMISES = {
    "one loss for each step": changed(
        MENDED,
        ("     losses", " losses"),
    ),
    "scores after every epoch": changed(
        MENDED,
        ("n losses, scores", "n losses, scores[-1]"),
    ),
    "y stays as it is": changed(
        MENDED,
        ("        model.train()", "        model.train()\n    y[:] = y[::-1].copy()"),
    ),
    "every image once an epoch": changed(
        MENDED,
        ("rng.permutation(len", "rng.integers(0, len(X), len"),
    ),
    "the rate is one and the same for every step": changed(
        MENDED,
        (
            "    for epoch in range(epochs):",
            ("    for epoch in range(epochs):\n        optimizer.param_groups[0]['lr'] = 0.2 / (1 + epoch)"),
        ),
    ),
    "gradients are not clipped": changed(
        MENDED,
        ("0.2", "2.0"),
        (
            "            loss.backward()",
            ("            loss.backward()\n            nn.utils.clip_grad_norm_(model.parameters(), 0.1)"),
        ),
    ),
}
