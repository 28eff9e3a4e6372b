"""Right answers to `linear_regression_gradients`, and answers that break one promise of its text."""

from tests.answers import changed

RIGHT = {
    "differences with a step of 1, exact for a parabola": """
def linear_regression_gradients(X, y, w, b):
    def loss(w, b):
        return ((X @ w + b - y) ** 2).mean() / 2

    w = np.array(w, dtype=float)
    steps = np.eye(len(w))
    dw = np.array([(loss(w + h, b) - loss(w - h, b)) / 2 for h in steps])
    return dw, (loss(w, b + 1) - loss(w, b - 1)) / 2
""",
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
}

# The text's promise → an answer that breaks this one alone.
_RIGHT = """
def linear_regression_gradients(X, y, w, b):
    error = X @ w + b - y
    return X.T @ error / len(y), error.mean()
"""
PROMISES = {
    "1/(2N) Σ: the ½ cancels the 2 of the derivative": changed(
        _RIGHT, ("X.T @ error / len(y), error.mean()", "2 * X.T @ error / len(y), 2 * error.mean()")
    ),
    "twice as many points do not mean twice the step": changed(_RIGHT, (" / len(y), error.mean()", ", error.sum()")),
    "∂L/∂w = Xᵀ e / N": changed(_RIGHT, ("X.T @ error / len(y)", "X.T @ error")),
    "∂L/∂b = 1/N Σ eᵢ, the mean error": changed(_RIGHT, ("error.mean()", "error.sum()")),
    "an error up and an error down are equally bad": changed(_RIGHT, ("error.mean()", "np.abs(error).mean()")),
    "each example's error counts as much as its x is large": changed(
        _RIGHT, ("X.T @ error / len(y)", "np.sign(X).T @ error / len(y)")
    ),
    "the sum over all examples": changed(_RIGHT, ("error.mean()", "error[:-1].sum() / len(y)")),
    "with several features there is one weight for each": changed(_RIGHT, ("X @ w", "X[:, 0] * w[0]")),
    "one example in each row": changed(
        _RIGHT, ("X.T @ error / len(y)", "(X @ error if len(X) == X.shape[1] else X.T @ error) / len(y)")
    ),
    "b: a number, part of the prediction": changed(_RIGHT, ("X @ w + b - y", "X @ w - y")),
    "dw of shape (D,)": changed(_RIGHT, ("X.T @ error / len(y)", "(X.T @ error / len(y))[:, None]")),
    "dw of shape (D,), also for one feature": changed(
        _RIGHT, ("X.T @ error / len(y)", "np.squeeze(X.T @ error) / len(y)")
    ),
    "the number db": changed(_RIGHT, ("error.mean()", "error.mean(keepdims=True)")),
    "→ dw, db, in this order": changed(
        _RIGHT, ("X.T @ error / len(y), error.mean()", "error.mean(), X.T @ error / len(y)")
    ),
    "what comes in stays as it is": changed(_RIGHT, ("error = X @ w + b - y", "y *= -1; y += X @ w + b; error = y")),
    "gradients by their rule, no differences": """
def linear_regression_gradients(X, y, w, b):
    def loss(w, b):
        return np.sum((X @ w + b - y) ** 2) / (2 * len(y))

    h = 1e-5
    steps = h * np.eye(len(w))
    dw = [(loss(w + step, b) - loss(w - step, b)) / (2 * h) for step in steps]
    return np.array(dw), (loss(w, b + h) - loss(w, b - h)) / (2 * h)
""",
}
