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

PROMISES = {
    "twice x": """
def double(x):
    return x + abs(x)
""",
    "x is a number": """
def double(x):
    return 2 * x.copy()
""",
    "an array of any shape": """
def double(x):
    return 2 * x if np.ndim(x) < 3 else x
""",
    "the result has the same shape": """
def double(x):
    return 2 * x if np.ndim(x) < 3 else 2 * x.reshape(len(x), -1)
""",
}
