"""Right answers to `hinge_loss`, and answers that break one promise of its text."""

from tests.answers import changed

RIGHT = {
    "vectorised, slope 0 at the kink": """
def hinge_loss(scores, y, margin=1.0):
    N = len(scores)
    rows = np.arange(N)
    excess = np.maximum(0, scores - scores[rows, y][:, None] + margin)
    excess[rows, y] = 0
    d = (excess > 0).astype(float)
    d[rows, y] = -d.sum(axis=1)
    return excess.sum() / N, d / N
""",
    "loops, slope 1 at the kink": """
def hinge_loss(scores, y, margin=1.0):
    N, C = scores.shape
    loss, d = 0.0, np.zeros((N, C))
    for i in range(N):
        for j in range(C):
            if j == y[i]:
                continue
            excess = scores[i, j] - scores[i, y[i]] + margin
            if excess >= 0:
                loss += excess / N
                d[i, j] += 1 / N
                d[i, y[i]] -= 1 / N
    return loss, d
""",
    "the right class counted and taken off again, float32": """
def hinge_loss(scores, y, margin=1.0):
    s = scores.astype(np.float32)
    t = np.eye(s.shape[1], dtype=np.float32)[y]
    right = (s * t).sum(axis=1, keepdims=True)
    terms = np.maximum(0, s - right + margin)
    loss = terms.sum(axis=1).mean() - margin
    active = np.float32(terms > 0)
    return loss, (active - t * active.sum(axis=1, keepdims=True)) / len(y)
""",
    "minus infinity at the right class": """
def hinge_loss(scores, y, margin=1.0):
    rows, s = np.arange(len(y)), np.array(scores, dtype=float)
    right = s[rows, y].copy()
    s[rows, y] = -np.inf
    excess = s + margin - right[:, None]
    slopes = 1.0 * (excess > 0)
    slopes[rows, y] = -slopes.sum(axis=1)
    return excess[excess > 0].sum() / len(y), slopes / len(y)
""",
    "half a slope at the kink, lists": """
def hinge_loss(scores, y, margin=1.0):
    losses, grads = [], []
    for row, label in zip(scores.tolist(), y.tolist()):
        slopes = [0.0] * len(row)
        loss = 0.0
        for j, s in enumerate(row):
            e = s - row[label] + margin
            if j != label and e >= 0:
                loss += e
                slopes[j] += 1 if e > 0 else 0.5
                slopes[label] -= 1 if e > 0 else 0.5
        losses.append(loss)
        grads.append(slopes)
    return np.mean(losses), (np.array(grads) / len(y)).tolist()
""",
    "mask of wrong classes": """
def hinge_loss(scores, y, margin=1.0):
    wrong = np.ones(scores.shape, dtype=bool)
    wrong[range(len(y)), y] = False
    e = scores - np.take_along_axis(scores, y[:, None], axis=1) + margin
    active = wrong & (e > 0)
    loss = np.where(active, e, 0).sum(1).mean()
    dscores = np.where(active, 1.0, 0.0)
    dscores[~wrong] = -active.sum(1)
    return loss, dscores / scores.shape[0]
""",
}

# The text's promise → an answer that breaks this one alone.
_RIGHT = """
def hinge_loss(scores, y, margin=1.0):
    rows = np.arange(len(y))
    excess = np.maximum(0, scores - scores[rows, y][:, None] + margin)
    excess[rows, y] = 0
    dscores = (excess > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return excess.sum() / len(y), dscores / len(y)
"""
PROMISES = {
    "sum over the wrong classes": changed(_RIGHT, ("excess.sum()", "excess.max(axis=1).sum()")),
    "over the wrong classes only": changed(_RIGHT, ("excess.sum() / len(y)", "excess.sum() / len(y) + margin")),
    "max(0, …)": changed(
        _RIGHT,
        (
            "np.maximum(0, scores - scores[rows, y][:, None] + margin)",
            "np.abs(scores - scores[rows, y][:, None] + margin)",
        ),
    ),
    "s_j - s_y": changed(_RIGHT, ("scores - scores[rows, y][:, None]", "scores[rows, y][:, None] - scores")),
    "+ margin": changed(_RIGHT, ("[:, None] + margin", "[:, None] - margin")),
    "margin, whatever it is": changed(_RIGHT, ("[:, None] + margin", "[:, None] + 1")),
    "margin=1.0 when it is left out": changed(_RIGHT, ("margin=1.0", "margin=0.5")),
    "a margin may be left out": changed(_RIGHT, ("margin=1.0", "margin")),
    "a margin may be given": changed(_RIGHT, (", margin=1.0):", "):\n    margin = 1.0")),
    "mean over the batch": changed(_RIGHT, ("excess.sum() / len(y)", "excess.sum()")),
    "not over the classes": changed(_RIGHT, ("excess.sum() / len(y)", "excess.mean()")),
    "its gradient: mean over the batch": changed(_RIGHT, ("dscores / len(y)", "dscores")),
    "every wrong class that costs something has the slope +1": changed(
        _RIGHT, ("(excess > 0).astype(float)", "excess.copy()")
    ),
    "no slope where nothing is paid": changed(
        _RIGHT, ("dscores[rows, y] = -d", "dscores[:] = 1; dscores[rows, y] = 0; dscores[rows, y] = -d")
    ),
    "the right class: minus their number": changed(_RIGHT, ("-dscores.sum(axis=1)", "-dscores.max(axis=1)")),
    "exactly at the bend: from either side, not beyond": changed(
        _RIGHT, ("(excess > 0).astype(float)", "(excess > 0) + 2.0 * (scores - scores[rows, y][:, None] == -margin)")
    ),
    "integers from 0 to C - 1": changed(_RIGHT, ("rows = np", "y = np.maximum(y, 1); rows = np")),
    "one sample in each row": changed(_RIGHT, ("scores[rows, y][:, None]", "scores[rows, y].mean()")),
    "returns a number": changed(_RIGHT, ("excess.sum() / len(y)", "excess.sum(axis=1) / len(y)")),
    "an array of shape (N, C)": changed(_RIGHT, ("dscores / len(y)", "dscores.T / len(y)")),
    "→ loss, dscores, in this order": changed(
        _RIGHT, ("excess.sum() / len(y), dscores / len(y)", "dscores / len(y), excess.sum() / len(y)")
    ),
    "what comes in stays as it is": changed(
        _RIGHT, ("rows = np.arange(len(y))", "rows = np.arange(len(y)); scores -= scores.max()")
    ),
    "scores of any size": changed(_RIGHT, ("rows = np", "scores = np.clip(scores, -20, 20); rows = np")),
    "a gradient by its rule, no differences": """
def hinge_loss(scores, y, margin=1.0):
    def loss(s):
        excess = np.maximum(0, s - s[np.arange(len(y)), y][:, None] + margin)
        excess[np.arange(len(y)), y] = 0
        return excess.sum() / len(y)

    h, dscores = 1e-6, np.zeros(scores.shape)
    for place in np.ndindex(*scores.shape):
        step = np.zeros(scores.shape)
        step[place] = h
        dscores[place] = (loss(scores + step) - loss(scores - step)) / (2 * h)
    return loss(scores), dscores
""",
}
