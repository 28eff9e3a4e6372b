"""Right answers to `confusion_matrix`."""

from __future__ import annotations

from tests.answers import changed

RIGHT = {
    "pair by pair": """
def confusion_matrix(y_true, y_pred, k):
    table = np.zeros((k, k), dtype=int)
    for true, named in zip(y_true, y_pred):
        table[true, named] += 1
    return table
""",
    "np.add.at": """
def confusion_matrix(y_true, y_pred, k):
    table = np.zeros((k, k), dtype=np.int32)
    np.add.at(table, (y_true, y_pred), 1)
    return table
""",
    "one number for a pair": """
def confusion_matrix(y_true, y_pred, k):
    return np.bincount(k * y_true + y_pred, minlength=k * k).reshape(k, k)
""",
    "one-hot tables multiplied": """
def confusion_matrix(y_true, y_pred, k):
    classes = np.arange(k)[:, None]
    return (classes == y_true).astype(np.int64) @ (classes == y_pred).astype(np.int64).T
""",
    "every pair of classes counted": """
def confusion_matrix(y_true, y_pred, k):
    return [[int(np.sum((y_true == i) & (y_pred == j))) for j in range(k)] for i in range(k)]
""",
    "a dictionary first": """
def confusion_matrix(y_true, y_pred, k):
    seen = {}
    for pair in zip(y_true.tolist(), y_pred.tolist()):
        seen[pair] = seen.get(pair, 0) + 1
    table = np.zeros((k, k), dtype="uint16")
    for (i, j), count in seen.items():
        table[i, j] = count
    return table
""",
}

PAIRS = RIGHT["pair by pair"]

# Each breaks only the promise that it stands under.
PROMISES = {
    "k rows and k columns": changed(PAIRS, ("(k, k)", "(max(*y_true, *y_pred) + 1,) * 2")),
    "rows are true classes": changed(PAIRS, ("[true, named]", "[named, true]")),
    "every sample counts": changed(PAIRS, ("zip(y_true, y_pred)", "set(zip(y_true, y_pred))")),
    "once": changed(PAIRS, ("+= 1", "+= 1 + (true == named)")),
    "integers": changed(PAIRS, ("dtype=int", "dtype=float")),
    "y_true stays as it is": changed(PAIRS, ("    return", "    y_true[:] = 0\n    return")),
    "y_pred stays as it is": changed(PAIRS, ("    return", "    y_pred[:] = 0\n    return")),
}
