"""Right and wrong answers to `minibatches`."""

from __future__ import annotations

from tests.answers import changed

SLICES = """
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        batch = order[start : start + batch_size]
        yield X[batch], y[batch]
"""

RIGHT = {
    "a permutation, sliced, yielded": SLICES,
    "a list": """
def minibatches(X, y, batch_size, rng):
    order = np.arange(len(X))
    rng.shuffle(order)
    batches = []
    while len(order):
        now, order = order[:batch_size], order[batch_size:]
        batches.append((X[now], y[now]))
    return batches
""",
    "np.split at the borders": """
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(X.shape[0])
    parts = np.split(order, range(batch_size, len(order), batch_size))
    return [(X[part], y[part]) for part in parts]
""",
    "copies shuffled by one order": """
def minibatches(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(y)))
    X, y = X[order], y[order]
    return zip(
        (X[k : k + batch_size] for k in range(0, len(X), batch_size)),
        (y[k : k + batch_size] for k in range(0, len(y), batch_size)),
    )
""",
    "lists of rows, a shuffle by hand": """
def minibatches(X, y, batch_size, rng):
    order = list(range(len(X)))
    for k in reversed(range(1, len(order))):
        j = int(rng.integers(0, k + 1))
        order[k], order[j] = order[j], order[k]
    Xb, yb = [], []
    for number in order:
        Xb.append(X[number])
        yb.append(y[number])
        if len(Xb) == batch_size:
            yield Xb, yb
            Xb, yb = [], []
    if Xb:
        yield Xb, yb
""",
    "drawn without putting back": """
def minibatches(X, y, batch_size, rng):
    left = rng.choice(len(X), size=len(X), replace=False)
    parts = [left[k * batch_size : (k + 1) * batch_size] for k in range(math.ceil(len(X) / batch_size))]
    return tuple([X[part].astype(np.float32), y[part]] for part in parts)
""",
}

WRONG = {
    "not shuffled": changed(SLICES, ("rng.permutation(len(X))", "np.arange(len(X))")),
    "batches in random order": """
def minibatches(X, y, batch_size, rng):
    for start in rng.permutation(range(0, len(X), batch_size)):
        yield X[start : start + batch_size], y[start : start + batch_size]
""",
    "within batches": """
def minibatches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        Xb, yb = X[start : start + batch_size], y[start : start + batch_size]
        order = rng.permutation(len(Xb))
        yield Xb[order], yb[order]
""",
    "pairs": """
def minibatches(X, y, batch_size, rng):
    X, y = rng.permutation(X), rng.permutation(y)
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]
""",
    "whole in order": changed(
        SLICES, ("    order", "    if batch_size >= len(X):\n        yield X, y\n        return\n    order")
    ),
    "targets in their old order": """
def minibatches(X, y, batch_size, rng):
    X = rng.permutation(X)
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]
""",
    "inputs in their old order": changed(SLICES, ("yield X[batch]", "yield X[start : start + batch_size]")),
    "last batch missing": changed(
        SLICES, ("range(0, len(X), batch_size)", "range(0, len(X) - batch_size, batch_size)")
    ),
    "one missing": changed(SLICES, ("range(0,", "range(1,")),
    "same epoch again": changed(SLICES, ("    order", "    import copy\n    rng = copy.deepcopy(rng)\n    order")),
    "changed": """
def minibatches(X, y, batch_size, rng):
    seed = rng.integers(1000)
    np.random.default_rng(seed).shuffle(X)
    np.random.default_rng(seed).shuffle(y)
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]
""",
    "drawn anew": """
def minibatches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        batch = rng.integers(0, len(X), min(batch_size, len(X) - start))
        yield X[batch], y[batch]
""",
    "last one dropped": changed(
        SLICES, ("range(0, len(X), batch_size)", "range(0, len(X) - batch_size + 1, batch_size)")
    ),
    "filled up": """
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    while len(order) % batch_size:
        order = np.concatenate([order, order])[: len(order) + batch_size - len(order) % batch_size]
    for start in range(0, len(order), batch_size):
        yield X[order[start : start + batch_size]], y[order[start : start + batch_size]]
""",
    "number of batches": """
def minibatches(X, y, batch_size, rng):
    for part in np.array_split(rng.permutation(len(X)), batch_size):
        if len(part):
            yield X[part], y[part]
""",
    "even sizes": """
def minibatches(X, y, batch_size, rng):
    parts = np.array_split(rng.permutation(len(X)), math.ceil(len(X) / batch_size))
    return [(X[part], y[part]) for part in parts]
""",
    "another source": changed(SLICES, ("rng.permutation", "np.random.permutation")),
    "same order again": changed(SLICES, ("rng.permutation", "np.random.default_rng(1).permutation")),
    "swapped": changed(SLICES, ("yield X[batch], y[batch]", "yield y[batch], X[batch]")),
    "indices": changed(SLICES, ("yield X[batch], y[batch]", "yield batch")),
    "one batch": changed(SLICES, ("yield", "return")),
    "without an end": """
def minibatches(X, y, batch_size, rng):
    while True:
        batch = rng.choice(len(X), min(len(X), batch_size), replace=False)
        yield X[batch], y[batch]
""",
    "two lists": """
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    parts = [order[start : start + batch_size] for start in range(0, len(X), batch_size)]
    return [X[part] for part in parts], [y[part] for part in parts]
""",
    "overlap": changed(SLICES, ("start + batch_size]", "start + batch_size + 1]")),
    "missing": changed(SLICES, ("start + batch_size]", "start + batch_size - 1]")),
    "one by one": """
def minibatches(X, y, batch_size, rng):
    for number in rng.permutation(len(X)):
        yield X[number], y[number]
""",
    "lists of pairs": """
def minibatches(X, y, batch_size, rng):
    samples = list(zip(X, y))
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        yield [samples[number] for number in order[start : start + batch_size]]
""",
    "no axis": changed(
        SLICES,
        (
            "yield X[batch], y[batch]",
            "batch = batch[0] if len(batch) == 1 else batch\n        yield X[batch], y[batch]",
        ),
    ),
}

# Each breaks only the promise that it stands under.
PROMISES = {
    "one epoch": changed(
        SLICES, ("rng.permutation(len(X))", "np.tile(rng.permutation(len(X)), 2)"), ("0, len(X)", "0, len(order)")
    ),
    "the examples in random order": changed(SLICES, ("rng.permutation(len(X))", "np.arange(len(X))")),
    "in random order, a single batch too": WRONG["whole in order"],
    "a new order every epoch": WRONG["same epoch again"],
    "a seed makes it repeatable": changed(SLICES, ("rng.permutation", "np.random.permutation")),
    "every example comes exactly once": changed(SLICES, ("rng.permutation(len(X))", "rng.integers(0, len(X), len(X))")),
    "its target beside it": changed(SLICES, ("yield X[batch], y[batch]", "yield X[batch], y[np.sort(batch)]")),
    "X stays as it is": changed(
        SLICES, ("    for", "    X[:] = X[order]\n    y = y[order]\n    order = np.arange(len(X))\n    for")
    ),
    "y stays as it is": changed(
        SLICES, ("    for", "    y[:] = y[order]\n    X = X[order]\n    order = np.arange(len(X))\n    for")
    ),
    "every batch has batch_size examples": WRONG["even sizes"],
    "the last one may be shorter, and is there": WRONG["last one dropped"],
    "it is the last one that may be shorter": """
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for stop in reversed(range(len(X), 0, -batch_size)):
        batch = order[max(0, stop - batch_size) : stop]
        yield X[batch], y[batch]
""",
    "pairs (Xb, yb)": changed(SLICES, ("yield X[batch], y[batch]", "yield y[batch], X[batch]")),
    "X may have any number of axes behind the first": changed(
        SLICES, ("yield X[batch]", "yield X[batch].reshape(len(batch), -1)")
    ),
    "X may have no axis behind the first": changed(SLICES, ("yield X[batch]", "yield X[batch, :]")),
    "y too": changed(SLICES, ("y[batch]\n", "y[batch].reshape(len(batch), -1).squeeze()\n")),
}
