"""Right and wrong answers to `gradient_descent`."""

from __future__ import annotations

from tests.answers import changed

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

TEST = """        if np.linalg.norm(g) < tol:
            break
"""

RIGHT = {
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
}


LOOKS_COUNTED = changed(WHILE, ("        n += 1\n", ""), ("g = grad(x)\n", "g = grad(x)\n        n += 1\n"))
ONE_LATE = """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x, n = np.array(x0, dtype=float), 0
    while n < max_iter:
        g = grad(x)
        x = x - lr * g
        n += 1
        if np.linalg.norm(g) < tol:
            break
    return x, n
"""
DO_WHILE = """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x, n = np.array(x0, dtype=float), 0
    while True:
        g = grad(x)
        if np.linalg.norm(g) < tol:
            return x, n
        x = x - lr * g
        n += 1
        if n >= max_iter:
            return x, n
"""
POINT_BEFORE = changed(
    WHILE,
    ("x = np.array", "x = old = np.array"),
    ("        x = x - lr * g", "        old, x = x, x - lr * g"),
    ("return x", "return old"),
)


def tested_with(size: str) -> str:
    """The loop, with something else in the place of the gradient's length."""
    return changed(WHILE, ("np.linalg.norm(g)", size))


WRONG = {
    "uphill": changed(WHILE, ("x - lr", "x + lr")),
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
    "one update counted too many": changed(WHILE, ("return x, n", "return x, n + 1")),
    "last update not counted": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x = np.array(x0, dtype=float)
    n = 0
    for n in range(max_iter):
        g = grad(x)
        if np.linalg.norm(g) < tol:
            break
        x = x - lr * g
    return x, n
""",
    "number of the last round": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x = np.array(x0, dtype=float)
    for n in range(max_iter):
        g = grad(x)
        if np.linalg.norm(g) < tol:
            break
        x = x - lr * g
    return x, n
""",
    "one update after the test": ONE_LATE,
    "one update at least": DO_WHILE,
    "return inside the loop": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x = np.array(x0, dtype=float)
    for n in range(max_iter):
        g = grad(x)
        if np.linalg.norm(g) < tol:
            return x, n
        x = x - lr * g
        return x, n + 1
""",
    "one update at most": changed(WHILE, ("        n += 1\n", "        n += 1\n        return x, n\n")),
    "test the wrong way round": changed(WHILE, ("(g) <", "(g) >")),
    "looks counted": LOOKS_COUNTED,
    "point before the last update": POINT_BEFORE,
    "first gradient tested": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x, n, size = np.array(x0, dtype=float), 0, np.linalg.norm(grad(x0))
    while size >= tol and n < max_iter:
        x = x - lr * grad(x)
        n += 1
    return x, n
""",
    "step tested when it is made": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x = np.array(x0, dtype=float)
    for n in range(max_iter):
        old, x = x, x - lr * grad(x)
        if np.linalg.norm(x - old) < tol:
            return x, n + 1
    return x, max_iter
""",
    "every step from x0": changed(WHILE, ("x = x - lr", "x = x0 - lr")),
    "gradient returned": changed(WHILE, ("return x, n", "return grad(x), n")),
    "counted once": changed(WHILE, ("return x, n", "return x, 1")),
    "no count": changed(WHILE, ("return x, n", "return x, 0")),
    "max_iter returned": changed(WHILE, ("return x, n", "return x, max_iter")),
    "one update beyond max_iter": changed(WHILE, ("n < max_iter", "n <= max_iter")),
    "one update short of max_iter": changed(WHILE, ("n < max_iter", "n < max_iter - 1")),
    "max_iter ignored": changed(WHILE, ("n < max_iter", "True")),
    "updates not counted": changed(WHILE, ("        n += 1\n", "")),
    "tol ignored": changed(WHILE, (TEST, "")),
    "largest entry in place of the length": tested_with("np.abs(g).max()"),
    "smallest entry in place of the length": tested_with("min(abs(g))"),
    "first entry in place of the length": tested_with("abs(g[0])"),
    "root of the mean square": tested_with("np.sqrt(np.mean(g**2))"),
    "mean size": tested_with("np.abs(g).mean()"),
    "sum of absolute values": tested_with("np.sum(np.abs(g))"),
    "length not rooted": tested_with("g @ g"),
    "sign kept in the test": tested_with("g.sum()"),
    "length of the step tested": tested_with("np.linalg.norm(lr * g)"),
    "gradient taken once": """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x, n, g = x0.astype(float), 0, grad(x0)
    while n < max_iter and np.linalg.norm(g) >= tol:
        x = x - lr * g
        n += 1
    return x, n
""",
    "one entry after the other": changed(
        WHILE, ("        x = x - lr * g\n", "        for k in range(len(x)):\n            x[k] -= lr * grad(x)[k]\n")
    ),
    "rate not used": changed(WHILE, ("lr * g", "g")),
    "direction only": changed(WHILE, ("lr * g", "lr * g / np.linalg.norm(g)")),
    "results exchanged": changed(WHILE, ("return x, n", "return n, x")),
    "works on x0 itself": changed(WHILE, ("np.array(x0, dtype=float)", "x0"), ("x = x - lr * g", "x -= lr * g")),
    "integers refuse the step": changed(
        WHILE, ("np.array(x0, dtype=float)", "x0.copy()"), ("x = x - lr * g", "x -= lr * g")
    ),
    "integers stay integers": changed(
        WHILE, ("np.array(x0, dtype=float)", "x0.copy()"), ("x = x - lr * g", "x[:] = x - lr * g")
    ),
}

# Each breaks only the promise that it stands under.
PROMISES = {
    "for any number of parameters": changed(WHILE, ("np.linalg.norm(g)", "np.linalg.norm(g[:2])")),
    "grad takes a point, an array of shape (D,)": changed(WHILE, ("grad(x)", "grad(x.tolist())")),
    "x0 may hold integers; the walk does not": changed(
        WHILE, ("np.array(x0, dtype=float)", "x0.copy()"), ("x = x - lr * g", "x[:] = x - lr * g")
    ),
    "afterwards x0 is what it was": changed(
        WHILE, ("np.array(x0, dtype=float)", "np.asarray(x0, dtype=float)"), ("x = x - lr * g", "x -= lr * g")
    ),
    "afterwards x0 is what it was, integers too": changed(WHILE, ("return x, n", "x0[:] = x\n    return x, n")),
    "before every update look at the gradient": ONE_LATE,
    "look at the gradient": changed(WHILE, ("np.linalg.norm(g)", "np.linalg.norm(lr * g)")),
    "stop if its length is less than tol": changed(WHILE, ("np.linalg.norm(g)", "np.abs(g).max()")),
    "stop after max_iter updates at the latest": changed(WHILE, ("n < max_iter", "n <= max_iter")),
    "stop after max_iter updates, also after none": DO_WHILE,
    "return the last point": POINT_BEFORE,
    "n, how many updates were made": LOOKS_COUNTED,
    "whoever starts at a lowest point gets n = 0": changed(
        WHILE, ("return x, n", "return x, max(n, min(1, max_iter))")
    ),
    "x is the last point, (D,)": changed(WHILE, ("return x, n", "return x if len(x) > 1 else x[0], n")),
}

EQUIVALENT = {
    "n = 1e-08": "a count that is off by a hundred-millionth is the same number to everybody who reads it",
}
