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
