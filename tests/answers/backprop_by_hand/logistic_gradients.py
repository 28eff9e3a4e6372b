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
