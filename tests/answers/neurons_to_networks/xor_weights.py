"""Right answers to `xor_weights`."""

RIGHT = {
    "or, without twice and": """
def xor_weights():
    W1 = np.array([[1.0, 1.0], [1.0, 1.0]])
    b1 = np.array([0.0, -1.0])
    W2 = np.array([[1.0], [-2.0]])
    b2 = np.array([0.0])
    return W1, b1, W2, b2
""",
    "the distance of the inputs, from both sides": """
def xor_weights():
    return np.array([[1, -1], [-1, 1]]), np.zeros(2), np.ones((2, 1)), np.zeros(1)
""",
    "lists of whole numbers": """
def xor_weights():
    return [[1, 1], [1, 1]], [0, -1], [[1], [-2]], [0]
""",
    "from above": """
def xor_weights():
    # awake at (0, 0), and awake at (1, 1): taken away from 1
    return np.array([[-1, 1], [-1, 1]]), np.array([1, -1]), np.array([[-1], [-1]]), np.array([1])
""",
    "not round, float32, a list of arrays": """
def xor_weights():
    return [
        np.array([[0.7, 1.3], [0.8, 1.25]], dtype=np.float32),
        np.array([0.05, -1.3], dtype=np.float32),
        np.array([[1.9], [-2.4]], dtype=np.float32),
        np.array([-0.4], dtype=np.float32),
    ]
""",
    "found by descent": """
def xor_weights():
    X, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])
    rng = np.random.default_rng(1)
    W1, b1, W2, b2 = rng.normal(size=(2, 2)), np.zeros(2), rng.normal(size=(2, 1)), np.zeros(1)
    for _ in range(2000):
        h = np.maximum(X @ W1 + b1, 0)
        d2 = h @ W2 + b2 - t
        d1 = (d2 @ W2.T) * (h > 0)
        W2, b2 = W2 - 0.05 * h.T @ d2, b2 - 0.05 * d2.sum(axis=0)
        W1, b1 = W1 - 0.05 * X.T @ d1, b1 - 0.05 * d1.sum(axis=0)
    return W1, b1, W2, b2
""",
}
