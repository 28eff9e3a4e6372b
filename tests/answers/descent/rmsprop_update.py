"""Right answers to `rmsprop_update`."""

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
}
