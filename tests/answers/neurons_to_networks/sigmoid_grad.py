"""Right answers to `sigmoid_grad`."""

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
}
