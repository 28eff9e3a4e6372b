"""Right answers to `relu_backward`."""

RIGHT = {
    "a mask": """
def relu_backward(dout, x):
    return dout * (x > 0)
""",
    "the other slope at 0": """
def relu_backward(dout, x):
    return dout * (x >= 0)
""",
    "np.where": """
def relu_backward(dout, x):
    return np.where(x > 0, dout, 0)
""",
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
    "by the sign": """
def relu_backward(dout, x):
    return dout * np.maximum(np.sign(x), 0)
""",
}
