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
    "the bias first": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    z = b1.copy()
    for entry, row in zip(x, W1):
        z += entry * row
    h = sigmoid(z)
    p = sigmoid(b2 + h @ W2)
    d2 = (p - y) * p * (1 - p)
    d1 = (d2[None, :] * W2).sum(axis=1) * h * (1 - h)
    return x[:, None] * d1[None, :], d1, h[:, None] * d2[None, :], d2
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

OUTER = RIGHT["outer products"]

# What the text promises → an answer that breaks only this.
PROMISES = {
    "each gradient has the shape of its parameter (a matrix)": OUTER.replace(
        "np.outer(x, delta1)", "np.outer(delta1, x)"
    ),
    "each gradient has the shape of its parameter (a bias)": OUTER.replace(", delta1, np", ", delta1[None], np"),
    "one sample": OUTER.replace("delta1, np.outer(h, delta2), delta2", "delta1 / len(x), np.outer(h, delta2), delta2"),
    "dW1, db1, dW2, db2, in this order": OUTER.replace(
        "np.outer(x, delta1), delta1, np.outer(h, delta2), delta2",
        "np.outer(h, delta2), delta2, np.outer(x, delta1), delta1",
    ),
    "W2[j, k] leads from j to k, for layers of different sizes": OUTER.replace("W2 @ delta2", "W2.T @ delta2"),
    "W2[j, k] leads from j to k, in square layers too": OUTER.replace(
        "W2 @ delta2", "(W2.T if W2.shape[0] == W2.shape[1] else W2) @ delta2"
    ),
    "K messages come back and add up": OUTER.replace("W2 @ delta2", "(W2 * delta2).mean(axis=1)"),
    "a sigmoid at the output too": OUTER.replace("sigmoid(h @ W2 + b2)", "h @ W2 + b2").replace(
        " * prediction * (1 - prediction)", ""
    ),
    "its own gate, in each layer": OUTER.replace(" * h * (1 - h)", ""),
    "the loss is ½‖y − ŷ‖², a sum": OUTER.replace("(prediction - y)", "(prediction - y) / len(y)"),
    "both biases enter": OUTER.replace("x @ W1 + b1", "x @ W1").replace("h @ W2 + b2", "h @ W2"),
    "σ is the sigmoid (not one cut off at 5)": OUTER.replace(
        "prediction = sigmoid(h @ W2 + b2)",
        """prediction = sigmoid(h @ W2 + b2)
    prediction = np.where(prediction > sigmoid(5), 1.0, np.where(prediction < sigmoid(-5), 0.0, prediction))""",
    ),
    "gradients of L (by the walk, not by differences)": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    parameters = [np.array(entry, dtype=float) for entry in (W1, b1, W2, b2)]

    def loss():
        A, b, C, d = parameters
        return 0.5 * np.sum((y - sigmoid(sigmoid(x @ A + b) @ C + d)) ** 2)

    results = []
    for parameter in parameters:
        gradient = np.zeros(parameter.shape)
        for place in np.ndindex(parameter.shape):
            old = parameter[place]
            parameter[place] = old + 1e-5
            above = loss()
            parameter[place] = old - 1e-5
            gradient[place] = (above - loss()) / 2e-5
            parameter[place] = old
        results.append(gradient)
    return results
""",
}
