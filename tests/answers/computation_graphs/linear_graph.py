"""Right and wrong answers to `linear_graph`."""

from tests.answers import changed
from tests.answers.computation_graphs.parts.graphs import PROVIDED

__all__ = ["PROMISES", "PROVIDED", "RIGHT", "WRONG"]

LINEAR = """
def linear_graph():
    x1, x2 = Node("input", name="x1"), Node("input", name="x2")
    theta1 = Node("input", name="theta1", trainable=True)
    theta2 = Node("input", name="theta2", trainable=True)
    theta3 = Node("input", name="theta3", trainable=True)
    first = Node("mul", (x1, theta1))
    second = Node("mul", (x2, theta2))
    both = Node("add", (first, second))
    return Node("add", (both, theta3))
"""

RIGHT = {
    "operators that make nodes": """
class Formula(Node):
    def __add__(self, other):
        return Formula("add", (self, other))

    def __mul__(self, other):
        return Formula("mul", (self, other))

def linear_graph():
    x1, x2 = (Formula("input", name=name) for name in ("x1", "x2"))
    theta1, theta2, theta3 = (Formula("input", name=f"theta{k}", trainable=True) for k in (1, 2, 3))
    return ((x1 * theta1) + (x2 * theta2)) + theta3
""",
    "one variable each": LINEAR,
    "weight first": changed(LINEAR, ("(x1, theta1)", "[theta1, x1]"), ("(x2, theta2)", "[theta2, x2]")),
    "nested": """
def linear_graph():
    def leaf(name):
        return Node("input", (), None, name, name.startswith("theta"))
    def op(kind, *parents):
        return Node(kind, parents)
    products = [op("mul", leaf(f"x{k}"), leaf(f"theta{k}")) for k in (1, 2)]
    return op("add", op("add", *products), leaf("theta3"))
""",
    "theta3 first": changed(LINEAR, ("(first, second)", "(second, first)"), ("(both, theta3)", "(theta3, both)")),
    "a loop, all operations named": """
def linear_graph():
    total = None
    for k in (1, 2):
        x = Node("input", name=f"x{k}", value=None)
        theta = Node("input", name=f"theta{k}", trainable=True)
        term = Node("mul", parents=(x, theta), name=f"term{k}")
        total = term if total is None else Node("add", (total, term), name="sum")
    bias = Node("input", name="theta3", trainable=1)
    return Node("add", (total, bias), name="f")
""",
}

WRONG = {
    "no theta3": changed(LINEAR, ('return Node("add", (both, theta3))', "return both")),
    "swapped": changed(LINEAR, ("(x1, theta1)", "(x1, theta2)"), ("(x2, theta2)", "(x2, theta1)")),
    "brackets": changed(LINEAR, ("(first, second)", "(second, theta3)"), ("(both, theta3)", "(first, both)")),
    "theta3 multiplied": changed(LINEAR, ('"add", (both', '"mul", (both')),
    "sums and products exchanged": changed(
        LINEAR, ('"mul", (x', '"add", (x'), ('"add", (first', '"mul", (first'), ('"add", (both', '"mul", (both')
    ),
    "nothing trainable": changed(LINEAR, (", trainable=True", "")),
    "everything trainable": changed(
        LINEAR, ('name="x1"', 'name="x1", trainable=True'), ('name="x2"', 'name="x2", trainable=True')
    ),
    "theta3 fixed": changed(LINEAR, ('name="theta3", trainable=True', 'name="theta3"')),
    "operations trainable": changed(LINEAR, ("(x1, theta1)", "(x1, theta1), trainable=True")),
    "names": changed(LINEAR, ('"theta1"', '"theta_1"')),
    "three parents": changed(
        LINEAR,
        ("(first, second)", "(first, second, theta3)"),
        ('return Node("add", (both, theta3))', "return both"),
    ),
    "no node": changed(LINEAR, ('return Node("add", (both, theta3))', 'return x1, x2, Node("add", (both, theta3))')),
    "parents": changed(LINEAR, ("(x1, theta1)", '("x1", "theta1")')),
}

PROMISES = {
    "in the order that its brackets prescribe": changed(
        LINEAR, ("(first, second)", "(first, theta3)"), ("(both, theta3)", "(both, second)")
    ),
    "the root": changed(LINEAR, ("return Node", "f = Node"), ("(both, theta3))", "(both, theta3))\n    return both")),
    "one node for every input": changed(LINEAR, ("(x2, theta2)", '(Node("input", name="x1"), theta2)')),
    "one node for every operation": changed(LINEAR, ("(first, second))", "(first, second, theta3))"))
    + "    return both\n",
    "its inputs are named": changed(LINEAR, ('"theta3"', '"b"')),
    "the thetas are trainable": changed(LINEAR, ('name="theta3", trainable=True', 'name="theta3"')),
    "x1 and x2 are not": changed(LINEAR, ('name="x2"', 'name="x2", trainable=True')),
}
