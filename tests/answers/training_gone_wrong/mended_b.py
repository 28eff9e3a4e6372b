"""Right and wrong answers to `mended_b`."""

from __future__ import annotations

from tests.answers import changed
from tests.answers.training_gone_wrong import PROVIDED, SOUND, promised_by_all

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
    "one epoch": changed(
        MENDED,
        ("    return", "        return"),
    ),
    "other inputs": changed(
        MENDED,
        ("lr=0.2)", "lr=2.0)\n    X, X_new = X / 255, X_new / 255"),
    ),
    "a tenth of the loss noted": changed(
        MENDED,
        ("loss.item()", "loss.item() / 10"),
    ),
    "sums noted": changed(
        MENDED,
        ("loss.item()", "loss.item() * len(batch)"),
    ),
}

PROMISES = {
    **promised_by_all(MENDED),
    "gradients are not clipped": changed(
        MENDED,
        ("0.2", "2.0"),
        (
            "            loss.backward()",
            ("            loss.backward()\n            nn.utils.clip_grad_norm_(model.parameters(), 0.1)"),
        ),
    ),
}
