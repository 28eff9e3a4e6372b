"""Right answers to `two_layer_gradients`."""

from tests.answers.backprop_by_hand.parts.provided import SIGMOID

PROVIDED = SIGMOID

RIGHT = {
    "Jacobians, np.matrix": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    h = sigmoid(x @ W1 + b1)
    p = sigmoid(h @ W2 + b2)
    delta2 = (p - y) @ np.diag(p * (1 - p))
    delta1 = delta2 @ W2.T @ np.diag(h * (1 - h))
    return np.matrix(x).T * np.matrix(delta1), delta1, np.kron(h[:, None], delta2[None, :]), delta2
""",
    "four shapes in one array of objects": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    h = sigmoid(x @ W1 + b1)
    p = sigmoid(h @ W2 + b2)
    delta2 = -(y - p) * p * (1 - p)
    delta1 = (W2 * delta2).sum(axis=1) * h * (1 - h)
    results = np.empty(4, dtype=object)
    results[:] = [x[:, None] * delta1, delta1, h[:, None] * delta2, delta2]
    return results
""",
    "outer products": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    h = sigmoid(x @ W1 + b1)
    prediction = sigmoid(h @ W2 + b2)
    delta2 = (prediction - y) * prediction * (1 - prediction)
    delta1 = (W2 @ delta2) * h * (1 - h)
    return np.outer(x, delta1), delta1, np.outer(h, delta2), delta2
""",
    "plain loops and lists": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    D, H = W1.shape
    K = len(y)
    h = [1 / (1 + math.exp(-sum(x[n] * W1[n][j] for n in range(D)) - b1[j])) for j in range(H)]
    p = [1 / (1 + math.exp(-sum(h[j] * W2[j][k] for j in range(H)) - b2[k])) for k in range(K)]
    d2 = [(p[k] - y[k]) * p[k] * (1 - p[k]) for k in range(K)]
    d1 = [sum(W2[j][k] * d2[k] for k in range(K)) * h[j] * (1 - h[j]) for j in range(H)]
    return (
        [[x[n] * d1[j] for j in range(H)] for n in range(D)], d1,
        [[h[j] * d2[k] for k in range(K)] for j in range(H)], d2,
    )
""",
    "einsum": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    h = sigmoid(np.einsum("d,dh->h", x, W1) + b1)
    p = sigmoid(np.einsum("h,hk->k", h, W2) + b2)
    d2 = np.einsum("k,k,k->k", p - y, p, 1 - p)
    d1 = np.einsum("hk,k,h,h->h", W2, d2, h, 1 - h)
    return np.einsum("d,h->dh", x, d1), d1, np.einsum("h,k->hk", h, d2), d2
""",
    "one row in a batch, float32": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    x, y, W1, b1, W2, b2 = (entry.astype(np.float32) for entry in (x, y, W1, b1, W2, b2))
    X, Y = x[None, :], y[None, :]
    H = sigmoid(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D2 = (P - Y) * P * (1 - P)
    D1 = D2 @ W2.T * H * (1 - H)
    return [X.T @ D1, D1.sum(axis=0), H.T @ D2, D2.sum(axis=0)]
""",
}
