"""Right and wrong answers to `mended_c`."""

from __future__ import annotations

from tests.answers import changed
from tests.answers.training_gone_wrong import PROVIDED, SOUND, promised_by_all

__all__ = ["PROMISES", "PROVIDED", "RIGHT", "WRONG"]

MENDED = changed(SOUND, ("def mended(", "def mended_c("))

RIGHT = {
    "the one line": MENDED,
    "after the step": changed(
        MENDED,
        ("            optimizer.zero_grad()\n", ""),
        ("            optimizer.step()", "            optimizer.step()\n            optimizer.zero_grad()"),
    ),
    "the model's": changed(
        MENDED,
        ("            optimizer.z", "            model.z"),
    ),
    "one by one": changed(
        MENDED,
        (
            "            optimizer.zero_grad()",
            ("            for parameter in model.parameters():\n                parameter.grad = None"),
        ),
    ),
    "before the forward pass": changed(
        MENDED,
        (
            "            batch = order[start : start + 32]",
            ("            batch = order[start : start + 32]\n            optimizer.zero_grad()"),
        ),
        (
            (
                "            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))\n"
                "            optimizer.zero_grad()"
            ),
            "            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))",
        ),
    ),
}

WRONG = {
    "as it was": changed(
        MENDED,
        ("            optimizer.zero_grad()\n", ""),
    ),
    "once an epoch": changed(
        MENDED,
        ("    for epoch in range(epochs):", "    for epoch in range(epochs):\n        optimizer.zero_grad()"),
        ("            optimizer.zero_grad()\n", ""),
    ),
    "between backward and step": changed(
        MENDED,
        (
            "            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))",
            (
                "            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))\n"
                "            loss.backward()"
            ),
        ),
        ("            optimizer.zero_grad()\n            loss.backward()", "            optimizer.zero_grad()"),
    ),
    "a smaller rate": changed(
        MENDED,
        ("0.2", "0.02"),
        ("            optimizer.zero_grad()\n", ""),
    ),
    "another rate as well": changed(
        MENDED,
        ("0.2", "0.02"),
    ),
    "more epochs": changed(
        MENDED,
        ("(epochs", "(epochs + 1"),
    ),
}

PROMISES = {
    **promised_by_all(MENDED),
    "once before the loop is not enough": changed(
        MENDED,
        ("    losses, scores = [], []", "    losses, scores = [], []\n    optimizer.zero_grad()"),
        ("            optimizer.zero_grad()\n", ""),
    ),
}
