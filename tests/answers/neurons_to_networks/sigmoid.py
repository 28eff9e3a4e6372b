"""Right answers to `sigmoid`."""

from tests.answers.neurons_to_networks.parts.sigmoid import SIGMOID

RIGHT = {
    "two forms, one harmless exponential": SIGMOID,
    "by tanh": """
def sigmoid(x):
    return 0.5 * (1 + np.tanh(np.asarray(x) / 2))
""",
    "by logaddexp": """
def sigmoid(x):
    return np.exp(-np.logaddexp(0, -np.asarray(x)))
""",
    "x held within bounds": """
def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))
""",
    "two masks": """
def sigmoid(x):
    x = np.asarray(x, dtype=float)
    result = np.empty_like(x)
    up = x >= 0
    result[up] = 1 / (1 + np.exp(-x[up]))
    small = np.exp(x[~up])
    result[~up] = small / (1 + small)
    return result
""",
    "entry by entry, with math": """
def sigmoid(x):
    if np.ndim(x):
        return np.array([sigmoid(entry) for entry in x])
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))
""",
    "vectorize, and a number for a number": """
def one(x):
    return 1 / (1 + math.exp(-x)) if x > 0 else 1 - 1 / (1 + math.exp(x))

def sigmoid(x):
    return np.vectorize(one, otypes=[float])(x)[()]
""",
    "float32": """
def sigmoid(x):
    x = np.asarray(x, dtype=np.float32)
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
""",
    "lists": """
def sigmoid(x):
    x = np.asarray(x)
    return (0.5 + 0.5 * np.tanh(x / 2)).tolist()
""",
}
