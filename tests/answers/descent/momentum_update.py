"""Right answers to `momentum_update`."""

RIGHT = {
    "two lines": """
def momentum_update(w, g, delta, lr, mu):
    delta_new = mu * delta - lr * g
    return w + delta_new, delta_new
""",
    "float32": """
def momentum_update(w, g, delta, lr, mu):
    step = (mu * delta - lr * g).astype(np.float32)
    return (w + step).astype(np.float32), step
""",
    "a list of both": """
def momentum_update(w, g, delta, lr, mu):
    downhill = -g
    step = lr * downhill
    step += mu * delta
    moved = w.copy()
    moved += step
    return [moved, step]
""",
    "entry by entry": """
def momentum_update(w, g, delta, lr, mu):
    w_new, delta_new = np.zeros(w.shape), np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        delta_new[place] = mu * delta[place] - lr * g[place]
        w_new[place] = w[place] + delta_new[place]
    return w_new, delta_new
""",
    "NumPy's functions": """
def momentum_update(w, g, delta, lr, mu):
    delta_new = np.subtract(np.multiply(mu, delta), np.multiply(lr, g))
    return np.add(w, delta_new), delta_new
""",
}
