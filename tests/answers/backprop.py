"""Right and wrong answers to notebook 02: backpropagation by hand."""

PROVIDED = """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
"""

ANSWERS = {
    "numerical_gradient": {
        "nditer, the old entry written back": """
def numerical_gradient(f, x, h=1e-4):
    x = np.array(x, dtype=np.float64)
    gradient = np.zeros_like(x)
    walk = np.nditer(x, flags=["multi_index"])
    for _ in walk:
        place = walk.multi_index
        old = x[place]
        x[place] = old + h
        above = f(x)
        x[place] = old - h
        below = f(x)
        x[place] = old
        gradient[place] = (above - below) / (2 * h)
    return gradient
""",
        "axis by axis, calling itself": """
def numerical_gradient(f, x, h=1e-4):
    x = np.asarray(x, dtype=float)
    if x.ndim == 0:
        return (f(np.array(x + h)) - f(np.array(x - h))) / (2 * h)

    def along(place):
        def g(part):
            moved = x.copy()
            moved[place] = part
            return f(moved)

        return numerical_gradient(g, x[place], h)

    return np.array([along(place) for place in range(len(x))])
""",
        "a fresh copy for every entry": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        above = np.array(x, dtype=float)
        below = np.array(x, dtype=float)
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient
""",
        "one copy, the old entry written back": """
def numerical_gradient(f, x, h=1e-4):
    x = x.astype(np.float64)
    gradient = np.empty_like(x)
    it = np.nditer(x, flags=["multi_index"])
    for entry in it:
        place, old = it.multi_index, x[it.multi_index]
        x[place] = old + h
        above = f(x)
        x[place] = old - h
        gradient[place] = (above - f(x)) / (2 * h)
        x[place] = old
    return gradient
""",
        "rows of an identity matrix": """
def numerical_gradient(f, x, h=1e-4):
    steps = h * np.eye(x.size)
    slopes = [(f(x + s.reshape(x.shape)) - f(x - s.reshape(x.shape))) / (2 * h) for s in steps]
    return np.reshape(slopes, x.shape)
""",
        "a flat copy, nested lists back": """
def numerical_gradient(f, x, h=1e-4):
    x = np.asarray(x, dtype=float)
    flat = x.flatten()

    def value(i, step):
        moved = flat.copy()
        moved[i] += step
        return float(f(moved.reshape(x.shape)))

    slopes = np.array([(value(i, h) - value(i, -h)) / (2 * h) for i in range(flat.size)])
    return slopes.reshape(x.shape).tolist()
""",
        "moved in place on the caller's floats, and put back": """
def numerical_gradient(f, x, h=1e-4):
    if x.dtype.kind != "f":
        return numerical_gradient(f, x.astype(float), h)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        old = x[place].item()
        x[place] = old + h
        above = f(x)
        x[place] = old - h
        below = f(x)
        x[place] = old
        gradient[place] = 0.5 * (above - below) / h
    return gradient
""",
    },
    "product_gradients": {
        "a named tuple": """
from collections import namedtuple

Gradients = namedtuple("Gradients", "dx dy dz")

def product_gradients(x: float, y: float, z: float) -> Gradients:
    return Gradients(dz=2 * (x + y) * z, dx=z * z, dy=z * z)
""",
        "numbers that carry a slope": """
class Dual:
    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    def __add__(self, other):
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other):
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

def product_gradients(*point):
    results = []
    for k in range(3):
        x, y, z = (Dual(value, float(i == k)) for i, value in enumerate(point))
        results.append(((x + y) * (z * z)).slope)
    return results
""",
        "node by node": """
def product_gradients(x, y, z):
    u, v = x + y, z ** 2
    du, dv = v, u
    return du, du, dv * 2 * z
""",
        "multiplied out": """
def product_gradients(x, y, z):
    return z * z, z * z, 2 * x * z + 2 * y * z
""",
        "an array": """
def product_gradients(x, y, z):
    return np.array([1.0, 1.0, 0.0]) * z**2 + np.array([0, 0, 2]) * (x + y) * z
""",
        "a list of float32": """
def product_gradients(x, y, z):
    x, y, z = np.float32(x), np.float32(y), np.float32(z)
    return [z ** 2, z ** 2, 2 * z * (x + y)]
""",
    },
    "cube_gradients": {
        "node by node": """
def cube_gradients(x, y, z):
    s = math.sin(x) + y
    u = s * z
    du = 3 * u ** 2
    ds, dz = du * z, du * s
    return ds * math.cos(x), ds, dz
""",
        "the cube taken into the brackets": """
def cube_gradients(x, y, z):
    s = np.sin(x) + y
    return 3 * s**2 * z**3 * np.cos(x), 3 * s**2 * z**3, 3 * s**3 * z**2
""",
        "Jacobians multiplied": """
def cube_gradients(x, y, z):
    s = np.sin(x) + y
    local = np.array([[np.cos(x), 1, 0], [0, 0, 1]])
    return np.array([3 * (s * z) ** 2]) @ np.array([[z, s]]) @ local
""",
        "a list of float32": """
def cube_gradients(x, y, z):
    x, y, z = (np.float32(entry) for entry in (x, y, z))
    u = (np.sin(x) + y) * z
    dy = 3 * u * u * z
    return [np.cos(x) * dy, dy, 3 * u * u * (np.sin(x) + y)]
""",
    },
    "neuron_gradients": {
        "the bias as one more weight": """
def neuron_gradients(a, w, b):
    inputs, weights = np.r_[a, 1.0], np.r_[w, b]
    q = np.exp(-inputs @ weights)
    d = q / (1 + q) ** 2
    return (d * weights)[:-1], (d * inputs)[:-1], (d * inputs)[-1]
""",
        "node by node": """
def neuron_gradients(a, w, b):
    s = sigmoid(np.dot(a, w) + b)
    dz = s * (1 - s)
    return dz * w, dz * a, dz
""",
        "loops and lists": """
def neuron_gradients(a, w, b):
    z = b
    for i in range(len(a)):
        z += a[i] * w[i]
    slope = math.exp(-z) / (1 + math.exp(-z)) ** 2
    return [slope * entry for entry in w], [slope * entry for entry in a], slope
""",
        "the slope through tanh": """
def neuron_gradients(a, w, b):
    slope = (1 - np.tanh((a @ w + b) / 2) ** 2) / 4
    return slope * w, slope * a, np.float64(slope)
""",
        "float32, a 0-d array for db": """
def neuron_gradients(a, w, b):
    a, w = a.astype(np.float32), w.astype(np.float32)
    s = sigmoid(np.einsum("d,d->", a, w) + np.float32(b))
    return w * s * (1 - s), a * s * (1 - s), np.array(s * (1 - s))
""",
    },
    "logistic_gradients": {
        "through neuron_gradients": """
def neuron_gradients(a, w, b):
    s = 1 / (1 + np.exp(-(a @ w + b)))
    return s * (1 - s) * w, s * (1 - s) * a, s * (1 - s)

def logistic_gradients(x, t, w, b):
    _, dw, db = neuron_gradients(np.array([x]), np.array([w]), b)
    error = 1 / (1 + math.exp(-w * x - b)) - t
    return error * dw[0], np.array(error * db)
""",
        "node by node": """
def logistic_gradients(x, t, w, b):
    y = sigmoid(w * x + b)
    delta = (y - t) * y * (1 - y)
    return delta * x, delta
""",
        "math alone": """
def logistic_gradients(x, t, w, b):
    e = math.exp(-(w * x + b))
    y = 1 / (1 + e)
    db = (y - t) * e / (1 + e) ** 2
    return [x * db, db]
""",
        "an array": """
def logistic_gradients(x, t, w, b):
    y = sigmoid(w * x + b)
    return np.array([x, 1.0]) * (y - t) * (y - y**2)
""",
        "float32": """
def logistic_gradients(x, t, w, b):
    x, t, w, b = np.array([x, t, w, b], dtype=np.float32)
    y = sigmoid(w * x + b)
    delta = -(t - y) * y * (1 - y)
    return delta * x, delta
""",
    },
    "diamond_gradients": {
        "node by node": """
def diamond_gradients(a, b):
    u = a + b
    v = a * u
    df = 1.0
    dv = df * u
    du = df * v + dv * a
    da = du + dv * u
    db = du
    return da, db
""",
        "multiplied out": """
def diamond_gradients(a, b):
    return 3 * a**2 + 4 * a * b + b**2, 2 * a**2 + 2 * a * b
""",
        "an array": """
def diamond_gradients(a, b):
    u = a + b
    return np.array([u * u, 0]) + 2 * a * u
""",
        "a list of float32": """
def diamond_gradients(a, b):
    a, b = np.float32(a), np.float32(b)
    return [(a + b) * (3 * a + b), 2 * a * (a + b)]
""",
    },
    "two_layer_gradients": {
        "Jacobians, np.matrix": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    h = sigmoid(x @ W1 + b1)
    p = sigmoid(h @ W2 + b2)
    delta2 = (p - y) @ np.diag(p * (1 - p))
    delta1 = delta2 @ W2.T @ np.diag(h * (1 - h))
    return np.matrix(x).T * np.matrix(delta1), delta1, np.kron(h[:, None], delta2[None, :]), delta2
""",
        "four shapes in one array of objects": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    h = sigmoid(x @ W1 + b1)
    p = sigmoid(h @ W2 + b2)
    delta2 = -(y - p) * p * (1 - p)
    delta1 = (W2 * delta2).sum(axis=1) * h * (1 - h)
    results = np.empty(4, dtype=object)
    results[:] = [x[:, None] * delta1, delta1, h[:, None] * delta2, delta2]
    return results
""",
        "outer products": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    h = sigmoid(x @ W1 + b1)
    prediction = sigmoid(h @ W2 + b2)
    delta2 = (prediction - y) * prediction * (1 - prediction)
    delta1 = (W2 @ delta2) * h * (1 - h)
    return np.outer(x, delta1), delta1, np.outer(h, delta2), delta2
""",
        "plain loops and lists": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    D, H = W1.shape
    K = len(y)
    h = [1 / (1 + math.exp(-sum(x[n] * W1[n][j] for n in range(D)) - b1[j])) for j in range(H)]
    p = [1 / (1 + math.exp(-sum(h[j] * W2[j][k] for j in range(H)) - b2[k])) for k in range(K)]
    d2 = [(p[k] - y[k]) * p[k] * (1 - p[k]) for k in range(K)]
    d1 = [sum(W2[j][k] * d2[k] for k in range(K)) * h[j] * (1 - h[j]) for j in range(H)]
    return (
        [[x[n] * d1[j] for j in range(H)] for n in range(D)], d1,
        [[h[j] * d2[k] for k in range(K)] for j in range(H)], d2,
    )
""",
        "einsum": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    h = sigmoid(np.einsum("d,dh->h", x, W1) + b1)
    p = sigmoid(np.einsum("h,hk->k", h, W2) + b2)
    d2 = np.einsum("k,k,k->k", p - y, p, 1 - p)
    d1 = np.einsum("hk,k,h,h->h", W2, d2, h, 1 - h)
    return np.einsum("d,h->dh", x, d1), d1, np.einsum("h,k->hk", h, d2), d2
""",
        "one row in a batch, float32": """
def two_layer_gradients(x, y, W1, b1, W2, b2):
    x, y, W1, b1, W2, b2 = (entry.astype(np.float32) for entry in (x, y, W1, b1, W2, b2))
    X, Y = x[None, :], y[None, :]
    H = sigmoid(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D2 = (P - Y) * P * (1 - P)
    D1 = D2 @ W2.T * H * (1 - H)
    return [X.T @ D1, D1.sum(axis=0), H.T @ D2, D2.sum(axis=0)]
""",
    },
    "jacobian_costs": {
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
    },
}

# ---------------------------------------------------------------------------------------------------------------------
# Value: classes that work, and the same with one slip each
# ---------------------------------------------------------------------------------------------------------------------

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

ANSWERS["Value"] = {
    "closures, recursive order": CLOSURES,
    "pairs of operand and slope, users counted": PAIRS,
    "sorted by birth, NumPy numbers": NUMBERED,
    "a table of operations, messages collected apart": COLLECTED,
    "users counted, from the result backwards (Kahn), float32": COUNTED,
    "users counted, arrays without dimensions": COUNTED.replace("np.float32(data)", "np.array(data, dtype=float)"),
    "a class for each operation, a dataclass for what they share": SUBCLASSES,
}


def _changed(*pairs: tuple[str, str], source: str = CLOSURES) -> str:
    for old, new in pairs:
        if old not in source:
            raise ValueError(f"The right answer has no {old!r} to change.")
        source = source.replace(old, new)
    return source


def _without(method: str) -> str:
    """The class without one of its reflected methods."""
    start = CLOSURES.index(f"    def {method}(")
    end = CLOSURES.index("\n\n", start) + 2
    return CLOSURES[:start] + CLOSURES[end:]


_BACKWARD = CLOSURES[CLOSURES.index("    def backward(self):") :]

WRONG = {
    "numerical_gradient": {
        "one-sided difference": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        moved = x.astype(float)
        moved[place] += h
        gradient[place] = (f(moved) - f(x)) / h
    return gradient
""",
        "one side over two steps": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        moved = x.astype(float)
        moved[place] += h
        gradient[place] = (f(moved) - f(x)) / (2 * h)
    return gradient
""",
        "divided by h": _changed(
            ("/ (2 * h)", "/ h"), source=ANSWERS["numerical_gradient"]["a fresh copy for every entry"]
        ),
        "/ 2 * h": _changed(
            ("/ (2 * h)", "/ 2 * h"), source=ANSWERS["numerical_gradient"]["a fresh copy for every entry"]
        ),
        "not divided": _changed(
            (" / (2 * h)", ""), source=ANSWERS["numerical_gradient"]["a fresh copy for every entry"]
        ),
        "signs swapped": _changed(
            ("f(above) - f(below)", "f(below) - f(above)"),
            source=ANSWERS["numerical_gradient"]["a fresh copy for every entry"],
        ),
        "h ignored": _changed(
            ("    gradient = np.zeros", "    h = 1e-4\n    gradient = np.zeros"),
            source=ANSWERS["numerical_gradient"]["a fresh copy for every entry"],
        ),
        "all entries at once": """
def numerical_gradient(f, x, h=1e-4):
    return (f(x + h) - f(x - h)) / (2 * h)
""",
        "row by row": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        above, below = x.astype(float), x.astype(float)
        above[i] += h
        below[i] -= h
        gradient[i] = (f(above) - f(below)) / (2 * h)
    return gradient
""",
        "never moved back": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    above, below = x.astype(float), x.astype(float)
    for place in np.ndindex(x.shape):
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient
""",
        "integers stay integers": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient
""",
        "moved in place": """
def numerical_gradient(f, x, h=1e-4):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += h
        above = f(x)
        x[place] -= 2 * h
        below = f(x)
        x[place] += h
        gradient[place] = (above - below) / (2 * h)
    return gradient
""",
        "flat result": """
def numerical_gradient(f, x, h=1e-4):
    slopes = []
    for place in np.ndindex(x.shape):
        above, below = x.astype(float), x.astype(float)
        above[place] += h
        below[place] -= h
        slopes.append((f(above) - f(below)) / (2 * h))
    return np.array(slopes) if x.ndim else slopes[0]
""",
        "f called with one entry": """
def numerical_gradient(f, x, h=1e-4):
    x = x.astype(float)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        gradient[place] = (f(x[place] + h) - f(x[place] - h)) / (2 * h)
    return gradient
""",
    },
    "Value": {
        "messages overwrite each other": _changed((".grad += ", ".grad = ")),
        "one message for each operand": _changed(
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
            _BACKWARD,
            """    def backward(self):
        self.grad = 1.0
        self.go()

    def go(self):
        self.pass_on()
        for parent in self.parents:
            parent.go()
""",
        ),
        "sends before everything has arrived": CLOSURES.replace(
            _BACKWARD,
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
        "walks every way": PAIRS[: PAIRS.index("    def backward(self):")]
        + """    def backward(self, message=1.0):
        self.grad += message
        for operand, slope in self.sources:
            operand.backward(message * slope)
""",
        "wrong end first": _changed(("in reversed(order)", "in order")),
        "message from above not used": _changed(
            ("+= out.grad / other.data", "+= 1 / other.data"),
            ("+= out.grad", "+= 1.0"),
            ("+= -out.grad", "+= -1.0"),
            (" * out.grad", ""),
        ),
        "no first message": _changed(("        self.grad = 1.0\n", "")),
        "gradients set back": _changed(
            (
                "        self.grad = 1.0\n",
                "        for node in order:\n            node.grad = 0.0\n        self.grad = 1.0\n",
            )
        ),
        "product: own factor": _changed(
            ("self.grad += other.data * out.grad", "self.grad += self.data * out.grad"),
            ("other.grad += self.data * out.grad", "other.grad += other.data * out.grad"),
        ),
        "difference: sign of the second": _changed(
            ("            other.grad += -out.grad\n", "            other.grad += out.grad\n")
        ),
        "minus in front: sign": _changed(
            ("            self.grad += -out.grad\n", "            self.grad += out.grad\n")
        ),
        "quotient: sign of the divisor": _changed(
            ("+= -self.data / other.data ** 2", "+= self.data / other.data ** 2")
        ),
        "quotient: divisor not squared": _changed(("-self.data / other.data ** 2", "-self.data / other.data")),
        "power: exponent kept": _changed(("n * self.data ** (n - 1)", "n * self.data ** n")),
        "power: factor missing": _changed(("n * self.data ** (n - 1)", "self.data ** (n - 1)")),
        "exp: slope from its input": _changed(("+= out.data * out.grad", "+= self.data * out.grad")),
        "tanh: slope from its input": _changed(("(1 - t ** 2)", "(1 - self.data ** 2)")),
        "tanh: square missing": _changed(("(1 - t ** 2)", "(1 - t)")),
        "tanh: slope of the sigmoid": _changed(("(1 - t ** 2)", "t * (1 - t)")),
        "sin: slope from its output": _changed(("math.cos(self.data)", "math.cos(out.data)")),
        "sin: sign": _changed(("math.cos(self.data)", "-math.cos(self.data)")),
        "relu: always open": _changed(("(self.data > 0) * out.grad", "out.grad")),
        "relu: value for its slope": _changed(("(self.data > 0) * out.grad", "out.data * out.grad")),
        "2 − a as a − 2": _changed(("return Value(other) - self", "return self - other")),
        "2 / a as a / 2": _changed(("return Value(other) / self", "return self / other")),
        "plain numbers not taken": _changed(
            ("return other if isinstance(other, Value) else Value(other)", "return other")
        ),
        **{f"no {method}": _without(method) for method in ("__radd__", "__rmul__", "__rsub__", "__rtruediv__")},
    },
}
