"""Right answers to `neuron`."""

from tests.answers import changed
from tests.answers.neurons.parts.networks import NEURON, PIECES, SIGMOID

RIGHT = {
    "the bias as one more weight, a 0-d array": """
def neuron(x, w, b):
    z = np.append(x, 1.0) @ np.append(w, b)
    return np.array((1 + np.exp(-z)) ** -1)
""",
    "np.matrix": """
def neuron(x, w, b):
    z = np.matrix(x) * np.matrix(w).T + b
    return 1 / (1 + np.exp(-z.item()))
""",
    "dot product": NEURON,
    "plain loop": """
def neuron(x, w, b):
    z = b
    for i in range(len(x)):
        z += x[i] * w[i]
    return 1 / (1 + math.exp(-z))
""",
    "sum and where": """
def neuron(x, w, b):
    z = np.sum(np.multiply(x, w)) + b
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))
""",
    "tanh in another guise, float32": """
def neuron(x, w, b):
    z = np.einsum("i,i", x, w).astype(np.float32) + np.float32(b)
    return (1 + np.tanh(z / 2)) / 2
""",
    "generator": "def neuron(x, w, b):\n    return 1 / (1 + np.e ** -(sum(p * q for p, q in zip(x, w)) + b))\n",
}

PROMISES = {
    "a sigmoid: not 1 above 7": PIECES.format(low=-50, high=7) + NEURON.removeprefix(SIGMOID),
    "a sigmoid: not 0 below −10": PIECES.format(low=-10, high=50) + NEURON.removeprefix(SIGMOID),
    "a number": changed(NEURON, ("(x @ w + b)", "(np.atleast_1d(x @ w + b))")),
    "x of shape (D,)": changed(NEURON, ("x @ w", "x[0] * w[0] + x[-1] * w[-1] * (len(x) > 1)")),
    "arrays of integers for the lists": changed(
        NEURON,
        ("return sigmoid", "out = np.zeros_like(w[:1])\n    out[0] = sigmoid"),
        ("+ b)", "+ b)\n    return out[0]"),
    ),
    "b, a number": changed(NEURON, ("+ b", "+ abs(b)")),
}
