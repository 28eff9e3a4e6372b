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

# A sigmoid put together from pieces; the ends are filled in.
PIECES = """
def sigmoid(z):
    return np.where(z < {low}, 0.0, np.where(z > {high}, 1.0, 1 / (1 + np.exp(-z))))
"""
