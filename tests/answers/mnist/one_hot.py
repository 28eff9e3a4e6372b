"""Right answers to `one_hot`."""

from __future__ import annotations

from tests.answers import changed

RIGHT = {
    "pairs of places": """
def one_hot(y, k):
    table = np.zeros((len(y), k))
    table[np.arange(len(y)), y] = 1
    return table
""",
    "rows of the identity": """
def one_hot(y, k):
    return np.eye(k)[y]
""",
    "compared with all classes, float32": """
def one_hot(y, k):
    return (y[:, None] == np.arange(k)).astype(np.float32)
""",
    "nested lists": """
def one_hot(y, k):
    return [[1.0 if label == column else 0.0 for column in range(k)] for label in y]
""",
    "row by row": """
def one_hot(y, k):
    rows = []
    for label in y:
        row = np.zeros(k)
        row[label] = 1.0
        rows.append(row)
    return np.array(rows)
""",
    "every k-th of one row": """
def one_hot(y, k):
    flat = np.zeros(y.size * k, dtype=np.float16)
    flat[k * np.arange(y.size) + y] += 1
    return flat.reshape(-1, k)
""",
}

PAIRS = RIGHT["pairs of places"]

# Each breaks only the promise that it stands under.
PROMISES = {
    "one row for each label": changed(PAIRS, ("return table", "return table.T.copy()")),
    "k columns": changed(PAIRS, ("(len(y), k)", "(len(y), y.max() + 1)")),
    "1 in the column of the label": changed(PAIRS, ("y] = 1", "k - 1 - y] = 1")),
    "0 elsewhere": changed(PAIRS, ("np.zeros((len(y), k))", "np.full((len(y), k), 0.01)")),
    "floats": changed(PAIRS, ("return table", "return table.astype(int)")),
    "classes count from 0": changed(PAIRS, ("y] = 1", "y - 1] = 1")),
    "y stays as it is": changed(PAIRS, ("    return", "    y[:] = 0\n    return")),
}
