"""Right answers to `jacobian_costs`."""

RIGHT = {
    "as in the text": """
def jacobian_costs(d, d1, d2, D):
    return d * (D * d2 + d2 * d1), D * (d2 * d1 + d1 * d)
""",
    "product by product": """
def jacobian_costs(d, d1, d2, D):
    def cost(rows, inner, columns):
        return rows * inner * columns
    forward = cost(d2, d1, d) + cost(D, d2, d)
    reverse = cost(D, d2, d1) + cost(D, d1, d)
    return forward, reverse
""",
    "a list of floats": """
def jacobian_costs(d, d1, d2, D):
    return [1.0 * d2 * d1 * d + D * d2 * d, 1.0 * D * d1 * (d2 + d)]
""",
    "an array": """
def jacobian_costs(d, d1, d2, D):
    return np.array([d * d2, D * d1]) * np.array([D + d1, d2 + d])
""",
}

# What the text promises → an answer that breaks only this.
PROMISES = {
    "multiplications, and nothing else": """
def jacobian_costs(d, d1, d2, D):
    return 2 * (d2 * d1 * d + D * d2 * d), 2 * (D * d2 * d1 + D * d1 * d)
""",
    "two whole numbers": """
def jacobian_costs(d, d1, d2, D):
    return (d2 * d1 * d + D * d2 * d) / 1e6, (D * d2 * d1 + D * d1 * d) / 1e6
""",
    "forward, then reverse": """
def jacobian_costs(d, d1, d2, D):
    return D * d2 * d1 + D * d1 * d, d2 * d1 * d + D * d2 * d
""",
    "forward: J3 (J2 J1)": """
def jacobian_costs(d, d1, d2, D):
    return D * d2 * d1 + d2 * d1 * d, D * d2 * d1 + D * d1 * d
""",
    "reverse: (J3 J2) J1": """
def jacobian_costs(d, d1, d2, D):
    return d2 * d1 * d + D * d2 * d, D * d2 * d1 + d2 * d1 * d
""",
    "for any sizes, not only one output": """
def jacobian_costs(d, d1, d2, D):
    return d * (D * d2 + d2 * d1), d2 * d1 + d1 * d
""",
}
