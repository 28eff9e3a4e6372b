"""Right answers to `logistic_gradients`."""

from tests.answers.backprop_by_hand.parts.provided import SIGMOID

PROVIDED = SIGMOID

RIGHT = {
    "through neuron_gradients": """
def neuron_gradients(a, w, b):
    s = 1 / (1 + np.exp(-(a @ w + b)))
    return s * (1 - s) * w, s * (1 - s) * a, s * (1 - s)

def logistic_gradients(x, t, w, b):
    _, dw, db = neuron_gradients(np.array([x]), np.array([w]), b)
    error = 1 / (1 + math.exp(-w * x - b)) - t
    return error * dw[0], np.array(error * db)
""",
    "node by node": """
def logistic_gradients(x, t, w, b):
    y = sigmoid(w * x + b)
    delta = (y - t) * y * (1 - y)
    return delta * x, delta
""",
    "math alone": """
def logistic_gradients(x, t, w, b):
    e = math.exp(-(w * x + b))
    y = 1 / (1 + e)
    db = (y - t) * e / (1 + e) ** 2
    return [x * db, db]
""",
    "an array": """
def logistic_gradients(x, t, w, b):
    y = sigmoid(w * x + b)
    return np.array([x, 1.0]) * (y - t) * (y - y**2)
""",
    "float32": """
def logistic_gradients(x, t, w, b):
    x, t, w, b = np.array([x, t, w, b], dtype=np.float32)
    y = sigmoid(w * x + b)
    delta = -(t - y) * y * (1 - y)
    return delta * x, delta
""",
}

FORWARD = RIGHT["node by node"]

# What the text promises → an answer that breaks only this.
PROMISES = {
    "all four arguments are plain numbers": FORWARD.replace("w * x + b", "np.dot(w, x[None]) + b"),
    "the data come first, the parameters after": FORWARD.replace("(x, t, w, b)", "(w, b, x, t)"),
    "two numbers": FORWARD.replace("return delta * x, delta", "return np.array([delta * x]), np.array([delta])"),
    "for any numbers (a target in between)": FORWARD.replace("(y - t)", "(y - round(t))"),
    "for any numbers (x = 0)": FORWARD.replace("delta * x, delta", "delta * x, delta * x / x if x else 0.0"),
    "σ is the sigmoid (not one cut off at 5)": FORWARD.replace(
        "    delta", "    y = 1.0 if y > sigmoid(5) else 0.0 if y < sigmoid(-5) else y\n    delta", 1
    ),
    "σ is the sigmoid (not one cut off at 10)": FORWARD.replace(
        "    delta", "    y = 1.0 if y > sigmoid(10) else 0.0 if y < sigmoid(-10) else y\n    delta", 1
    ),
    "gradients of L (by the walk, not by differences)": """
def logistic_gradients(x, t, w, b):
    def loss(w, b):
        return 0.5 * (sigmoid(w * x + b) - t) ** 2

    h = 1e-5
    return (loss(w + h, b) - loss(w - h, b)) / (2 * h), (loss(w, b + h) - loss(w, b - h)) / (2 * h)
""",
}
