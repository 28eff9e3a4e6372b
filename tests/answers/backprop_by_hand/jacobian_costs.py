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
