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
