"""Right answers to `adam_update`."""

RIGHT = {
    "four lines": """
def adam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    m_new = beta1 * m + (1 - beta1) * g
    v_new = beta2 * v + (1 - beta2) * g**2
    m_hat = m_new / (1 - beta1**t)
    v_hat = v_new / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m_new, v_new
""",
    "the corrections in the rate": """
def adam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    k = math.sqrt(1 - beta2**t)
    rate = lr * k / (1 - beta1**t)
    return w - rate * m / (np.sqrt(v) + k * eps), m, v
""",
    "float32": """
def adam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    w, g, m, v = (array.astype(np.float32) for array in (w, g, m, v))
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    step = (m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + eps)
    return w - lr * step, m, v
""",
    "entry by entry, a list": """
def adam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    w, m, v = w.copy(), m.copy(), v.copy()
    for place in np.ndindex(w.shape):
        m[place] = beta1 * m[place] + (1 - beta1) * g[place]
        v[place] = beta2 * v[place] + (1 - beta2) * g[place] ** 2
        root = math.sqrt(v[place] / (1 - math.pow(beta2, t)))
        w[place] -= lr * m[place] / (1 - math.pow(beta1, t)) / (root + eps)
    return [w, m, v]
""",
    "an average of its own": """
def average(old, new, beta):
    return beta * old + (1 - beta) * new


def adam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = average(m, g, beta1), average(v, np.square(g), beta2)

    def corrected(mean, beta):
        return mean / (1 - np.power(beta, t))

    return w - lr * corrected(m, beta1) / (np.sqrt(corrected(v, beta2)) + eps), m, v
""",
}
