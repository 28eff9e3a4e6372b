"""Right answers to `regularized_loss`."""

RIGHT = {
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
}
