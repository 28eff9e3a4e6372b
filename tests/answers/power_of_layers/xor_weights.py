"""Right answers to `xor_weights`, and one that breaks each promise of the text."""

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
    "exactly 0.5 for no": """
def xor_weights():
    return np.array([[1, -1], [-1, 1]]), np.zeros(2), np.array([[2], [2]]), np.array([0.5])
""",
}

PROMISES = {
    "ŷ is above 0.5 for (0, 1)": """
def xor_weights():
    return [[1, 0], [0, 1]], [0, 0], [[1], [-1]], [0]
""",
    "and for (1, 0)": """
def xor_weights():
    return [[1, 0], [0, 1]], [0, 0], [[-1], [1]], [0]
""",
    "above 0.5, not 0.5": """
def xor_weights():
    return [[1, 1], [1, 1]], [0, -1], [[0.5], [-1]], [0]
""",
    "and not above 0.5 for (0, 0)": """
def xor_weights():
    return [[1, 1], [1, 1]], [0, -1], [[1], [-2]], [0.75]
""",
    "nor for (1, 1)": """
def xor_weights():
    return [[1, 1], [1, 1]], [0, -1], [[1], [-1]], [0]
""",
    "ReLU: not a step": """
def xor_weights():
    return [[1, 1], [1, 1]], [-0.5, -1.5], [[1], [-1]], [0]
""",
    "ReLU: not a sigmoid": """
def xor_weights():
    return [[20, 20], [20, 20]], [-10, -30], [[1], [-1]], [0]
""",
    "one output without an activation: not a sigmoid": """
def xor_weights():
    return [[1, 1], [1, 1]], [0, -1], [[10], [-20]], [-5 + 5.6]
""",
    "a neuron is a column of W1": """
def xor_weights():
    return [[1, 1], [2, 2]], [0, -2], [[1], [-1]], [0]
""",
    "two hidden neurons": """
def xor_weights():
    return [[1, 1, 0], [1, 1, 0]], [0, -1, 0], [[1], [-2], [0]], [0]
""",
    "W2 (2, 1)": """
def xor_weights():
    return [[1, 1], [1, 1]], [0, -1], [1, -2], [0]
""",
    "b1 (2,)": """
def xor_weights():
    return [[1, 1], [1, 1]], [[0, -1]], [[1], [-2]], [0]
""",
    "b2 (1,)": """
def xor_weights():
    return [[1, 1], [1, 1]], [0, -1], [[1], [-2]], 0
""",
    "W1, b1, W2, b2": """
def xor_weights():
    return [[1, 1], [1, 1]], [[1], [-2]], [0, -1], [0]
""",
}
