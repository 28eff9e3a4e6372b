"""Right and wrong answers to `mended_e`."""

from __future__ import annotations

from tests.answers import changed
from tests.answers.training_gone_wrong import PROVIDED, SOUND, promised_by_all

__all__ = ["PROMISES", "PROVIDED", "RIGHT", "WRONG"]

MENDED = changed(SOUND, ("def mended(", "def mended_e("))
BEGIN = "    losses, scores = [], []"


def to_dropout(done: str, indent: str = "    ") -> str:
    """The lines that do something to every layer of dropout."""
    loop = ("for part in model.modules():", "    if isinstance(part, nn.Dropout):", f"        part.{done}")
    return "\n".join(indent + line for line in loop)


RIGHT = {
    "the one line": MENDED,
    "train at the top of an epoch": changed(
        MENDED,
        ("    for epoch in range(epochs):", "    for epoch in range(epochs):\n        model.train()"),
        (
            "            scores.append(model(X_new).numpy())\n        model.train()",
            "            scores.append(model(X_new).numpy())",
        ),
    ),
    "train(False)": changed(
        MENDED,
        ("model.eval(", "model.train(False"),
        ("        model.train()", "        model.train(True)"),
    ),
    "read in parts, with a look at the training images": changed(
        MENDED,
        (
            "            scores.append(model(X_new).numpy())\n        model.train()",
            (
                "            scores.append("
                "np.concatenate([model(X_new[i : i + 5]).numpy() for i in range(0, len(X_new), 5)]))\n"
                "            known = np.mean(model(X).numpy().argmax(axis=1) == y)  # learned by heart?\n"
                "            assert 0 <= known <= 1\n"
                "        model.train(True)"
            ),
        ),
    ),
    "train before each batch": changed(
        MENDED,
        (
            "        for start in range(0, len(X), 32):",
            "        for start in range(0, len(X), 32):\n            model.train()",
        ),
        (
            "            scores.append(model(X_new).numpy())\n        model.train()",
            "            scores.append(model(X_new).numpy())",
        ),
    ),
    "without no_grad": changed(
        MENDED,
        (
            "        with nnkit.no_grad():\n            scores.append(model(X_new).numpy())",
            "        scores.append(model(X_new).detach().numpy().tolist())",
        ),
    ),
    "read by a copy": changed(
        MENDED,
        ("        model.eval()\n", "        import copy\n\n        reading = copy.deepcopy(model).eval()\n"),
        ("model(X_new)", "reading(X_new)"),
        ("        model.train()\n", ""),
    ),
    "read by one copy that is brought up to date": changed(
        MENDED,
        (
            "    losses, scores = [], []",
            "    import pickle\n\n    reading = pickle.loads(pickle.dumps(model)).eval()\n    losses, scores = [], []",
        ),
        ("        model.eval()\n", "        reading.load_state_dict(model.state_dict())\n"),
        (
            "        with nnkit.no_grad():\n            scores.append(model(X_new).numpy())",
            (
                "        parts = [reading(X_new[i : i + 4]).detach().numpy() for i in range(0, len(X_new), 4)]\n"
                "        scores.append(np.concatenate(parts))"
            ),
        ),
        ("        model.train()\n", ""),
    ),
    "the layers of dropout alone": changed(
        MENDED,
        ("        model.eval()", to_dropout("eval()", "        ")),
    ),
}

WRONG = {
    "as it was": changed(
        MENDED,
        ("        model.eval()\n", ""),
        ("        model.train()\n", ""),
    ),
    "in use mode from the start": changed(
        MENDED,
        ("    losses, scores = [], []", "    losses, scores = [], []\n    model.eval()"),
        ("        model.eval()\n", ""),
        ("        model.train()\n", ""),
    ),
    "no way back": changed(
        MENDED,
        ("        model.train()\n", ""),
    ),
    "another rate as well": changed(
        MENDED,
        ("0.2", "0.02"),
    ),
    "more epochs": changed(
        MENDED,
        ("(epochs", "(epochs + 1"),
    ),
    "p of 0": changed(
        MENDED,
        (BEGIN, to_dropout("p = 0.0") + "\n" + BEGIN),
    ),
    "a smaller p": changed(
        MENDED,
        (BEGIN, to_dropout("p = 0.1") + "\n" + BEGIN),
    ),
    "p of 0 while reading": changed(
        MENDED,
        ("        model.eval()", to_dropout("p = 0.0", "        ")),
        ("        model.train()\n", ""),
    ),
    "the outermost module alone": changed(
        MENDED,
        ("model.eval()", "model.training = False"),
        ("model.train()", "model.training = True"),
    ),
    "a copy from before the training": changed(
        MENDED,
        (
            "    losses, scores = [], []",
            "    import copy\n\n    kept = copy.deepcopy(model).eval()\n    losses, scores = [], []",
        ),
        ("        model.eval()\n", ""),
        ("        model.train()\n", ""),
        ("model(X_new)", "kept(X_new)"),
    ),
    "a copy is trained": changed(
        MENDED,
        ("    optimizer = ", "    import copy\n\n    model = copy.deepcopy(model)\n    optimizer = "),
    ),
    "probabilities": changed(
        MENDED,
        ("model(X_new).numpy()", "F.softmax(model(X_new), 1).numpy()"),
    ),
    "labels": changed(
        MENDED,
        ("model(X_new).numpy()", "model(X_new).numpy().argmax(axis=1)"),
    ),
}

PROMISES = {
    **promised_by_all(MENDED),
    "dropout stays in the training": changed(
        MENDED,
        ("        model.train()\n", ""),
    ),
    "a mean of several answers is no mend": changed(
        MENDED,
        ("        model.eval()\n", ""),
        (
            "            scores.append(model(X_new).numpy())\n        model.train()",
            "            scores.append(np.mean([model(X_new).numpy() for _ in range(10)], axis=0))",
        ),
    ),
    "dropout keeps its p": changed(
        MENDED,
        (BEGIN, to_dropout("p = 0.3") + "\n" + BEGIN),
    ),
    "in use mode is the layer that drops": changed(
        MENDED,
        ("model.eval()", "model.training = False"),
        ("model.train()", "model.training = True"),
    ),
}
