"""Right answers to `double`."""

RIGHT = {
    "times two": """
def double(x):
    return 2 * x
""",
    "plus itself": """
def double(x):
    return x + x
""",
    "a list, element by element": """
def double(x):
    if np.ndim(x) == 0:
        return x * 2
    return [double(entry) for entry in x]
""",
    "NumPy, float32": """
def double(x):
    return np.multiply(x, 2, dtype=np.float32)
""",
    "a loop over a copy": """
def double(x):
    result = np.array(x, dtype=float)
    for place in np.ndindex(result.shape):
        result[place] *= 2
    return result
""",
    "a sum of two along a new axis": """
def double(x):
    return np.sum([x, x], axis=0)
""",
}
