"""Right answers to `affine_forward`, and one that breaks each promise of the text."""

RIGHT = {
    "in one line": """
def affine_forward(x, W, b):
    return x @ W + b
""",
    "np.dot": """
def affine_forward(x, W, b):
    return np.add(x.dot(W), b)
""",
    "einsum": """
def affine_forward(x, W, b):
    return np.einsum("nd,dm->nm", x, W) + b
""",
    "three loops": """
def affine_forward(x, W, b):
    z = np.zeros((len(x), len(b)))
    for n in range(len(x)):
        for m in range(len(b)):
            z[n, m] = b[m]
            for d in range(x.shape[1]):
                z[n, m] += x[n, d] * W[d, m]
    return z
""",
    "sample by sample, a list": """
def affine_forward(x, W, b):
    return [sample @ W + b for sample in x]
""",
    "columns, turned back": """
def affine_forward(x, W, b):
    return (W.T @ x.T + b[:, None]).T
""",
    "a column of ones": """
def affine_forward(x, W, b):
    ones = np.ones((len(x), 1))
    return (np.hstack([x, ones]) @ np.vstack([W, b])).astype(np.float32)
""",
    "entry by entry, as lists": """
def affine_forward(x, W, b):
    return [[sum(v * w for v, w in zip(row, column)) + shift for column, shift in zip(W.T, b)] for row in x]
""",
}

PROMISES = {
    "x W": """
def affine_forward(x, W, b):
    return x @ np.abs(W) + b
""",
    "+ b": """
def affine_forward(x, W, b):
    return x @ W
""",
    "one neuron in each column": """
def affine_forward(x, W, b):
    return x @ W.reshape(W.shape[::-1]).T + b
""",
    "NumPy adds b to every row": """
def affine_forward(x, W, b):
    z = x @ W
    z[0] += b
    return z
""",
    "row n is sample n": """
def affine_forward(x, W, b):
    return (x @ W + b)[::-1]
""",
    "column m is neuron m": """
def affine_forward(x, W, b):
    return (x @ W + b)[:, ::-1]
""",
    "shape (N, M)": """
def affine_forward(x, W, b):
    return np.squeeze(x @ W + b)
""",
    "a batch: N samples": """
def affine_forward(x, W, b):
    return (x @ W + b)[:8]
""",
    "the activation is not part of it": """
def affine_forward(x, W, b):
    return np.maximum(x @ W + b, 0)
""",
    "a batch of one as well": """
def affine_forward(x, W, b):
    return (x @ W + b)[0] if len(x) == 1 else x @ W + b
""",
    "a function of its arguments, which stay as they are": """
def affine_forward(x, W, b):
    z = x @ W + b
    b *= 0
    return z
""",
}
