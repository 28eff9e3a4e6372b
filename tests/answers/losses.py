"""Right answers to notebook 03, second part: losses and penalties."""

ANSWERS = {
    "linear_regression_gradients": {
        "matrix products": """
def linear_regression_gradients(X, y, w, b):
    e = X @ w + b - y
    return X.T @ e / len(y), np.mean(e)
""",
        "plain loops": """
def linear_regression_gradients(X, y, w, b):
    N, D = X.shape
    dw, db = [0.0] * D, 0.0
    for i in range(N):
        prediction = b
        for j in range(D):
            prediction += X[i, j] * w[j]
        error = prediction - y[i]
        for j in range(D):
            dw[j] += X[i, j] * error / N
        db += error / N
    return dw, db
""",
        "einsum, a dictionary's values": """
def linear_regression_gradients(X, y, w, b):
    e = np.einsum("nd,d->n", X, w) + b - y
    grads = {"dw": np.einsum("nd,n->d", X, e) / X.shape[0], "db": e.sum() / X.shape[0]}
    return [grads["dw"], grads["db"]]
""",
        "a column of ones, both at once": """
def linear_regression_gradients(X, y, w, b):
    A = np.column_stack([X, np.ones(len(X))])
    v = np.append(w, b)
    g = A.T @ (A @ v - y) / len(y)
    return g[:-1], g[-1]
""",
        "float32, mean of products": """
def linear_regression_gradients(X, y, w, b):
    X, y, w = X.astype(np.float32), y.astype(np.float32), w.astype(np.float32)
    e = (X * w).sum(axis=1) + np.float32(b) - y
    return (X * e[:, None]).mean(axis=0), e.mean()
""",
        "from the normal equations": """
def linear_regression_gradients(X, y, w, b):
    N = len(y)
    dw = (X.T @ X @ w + X.sum(0) * b - X.T @ y) / N
    return dw, X.mean(0) @ w + b - y.mean()
""",
    },
    "negative_log_likelihood": {
        "softmax, then the logarithm": """
def negative_log_likelihood(scores, y):
    p = np.exp(scores) / np.exp(scores).sum()
    return -np.log(p[y])
""",
        "math and a loop": """
def negative_log_likelihood(scores, y):
    total = 0.0
    for s in scores:
        total += math.exp(s)
    return -math.log(math.exp(scores[y]) / total)
""",
        "logarithm of the sum, shifted": """
def negative_log_likelihood(scores, y):
    top = max(scores)
    return np.log(np.sum(np.exp(scores - top))) - (scores[y] - top)
""",
        "differences to the right class, float32": """
def negative_log_likelihood(scores, y):
    return np.log(np.exp((scores - scores[y]).astype(np.float32)).sum())
""",
        "a dot product with a one-hot vector": """
def negative_log_likelihood(scores, y):
    t = np.eye(len(scores))[y]
    e = np.exp(scores)
    return -(t @ np.log(e / e.sum()))
""",
        "logaddexp": """
def negative_log_likelihood(scores, y):
    return np.logaddexp.reduce(scores) - scores[y]
""",
    },
    "softmax_cross_entropy": {
        "logarithm of the softmax": """
def softmax_cross_entropy(logits, y):
    N = len(logits)
    shifted = logits - logits.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(N)
    loss = -logp[rows, y].mean()
    dlogits = np.exp(logp)
    dlogits[rows, y] -= 1
    return loss, dlogits / N
""",
        "row by row, lists": """
def softmax_cross_entropy(logits, y):
    N = len(logits)
    total, rows = 0.0, []
    for row, label in zip(logits, y):
        top = max(row)
        exps = [math.exp(s - top) for s in row]
        s = sum(exps)
        total += math.log(s) - (row[label] - top)
        rows.append([(e / s - (k == label)) / N for k, e in enumerate(exps)])
    return total / N, rows
""",
        "one-hot and logaddexp": """
def softmax_cross_entropy(logits, y):
    N, C = logits.shape
    t = np.eye(C)[y]
    logsum = np.logaddexp.reduce(logits, axis=1)
    loss = np.mean(logsum - (t * logits).sum(axis=1))
    p = np.exp(logits - logsum[:, None])
    return loss, (p - t) / N
""",
        "float32": """
def softmax_cross_entropy(logits, y):
    z = logits.astype(np.float32)
    z = z - np.max(z, axis=-1, keepdims=True)
    e = np.exp(z)
    s = np.sum(e, axis=-1, keepdims=True)
    loss = np.mean(np.log(s)[:, 0] - z[np.arange(z.shape[0]), y])
    p = e / s
    p[np.arange(len(y)), y] -= 1.0
    p /= len(y)
    return loss, p
""",
        "through negative_log_likelihood of one sample": """
def negative_log_likelihood(scores, y):
    top = np.max(scores)
    return np.log(np.sum(np.exp(scores - top))) - (scores[y] - top)

def softmax_cross_entropy(logits, y):
    loss = np.mean([negative_log_likelihood(row, label) for row, label in zip(logits, y)])
    e = np.exp(logits - logits.max(axis=1)[:, None])
    p = e / e.sum(axis=1)[:, None]
    t = np.zeros_like(logits)
    for i, label in enumerate(y):
        t[i, label] = 1
    return loss, (p - t) / len(y)
""",
        "classes first": """
def softmax_cross_entropy(logits, y):
    z = (logits.T - logits.max(1))
    logp = z - np.log(np.exp(z).sum(0))
    n = np.arange(len(y))
    d = np.exp(logp)
    d[y, n] -= 1
    return np.array(-logp[y, n].sum() / len(y)), d.T / len(y)
""",
    },
    "hinge_loss": {
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
    },
    "regularized_loss": {
        "one line each": """
def regularized_loss(X, y, w, l1, l2):
    e = X @ w - y
    loss = e @ e / (2 * len(y)) + l1 * np.abs(w).sum() + l2 * np.sum(w**2)
    return loss, X.T @ e / len(y) + l1 * np.sign(w) + 2 * l2 * w
""",
        "loops": """
def regularized_loss(X, y, w, l1, l2):
    N, D = X.shape
    loss, grad = 0.0, [0.0] * D
    for i in range(N):
        e = sum(X[i][j] * w[j] for j in range(D)) - y[i]
        loss += e * e / 2 / N
        for j in range(D):
            grad[j] += e * X[i][j] / N
    for j in range(D):
        loss += l1 * abs(w[j]) + l2 * w[j] ** 2
        grad[j] += 2 * l2 * w[j]
        if w[j] > 0:
            grad[j] += l1
        elif w[j] < 0:
            grad[j] -= l1
    return loss, grad
""",
        "norms, comparisons for the sign": """
def regularized_loss(X, y, w, l1, l2):
    N = X.shape[0]
    loss = np.linalg.norm(X.dot(w) - y) ** 2 / (2 * N) + l1 * np.linalg.norm(w, 1) + l2 * np.linalg.norm(w) ** 2
    sign = (w > 0).astype(float) - (w < 0)
    return loss, (X.T.dot(X.dot(w) - y)) / N + l1 * sign + l2 * 2 * w
""",
        "einsum, float32": """
def regularized_loss(X, y, w, l1, l2):
    X, y, w = (a.astype("float32") for a in (X, y, w))
    e = np.einsum("nd,d->n", X, w) - y
    data = 0.5 * np.mean(e**2)
    return data + np.float32(l1) * np.abs(w).sum() + np.float32(l2) * (w**2).sum(), (
        np.einsum("nd,n->d", X, e) / len(e) + np.float32(l1) * np.sign(w) + np.float32(2 * l2) * w
    )
""",
        "the L2 penalty as more data": """
def regularized_loss(X, y, w, l1, l2):
    N, D = X.shape
    A = np.vstack([X, np.sqrt(2 * N * l2) * np.eye(D)])
    c = np.concatenate([y, np.zeros(D)])
    r = A @ w - c
    return 0.5 / N * (r**2).sum() + l1 * sum(abs(v) for v in w), A.T @ r / N + l1 * np.sign(w)
""",
    },
}
