"""Right and wrong answers to `Value_arithmetic`: classes that add and multiply, and whole ones."""

from tests.answers import changed
from tests.answers.automatic_differentiation import Value
from tests.answers.automatic_differentiation.parts.classes import SUMS_AND_PRODUCTS, with_body

ALONE = SUMS_AND_PRODUCTS

RIGHT = Value.RIGHT | {
    "sums and products, pairs of operand and slope": ALONE,
    "functions that hold their operands": """
class Value:
    def __init__(self, data):
        self.data, self.grad, self.send = data, 0.0, None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        result = Value(self.data + other.data)

        def send():
            self.grad += result.grad
            other.grad += result.grad

        result.send = send
        return result

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        result = Value(self.data * other.data)
        result.send = lambda a=self, b=other: (a, b)
        return result

    __radd__, __rmul__ = __add__, __mul__
""",
    "one list for the whole class": """
class Value:
    tape = []

    def __init__(self, data):
        self.data, self.grad = data, 0.0

    def combined(self, data, other):
        result = Value(data)
        Value.tape.append((result, self, other))
        return result

    def __add__(self, other):
        return self.combined(self.data + getattr(other, "data", other), other)

    def __mul__(self, other):
        return self.combined(self.data * getattr(other, "data", other), other)

    __radd__, __rmul__ = __add__, __mul__
""",
}

WRONG = {
    "remembers nothing": changed(ALONE, (", sources)", ")")),
    "remembers the first operand": changed(ALONE, ("self.sources = sources", "self.sources = sources[:1]")),
    "product: a sum": changed(ALONE, ("self.data * other.data", "self.data + other.data")),
    "sum: a product": changed(ALONE, ("self.data + other.data", "self.data * other.data")),
    "starts at 1": changed(ALONE, ("self.grad = 0.0", "self.grad = 1.0")),
    "gives a bare number": changed(
        ALONE,
        ("Value(self.data + other.data, sources)", "float(self.data + other.data)"),
        ("Value(self.data * other.data, sources)", "float(self.data * other.data)"),
    ),
    "plain numbers not taken": changed(ALONE, ("        other = Value.of(other)\n", "")),
    "no __radd__": changed(ALONE, ("    __radd__ = __add__\n", "")),
    "no __rmul__": changed(ALONE, ("    __rmul__ = __mul__\n", "")),
}

# What the text promises → an answer that breaks only this.
PROMISES = {
    "a result remembers which values it was made from": WRONG["remembers nothing"],
    "which values, both of them": WRONG["remembers the first operand"],
    "the values, not their numbers": changed(
        ALONE, ("(self, 1.0), (other, 1.0)", "(self.data, 1.0), (other.data, 1.0)")
    ),
    "a product remembers too": changed(ALONE, ("(self, other.data), (other, self.data)", "")),
    "each gives a new Value": with_body(ALONE, "__add__", "self.data += Value.of(other).data; return self"),
    "numbers on either side: a + 2": with_body(
        ALONE, "__add__", "return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))"
    ),
    "numbers on either side: 2 + a": WRONG["no __radd__"],
    "numbers on either side: 2 · a": WRONG["no __rmul__"],
    ".grad starts at 0.0": WRONG["starts at 1"],
}
