"""Right answers to `layer`; some call a `neuron`."""

from tests.answers.computation_graphs.parts.networks import LAYER, NEURON, SIGMOID

RIGHT = {
    "np.matrix, flattened": """
def layer(x, W, b):
    z = np.matrix(x) * np.matrix(W) + b
    return np.asarray(1 / (1 + np.exp(-z))).ravel()
""",
    "in place on a copy of b": """
def layer(x, W, b):
    z = b.copy()
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
