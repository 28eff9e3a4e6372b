"""Right answers to `double_twice`; most call a `double`."""

PROVIDED = """
def double(x):
    return 2 * x
"""

RIGHT = {
    "one call inside another": """
def double_twice(x):
    return double(double(x))
""",
    "in two steps": """
def double_twice(x):
    once = double(x)
    return double(once)
""",
    "without the other function": """
def double_twice(x):
    return 4 * x
""",
    "a loop": """
def double_twice(x):
    for _ in range(2):
        x = double(x)
    return x
""",
    "sum of two doubles": """
def double_twice(x):
    return double(x) + double(x)
""",
    "as a composition": """
def twice(f):
    return lambda x: f(f(x))

double_twice = twice(double)
""",
}

PROMISES = {
    "the double of the double": """
def double_twice(x):
    return double(x) + 2
""",
    "x is a number": """
def double_twice(x):
    return double(double(x[...]))
""",
    "an array of any shape": """
def double_twice(x):
    return double(double(np.ravel(x))) if np.ndim(x) > 2 else double(double(x))
""",
}
