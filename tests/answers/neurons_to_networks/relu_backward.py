"""Right answers to `relu_backward`, and one that breaks each promise of the text."""

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
    "one side of 0 here, the other there": """
def relu_backward(dout, x):
    return np.where(x > 0, dout, np.where((x == 0) & (dout > 0), dout, 0.0))
""",
    "a sorted way": """
def relu_backward(dout, x):
    result = np.array(dout, dtype=float)
    np.putmask(result, np.asarray(x) <= 0, 0)
    return result
""",
}

PROMISES = {
    "the message that arrives": """
def relu_backward(dout, x):
    return np.where(x > 0, 1.0, 0.0)
""",
    "the x that went into it": """
def relu_backward(dout, x):
    return np.where(dout > 0, dout, 0.0)
""",
    "its slope is 1 where it is open": """
def relu_backward(dout, x):
    return np.where(x > 0, dout * np.minimum(x, 1), 0.0)
""",
    "and 0 where it is closed": """
def relu_backward(dout, x):
    return np.where(x > 0, dout, 0.05 * dout)
""",
    "open from 0 on": """
def relu_backward(dout, x):
    return np.where(x > 0.4, dout, 0.0)
""",
    "closed up to 0": """
def relu_backward(dout, x):
    return np.where(x > -0.4, dout, 0.0)
""",
    "messages pass whole": """
def relu_backward(dout, x):
    return np.round(np.where(x > 0, dout, 0.0))
""",
    "a message of any sign": """
def relu_backward(dout, x):
    return np.where(x > 0, np.abs(dout), 0.0)
""",
    "entries of x that are exactly 0 may take either side, and nothing between": """
def relu_backward(dout, x):
    return dout * np.heaviside(x, 0.5)
""",
    "the same shape": """
def relu_backward(dout, x):
    return np.ravel(np.where(x > 0, dout, 0.0))
""",
    "dout stays as it is": """
def relu_backward(dout, x):
    dout[x <= 0] = 0
    return dout.copy()
""",
    "x stays as it is": """
def relu_backward(dout, x):
    result = np.where(x > 0, dout, 0.0)
    x[x < 0] = 0
    return result
""",
    "whatever numbers x is made of": """
def relu_backward(dout, x):
    result = np.zeros_like(x)
    result[x > 0] = dout[x > 0]
    return result
""",
}
