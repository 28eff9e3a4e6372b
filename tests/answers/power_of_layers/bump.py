"""Right answers to `bump`, and one that breaks each promise of the text."""

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
    "matrices of one row": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    x = np.asarray(x, dtype=float)
    hidden = sigmoid(x[..., None] * np.full((1, 2), steepness) - steepness * np.array([left, right]))
    return hidden @ np.array([height, -height])
""",
    "by logarithms": """
def bump(x, left, right, height, steepness):
    def s(z):
        return np.exp(-np.logaddexp(0, -z))
    return height * s(steepness * (np.asarray(x) - left)) - height * s(steepness * (np.asarray(x) - right))
""",
}

PROMISES = {
    "rises at left": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return height * (sigmoid(steepness * (x + left)) - sigmoid(steepness * (x - right)))
""",
    "falls at right": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return height * sigmoid(steepness * (x - left))
""",
    "right is a place, not a width": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return height * (sigmoid(steepness * (x - left)) - sigmoid(steepness * (x - left - right)))
""",
    "is height high": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return sigmoid(steepness * (x - left)) - sigmoid(steepness * (x - right))
""",
    "height may be negative": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return abs(height) * (sigmoid(steepness * (x - left)) - sigmoid(steepness * (x - right)))
""",
    "steepness": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return height * (sigmoid(4 * (x - left)) - sigmoid(4 * (x - right)))
""",
    "two sigmoids, a difference": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return height * sigmoid(steepness * (x - left)) * sigmoid(steepness * (right - x))
""",
    "sigmoids, not steps": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return height * ((np.asarray(x) > left) * 1.0 - (np.asarray(x) > right) * 1.0)
""",
    "the steepness may be 1,000": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return height * (sigmoid(min(steepness, 20) * (x - left)) - sigmoid(min(steepness, 20) * (x - right)))
""",
    "a number": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return height * (sigmoid(steepness * (x[...] - left)) - sigmoid(steepness * (x - right)))
""",
    "or an array": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return height * (sigmoid(steepness * (float(x) - left)) - sigmoid(steepness * (float(x) - right)))
""",
    "in the shape of x": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    return np.ravel(height * (sigmoid(steepness * (x - left)) - sigmoid(steepness * (x - right))))
""",
    "a sigmoid that does not overflow": """
def bump(x, left, right, height, steepness):
    def s(z):
        return np.exp(z) / (1 + np.exp(z))
    return height * (s(steepness * (x - left)) - s(steepness * (x - right)))
""",
    "a function of x, which stays as it is": SIGMOID
    + """
def bump(x, left, right, height, steepness):
    x = np.asarray(x)
    result = height * (sigmoid(steepness * (x - left)) - sigmoid(steepness * (x - right)))
    x *= steepness
    return result
""",
}
