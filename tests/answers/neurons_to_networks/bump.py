"""Right answers to `bump`."""

from tests.answers.neurons_to_networks.parts.sigmoid import SIGMOID

RIGHT = {
    "two steps": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    up = sigmoid(steepness * (x - left))
    down = sigmoid(steepness * (x - right))
    return height * (up - down)
""",
    "by tanh": """
def bump(x, left, right, height, steepness):
    return height / 2 * (np.tanh(steepness * (x - left) / 2) - np.tanh(steepness * (x - right) / 2))
""",
    "one hidden layer of two neurons": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    hidden = sigmoid(np.asarray(x)[..., None] * [steepness, steepness] - [steepness * left, steepness * right])
    return hidden @ np.array([height, -height])
""",
    "a step up and a step down, less one": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return height * sigmoid(steepness * (x - left)) + height * sigmoid(steepness * (right - x)) - height
""",
    "a plain sigmoid inside, float32": """
def bump(x, left, right, height, steepness):
    def s(z):
        return 1 / (1 + np.exp(-z))
    return np.float32(height * s(steepness * (x - left)) - height * s(steepness * (x - right)))
""",
    "entry by entry": """
def bump(x, left, right, height, steepness):
    if np.ndim(x):
        return [bump(entry, left, right, height, steepness) for entry in x]
    return height / 2 * (math.tanh(steepness * (x - left) / 2) - math.tanh(steepness * (x - right) / 2))
""",
}
