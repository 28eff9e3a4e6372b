"""Right and wrong answers to `adam_update`."""

from __future__ import annotations

from tests.answers import changed

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
    "plain lists": """
def adam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    root = np.sqrt(v / (1 - beta2**t)) + eps
    return (w - lr * (m / (1 - beta1**t)) / root).tolist(), m.tolist(), v.tolist()
""",
}

LINES = RIGHT["four lines"]

# Each breaks only the promise that it stands under.
PROMISES = {
    "t is 1 at the first update": changed(LINES, ("**t)", "**(t + 1))")),
    "t is 2 at the second": changed(LINES, ("**t)", "**min(t, 1))")),
    "t counts on for ever": changed(LINES, ("**t)", "**min(t, 20))")),
    "m is corrected": changed(LINES, ("m_new / (1 - beta1**t)", "m_new")),
    "v is corrected": changed(LINES, ("v_new / (1 - beta2**t)", "v_new")),
    "eps is added": changed(LINES, ("np.sqrt(v_hat) + eps", "np.sqrt(v_hat)")),
    "eps is an argument": changed(LINES, ("+ eps", "+ 1e-8")),
    "outside of the root": changed(LINES, ("np.sqrt(v_hat) + eps", "np.sqrt(v_hat + eps)")),
    "to the root of the corrected average": changed(LINES, ("+ eps", "+ eps / np.sqrt(1 - beta2**t)")),
    "m_new is uncorrected": changed(LINES, ("eps), m_new, v_new", "eps), m_hat, v_new")),
    "v_new is uncorrected": changed(LINES, ("eps), m_new, v_new", "eps), m_new, v_hat")),
    "beta1: the share of m that is kept": changed(
        LINES, ("beta1 * m + (1 - beta1)", "0.9 * m + 0.1"), ("beta1**t", "0.9**t")
    ),
    "beta2: the share of v that is kept": changed(
        LINES, ("beta2 * v + (1 - beta2)", "0.999 * v + 0.001"), ("beta2**t", "0.999**t")
    ),
    "lr: the rate": changed(LINES, ("lr *", "0.1 *")),
    "v is an average of squares": changed(LINES, ("g**2", "abs(g)")),
    "all of one shape": changed(LINES, ("eps), m_new, v_new", "eps), m_new.ravel(), v_new")),
    "every entry by itself": changed(LINES, ("g**2", "np.mean(g**2)")),
    "m stays as it is": changed(LINES, ("    m_hat", "    m[...] = m_new\n    m_hat")),
    "v stays as it is": changed(LINES, ("    m_hat", "    v[...] = v_new\n    m_hat")),
    "w stays as it is": changed(
        LINES,
        ("return w - lr * m_hat / (np.sqrt(v_hat) + eps)", "w -= lr * m_hat / (np.sqrt(v_hat) + eps)\n    return w"),
    ),
    "g stays as it is": changed(LINES, ("    m_hat", "    g *= 0\n    m_hat")),
    "w_new, m_new, v_new, in this order": changed(LINES, ("eps), m_new, v_new", "eps), v_new, m_new")),
}
