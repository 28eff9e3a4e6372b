"""Right answers to `affine_backward`, and one that breaks each promise of the text."""

RIGHT = {
    "three lines": """
def affine_backward(dout, x, W):
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=0)
    return dx, dW, db
""",
    "einsum": """
def affine_backward(dout, x, W):
    return (
        np.einsum("nm,dm->nd", dout, W),
        np.einsum("nd,nm->dm", x, dout),
        np.einsum("nm->m", dout),
    )
""",
    "sample by sample": """
def affine_backward(dout, x, W):
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for n in range(len(x)):
        dx[n] = W @ dout[n]
        dW += np.outer(x[n], dout[n])
        db += dout[n]
    return dx, dW, db
""",
    "all loops": """
def affine_backward(dout, x, W):
    (N, D), M = x.shape, W.shape[1]
    dx = [[sum(dout[n, m] * W[d, m] for m in range(M)) for d in range(D)] for n in range(N)]
    dW = [[sum(x[n, d] * dout[n, m] for n in range(N)) for m in range(M)] for d in range(D)]
    db = [sum(dout[n, m] for n in range(N)) for m in range(M)]
    return dx, dW, db
""",
    "ones for the bias, float32": """
def affine_backward(dout, x, W):
    dout = dout.astype(np.float32)
    return [np.matmul(dout, W.T), np.matmul(dout.T, x).T, np.ones(len(x)) @ dout]
""",
    "broadcast, then summed": """
def affine_backward(dout, x, W):
    dW = (x[:, :, None] * dout[:, None, :]).sum(axis=0)
    return (dout[:, None, :] * W[None]).sum(axis=2), dW, np.add.reduce(dout, axis=0)
""",
}

PROMISES = {
    "→ dx, dW, db": """
def affine_backward(dout, x, W):
    return x.T @ dout, dout.sum(axis=0), dout @ W.T
""",
    "dW is a sum over the samples": """
def affine_backward(dout, x, W):
    return dout @ W.T, x.T @ dout / len(x), dout.sum(axis=0)
""",
    "and so is db": """
def affine_backward(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.mean(axis=0)
""",
    "all samples use the same W: messages that meet are added": """
def affine_backward(dout, x, W):
    for row, message in zip(x, dout):
        dW = np.outer(row, message)
    return dout @ W.T, dW, dout.sum(axis=0)
""",
    "dx keeps the samples apart": """
def affine_backward(dout, x, W):
    return np.tile(dout.sum(axis=0) @ W.T, (len(x), 1)), x.T @ dout, dout.sum(axis=0)
""",
    "dx[d] is a sum over the neurons, each with its weight": """
def affine_backward(dout, x, W):
    return np.outer(dout.sum(axis=1), W.sum(axis=1)), x.T @ dout, dout.sum(axis=0)
""",
    "db[m] = δ[m]: as many as neurons": """
def affine_backward(dout, x, W):
    return dout @ W.T, x.T @ dout, np.full(W.shape[1], dout.sum())
""",
    "dx, dW, db have the shapes of x, W, b": """
def affine_backward(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0, keepdims=True)
""",
    "the way back through x W + b, and nothing else": """
def affine_backward(dout, x, W):
    return dout @ W.T * (x > 0), x.T @ dout, dout.sum(axis=0)
""",
    "a function of its arguments, which stay as they are": """
def affine_backward(dout, x, W):
    results = dout @ W.T, x.T @ dout, dout.sum(axis=0)
    dout /= len(x)
    return results
""",
}
