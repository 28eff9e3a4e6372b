"""Right answers to `sigmoid`, and one that breaks each promise of the text."""

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
    "0 and 1 where floats end": """
def one(x):
    if x < -700:
        return 0.0
    return 1.0 if x > 700 else 1 / (1 + math.exp(-x))

def sigmoid(x):
    return np.vectorize(one, otypes=[float])(x)
""",
    "held within wide bounds": """
def sigmoid(x):
    return 1 / (1 + math.e ** -np.clip(np.asarray(x, dtype=float), -100, 100))
""",
    "by tanh, float32": """
def sigmoid(x):
    return (1 + np.tanh(np.asarray(x, dtype=np.float32) / 2)) / 2
""",
    "silenced, and mended": """
def sigmoid(x):
    x = np.asarray(x, dtype=float)
    with np.errstate(over="ignore"):
        return np.where(x > 50, 1.0, 1 / (1 + np.exp(-x)))
""",
}

PROMISES = {
    "σ(x) = 1 / (1 + e^(-x))": """
def sigmoid(x):
    return 0.5 * (1 + np.tanh(np.asarray(x)))
""",
    "right for every x: not 0 and 1 from 10 on": """
def sigmoid(x):
    x = np.asarray(x, dtype=float)
    return np.where(x < -10, 0.0, np.where(x > 10, 1.0, 0.5 * (1 + np.tanh(x / 2))))
""",
    "right for every x: not the same from −20 on": """
def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -20, 20)))
""",
    "right for every x: not 0 from −20 on": """
def sigmoid(x):
    x = np.asarray(x, dtype=float)
    return np.where(x < -20, 0.0, 0.5 * (1 + np.tanh(x / 2)))
""",
    "right for every x from −1000": """
def sigmoid(x):
    x = np.asarray(x, dtype=float)
    with np.errstate(all="ignore"):
        return np.where(x < -700, np.nan, 0.5 * (1 + np.tanh(x / 2)))
""",
    "to 1000": """
def sigmoid(x):
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.exp(x) / (1 + np.exp(x)))
""",
    "silent": """
def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))
""",
    "silent for arrays too": """
def sigmoid(x):
    if np.ndim(x) == 0:
        return 0.5 * (1 + math.tanh(x / 2))
    return 1 / (1 + np.exp(-x.astype(float)))
""",
    "a Python number": """
def sigmoid(x):
    return 0.5 * (1 + np.tanh(x.astype(float) / 2))
""",
    "a number, whole or not": """
def sigmoid(x):
    if isinstance(x, int):
        return int(0.5 * (1 + math.tanh(x / 2)))
    return 0.5 * (1 + np.tanh(x / 2))
""",
    "an array of any shape": """
def sigmoid(x):
    s = 0.5 * (1 + np.tanh(np.asarray(x) / 2))
    return np.ravel(s) if np.ndim(x) > 1 else s
""",
    "also without dimensions": """
def sigmoid(x):
    s = 0.5 * (1 + np.tanh(np.asarray(x) / 2))
    return s[None] if isinstance(x, np.ndarray) and x.ndim == 0 else s
""",
    "also of integers": """
def sigmoid(x):
    s = 0.5 * (1 + np.tanh(np.asarray(x) / 2))
    return s.astype(x.dtype) if isinstance(x, np.ndarray) else s
""",
    "the result has the shape of x": """
def sigmoid(x):
    return np.atleast_1d(0.5 * (1 + np.tanh(np.asarray(x) / 2)))
""",
    "number by number": """
def sigmoid(x):
    return 0.5 * (1 + np.tanh(np.asarray(x) / 2)) / np.sum(0.5 * (1 + np.tanh(np.asarray(x) / 2)))
""",
    "a function of x, which stays as it is": """
def sigmoid(x):
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        x /= 2
        return 0.5 * (1 + np.tanh(x))
    return 0.5 * (1 + np.tanh(np.asarray(x) / 2))
""",
}
