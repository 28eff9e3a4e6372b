"""Right and wrong answers to `momentum_update`."""

from __future__ import annotations

from tests.answers import changed

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
    "plain lists": """
def momentum_update(w, g, delta, lr, mu):
    step = np.add(mu * delta, -lr * g)
    return (w + step).tolist(), step.tolist()
""",
}

TWO_LINES = RIGHT["two lines"]

# Each breaks only the promise that it stands under.
PROMISES = {
    "a step of descent": changed(TWO_LINES, ("- lr", "+ lr")),
    "with momentum": changed(TWO_LINES, ("mu * delta", "0 * delta")),
    "mu: the share of the last step that is kept": changed(TWO_LINES, ("mu * delta", "0.9 * delta")),
    "lr: the rate": changed(TWO_LINES, ("- lr * g", "- 0.1 * g")),
    "delta is the last step": changed(
        TWO_LINES, ("w + delta_new, delta_new", "w + delta_new, -delta_new"), ("mu * delta", "-mu * delta")
    ),
    "leave w as it is": changed(
        TWO_LINES, ("return w + delta_new, delta_new", "w += delta_new\n    return w, delta_new")
    ),
    "leave delta as it is": changed(TWO_LINES, ("    return", "    delta[...] = delta_new\n    return")),
    "leave g as it is": changed(TWO_LINES, ("    delta_new", "    g *= lr\n    delta_new"), ("lr * g", "g")),
    "all of one shape": changed(TWO_LINES, ("w + delta_new, delta_new", "(w + delta_new).ravel(), delta_new")),
    "one step for each weight": changed(TWO_LINES, ("lr * g", "lr * np.mean(g)")),
    "w_new, delta_new, in this order": changed(TWO_LINES, ("w + delta_new, delta_new", "delta_new, w + delta_new")),
}
