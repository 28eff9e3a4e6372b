"""Right answers to `hinge_loss`."""

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
