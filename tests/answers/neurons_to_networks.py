"""Right answers to the exercises of notebook 04, first half, in the styles that students write."""

_SIGMOID = """
def sigmoid(x):
    q = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1 / (1 + q), q / (1 + q))
"""

_RELU = """
def relu_backward(dout, x):
    return dout * (x > 0)
"""

ANSWERS = {
    "sigmoid": {
        "two forms, one harmless exponential": _SIGMOID,
        "by tanh": "def sigmoid(x):\n    return 0.5 * (1 + np.tanh(np.asarray(x) / 2))\n",
        "by logaddexp": "def sigmoid(x):\n    return np.exp(-np.logaddexp(0, -np.asarray(x)))\n",
        "x held within bounds": "def sigmoid(x):\n    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))\n",
        "two masks": """
def sigmoid(x):
    x = np.asarray(x, dtype=float)
    result = np.empty_like(x)
    up = x >= 0
    result[up] = 1 / (1 + np.exp(-x[up]))
    small = np.exp(x[~up])
    result[~up] = small / (1 + small)
    return result
""",
        "entry by entry, with math": """
def sigmoid(x):
    if np.ndim(x):
        return np.array([sigmoid(entry) for entry in x])
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))
""",
        "vectorize, and a number for a number": """
def one(x):
    return 1 / (1 + math.exp(-x)) if x > 0 else 1 - 1 / (1 + math.exp(x))

def sigmoid(x):
    return np.vectorize(one, otypes=[float])(x)[()]
""",
        "float32": """
def sigmoid(x):
    x = np.asarray(x, dtype=np.float32)
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
""",
        "lists": """
def sigmoid(x):
    x = np.asarray(x)
    return (0.5 + 0.5 * np.tanh(x / 2)).tolist()
""",
    },
    "sigmoid_grad": {
        "value times what is missing to 1": _SIGMOID
        + """
def sigmoid_grad(x):
    s = sigmoid(x)
    return s * (1 - s)
""",
        "both sides": _SIGMOID + "def sigmoid_grad(x):\n    return sigmoid(x) * sigmoid(-np.asarray(x))\n",
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
        "float32": _SIGMOID
        + """
def sigmoid_grad(x):
    s = np.float32(sigmoid(x))
    return s - s * s
""",
    },
    "relu_backward": {
        "a mask": _RELU,
        "the other slope at 0": "def relu_backward(dout, x):\n    return dout * (x >= 0)\n",
        "np.where": "def relu_backward(dout, x):\n    return np.where(x > 0, dout, 0)\n",
        "a copy with zeros": """
def relu_backward(dout, x):
    dx = dout.copy()
    dx[x < 0] = 0
    return dx
""",
        "a loop": """
def relu_backward(dout, x):
    dx = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        if x[place] > 0:
            dx[place] = dout[place]
    return dx
""",
        "heaviside, float32": """
def relu_backward(dout, x):
    return (dout * np.heaviside(x, 1)).astype(np.float32)
""",
        "lists": """
def relu_backward(dout, x):
    if np.ndim(x) == 0:
        return dout if x > 0 else 0.0
    return [relu_backward(d, entry) for d, entry in zip(dout, x)]
""",
        "by the sign": "def relu_backward(dout, x):\n    return dout * np.maximum(np.sign(x), 0)\n",
    },
    "affine_forward": {
        "in one line": "def affine_forward(x, W, b):\n    return x @ W + b\n",
        "np.dot": "def affine_forward(x, W, b):\n    return np.add(x.dot(W), b)\n",
        "einsum": 'def affine_forward(x, W, b):\n    return np.einsum("nd,dm->nm", x, W) + b\n',
        "three loops": """
def affine_forward(x, W, b):
    z = np.zeros((len(x), len(b)))
    for n in range(len(x)):
        for m in range(len(b)):
            z[n, m] = b[m]
            for d in range(x.shape[1]):
                z[n, m] += x[n, d] * W[d, m]
    return z
""",
        "sample by sample, a list": "def affine_forward(x, W, b):\n    return [sample @ W + b for sample in x]\n",
        "columns, turned back": "def affine_forward(x, W, b):\n    return (W.T @ x.T + b[:, None]).T\n",
        "a column of ones": """
def affine_forward(x, W, b):
    ones = np.ones((len(x), 1))
    return (np.hstack([x, ones]) @ np.vstack([W, b])).astype(np.float32)
""",
    },
    "affine_backward": {
        "three lines": """
def affine_backward(dout, x, W):
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=0)
    return dx, dW, db
""",
        "einsum": """
def affine_backward(dout, x, W):
    return (
        np.einsum("nm,dm->nd", dout, W),
        np.einsum("nd,nm->dm", x, dout),
        np.einsum("nm->m", dout),
    )
""",
        "sample by sample": """
def affine_backward(dout, x, W):
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for n in range(len(x)):
        dx[n] = W @ dout[n]
        dW += np.outer(x[n], dout[n])
        db += dout[n]
    return dx, dW, db
""",
        "all loops": """
def affine_backward(dout, x, W):
    (N, D), M = x.shape, W.shape[1]
    dx = [[sum(dout[n, m] * W[d, m] for m in range(M)) for d in range(D)] for n in range(N)]
    dW = [[sum(x[n, d] * dout[n, m] for n in range(N)) for m in range(M)] for d in range(D)]
    db = [sum(dout[n, m] for n in range(N)) for m in range(M)]
    return dx, dW, db
""",
        "ones for the bias, float32": """
def affine_backward(dout, x, W):
    dout = dout.astype(np.float32)
    return [np.matmul(dout, W.T), np.matmul(dout.T, x).T, np.ones(len(x)) @ dout]
""",
    },
    "xor_weights": {
        "or, without twice and": """
def xor_weights():
    W1 = np.array([[1.0, 1.0], [1.0, 1.0]])
    b1 = np.array([0.0, -1.0])
    W2 = np.array([[1.0], [-2.0]])
    b2 = np.array([0.0])
    return W1, b1, W2, b2
""",
        "the distance of the inputs, from both sides": """
def xor_weights():
    return np.array([[1, -1], [-1, 1]]), np.zeros(2), np.ones((2, 1)), np.zeros(1)
""",
        "lists of whole numbers": "def xor_weights():\n    return [[1, 1], [1, 1]], [0, -1], [[1], [-2]], [0]\n",
        "from above": """
def xor_weights():
    # awake at (0, 0), and awake at (1, 1): taken away from 1
    return np.array([[-1, 1], [-1, 1]]), np.array([1, -1]), np.array([[-1], [-1]]), np.array([1])
""",
        "not round, float32, a list of arrays": """
def xor_weights():
    return [
        np.array([[0.7, 1.3], [0.8, 1.25]], dtype=np.float32),
        np.array([0.05, -1.3], dtype=np.float32),
        np.array([[1.9], [-2.4]], dtype=np.float32),
        np.array([-0.4], dtype=np.float32),
    ]
""",
        "found by descent": """
def xor_weights():
    X, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])
    rng = np.random.default_rng(1)
    W1, b1, W2, b2 = rng.normal(size=(2, 2)), np.zeros(2), rng.normal(size=(2, 1)), np.zeros(1)
    for _ in range(2000):
        h = np.maximum(X @ W1 + b1, 0)
        d2 = h @ W2 + b2 - t
        d1 = (d2 @ W2.T) * (h > 0)
        W2, b2 = W2 - 0.05 * h.T @ d2, b2 - 0.05 * d2.sum(axis=0)
        W1, b1 = W1 - 0.05 * X.T @ d1, b1 - 0.05 * d1.sum(axis=0)
    return W1, b1, W2, b2
""",
    },
    "bump": {
        "two steps": _SIGMOID
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
        "one hidden layer of two neurons": _SIGMOID
        + """
def bump(x, left, right, height, steepness):
    hidden = sigmoid(np.asarray(x)[..., None] * [steepness, steepness] - [steepness * left, steepness * right])
    return hidden @ np.array([height, -height])
""",
        "a step up and a step down, less one": _SIGMOID
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
    },
}
