"""Right and wrong answers to `k_fold_indices`."""

from __future__ import annotations

from tests.answers import changed

SPLIT = """
def k_fold_indices(n, k, rng):
    parts = np.array_split(rng.permutation(n), k)
    folds = []
    for i in range(k):
        rest = np.concatenate(parts[:i] + parts[i + 1 :])
        folds.append((rest, parts[i]))
    return folds
"""

RIGHT = {
    "np.array_split": SPLIT,
    "lists, every k-th": """
def k_fold_indices(n, k, rng):
    order = rng.permutation(n).tolist()
    return [([order[j] for j in range(n) if j % k != i], order[i::k]) for i in range(k)]
""",
    "a number of a fold for each index": """
def k_fold_indices(n, k, rng):
    fold = np.arange(n) % k
    rng.shuffle(fold)
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]
""",
    "borders, a tuple of lists": """
def k_fold_indices(n, k, rng):
    order = np.argsort(rng.random(n))
    borders = [i * n // k for i in range(k + 1)]
    return tuple([np.r_[order[:a], order[b:]], order[a:b]] for a, b in zip(borders, borders[1:]))
""",
    "the first parts take one more": """
def k_fold_indices(n, k, rng):
    order = rng.choice(n, n, replace=False).astype(np.int32)
    folds, start = [], 0
    for i in range(k):
        stop = start + n // k + (1 if i < n % k else 0)
        validation = order[start:stop]
        folds += [(np.setdiff1d(order, validation), validation)]
        start = stop
    return folds
""",
}

WRONG = {
    "not shuffled": changed(SPLIT, ("rng.permutation(n)", "np.arange(n)")),
    "parts of neighbours": changed(
        SPLIT, ("np.array_split(rng.permutation(n), k)", "np.array_split(np.arange(n), k)\n    rng.shuffle(parts)")
    ),
    "parts of neighbours, shuffled in themselves": changed(
        SPLIT,
        (
            "np.array_split(rng.permutation(n), k)",
            "[rng.permutation(part) for part in np.array_split(np.arange(n), k)]",
        ),
    ),
    "another source": changed(SPLIT, ("rng.permutation", "np.random.permutation")),
    "same folds again": changed(SPLIT, ("rng.permutation", "np.random.default_rng(5).permutation")),
    "same for one seed": changed(
        SPLIT,
        (
            "    parts",
            "    import copy\n    rng = copy.deepcopy(rng)\n    parts",
        ),
    ),
    "drawn anew": """
def k_fold_indices(n, k, rng):
    folds = []
    for i in range(k):
        parts = np.array_split(rng.permutation(n), k)
        folds.append((np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]))
    return folds
""",
    "remainder missing": changed(
        SPLIT,
        ("np.array_split(rng.permutation(n), k)", "rng.permutation(n)[: n // k * k].reshape(k, -1)"),
        ("np.concatenate(parts[:i] + parts[i + 1 :])", "np.delete(parts, i, axis=0).ravel()"),
    ),
    "remainder in one": changed(
        SPLIT,
        ("np.array_split(rng.permutation(n), k)", "np.split(rng.permutation(n), [i * (n // k) for i in range(1, k)])"),
    ),
    "k in a part": """
def k_fold_indices(n, k, rng):
    order = rng.permutation(n)
    return [(np.append(order[:i], order[i + k :]), order[i : i + k]) for i in range(0, n, k)]
""",
    "rounded up": """
def k_fold_indices(n, k, rng):
    order, size = rng.permutation(n), -(-n // k)
    folds = []
    for i in range(k):
        validation = order[i * size : (i + 1) * size]
        folds.append(([index for index in order if index not in validation], validation))
    return folds
""",
    "places": """
def k_fold_indices(n, k, rng):
    order = rng.permutation(n)
    folds = []
    for i in range(k):
        others = [place for place in range(n) if place % k != i]
        folds.append((others, order[i::k]))
    return folds
""",
    "same pair": changed(
        SPLIT,
        ("    folds = []\n", "    folds, pair = [], [None, None]\n"),
        ("folds.append((rest, parts[i]))", "pair[:] = rest, parts[i]\n        folds.append(pair)"),
    ),
    "later parts": changed(
        SPLIT,
        (
            "parts = np.array_split(rng.permutation(n), k)",
            "parts = [list(p) for p in np.array_split(rng.permutation(n), k)]",
        ),
        ("rest = np.concatenate(parts[:i] + parts[i + 1 :])", "part = parts.pop(0)"),
        ("folds.append((rest, parts[i]))", "folds.append((sum(parts, []), part))"),
    ),
    "swapped": changed(SPLIT, ("(rest, parts[i])", "(parts[i], rest)")),
    "training is everything": changed(SPLIT, ("np.concatenate(parts[:i] + parts[i + 1 :])", "np.concatenate(parts)")),
    "earlier parts": changed(
        SPLIT, ("np.concatenate(parts[:i] + parts[i + 1 :])", "np.concatenate([parts[0][:0]] + parts[:i])")
    ),
    "one part trains": changed(SPLIT, ("np.concatenate(parts[:i] + parts[i + 1 :])", "parts[i - 1]")),
    "one fold": changed(SPLIT, ("    return", "        return")),
    "parts alone": changed(SPLIT, ("return folds", "return parts")),
    "list of parts": changed(SPLIT, ("np.concatenate(parts[:i] + parts[i + 1 :])", "parts[:i] + parts[i + 1 :]")),
    "masks": changed(
        SPLIT,
        (
            "folds.append((rest, parts[i]))",
            "mask = np.isin(np.arange(n), parts[i])\n        folds.append((~mask, mask))",
        ),
    ),
    "handed out": changed(
        SPLIT, ("folds.append((rest, parts[i]))", "yield rest, parts[i]"), ("    return folds\n", "")
    ),
}

# Each breaks only the promise that it stands under.
PROMISES = {
    "a shuffled order": WRONG["not shuffled"],
    "from rng": WRONG["another source"],
    "k parts": changed(SPLIT, ("range(k)", "range(k - 1)")),
    "whose sizes differ by at most 1": WRONG["remainder in one"],
    "(training, validation)": WRONG["swapped"],
    "each index validates exactly once": WRONG["drawn anew"],
    "every index does": WRONG["remainder missing"],
    "training is all the others": changed(SPLIT, ("(rest, ", "(rest[1:], ")),
    "and no other": WRONG["training is everything"],
    "indices": WRONG["masks"],
    "a list": WRONG["handed out"],
    "another seed others": WRONG["same folds again"],
}
