"""Right answers to `affine_backward`."""

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
}
