"""Right answers to `two_layer_network`; most call a `layer` or a `neuron`."""

from tests.answers import changed
from tests.answers.neurons.parts.networks import LAYER, NEURON, PIECES, SIGMOID

NETWORK = LAYER + "\ndef two_layer_network(x, W1, b1, W2, b2):\n    return layer(layer(x, W1, b1), W2, b2)\n"

WRITTEN_OUT = """
def two_layer_network(x, W1, b1, W2, b2):
    h = sigmoid(x @ W1 + b1)
    return sigmoid(h @ W2 + b2)
"""
LINEAR_OUTPUT = "return layer(x, W1, b1) @ W2 + b2"

RIGHT = {
    "a class, any number of layers": """
class Layer:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def __call__(self, x):
        return 1 / (1 + np.exp(-(x @ self.W + self.b)))

def two_layer_network(x, *parameters):
    for W, b in zip(parameters[::2], parameters[1::2]):
        x = Layer(W, b)(x)
    return x
""",
    "layer twice": NETWORK,
    "written out": SIGMOID + WRITTEN_OUT,
    "columns": SIGMOID
    + """
def two_layer_network(x, W1, b1, W2, b2):
    x = x.reshape(-1, 1)
    h = sigmoid(W1.T @ x + b1[:, None])
    return sigmoid(W2.T @ h + b2[:, None]).ravel()
""",
    "a loop over layers": LAYER
    + """
def two_layer_network(x, W1, b1, W2, b2):
    for W, b in ((W1, b1), (W2, b2)):
        x = layer(x, W, b)
    return x
""",
    "neurons in lists": NEURON
    + """
def two_layer_network(x, W1, b1, W2, b2):
    h = np.array([neuron(x, W1[:, j], b1[j]) for j in range(len(b1))])
    return [neuron(h, W2[:, k], b2[k]) for k in range(len(b2))]
""",
}

PROMISES = {
    "each with sigmoids: the output": changed(NETWORK, ("return layer(layer(x, W1, b1), W2, b2)", LINEAR_OUTPUT)),
    "each with sigmoids: the hidden layer": changed(NETWORK, ("layer(x, W1, b1)", "x @ W1 + b1")),
    "sigmoids: not 1 above 7": PIECES.format(low=-50, high=7) + WRITTEN_OUT,
    "sigmoids: not 0 below −10": PIECES.format(low=-10, high=50) + WRITTEN_OUT,
    "shape (K,), for one output too": changed(
        NETWORK, ("return layer(layer(x, W1, b1), W2, b2)", "return np.squeeze(layer(layer(x, W1, b1), W2, b2))")
    ),
    "shapes (D, H) and (H, K)": changed(NETWORK, ("b1), W2,", "b1), W2.T if len(b1) == len(b2) else W2,")),
    "b1 of shape (H,)": changed(NETWORK, ("(x, W1, b1)", "(x, W1, b1[0])")),
    "b2 of shape (K,)": changed(
        NETWORK, ("return layer(layer(x, W1, b1), W2, b2)", "return layer(layer(x, W1, b1), W2, b2[0])")
    ),
}
