"""A neuron and a layer, as students write them and go on with."""

SIGMOID = """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
"""

NEURON = (
    SIGMOID
    + """
def neuron(x, w, b):
    return sigmoid(x @ w + b)
"""
)

LAYER = (
    SIGMOID
    + """
def layer(x, W, b):
    return sigmoid(x @ W + b)
"""
)
