"""Right answers to `regularized_loss`, and answers that break one promise of its text."""

from tests.answers import changed

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

# The text's promise → an answer that breaks this one alone.
_RIGHT = """
def regularized_loss(X, y, w, l1, l2):
    error = X @ w - y
    loss = error @ error / (2 * len(y)) + l1 * np.abs(w).sum() + l2 * (w**2).sum()
    grad = X.T @ error / len(y) + l1 * np.sign(w) + 2 * l2 * w
    return loss, grad
"""
PROMISES = {
    "1/(2N) ‖Xw - y‖²": changed(_RIGHT, ("/ (2 * len(y))", "/ len(y)")),
    "1/(2N), N examples": changed(_RIGHT, ("/ (2 * len(y))", "/ (2 * len(w))")),
    "‖Xw - y‖²": changed(_RIGHT, ("error @ error /", "np.linalg.norm(error) /")),
    "linear regression without a bias": changed(_RIGHT, ("X @ w - y", "X @ w - y; error = error - error.mean()")),
    "l1 Σ|w|": changed(_RIGHT, ("np.abs(w).sum()", "w.sum()")),
    "l2 Σw²": changed(_RIGHT, ("(w**2).sum()", "w.sum() ** 2")),
    "l2 Σw², no ½": changed(_RIGHT, ("l2 * (w**2)", "l2 / 2 * (w**2)"), ("2 * l2 * w", "l2 * w")),
    "both penalties": changed(_RIGHT, ("+ l1 * np.abs(w).sum() + l2", "+ (l2 or l1 * np.abs(w).sum() and 0) + l2")),
    "its gradient: of the data": changed(_RIGHT, ("grad = X.T @ error / len(y)", "grad = X.T @ error")),
    "its gradient: of L1": changed(_RIGHT, ("np.sign(w)", "w")),
    "its gradient: of L2": changed(_RIGHT, ("2 * l2 * w", "l2 * w")),
    "the slope of |w| at 0 counts as 0": changed(_RIGHT, ("np.sign(w)", "np.where(w >= 0, 1, -1)")),
    "the slope of |w| at 0 counts as 0, from the other side": changed(_RIGHT, ("np.sign(w)", "np.where(w > 0, 1, -1)")),
    "the slope of |w| at 0 counts as 0, and is a number": changed(_RIGHT, ("np.sign(w)", "w / np.abs(w)")),
    "at w = 0 only": changed(_RIGHT, ("np.sign(w)", "np.where(np.abs(w) < 0.01, 0, np.sign(w))")),
    "returns a number": changed(_RIGHT, ("return loss", "return np.array([loss])")),
    "an array of shape (D,)": changed(_RIGHT, ("return loss, grad", "return loss, grad.reshape(-1, 1)")),
    "→ loss, grad, in this order": changed(_RIGHT, ("return loss, grad", "return grad, loss")),
    "what comes in stays as it is": changed(_RIGHT, ("return loss", "w -= 0.1 * grad; return loss")),
    "a gradient by its rule, no differences": """
def regularized_loss(X, y, w, l1, l2):
    def loss(w):
        return np.sum((X @ w - y) ** 2) / (2 * len(y)) + l1 * np.abs(w).sum() + l2 * (w**2).sum()

    h = 1e-6
    return loss(w), np.array([(loss(w + step) - loss(w - step)) / (2 * h) for step in h * np.eye(len(w))])
""",
}
