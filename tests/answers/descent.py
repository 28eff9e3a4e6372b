"""Right and wrong answers to notebook 03, first half: gradient descent, mini-batches, rules for a step."""

from __future__ import annotations

WHILE = """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x = np.array(x0, dtype=float)
    n = 0
    while n < max_iter:
        g = grad(x)
        if np.linalg.norm(g) < tol:
            break
        x = x - lr * g
        n += 1
    return x, n
"""

SLICES = """
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        batch = order[start : start + batch_size]
        yield X[batch], y[batch]
"""

ANSWERS = {
    "gradient_descent": {
        "a while loop": WHILE,
        "a for loop with two returns": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x = x0.astype(float)
    for n in range(max_iter):
        g = grad(x)
        if np.sqrt(np.sum(g * g)) < tol:
            return x, n
        x = x - lr * g
    return x, max_iter
""",
        "the test in the loop's condition, at most instead of below": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x, n = x0, 0
    while n != max_iter and not np.linalg.norm(grad(x)) <= tol:
        x, n = x - lr * grad(x), n + 1
    return x, n
""",
        "lists and math": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x = [float(entry) for entry in x0]
    g = list(grad(np.array(x)))
    n = 0
    while math.hypot(*g) >= tol and n < max_iter:
        x = [entry - lr * slope for entry, slope in zip(x, g)]
        g = list(grad(np.array(x)))
        n += 1
    return x, n
""",
        "a copy in floats, moved in place": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x = x0.copy().astype(np.float64)
    updates = 0
    g = grad(x)
    while g @ g >= tol**2:
        if updates == max_iter:
            break
        x -= lr * g
        updates += 1
        g = grad(x)
    return x, updates
""",
        "calling itself": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    g = grad(x0)
    if max_iter == 0 or np.linalg.norm(g) < tol:
        return x0 * 1.0, 0
    x, n = gradient_descent(grad, x0 - lr * g, lr, tol, max_iter - 1)
    return x, n + 1
""",
        "float32, n as a float": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x, n = np.array(x0, dtype=np.float32), 0.0
    while n < max_iter and np.linalg.norm(grad(x)) >= tol:
        x = (x - lr * grad(x)).astype(np.float32)
        n += 1
    return x, n
""",
    },
    "minibatches": {
        "a permutation, sliced, yielded": SLICES,
        "a list": """
def minibatches(X, y, batch_size, rng):
    order = np.arange(len(X))
    rng.shuffle(order)
    batches = []
    while len(order):
        now, order = order[:batch_size], order[batch_size:]
        batches.append((X[now], y[now]))
    return batches
""",
        "np.split at the borders": """
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(X.shape[0])
    parts = np.split(order, range(batch_size, len(order), batch_size))
    return [(X[part], y[part]) for part in parts]
""",
        "copies shuffled by one order": """
def minibatches(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(y)))
    X, y = X[order], y[order]
    return zip(
        (X[k : k + batch_size] for k in range(0, len(X), batch_size)),
        (y[k : k + batch_size] for k in range(0, len(y), batch_size)),
    )
""",
        "lists of rows, a shuffle by hand": """
def minibatches(X, y, batch_size, rng):
    order = list(range(len(X)))
    for k in reversed(range(1, len(order))):
        j = int(rng.integers(0, k + 1))
        order[k], order[j] = order[j], order[k]
    Xb, yb = [], []
    for number in order:
        Xb.append(X[number])
        yb.append(y[number])
        if len(Xb) == batch_size:
            yield Xb, yb
            Xb, yb = [], []
    if Xb:
        yield Xb, yb
""",
        "drawn without putting back": """
def minibatches(X, y, batch_size, rng):
    left = rng.choice(len(X), size=len(X), replace=False)
    parts = [left[k * batch_size : (k + 1) * batch_size] for k in range(math.ceil(len(X) / batch_size))]
    return tuple([X[part].astype(np.float32), y[part]] for part in parts)
""",
    },
    "momentum_update": {
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
    },
    "rmsprop_update": {
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
    },
    "adam_update": {
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
    },
}


def _changed(source: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        if old not in source:
            raise ValueError(f"The right answer has no {old!r} to change.")
        source = source.replace(old, new)
    return source


def _walk(*pairs: tuple[str, str]) -> str:
    return _changed(WHILE, *pairs)


def _size(text: str) -> str:
    return _walk(("np.linalg.norm(g)", text))


def _epoch(*pairs: tuple[str, str]) -> str:
    return _changed(SLICES, *pairs)


_ORDER = "rng.permutation(len(X))"
_TEST = """        if np.linalg.norm(g) < tol:
            break
"""

WRONG = {
    "gradient_descent": {
        "uphill": _walk(("x - lr", "x + lr")),
        "tested after the update": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x, n = x0.astype(float), 0
    while n < max_iter:
        x = x - lr * grad(x)
        n += 1
        if np.linalg.norm(grad(x)) < tol:
            break
    return x, n
""",
        "one update counted too many": _walk(("return x, n", "return x, n + 1")),
        "last update not counted": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x = np.array(x0, dtype=float)
    for n in range(max_iter):
        g = grad(x)
        if np.linalg.norm(g) < tol:
            break
        x = x - lr * g
    return x, n
""",
        "max_iter returned": _walk(("return x, n", "return x, max_iter")),
        "one update beyond max_iter": _walk(("n < max_iter", "n <= max_iter")),
        "one update short of max_iter": _walk(("n < max_iter", "n < max_iter - 1")),
        "max_iter ignored": _walk(("n < max_iter", "True")),
        "updates not counted": _walk(("        n += 1\n", "")),
        "tol ignored": _walk((_TEST, "")),
        "largest entry in place of the length": _size("np.abs(g).max()"),
        "smallest entry in place of the length": _size("min(abs(g))"),
        "sum of absolute values": _size("np.sum(np.abs(g))"),
        "length not rooted": _size("g @ g"),
        "sign kept in the test": _size("g.sum()"),
        "length of the step tested": _size("np.linalg.norm(lr * g)"),
        "gradient taken once": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x, n, g = x0.astype(float), 0, grad(x0)
    while n < max_iter and np.linalg.norm(g) >= tol:
        x = x - lr * g
        n += 1
    return x, n
""",
        "one entry after the other": _walk(
            ("        x = x - lr * g\n", "        for k in range(len(x)):\n            x[k] -= lr * grad(x)[k]\n")
        ),
        "rate not used": _walk(("lr * g", "g")),
        "direction only": _walk(("lr * g", "lr * g / np.linalg.norm(g)")),
        "results exchanged": _walk(("return x, n", "return n, x")),
        "works on x0 itself": _walk(("np.array(x0, dtype=float)", "x0"), ("x = x - lr * g", "x -= lr * g")),
        "integers refuse the step": _walk(
            ("np.array(x0, dtype=float)", "x0.copy()"), ("x = x - lr * g", "x -= lr * g")
        ),
        "integers stay integers": _walk(
            ("np.array(x0, dtype=float)", "x0.copy()"), ("x = x - lr * g", "x[:] = x - lr * g")
        ),
    },
    "minibatches": {
        "not shuffled": _epoch((_ORDER, "np.arange(len(X))")),
        "batches in random order": """
def minibatches(X, y, batch_size, rng):
    for start in rng.permutation(range(0, len(X), batch_size)):
        yield X[start : start + batch_size], y[start : start + batch_size]
""",
        "within batches": """
def minibatches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        Xb, yb = X[start : start + batch_size], y[start : start + batch_size]
        order = rng.permutation(len(Xb))
        yield Xb[order], yb[order]
""",
        "pairs": """
def minibatches(X, y, batch_size, rng):
    X, y = rng.permutation(X), rng.permutation(y)
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]
""",
        "X and y shuffled in place": """
def minibatches(X, y, batch_size, rng):
    seed = rng.integers(1000)
    np.random.default_rng(seed).shuffle(X)
    np.random.default_rng(seed).shuffle(y)
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]
""",
        "drawn anew": """
def minibatches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        batch = rng.integers(0, len(X), min(batch_size, len(X) - start))
        yield X[batch], y[batch]
""",
        "last one dropped": _epoch(("range(0, len(X), batch_size)", "range(0, len(X) - batch_size + 1, batch_size)")),
        "filled up": """
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    while len(order) % batch_size:
        order = np.concatenate([order, order])[: len(order) + batch_size - len(order) % batch_size]
    for start in range(0, len(order), batch_size):
        yield X[order[start : start + batch_size]], y[order[start : start + batch_size]]
""",
        "number of batches": """
def minibatches(X, y, batch_size, rng):
    for part in np.array_split(rng.permutation(len(X)), batch_size):
        if len(part):
            yield X[part], y[part]
""",
        "even sizes": """
def minibatches(X, y, batch_size, rng):
    parts = np.array_split(rng.permutation(len(X)), math.ceil(len(X) / batch_size))
    return [(X[part], y[part]) for part in parts]
""",
        "another source": _epoch(("rng.permutation", "np.random.permutation")),
        "same order again": _epoch(("rng.permutation", "np.random.default_rng(1).permutation")),
        "swapped": _epoch(("yield X[batch], y[batch]", "yield y[batch], X[batch]")),
        "indices": _epoch(("yield X[batch], y[batch]", "yield batch")),
        "one batch": _epoch(("yield", "return")),
        "without an end": """
def minibatches(X, y, batch_size, rng):
    while True:
        batch = rng.choice(len(X), min(len(X), batch_size), replace=False)
        yield X[batch], y[batch]
""",
        "two lists": """
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    parts = [order[start : start + batch_size] for start in range(0, len(X), batch_size)]
    return [X[part] for part in parts], [y[part] for part in parts]
""",
        "overlap": _epoch(("start + batch_size]", "start + batch_size + 1]")),
        "missing": _epoch(("start + batch_size]", "start + batch_size - 1]")),
        "one by one": """
def minibatches(X, y, batch_size, rng):
    for number in rng.permutation(len(X)):
        yield X[number], y[number]
""",
        "lists of pairs": """
def minibatches(X, y, batch_size, rng):
    samples = list(zip(X, y))
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        yield [samples[number] for number in order[start : start + batch_size]]
""",
        "no axis": _epoch(
            (
                "yield X[batch], y[batch]",
                "batch = batch[0] if len(batch) == 1 else batch\n        yield X[batch], y[batch]",
            )
        ),
    },
}
