"""Classes that work, each made in another way."""

CLOSURES = """
class Value:
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.pass_on = lambda: None

    @staticmethod
    def wrap(other):
        return other if isinstance(other, Value) else Value(other)

    def __add__(self, other):
        other = Value.wrap(other)
        out = Value(self.data + other.data, (self, other))
        def pass_on():
            self.grad += out.grad
            other.grad += out.grad
        out.pass_on = pass_on
        return out

    def __mul__(self, other):
        other = Value.wrap(other)
        out = Value(self.data * other.data, (self, other))
        def pass_on():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out.pass_on = pass_on
        return out

    def __sub__(self, other):
        other = Value.wrap(other)
        out = Value(self.data - other.data, (self, other))
        def pass_on():
            self.grad += out.grad
            other.grad += -out.grad
        out.pass_on = pass_on
        return out

    def __truediv__(self, other):
        other = Value.wrap(other)
        out = Value(self.data / other.data, (self, other))
        def pass_on():
            self.grad += out.grad / other.data
            other.grad += -self.data / other.data ** 2 * out.grad
        out.pass_on = pass_on
        return out

    def __pow__(self, n):
        out = Value(self.data ** n, (self,))
        def pass_on():
            self.grad += n * self.data ** (n - 1) * out.grad
        out.pass_on = pass_on
        return out

    def __neg__(self):
        out = Value(-self.data, (self,))
        def pass_on():
            self.grad += -out.grad
        out.pass_on = pass_on
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,))
        def pass_on():
            self.grad += out.data * out.grad
        out.pass_on = pass_on
        return out

    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,))
        def pass_on():
            self.grad += (1 - t ** 2) * out.grad
        out.pass_on = pass_on
        return out

    def sin(self):
        out = Value(math.sin(self.data), (self,))
        def pass_on():
            self.grad += math.cos(self.data) * out.grad
        out.pass_on = pass_on
        return out

    def relu(self):
        out = Value(max(0.0, self.data), (self,))
        def pass_on():
            self.grad += (self.data > 0) * out.grad
        out.pass_on = pass_on
        return out

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value(other) - self

    def __rtruediv__(self, other):
        return Value(other) / self

    def backward(self):
        order, seen = [], set()
        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                order.append(node)
        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node.pass_on()
"""

PAIRS = """
class Value:
    def __init__(self, data, *sources):
        self.data = float(data)
        self.grad = 0.0
        self.sources = sources          # pairs (operand, slope)

    def __add__(self, other):
        if not isinstance(other, Value):
            return Value(self.data + other, (self, 1.0))
        return Value(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        if not isinstance(other, Value):
            return Value(self.data * other, (self, other))
        return Value(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, n):
        return Value(self.data ** n, (self, n * self.data ** (n - 1)))

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * other ** -1

    def __rtruediv__(self, other):
        return self ** -1 * other

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self, e))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self, 1 - t * t))

    def sin(self):
        return Value(np.sin(self.data), (self, np.cos(self.data)))

    def relu(self):
        return Value(self.data, (self, 1.0)) if self.data > 0 else Value(0.0, (self, 0.0))

    def backward(self):
        users = {}
        reached, waiting = {id(self)}, [self]
        for node in waiting:
            for operand, _ in node.sources:
                users[id(operand)] = users.get(id(operand), 0) + 1
                if id(operand) not in reached:
                    reached.add(id(operand))
                    waiting.append(operand)
        self.grad = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            for operand, slope in node.sources:
                operand.grad += slope * node.grad
                users[id(operand)] -= 1
                if users[id(operand)] == 0:
                    ready.append(operand)
"""

NUMBERED = """
import itertools
_clock = itertools.count()

class Value:
    def __init__(self, data, links=()):
        self.data, self.grad, self.links, self.birth = np.float64(data), 0.0, list(links), next(_clock)

    def _two(self, other, value, mine, theirs):
        links = [(self, mine)]
        if isinstance(other, Value):
            links.append((other, theirs))
        return Value(value, links)

    def __add__(self, other):
        return self._two(other, self.data + _number(other), 1, 1)

    def __sub__(self, other):
        return self._two(other, self.data - _number(other), 1, -1)

    def __mul__(self, other):
        return self._two(other, self.data * _number(other), _number(other), self.data)

    def __truediv__(self, other):
        o = _number(other)
        return self._two(other, self.data / o, 1 / o, -self.data / o / o)

    def __radd__(self, other):
        return Value(other) + self

    def __rsub__(self, other):
        return Value(other) - self

    def __rmul__(self, other):
        return Value(other) * self

    def __rtruediv__(self, other):
        return Value(other) / self

    def __pow__(self, n):
        return Value(self.data ** n, [(self, n * self.data ** (n - 1))])

    def __neg__(self):
        return Value(-self.data, [(self, -1)])

    def exp(self):
        return Value(np.exp(self.data), [(self, np.exp(self.data))])

    def tanh(self):
        return Value(np.tanh(self.data), [(self, 1 / np.cosh(self.data) ** 2)])

    def sin(self):
        return Value(np.sin(self.data), [(self, np.cos(self.data))])

    def relu(self):
        return Value(np.maximum(self.data, 0), [(self, np.heaviside(self.data, 0.5))])

    def backward(self):
        # A value is younger than everything it was made from.
        reached, waiting = {self}, [self]
        while waiting:
            for operand, _ in waiting.pop().links:
                if operand not in reached:
                    reached.add(operand)
                    waiting.append(operand)
        self.grad = 1
        for node in sorted(reached, key=lambda value: -value.birth):
            for operand, slope in node.links:
                operand.grad = operand.grad + slope * node.grad

def _number(value):
    return value.data if isinstance(value, Value) else value
"""

COLLECTED = """
class Value:
    def __init__(self, data, op="", parents=()):
        self.data = data
        self.grad = 0
        self.op = op
        self.parents = parents

    def make(self, op, other=None):
        a = self.data
        b = other.data if isinstance(other, Value) else other
        value = {
            "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b, "**": lambda: a ** b,
            "exp": lambda: math.exp(a), "tanh": lambda: math.tanh(a), "sin": lambda: math.sin(a),
            "relu": lambda: a if a > 0 else 0.0,
        }[op]()
        return Value(value, op, (self, other))

    def slopes(self):
        first, second = self.parents
        a = first.data
        b = second.data if isinstance(second, Value) else second
        out = self.data
        if self.op == "+":
            return 1, 1
        if self.op == "-":
            return 1, -1
        if self.op == "*":
            return b, a
        if self.op == "/":
            return 1 / b, -out / b
        if self.op == "**":
            return b * out / a, None
        return {"exp": out, "tanh": 1 - out * out, "sin": math.cos(a), "relu": 1.0 if a > 0 else 0.0}[self.op], None

    def __add__(self, other): return self.make("+", other)
    def __radd__(self, other): return Value(other).make("+", self)
    def __sub__(self, other): return self.make("-", other)
    def __rsub__(self, other): return Value(other).make("-", self)
    def __mul__(self, other): return self.make("*", other)
    def __rmul__(self, other): return Value(other).make("*", self)
    def __truediv__(self, other): return self.make("/", other)
    def __rtruediv__(self, other): return Value(other).make("/", self)
    def __pow__(self, other): return self.make("**", other)
    def __neg__(self): return Value(0).make("-", self)
    def exp(self): return self.make("exp")
    def tanh(self): return self.make("tanh")
    def sin(self): return self.make("sin")
    def relu(self): return self.make("relu")

    def backward(self):
        # First what this pass sends to each value; only then is it added to .grad.
        order = self.sort([])
        arrived = {id(node): 0.0 for node in order}
        arrived[id(self)] = 1.0
        for node in order[::-1]:
            if node.op:
                for parent, slope in zip(node.parents, node.slopes()):
                    if isinstance(parent, Value):
                        arrived[id(parent)] += slope * arrived[id(node)]
        for node in order:
            node.grad += arrived[id(node)]

    def sort(self, order):
        for parent in self.parents:
            if isinstance(parent, Value) and not any(parent is node for node in order):
                parent.sort(order)
        order.append(self)
        return order
"""

COUNTED = """
from collections import Counter

class Value:
    __slots__ = ("data", "grad", "links")

    def __init__(self, data, links=()):
        self.data, self.grad, self.links = np.float32(data), 0.0, links

    @staticmethod
    def of(other):
        return other if isinstance(other, Value) else Value(other)

    def __add__(self, other):
        other = Value.of(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = Value.of(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def __sub__(self, other):
        other = Value.of(other)
        return Value(self.data - other.data, [(self, 1.0), (other, -1.0)])

    def __truediv__(self, other):
        other = Value.of(other)
        return Value(self.data / other.data, [(self, 1 / other.data), (other, -self.data / other.data**2)])

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return Value.of(other) - self

    def __rtruediv__(self, other):
        return Value.of(other) / self

    def __neg__(self):
        return Value(-self.data, [(self, -1.0)])

    def __pow__(self, n):
        return Value(self.data**n, [(self, n * self.data ** (n - 1))])

    def exp(self):
        return Value(np.exp(self.data), [(self, np.exp(self.data))])

    def tanh(self):
        return Value(np.tanh(self.data), [(self, 1 - np.tanh(self.data) ** 2)])

    def sin(self):
        return Value(np.sin(self.data), [(self, np.cos(self.data))])

    def relu(self):
        return Value(np.maximum(self.data, 0), [(self, np.heaviside(self.data, 0))])

    def backward(self):
        users, seen, waiting = Counter(), set(), [self]
        while waiting:
            value = waiting.pop()
            if id(value) not in seen:
                seen.add(id(value))
                for source, _ in value.links:
                    users[id(source)] += 1
                    waiting.append(source)
        self.grad = 1.0
        ready = [self]
        while ready:
            value = ready.pop()
            for source, slope in value.links:
                source.grad = source.grad + slope * value.grad
                users[id(source)] -= 1
                if users[id(source)] == 0:
                    ready.append(source)
"""

SUBCLASSES = """
from dataclasses import dataclass

@dataclass
class Value:
    data: float
    grad: float = 0.0

    def links(self):
        return []

    def __add__(self, other):
        return Sum(self, lift(other))

    def __radd__(self, other):
        return Sum(lift(other), self)

    def __mul__(self, other):
        return Product(self, lift(other))

    def __rmul__(self, other):
        return Product(lift(other), self)

    def __neg__(self):
        return Product(lift(-1), self)

    def __sub__(self, other):
        return Sum(self, -lift(other))

    def __rsub__(self, other):
        return Sum(lift(other), -self)

    def __pow__(self, n):
        return Function(self, lambda x: x**n, lambda x: n * x ** (n - 1))

    def __truediv__(self, other):
        return Product(self, lift(other) ** -1)

    def __rtruediv__(self, other):
        return Product(lift(other), self**-1)

    def exp(self):
        return Function(self, math.exp, math.exp)

    def tanh(self):
        return Function(self, math.tanh, lambda x: 1 / math.cosh(x) ** 2)

    def sin(self):
        return Function(self, math.sin, math.cos)

    def relu(self):
        return Function(self, lambda x: max(0.0, x), lambda x: float(x > 0))

    def backward(self):
        order = []

        def visit(value):
            if not any(value is other for other in order):
                for source, _ in value.links():
                    visit(source)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in order[::-1]:
            for source, slope in value.links():
                source.grad += slope * value.grad

def lift(other):
    return other if isinstance(other, Value) else Value(other)

class Sum(Value):
    def __init__(self, a, b):
        super().__init__(a.data + b.data)
        self.a, self.b = a, b

    def links(self):
        return [(self.a, 1.0), (self.b, 1.0)]

class Product(Value):
    def __init__(self, a, b):
        super().__init__(a.data * b.data)
        self.a, self.b = a, b

    def links(self):
        return [(self.a, self.b.data), (self.b, self.a.data)]

class Function(Value):
    def __init__(self, a, f, slope):
        super().__init__(f(a.data))
        self.a, self.slope = a, slope

    def links(self):
        return [(self.a, self.slope(self.a.data))]
"""

BACKWARD = CLOSURES[CLOSURES.index("    def backward(self):") :]


def with_body(source: str, method: str, body: str) -> str:
    """The class with another body of one of its methods."""
    start = source.index(f"    def {method}(")
    begin, end = source.index("\n", start) + 1, source.index("\n\n", start)
    return source[:begin] + f"        {body}" + source[end:]


# −a, a − b and a / b made of others; one of them has an operand that is no Value.
COMPOSED = CLOSURES
for _method, _body in {
    "__neg__": "return self * -1",
    "__sub__": "return self + Value.wrap(other) * -1",
    "__truediv__": "return self * Value.wrap(other) ** -1",
}.items():
    COMPOSED = with_body(COMPOSED, _method, _body)

SUMS_AND_PRODUCTS = """
class Value:
    def __init__(self, data, sources=()):
        self.data = data
        self.grad = 0.0
        self.sources = sources

    @staticmethod
    def of(other):
        return other if isinstance(other, Value) else Value(other)

    def __add__(self, other):
        other = Value.of(other)
        sources = ((self, 1.0), (other, 1.0))
        return Value(self.data + other.data, sources)

    def __mul__(self, other):
        other = Value.of(other)
        sources = ((self, other.data), (other, self.data))
        return Value(self.data * other.data, sources)

    __radd__ = __add__
    __rmul__ = __mul__
"""

WALK = """
    def backward(self):
        order, seen = [], set()

        def visit(value):
            if id(value) in seen:
                return
            seen.add(id(value))
            for source, _ in value.sources:
                visit(source)
            order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            for source, slope in value.sources:
                source.grad += slope * value.grad
"""
