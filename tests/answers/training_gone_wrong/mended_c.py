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
    "in the first epoch only": changed(
        MENDED,
        ("            optimizer.zero_grad()", "            if epoch == 0:\n                optimizer.zero_grad()"),
    ),
    "not for the first batch of an epoch": changed(
        MENDED,
        ("            optimizer.zero_grad()", "            if start:\n                optimizer.zero_grad()"),
    ),
    "of the weights only": changed(
        MENDED,
        (
            "            optimizer.zero_grad()",
            (
                "            for parameter in model.parameters():\n"
                "                if parameter.ndim > 1:\n"
                "                    parameter.grad = None"
            ),
        ),
    ),
    "halved": changed(
        MENDED,
        ("            optimizer.zero_grad()\n", ""),
        (
            "            optimizer.step()",
            (
                "            optimizer.step()\n"
                "            for parameter in model.parameters():\n"
                "                parameter.grad = parameter.grad * 0.5"
            ),
        ),
    ),
    "one step an epoch": changed(
        MENDED,
        ("            optimizer.step()\n", ""),
        ("        model.eval()", "        optimizer.step()\n        model.eval()"),
    ),
    "the last batch left out": changed(
        MENDED,
        ("range(0, len(X), 32)", "range(0, len(X) - 31, 32)"),
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
