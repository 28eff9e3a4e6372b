"""Right answers to `accuracy`."""

from __future__ import annotations

from tests.answers import changed

RIGHT = {
    "one line": """
def accuracy(logits, y):
    return np.mean(np.argmax(logits, axis=1) == y)
""",
    "counted": """
def accuracy(logits, y):
    right = 0
    for row, label in zip(logits, y):
        best = 0
        for place in range(len(row)):
            if row[place] > row[best]:
                best = place
        if best == label:
            right += 1
    return right / len(y)
""",
    "true logit against the largest, float32": """
def accuracy(logits, y):
    logits = logits.astype(np.float32)
    own = logits[np.arange(len(y)), y]
    return (own >= logits.max(axis=1)).mean(dtype=np.float32)
""",
    "less the errors": """
def accuracy(logits, y):
    return 1 - np.count_nonzero(logits.argmax(-1) - y) / y.size
""",
    "lists": """
def accuracy(logits, y):
    named = [row.index(max(row)) for row in logits.tolist()]
    return sum(a == b for a, b in zip(named, y.tolist())) / len(named)
""",
    "sorted": """
def accuracy(logits, y):
    return float((logits.argsort(axis=1)[:, -1] == y).sum() / y.shape[0])
""",
}

LINE = RIGHT["one line"]

# Each breaks only the promise that it stands under.
PROMISES = {
    "the largest logit of its row": changed(LINE, ("np.argmax(logits, axis=1)", "np.argmax(np.abs(logits), axis=1)")),
    "of every sample": changed(LINE, ("np.argmax(logits, axis=1) == y", "np.argmax(logits[1:], axis=1) == y[1:]")),
    "a share": changed(LINE, ("np.mean", "np.sum")),
    "from 0 to 1": changed(LINE, ("return", "return 100 *")),
    "of the right ones": changed(LINE, ("==", "!=")),
    "one number": changed(LINE, ("== y)", "== y, keepdims=True)")),
    "logits stay as they are": changed(LINE, ("    return", "    logits -= logits.max()\n    return")),
    "y stays as it is": changed(
        LINE, ("    return", "    kept, y[:] = y.copy(), 0\n    return"), ("== y)", "== kept)")
    ),
}
