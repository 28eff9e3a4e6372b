"""Right and wrong answers to `Value`: classes that work, and one of them with one slip each."""

from tests.answers import changed
from tests.answers.automatic_differentiation.parts.classes import (
    BACKWARD,
    CLOSURES,
    COLLECTED,
    COMPOSED,
    COUNTED,
    NUMBERED,
    PAIRS,
    SUBCLASSES,
    with_body,
)

RIGHT = {
    "closures, recursive order": CLOSURES,
    "pairs of operand and slope, users counted": PAIRS,
    "sorted by birth, NumPy numbers": NUMBERED,
    "a table of operations, messages collected apart": COLLECTED,
    "users counted, from the result backwards (Kahn), float32": COUNTED,
    "users counted, arrays without dimensions": COUNTED.replace("np.float32(data)", "np.array(data, dtype=float)"),
    "a class for each operation, a dataclass for what they share": SUBCLASSES,
}


def without(method: str) -> str:
    """The class without one of its reflected methods."""
    start = CLOSURES.index(f"    def {method}(")
    end = CLOSURES.index("\n\n", start) + 2
    return CLOSURES[:start] + CLOSURES[end:]


NUMBERS_APART = changed(
    CLOSURES,
    ("return Value(other) - self", "return -self + other"),
    ("return Value(other) / self", "return self**-1 * other"),
)
OWN_FACTORS = (
    ("self.grad += other.data * out.grad", "self.grad += self.data * out.grad"),
    ("other.grad += self.data * out.grad", "other.grad += other.data * out.grad"),
)
ALONE = (
    (".grad += out.grad", ".grad += 1.0"),
    (" * out.grad", ""),
)
UNCHANGED = (
    (" += other.data * out.grad", " += out.grad"),
    (" += self.data * out.grad", " += out.grad"),
    ("n * self.data ** (n - 1) * out.grad", "out.grad"),
    ("out.data * out.grad", "out.grad"),
    ("(1 - t ** 2) * out.grad", "out.grad"),
    ("math.cos(self.data) * out.grad", "out.grad"),
    ("(self.data > 0) * out.grad", "out.grad"),
)

WRONG = {
    "emptied after sending": changed(
        CLOSURES,
        (
            "            node.pass_on()\n",
            "            node.pass_on()\n            if node.parents:\n                node.grad = 0.0\n",
        ),
    ),
    "wrong end first, operations made of others": changed(COMPOSED, ("in reversed(order)", "in order")),
    "message from above not used, operations made of others": changed(COMPOSED, *ALONE),
    "message passed on unchanged": changed(
        CLOSURES,
        *UNCHANGED,
        ("-out.grad", "out.grad"),
        ("out.grad / other.data", "out.grad"),
        ("-self.data / other.data ** 2 * out.grad", "out.grad"),
    ),
    "product: own factor, minus as a product": changed(COMPOSED, *OWN_FACTORS),
    "product: the product to both": changed(
        COMPOSED,
        ("self.grad += other.data * out.grad", "self.grad += out.data * out.grad"),
        ("other.grad += self.data * out.grad", "other.grad += out.data * out.grad"),
    ),
    "operation forgets its operand": with_body(CLOSURES, "__neg__", "return Value(-self.data)"),
    "quotient: sign, between two Values": changed(
        NUMBERS_APART, ("+= -self.data / other.data ** 2", "+= self.data / other.data ** 2")
    ),
    "quotient: divisor not squared, between two Values": changed(
        NUMBERS_APART, ("-self.data / other.data ** 2", "-self.data / other.data")
    ),
    "difference: sign, between two Values": changed(
        NUMBERS_APART, ("            other.grad += -out.grad\n", "            other.grad += out.grad\n")
    ),
    "power: a square always": changed(
        CLOSURES, ("self.data ** n", "self.data * self.data"), ("n * self.data ** (n - 1)", "2 * self.data")
    ),
    "first message: its own number": changed(
        CLOSURES, ("        self.grad = 1.0\n", "        self.grad = self.data\n")
    ),
    "product: a sum": changed(COMPOSED, ("Value(self.data * other.data", "Value(self.data + other.data")),
    "difference: nothing to the second": changed(CLOSURES, ("            other.grad += -out.grad\n", "")),
    "quotient: slope to the first missing": changed(CLOSURES, ("out.grad / other.data", "out.grad")),
    "exp: slope of a power": changed(
        CLOSURES, ("+= out.data * out.grad", "+= self.data * math.exp(self.data - 1) * out.grad")
    ),
    "sin: the sine for its slope": changed(CLOSURES, ("math.cos(self.data)", "out.data")),
    "relu: the size": changed(
        CLOSURES,
        ("max(0.0, self.data)", "abs(self.data)"),
        ("(self.data > 0) * out.grad", "math.copysign(1, self.data) * out.grad"),
    ),
    "plain numbers not taken, minus as a product": changed(
        COMPOSED, ("return other if isinstance(other, Value) else Value(other)", "return other")
    ),
    "messages overwrite each other": changed(CLOSURES, (".grad += ", ".grad = ")),
    "one message for each operand": changed(
        CLOSURES,
        (
            """            self.grad += out.grad
            other.grad += out.grad
""",
            """            for parent in {self, other}:
                parent.grad += out.grad
""",
        ),
        (
            """            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
""",
            """            for parent, slope in {self: other.data, other: self.data}.items():
                parent.grad += slope * out.grad
""",
        ),
    ),
    "sends again and again": CLOSURES.replace(
        BACKWARD,
        """    def backward(self):
        self.grad = 1.0
        self.go()

    def go(self):
        self.pass_on()
        for parent in self.parents:
            parent.go()
""",
    ),
    "0 becomes 1 on the way": CLOSURES.replace(
        BACKWARD,
        """    def backward(self):
        if self.grad == 0.0:
            self.grad = 1.0
        self.pass_on()
        for parent in self.parents:
            parent.backward()
""",
    ),
    "sends before everything has arrived": CLOSURES.replace(
        BACKWARD,
        """    def backward(self):
        self.grad = 1.0
        self.go(set())

    def go(self, seen):
        if self in seen:
            return
        seen.add(self)
        self.pass_on()
        for parent in self.parents:
            parent.go(seen)
""",
    ),
    "sends again and again, at once": PAIRS[: PAIRS.index("    def backward(self):")]
    + """    def backward(self):
        self.grad = 1.0
        self.go()

    def go(self):
        for operand, slope in self.sources:
            operand.grad += slope * self.grad
            operand.go()
""",
    "sends again and again, in a list with every use": PAIRS[: PAIRS.index("    def backward(self):")]
    + """    def backward(self):
        order = []

        def visit(value):
            for operand, _ in value.sources:
                visit(operand)
            order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            for operand, slope in value.sources:
                operand.grad += slope * value.grad
""",
    "0 becomes 1 on the way, at once": PAIRS[: PAIRS.index("    def backward(self):")]
    + """    def backward(self):
        if self.grad == 0.0:
            self.grad = 1.0
        for operand, slope in self.sources:
            operand.grad += slope * self.grad
            operand.backward()
""",
    "walks every way": PAIRS[: PAIRS.index("    def backward(self):")]
    + """    def backward(self, message=1.0):
        self.grad += message
        for operand, slope in self.sources:
            operand.backward(message * slope)
""",
    "wrong end first": changed(CLOSURES, ("in reversed(order)", "in order")),
    "message from above not used": changed(
        CLOSURES,
        ("+= out.grad / other.data", "+= 1 / other.data"),
        ("+= out.grad", "+= 1.0"),
        ("+= -out.grad", "+= -1.0"),
        (" * out.grad", ""),
    ),
    "no first message": changed(CLOSURES, ("        self.grad = 1.0\n", "")),
    "gradients set back": changed(
        CLOSURES,
        (
            "        self.grad = 1.0\n",
            "        for node in order:\n            node.grad = 0.0\n        self.grad = 1.0\n",
        ),
    ),
    "product: own factor": changed(
        CLOSURES,
        ("self.grad += other.data * out.grad", "self.grad += self.data * out.grad"),
        ("other.grad += self.data * out.grad", "other.grad += other.data * out.grad"),
    ),
    "difference: sign of the second": changed(
        CLOSURES, ("            other.grad += -out.grad\n", "            other.grad += out.grad\n")
    ),
    "minus in front: sign": changed(
        CLOSURES, ("            self.grad += -out.grad\n", "            self.grad += out.grad\n")
    ),
    "quotient: sign of the divisor": changed(
        CLOSURES, ("+= -self.data / other.data ** 2", "+= self.data / other.data ** 2")
    ),
    "quotient: divisor not squared": changed(CLOSURES, ("-self.data / other.data ** 2", "-self.data / other.data")),
    "power: exponent kept": changed(CLOSURES, ("n * self.data ** (n - 1)", "n * self.data ** n")),
    "power: factor missing": changed(CLOSURES, ("n * self.data ** (n - 1)", "self.data ** (n - 1)")),
    "exp: slope from its input": changed(CLOSURES, ("+= out.data * out.grad", "+= self.data * out.grad")),
    "tanh: slope from its input": changed(CLOSURES, ("(1 - t ** 2)", "(1 - self.data ** 2)")),
    "tanh: square missing": changed(CLOSURES, ("(1 - t ** 2)", "(1 - t)")),
    "tanh: size for the square": changed(CLOSURES, ("(1 - t ** 2)", "(1 - abs(t))")),
    "tanh: slope of the sigmoid": changed(CLOSURES, ("(1 - t ** 2)", "t * (1 - t)")),
    "sin: slope from its output": changed(CLOSURES, ("math.cos(self.data)", "math.cos(out.data)")),
    "sin: sign": changed(CLOSURES, ("math.cos(self.data)", "-math.cos(self.data)")),
    "relu: always open": changed(CLOSURES, ("(self.data > 0) * out.grad", "out.grad")),
    "relu: value for its slope": changed(CLOSURES, ("(self.data > 0) * out.grad", "out.data * out.grad")),
    "2 − a as a − 2": changed(CLOSURES, ("return Value(other) - self", "return self - other")),
    "2 / a as a / 2": changed(CLOSURES, ("return Value(other) / self", "return self / other")),
    "plain numbers not taken": changed(
        CLOSURES, ("return other if isinstance(other, Value) else Value(other)", "return other")
    ),
    **{f"no {method}": without(method) for method in ("__radd__", "__rmul__", "__rsub__", "__rtruediv__")},
}

# What the text promises → an answer that breaks only this.
PROMISES = {
    "Value(data) holds a number in .data": changed(CLOSURES, ("self.data = data", "self.data = round(data, 2)")),
    "its .grad starts at 0.0": changed(CLOSURES, ("self.grad = 0.0", "self.grad = None")),
    "with plain numbers on either side: 2 + a": without("__radd__"),
    "with plain numbers on either side: 2 − a": WRONG["2 − a as a − 2"],
    "with plain numbers on either side: 2 / a": WRONG["2 / a as a / 2"],
    "with plain numbers on either side: a · 2": changed(
        CLOSURES,
        (
            """        other = Value.wrap(other)
        out = Value(self.data * other.data""",
            """        out = Value(self.data * other.data""",
        ),
    ),
    "** with a constant exponent (−1)": changed(
        CLOSURES, ("n * self.data ** (n - 1)", "abs(n) * self.data ** (n - 1)")
    ),
    "** with a constant exponent (0.5)": changed(CLOSURES, ("self.data ** n,", "self.data ** int(n),")),
    "** with a constant exponent (of a negative number)": changed(
        CLOSURES, ("self.data ** n,", "math.exp(n * math.log(abs(self.data))),")
    ),
    "unary minus": changed(CLOSURES, ("self.grad += -out.grad", "self.grad += out.grad")),
    "exp (of a large number)": changed(
        CLOSURES, ("math.exp(self.data)", "sum(self.data**k / math.factorial(k) for k in range(9))")
    ),
    "sin (of a large number)": changed(
        CLOSURES,
        (
            "Value(math.sin(self.data)",
            "Value(sum((-1) ** k * self.data ** (2 * k + 1) / math.factorial(2 * k + 1) for k in range(8))",
        ),
    ),
    "tanh (of a negative number)": changed(CLOSURES, ("(1 - t ** 2)", "(1 - abs(t))")),
    "relu (of a negative number)": changed(CLOSURES, ("(self.data > 0) * out.grad", "out.grad")),
    "each gives a new Value": changed(
        CLOSURES, ("    def relu(self):\n", "    def relu(self):\n        if self.data > 0:\n            return self\n")
    ),
    "backward() fills in .grad of everything that the result depends on": WRONG["emptied after sending"],
    "a value that is used several times gets the sum": changed(
        CLOSURES, ("self.grad += other.data * out.grad", "self.grad = other.data * out.grad")
    ),
    "also in a + a": WRONG["one message for each operand"],
    "graphs have some hundred values": changed(CLOSURES, ("reversed(order)", "list(reversed(order))[:150]")),
    "a value may be doubled thirty times in a row, so each should send once": WRONG["walks every way"],
    "equal numbers are different values": changed(
        CLOSURES, ("if node not in seen", "if node.data not in seen"), ("seen.add(node)", "seen.add(node.data)")
    ),
    "a second graph's backward() adds to what the first has left": WRONG["gradients set back"],
}
