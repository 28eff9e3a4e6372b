"""Right answers to `neuron_gradients`."""

from tests.answers.backprop_by_hand.parts.provided import SIGMOID

PROVIDED = SIGMOID

RIGHT = {
    "the bias as one more weight": """
def neuron_gradients(a, w, b):
    inputs, weights = np.r_[a, 1.0], np.r_[w, b]
    q = np.exp(-inputs @ weights)
    d = q / (1 + q) ** 2
    return (d * weights)[:-1], (d * inputs)[:-1], (d * inputs)[-1]
""",
    "node by node": """
def neuron_gradients(a, w, b):
    s = sigmoid(np.dot(a, w) + b)
    dz = s * (1 - s)
    return dz * w, dz * a, dz
""",
    "loops and lists": """
def neuron_gradients(a, w, b):
    z = b
    for i in range(len(a)):
        z += a[i] * w[i]
    slope = math.exp(-z) / (1 + math.exp(-z)) ** 2
    return [slope * entry for entry in w], [slope * entry for entry in a], slope
""",
    "the slope through tanh": """
def neuron_gradients(a, w, b):
    slope = (1 - np.tanh((a @ w + b) / 2) ** 2) / 4
    return slope * w, slope * a, np.float64(slope)
""",
    "float32, a 0-d array for db": """
def neuron_gradients(a, w, b):
    a, w = a.astype(np.float32), w.astype(np.float32)
    s = sigmoid(np.einsum("d,d->", a, w) + np.float32(b))
    return w * s * (1 - s), a * s * (1 - s), np.array(s * (1 - s))
""",
}

FORWARD = RIGHT["node by node"]

# What the text promises → an answer that breaks only this.
PROMISES = {
    "the same for any number of inputs": FORWARD.replace(
        "np.dot(a, w)", "a[0] * w[0] + (a[1] * w[1] if len(a) > 1 else 0)"
    ),
    "the result is the neuron's output itself; there is no loss yet": FORWARD.replace("dz = s", "dz = s * s"),
    "da and dw have shape (D,)": FORWARD.replace("return dz * w, dz * a", "return (dz * w)[None], (dz * a)[None]"),
    "db is a number": FORWARD.replace("dz * a, dz", "dz * a, np.array([dz])"),
    "σ is the sigmoid (not one cut off at 5)": FORWARD.replace(
        "    dz =", "    s = 1.0 if s > sigmoid(5) else 0.0 if s < sigmoid(-5) else s\n    dz ="
    ),
    "σ is the sigmoid (not one cut off at 10)": FORWARD.replace(
        "    dz =", "    s = 1.0 if s > sigmoid(10) else 0.0 if s < sigmoid(-10) else s\n    dz ="
    ),
    "gradients of the output (by the walk, not by differences)": """
def neuron_gradients(a, w, b):
    def f(a, w, b):
        return sigmoid(np.dot(a, w) + b)

    h, unit = 1e-6, np.eye(len(a))
    return (
        [(f(a + h * e, w, b) - f(a - h * e, w, b)) / (2 * h) for e in unit],
        [(f(a, w + h * e, b) - f(a, w - h * e, b)) / (2 * h) for e in unit],
        (f(a, w, b + h) - f(a, w, b - h)) / (2 * h),
    )
""",
}

EQUIVALENT = {
    "q = np.exp(inputs @ weights)": "z and −z have the same slope; only an overflow far outside tells them apart",
}
