"""Right answers to `layer`; some call a `neuron`."""

from tests.answers import changed
from tests.answers.neurons.parts.networks import LAYER, NEURON, PIECES, SIGMOID

RIGHT = {
    "np.matrix, flattened": """
def layer(x, W, b):
    z = np.matrix(x) * np.matrix(W) + b
    return np.asarray(1 / (1 + np.exp(-z))).ravel()
""",
    "in place on a copy of b": """
def layer(x, W, b):
    z = b.astype(float)
    for entry, row in zip(x, W):
        z += entry * row
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    return 1 / z
""",
    "one product": LAYER,
    "transposed": SIGMOID + "def layer(x, W, b):\n    return sigmoid(W.T @ x + b)\n",
    "neuron by neuron": NEURON
    + "def layer(x, W, b):\n    return np.array([neuron(x, W[:, j], b[j]) for j in range(len(b))])\n",
    "a list, plain loops": """
def layer(x, W, b):
    out = []
    for j in range(W.shape[1]):
        z = b[j]
        for i in range(W.shape[0]):
            z = z + x[i] * W[i][j]
        out.append(1 / (1 + math.exp(-z)))
    return out
""",
    "einsum, float32": SIGMOID
    + 'def layer(x, W, b):\n    return sigmoid((np.einsum("d,dm->m", x, W) + b).astype(np.float32))\n',
    "columns by zip": NEURON + "def layer(x, W, b):\n    return tuple(neuron(x, w, bias) for w, bias in zip(W.T, b))\n",
}

PROMISES = {
    "sigmoids: not 1 above 7": PIECES.format(low=-50, high=7) + LAYER.removeprefix(SIGMOID),
    "sigmoids: not 0 below −10": PIECES.format(low=-10, high=50) + LAYER.removeprefix(SIGMOID),
    "shape (M,), for one neuron too": changed(LAYER, ("(x @ W + b)", "(np.squeeze(x @ W + b))")),
    "W, one column for each neuron": changed(LAYER, ("x @ W", "(x @ W if len(x) != len(b) else W @ x)")),
    "x of shape (D,), for one input too": changed(LAYER, ("x @ W", "(x @ W if len(x) > 1 else W[0])")),
    "biases of shape (M,)": changed(LAYER, ("+ b", "+ b[0]")),
    "numbers of any kind": """
def layer(x, W, b):
    z = np.zeros_like(b)
    for entry, row in zip(x, W):
        z += entry * row
    return 1 / (1 + np.exp(-(z + b)))
""",
}
