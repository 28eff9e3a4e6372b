"""Right answers to `affine_forward`."""

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
}
