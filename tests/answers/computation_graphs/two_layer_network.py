"""Right answers to `two_layer_network`; most call a `layer` or a `neuron`."""

from tests.answers.computation_graphs.parts.networks import LAYER, NEURON, SIGMOID

NETWORK = LAYER + "\ndef two_layer_network(x, W1, b1, W2, b2):\n    return layer(layer(x, W1, b1), W2, b2)\n"

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
    "written out": SIGMOID
    + """
def two_layer_network(x, W1, b1, W2, b2):
    h = sigmoid(x @ W1 + b1)
    return sigmoid(h @ W2 + b2)
""",
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
