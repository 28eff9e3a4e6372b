"""Right and wrong answers to `rmsprop_update`."""

from __future__ import annotations

from tests.answers import changed

RIGHT = {
    "two lines": """
def rmsprop_update(w, g, s, lr, alpha, eps):
    s_new = alpha * s + (1 - alpha) * g**2
    return w - lr * g / (np.sqrt(s_new) + eps), s_new
""",
    "moved towards the new square": """
def rmsprop_update(w, g, s, lr, alpha, eps):
    s_new = s + (1 - alpha) * (g * g - s)
    rate = lr / (s_new**0.5 + eps)
    return w - rate * g, s_new
""",
    "float32": """
def rmsprop_update(w, g, s, lr, alpha, eps):
    s = (alpha * s + (1 - alpha) * np.square(g)).astype(np.float32)
    return (w - lr * (g / (np.sqrt(s) + eps))).astype("float32"), s
""",
    "entry by entry": """
def rmsprop_update(w, g, s, lr, alpha, eps):
    w_new, s_new = w.copy(), s.copy()
    for place in np.ndindex(w.shape):
        s_new[place] = alpha * s[place] + (1 - alpha) * g[place] * g[place]
        w_new[place] -= lr * g[place] / (math.sqrt(s_new[place]) + eps)
    return w_new, s_new
""",
    "copies changed in place": """
def rmsprop_update(w, g, s, lr, alpha, eps):
    w, s = np.copy(w), np.copy(s)
    s *= alpha
    s += (1 - alpha) * g**2
    w -= lr * g / (np.sqrt(s) + eps)
    return (w, s)
""",
    "plain lists, row by row": """
def rmsprop_update(w, g, s, lr, alpha, eps):
    if np.ndim(w) == 0:
        average = alpha * s + (1 - alpha) * g * g
        return w - lr * g / (math.sqrt(average) + eps), average
    rows = [rmsprop_update(*row, lr, alpha, eps) for row in zip(w, g, s)]
    return [row[0] for row in rows], [row[1] for row in rows]
""",
}

TWO_LINES = RIGHT["two lines"]

# Each breaks only the promise that it stands under.
PROMISES = {
    "alpha: the share of the old average that is kept": changed(
        TWO_LINES, ("alpha * s + (1 - alpha)", "(1 - alpha) * s + alpha")
    ),
    "alpha is an argument": changed(TWO_LINES, ("alpha * s + (1 - alpha)", "0.9 * s + 0.1")),
    "lr: the rate": changed(TWO_LINES, ("lr * g", "0.1 * g")),
    "eps is added": changed(TWO_LINES, ("np.sqrt(s_new) + eps", "np.sqrt(s_new)")),
    "eps is an argument": changed(TWO_LINES, ("+ eps", "+ 1e-8")),
    "added to every root": changed(TWO_LINES, ("np.sqrt(s_new) + eps", "np.maximum(np.sqrt(s_new), eps)")),
    "outside of the root": changed(TWO_LINES, ("np.sqrt(s_new) + eps", "np.sqrt(s_new + eps)")),
    "for each parameter alone": changed(TWO_LINES, ("* g**2", "* np.mean(g**2)")),
    "the average of the squares": changed(TWO_LINES, ("g**2", "abs(g)")),
    "the new average divides": changed(TWO_LINES, ("np.sqrt(s_new)", "np.sqrt(s)")),
    "s_new is the average": changed(TWO_LINES, ("eps), s_new", "eps), np.sqrt(s_new)")),
    "all of one shape": changed(TWO_LINES, ("eps), s_new", "eps), s_new.ravel()")),
    "w stays as it is": changed(
        TWO_LINES, ("    return", "    w[...] = w - 0.01\n    return"), ("return w", "return w + 0.01")
    ),
    "s stays as it is": changed(TWO_LINES, ("    return", "    s[...] = s_new\n    return")),
    "g stays as it is": changed(TWO_LINES, ("    return", "    g *= lr\n    return"), ("lr * g /", "g /")),
    "w_new, s_new, in this order": changed(
        TWO_LINES,
        ("return w - lr * g / (np.sqrt(s_new) + eps), s_new", "return s_new, w - lr * g / (np.sqrt(s_new) + eps)"),
    ),
}
