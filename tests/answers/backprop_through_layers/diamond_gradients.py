"""Right answers to `diamond_gradients`."""

RIGHT = {
    "node by node": """
def diamond_gradients(a, b):
    u = a + b
    v = a * u
    df = 1.0
    dv = df * u
    du = df * v + dv * a
    da = du + dv * u
    db = du
    return da, db
""",
    "multiplied out": """
def diamond_gradients(a, b):
    return 3 * a**2 + 4 * a * b + b**2, 2 * a**2 + 2 * a * b
""",
    "an array": """
def diamond_gradients(a, b):
    u = a + b
    return np.array([u * u, 0]) + 2 * a * u
""",
    "a list of float32": """
def diamond_gradients(a, b):
    a, b = np.float32(a), np.float32(b)
    return [(a + b) * (3 * a + b), 2 * a * (a + b)]
""",
}

# What the text promises → an answer that breaks only this.
PROMISES = {
    "messages that meet are added (at u)": """
def diamond_gradients(a, b):
    u = a + b
    v = a * u
    return u * u + v, v
""",
    "messages that meet are added (at a)": """
def diamond_gradients(a, b):
    u = a + b
    v = a * u
    return u * u, v + u * a
""",
    "a value has to wait until all its users have sent": """
def diamond_gradients(a, b):
    u = a + b
    v = a * u
    first = v
    both = first + u * a
    return u * u + first + both, first + both
""",
    "two numbers": """
def diamond_gradients(a, b):
    u = a + b
    return np.array([u * u + 2 * a * u]), np.array([2 * a * u])
""",
    "gradients of f (at a = 0)": """
def diamond_gradients(a, b):
    u = a + b
    f = a * u * u
    return f / a + 2 * f / u, 2 * f / u
""",
    "gradients of f (by the walk, not by differences)": """
def diamond_gradients(a, b):
    def f(a, b):
        u = a + b
        return u * (a * u)

    h = 1e-5
    return (f(a + h, b) - f(a - h, b)) / (2 * h), (f(a, b + h) - f(a, b - h)) / (2 * h)
""",
}
