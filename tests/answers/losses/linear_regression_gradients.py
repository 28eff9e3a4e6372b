"""Right answers to `linear_regression_gradients`."""

RIGHT = {
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
