"""Right answers to `mlp_loss_and_grads`, and answers that break one promise of its text each."""

from __future__ import annotations

from tests.answers import changed

RIGHT = {
    "matrices": """
def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    N = len(y)
    z = X @ W1 + b1
    h = np.maximum(z, 0)
    scores = h @ W2 + b2
    s = scores - scores.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(N), y].mean()
    d = np.exp(log_p)
    d[np.arange(N), y] -= 1
    d /= N
    dh = d @ W2.T
    dz = dh * (z > 0)
    return loss, (X.T @ dz, dz.sum(axis=0), h.T @ d, d.sum(axis=0))
""",
    "the slide's ReLU: open at 0": """
def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    N = X.shape[0]
    h = X.dot(W1) + b1
    h_relu = np.maximum(h, 0)
    scores = h_relu.dot(W2) + b2
    scores = scores - np.max(scores, axis=1)[:, None]
    p = np.exp(scores) / np.sum(np.exp(scores), axis=1)[:, None]
    loss = np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[range(N), y])
    grad_scores = p.copy()
    grad_scores[range(N), y] -= 1
    grad_scores = grad_scores / N
    grad_w2 = h_relu.T.dot(grad_scores)
    grad_h = grad_scores.dot(W2.T)
    grad_h[h < 0] = 0
    return loss, (X.T.dot(grad_h), grad_h.sum(0), grad_w2, grad_scores.sum(0))
""",
    "sample by sample, lists back": """
def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    total, dW1, db1, dW2, db2 = 0.0, 0 * W1, 0 * b1, 0 * W2, 0 * b2
    for x, label in zip(X, y):
        z = [sum(x[d] * W1[d, j] for d in range(len(x))) + b1[j] for j in range(len(b1))]
        h = [max(0.0, entry) for entry in z]
        s = [sum(h[j] * W2[j, k] for j in range(len(h))) + b2[k] for k in range(len(b2))]
        largest = max(s)
        log_sum = largest + math.log(sum(math.exp(entry - largest) for entry in s))
        total += log_sum - s[label]
        delta2 = np.array([math.exp(entry - log_sum) - (k == label) for k, entry in enumerate(s)])
        delta1 = np.array([W2[j] @ delta2 if z[j] > 0 else 0.0 for j in range(len(z))])
        dW1 = dW1 + np.outer(x, delta1)
        db1 = db1 + delta1
        dW2 = dW2 + np.outer(h, delta2)
        db2 = db2 + delta2
    N = len(y)
    return total / N, [(grad / N).tolist() for grad in (dW1, db1, dW2, db2)]
""",
    "float32, einsum, a 0-d loss": """
def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    X, W1, b1, W2, b2 = (entry.astype(np.float32) for entry in (X, W1, b1, W2, b2))
    Y = np.eye(len(b2), dtype=np.float32)[y]
    z = np.einsum("nd,dh->nh", X, W1) + b1
    h = np.where(z > 0, z, 0)
    s = np.einsum("nh,hk->nk", h, W2) + b2
    log_sum = np.logaddexp.reduce(s, axis=1, keepdims=True)
    loss = np.array(-(Y * (s - log_sum)).sum() / len(y))
    d = (np.exp(s - log_sum) - Y) / len(y)
    dz = np.einsum("nk,hk->nh", d, W2) * np.sign(h)
    grads = [np.einsum("nd,nh->dh", X, dz), dz.sum(0), np.einsum("nh,nk->hk", h, d), d.sum(0)]
    return [loss, grads]
""",
    "the bias as one more row": """
def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    ones = np.ones((len(X), 1))
    A = np.hstack([X, ones])
    z = A @ np.vstack([W1, b1])
    B = np.hstack([z.clip(min=0), ones])
    s = B @ np.vstack([W2, b2])
    s -= s.max(1, keepdims=True)
    e = np.exp(s)
    p = e / e.sum(1, keepdims=True)
    loss = np.sum(np.log(e.sum(1)) - np.take_along_axis(s, y[:, None], 1)[:, 0]) / len(y)
    np.subtract.at(p, (np.arange(len(y)), y), 1)
    d = p / len(y)
    V2 = B.T @ d
    dz = (d @ W2.T) * (z > 0)
    V1 = A.T @ dz
    return loss, (V1[:-1], V1[-1], V2[:-1], V2[-1])
""",
}

# A promise of the text → an answer that breaks this one alone.
MATRICES = RIGHT["matrices"]
CENTRAL = """
def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    def loss():
        s = np.maximum(X @ W1 + b1, 0) @ W2 + b2
        s = s - s.max(axis=1, keepdims=True)
        return (np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(y)), y]).mean()

    W1, b1, W2, b2 = (np.array(weight, dtype=float) for weight in (W1, b1, W2, b2))
    gradients = []
    for weight in (W1, b1, W2, b2):
        gradient = np.zeros_like(weight)
        for place in np.ndindex(weight.shape):
            old = weight[place]
            weight[place] = old + 1e-6
            above = loss()
            weight[place] = old - 1e-6
            below = loss()
            weight[place] = old
            gradient[place] = (above - below) / 2e-6
        gradients.append(gradient)
    return loss(), tuple(gradients)
"""

PROMISES = {
    "a network with biases": changed(MATRICES, ("X @ W1 + b1", "X @ W1"), ("h @ W2 + b2", "h @ W2")),
    "h = max(z, 0), ReLU": changed(MATRICES, ("np.maximum(z, 0)", "np.where(z > 0, z, 0.01 * z)")),
    "p = softmax of each row": changed(MATRICES, ("axis=1, keepdims=True))\n    loss", "keepdims=True))\n    loss")),
    "L = mean of −log p at the true class": changed(MATRICES, (".mean()", ".sum()")),
    "δ₂ = (p − Y) / N": changed(MATRICES, ("    d /= N\n", "")),
    "δ₁ = (δ₂ W₂ᵀ) where z > 0, else 0": changed(MATRICES, ("dh * (z > 0)", "dh * (dh > 0)")),
    "db₁ = Σₙ δ₁: messages are added over the rows": changed(MATRICES, ("dz.sum(axis=0)", "dz[0]")),
    "returns the loss, and the four gradients as a tuple of their own": changed(
        MATRICES,
        (
            "return loss, (X.T @ dz, dz.sum(axis=0), h.T @ d, d.sum(axis=0))",
            "return loss, X.T @ dz, dz.sum(axis=0), h.T @ d, d.sum(axis=0)",
        ),
    ),
    "in the order dW1, db1, dW2, db2": changed(
        MATRICES,
        ("(X.T @ dz, dz.sum(axis=0), h.T @ d, d.sum(axis=0))", "(X.T @ dz, h.T @ d, dz.sum(axis=0), d.sum(axis=0))"),
    ),
    "scores may be as large as ±10,000": changed(
        MATRICES, ("s = scores - scores.max(axis=1, keepdims=True)", "s = scores")
    ),
    "… each of them, not only up to some size": changed(
        MATRICES, ("scores = h @ W2 + b2", "scores = np.clip(h @ W2 + b2, -5000, 5000)")
    ),
    "log p is computed directly, never as the logarithm of a p that has become 0": changed(
        MATRICES, ("-log_p[np.arange(N), y]", "-np.log(np.exp(log_p)[np.arange(N), y] + 1e-300)")
    ),
    "where z is exactly 0, either slope of the ReLU is right, and nothing between": changed(
        MATRICES, ("(z > 0)", "np.heaviside(z, 0.5)")
    ),
    "the arguments stay as they are: X": changed(
        MATRICES, ("    N = len(y)\n", "    N = len(y)\n    X *= 1.5\n    X /= 1.5 + 1e-9\n")
    ),
    "the arguments stay as they are: y": changed(MATRICES, ("    dh =", "    y += 1\n    dh =")),
    "the arguments stay as they are: W1": changed(MATRICES, ("    return", "    W1 -= 0.1 * (X.T @ dz)\n    return")),
    "the arguments stay as they are: b2": changed(
        MATRICES, ("    return", "    b2 -= 0.1 * d.sum(axis=0)\n    return")
    ),
    "formulas, worked out by hand": CENTRAL,
}

EQUIVALENT = {
    "dz = dh * (z >= 0)": "at exactly 0 either slope of the ReLU is right",
    "h = np.maximum(z, 1e-08)": "a hundred-millionth more changes no value that anybody sees",
}
