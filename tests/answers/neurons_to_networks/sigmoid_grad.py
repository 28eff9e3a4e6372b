"""Right answers to `sigmoid_grad`, and one that breaks each promise of the text."""

from tests.answers.neurons_to_networks.parts.sigmoid import SIGMOID

RIGHT = {
    "value times what is missing to 1": SIGMOID
    + """
def sigmoid_grad(x):
    s = sigmoid(x)
    return s * (1 - s)
""",
    "both sides": SIGMOID
    + """
def sigmoid_grad(x):
    return sigmoid(x) * sigmoid(-np.asarray(x))
""",
    "by tanh, without the other function": """
def sigmoid_grad(x):
    return 0.25 * (1 - np.tanh(np.asarray(x) / 2) ** 2)
""",
    "quotient rule, on the harmless side": """
def sigmoid_grad(x):
    q = np.exp(-np.abs(x))
    return q / (1 + q) ** 2
""",
    "a loop over a copy": """
def sigmoid_grad(x):
    result = np.array(x, dtype=np.float64)
    for place in np.ndindex(result.shape):
        q = math.exp(-abs(result[place]))
        result[place] = q / (1 + q) ** 2
    return result
""",
    "float32": SIGMOID
    + """
def sigmoid_grad(x):
    s = np.float32(sigmoid(x))
    return s - s * s
""",
    "a quarter, less a square": SIGMOID
    + """
def sigmoid_grad(x):
    return 0.25 - (sigmoid(x) - 0.5) ** 2
""",
    "lists within lists": """
def sigmoid_grad(x):
    if np.ndim(x):
        return [sigmoid_grad(entry) for entry in x]
    return 1 / (2 * math.cosh(x / 2)) ** 2 if abs(x) < 700 else 0.0
""",
    "by tanh, float32": """
def sigmoid_grad(x):
    t = np.tanh(np.asarray(x, dtype=np.float32) / 2)
    return (1 + t) * (1 - t) / 4
""",
}

PROMISES = {
    "the slope of the sigmoid": SIGMOID
    + """
def sigmoid_grad(x):
    return 1 - sigmoid(x) ** 2
""",
    "at x: what goes in": """
def sigmoid_grad(x):
    x = np.asarray(x)
    return x * (1 - x)
""",
    "at x: once": SIGMOID
    + """
def sigmoid_grad(x):
    s = sigmoid(sigmoid(x))
    return s * (1 - s)
""",
    "a slope, not a difference": SIGMOID
    + """
def sigmoid_grad(x):
    x = np.asarray(x, dtype=float)
    return (sigmoid(x + 1e-5) - sigmoid(x - 1e-5)) / 2e-5
""",
    "a slope, not a difference with other weights": SIGMOID
    + """
def sigmoid_grad(x):
    x, h = np.asarray(x, dtype=float), 1e-3
    return (8 * (sigmoid(x + h) - sigmoid(x - h)) - sigmoid(x + 2 * h) + sigmoid(x - 2 * h)) / (12 * h)
""",
    "for every x: not 0 from 5 on": SIGMOID
    + """
def sigmoid_grad(x):
    s = sigmoid(x)
    return np.where(np.abs(x) > 5, 0.0, s * (1 - s))
""",
    "for every x: not the same from 20 on": SIGMOID
    + """
def sigmoid_grad(x):
    s = sigmoid(np.clip(x, -20, 20))
    return s * (1 - s)
""",
    "on both sides": SIGMOID
    + """
def sigmoid_grad(x):
    s = sigmoid(x)
    return np.where(np.asarray(x) < -30, s, s * (1 - s)) if np.ndim(x) else s if x < 0 else s * (1 - s)
""",
    "|x| up to 1000": """
def sigmoid_grad(x):
    q = np.exp(-np.asarray(x, dtype=float))
    with np.errstate(all="ignore"):
        return q / (1 + q) ** 2
""",
    "no warning": """
def sigmoid_grad(x):
    s = 1 / (1 + np.exp(-np.asarray(x, dtype=float)))
    return s * (1 - s)
""",
    "a number": SIGMOID
    + """
def sigmoid_grad(x):
    s = sigmoid(x[...])
    return s * (1 - s)
""",
    "an array of any shape": SIGMOID
    + """
def sigmoid_grad(x):
    s = sigmoid(x)
    return np.sum(s * (1 - s), axis=-1) if np.ndim(x) > 2 else s * (1 - s)
""",
    "arrays of integers": SIGMOID
    + """
def sigmoid_grad(x):
    s = sigmoid(x)
    result = np.zeros_like(x)
    result[...] = s * (1 - s)
    return result
""",
    "in the shape of x": SIGMOID
    + """
def sigmoid_grad(x):
    s = np.atleast_1d(sigmoid(x))
    return s * (1 - s)
""",
    "number by number": SIGMOID
    + """
def sigmoid_grad(x):
    s = sigmoid(x)
    return s * (1 - s) if np.ndim(x) < 2 else np.gradient(s)[0]
""",
}
