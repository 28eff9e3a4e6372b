"""Right and wrong answers to notebook 01, as students type them."""

import json
from pathlib import Path

NOTEBOOK = Path(__file__).resolve().parents[2] / "solutions" / "01_computation_graphs" / "computation_graphs.ipynb"

# The class Node, as the notebook gives it.
PROVIDED = next(
    "".join(cell["source"])
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    if cell["id"] == "node_class"
)

# The usual sort, for answers to later exercises that build on it.
SORT = """
def topological_sort(root):
    order, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(root)
    return order
"""

VALUE = """
def compute(node, feed):
    values = [parent.value for parent in node.parents]
    if node.op == "input":
        return feed[node.name]
    if node.op == "add":
        return values[0] + values[1]
    if node.op == "mul":
        return values[0] * values[1]
    if node.op == "pow":
        return values[0] ** node.exponent
    if node.op == "sin":
        return math.sin(values[0])
    return 1 / (1 + math.exp(-values[0]))
"""

FORWARD = """
def forward(root, feed):
    for node in topological_sort(root):
        node.value = compute(node, feed)
    return root.value
"""

SIGMOID = "\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"
NEURON = SIGMOID + "\ndef neuron(x, w, b):\n    return sigmoid(x @ w + b)\n"
LAYER = SIGMOID + "\ndef layer(x, W, b):\n    return sigmoid(x @ W + b)\n"
NETWORK = LAYER + "\ndef two_layer_network(x, W1, b1, W2, b2):\n    return layer(layer(x, W1, b1), W2, b2)\n"


def _replaced(source, *pairs):
    """The source with each (old, new) replaced; every old one must be there."""
    for old, new in pairs:
        assert old in source, f"{old!r} is not in the source"
        source = source.replace(old, new)
    return source


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

ANSWERS = {
    "topological_sort": {
        "children waited for, from the leaves upwards (Kahn), a deque": """
from collections import defaultdict, deque

def topological_sort(root):
    nodes, stack = {}, [root]
    while stack:
        node = stack.pop()
        if id(node) not in nodes:
            nodes[id(node)] = node
            stack.extend(node.parents)
    children, missing = defaultdict(list), {}
    for node in nodes.values():
        missing[id(node)] = len(node.parents)
        for parent in node.parents:
            children[id(parent)].append(node)
    ready = deque(node for node in nodes.values() if not node.parents)
    order = deque()
    while ready:
        node = ready.popleft()
        order.append(node)
        for child in children[id(node)]:
            missing[id(child)] -= 1
            if missing[id(child)] == 0:
                ready.append(child)
    return order
""",
        "marks on the nodes, taken away again": """
def topological_sort(root):
    order = []

    def visit(node):
        if getattr(node, "mark", False):
            return
        node.mark = True
        for parent in node.parents:
            visit(parent)
        order.append(node)

    visit(root)
    for node in order:
        del node.mark
    return order
""",
        "round after round until all are in, an array of nodes": """
def topological_sort(root):
    everything = [root]
    for node in everything:
        for parent in node.parents:
            if not any(parent is other for other in everything):
                everything.append(parent)
    order = []
    while len(order) < len(everything):
        for node in everything:
            known = {id(other) for other in order}
            if id(node) not in known and all(id(parent) in known for parent in node.parents):
                order.append(node)
    return np.array(order, dtype=object)
""",
        "depths from a cache, with much recursion": """
from functools import lru_cache

def topological_sort(root):
    nodes, waiting = {}, [root]
    while waiting:
        node = waiting.pop()
        if id(node) not in nodes:
            nodes[id(node)] = node
            waiting += node.parents

    @lru_cache(maxsize=None)
    def depth(key):
        return 1 + max((depth(id(parent)) for parent in nodes[key].parents), default=-1)

    return sorted(nodes.values(), key=lambda node: depth(id(node)))
""",
        "recursion, ids in a set": SORT,
        "recursion, nodes in a set": _replaced(SORT, ("id(node)", "node")),
        "last parent first": _replaced(SORT, ("in node.parents", "in reversed(node.parents)")),
        "membership by is": """
def topological_sort(root, order=None):
    if order is None:
        order = []
    if any(node is root for node in order):
        return order
    for parent in root.parents:
        topological_sort(parent, order)
    order.append(root)
    return order
""",
        "a stack of its own, no recursion": """
def topological_sort(root):
    order, done, stack = [], set(), [root]
    while stack:
        node = stack[-1]
        waiting = [parent for parent in node.parents if id(parent) not in done]
        if id(node) in done:
            stack.pop()
        elif waiting:
            stack.extend(waiting)
        else:
            done.add(id(node))
            order.append(stack.pop())
    return order
""",
        "children counted, from the root upwards": """
def topological_sort(root):
    nodes, uses, waiting = {}, {}, [root]
    while waiting:
        node = waiting.pop()
        if id(node) not in nodes:
            nodes[id(node)] = node
            for parent in node.parents:
                uses[id(parent)] = uses.get(id(parent), 0) + 1
                waiting.append(parent)
    order, ready = [], [root]
    while ready:
        node = ready.pop(0)
        order.insert(0, node)
        for parent in node.parents:
            uses[id(parent)] -= 1
            if uses[id(parent)] == 0:
                ready.append(parent)
    return order
""",
        "by length of the longest way, a tuple": """
from functools import lru_cache

def topological_sort(root):
    depth = {}

    def measure(node):
        if id(node) not in depth:
            depth[id(node)] = (max([measure(parent) for parent in node.parents], default=-1) + 1, node)
        return depth[id(node)][0]

    measure(root)
    return tuple(node for _, node in sorted(depth.values(), key=lambda pair: pair[0]))
""",
        "a generator inside": """
def topological_sort(root):
    seen = {}

    def walk(node):
        if id(node) in seen:
            return
        seen[id(node)] = node
        for parent in node.parents:
            yield from walk(parent)
        yield node

    return [*walk(root)]
""",
    },
    "forward": {
        "0-d arrays": """
def topological_sort(root, seen=None):
    seen = set() if seen is None else seen
    if id(root) in seen:
        return []
    seen.add(id(root))
    return [node for parent in root.parents for node in topological_sort(parent, seen)] + [root]

def forward(root, feed):
    for node in topological_sort(root):
        match node.op, [parent.value for parent in node.parents]:
            case "input", _:
                node.value = np.array(feed[node.name], dtype=np.longdouble)
            case "add", [a, b]:
                node.value = np.array(a + b)
            case "mul", [a, b]:
                node.value = np.array(a * b)
            case "pow", [a]:
                node.value = np.array(a**node.exponent)
            case "sin", [a]:
                node.value = np.array(np.sin(a))
            case "sigmoid", [a]:
                node.value = np.array(1 / (1 + np.exp(-a)))
    return root.value.item()
""",
        "values kept aside, put on the nodes at the end, float32": """
def forward(root, feed):
    values, order = {}, []

    def run(node):
        if id(node) in values:
            return values[id(node)]
        parents = [run(parent) for parent in node.parents]
        values[id(node)] = np.float32(RULES[node.op](node, feed, *parents))
        order.append(node)
        return values[id(node)]

    run(root)
    for node in order:
        node.value = values[id(node)]
    return values[id(root)]

RULES = {
    "input": lambda node, feed: feed[node.name],
    "add": lambda node, feed, a, b: a + b,
    "mul": lambda node, feed, a, b: a * b,
    "pow": lambda node, feed, a: a**node.exponent,
    "sin": lambda node, feed, a: np.sin(a),
    "sigmoid": lambda node, feed, a: 0.5 * (1 + np.tanh(a / 2)),
}
""",
        "sorted first": SORT + VALUE + FORWARD,
        "NumPy": _replaced(SORT + VALUE + FORWARD, ("math.sin", "np.sin"), ("math.exp", "np.exp")),
        "the exponent from value": _replaced(SORT + VALUE + FORWARD, ("node.exponent", "node.value")),
        "a table of functions": SORT
        + """
def forward(root, feed):
    table = {
        "add": lambda n: sum(p.value for p in n.parents),
        "mul": lambda n: np.prod([p.value for p in n.parents]),
        "pow": lambda n: np.float32(n.parents[0].value) ** n.exponent,
        "sin": lambda n: np.sin(n.parents[0].value),
        "sigmoid": lambda n: 1 / (1 + np.exp(-n.parents[0].value)),
        "input": lambda n: feed[n.name],
    }
    order = topological_sort(root)
    for node in order:
        node.value = table[node.op](node)
    return order[-1].value
""",
        "recursion with a memory, no sort": VALUE
        + """
def forward(root, feed):
    done = set()

    def run(node):
        if id(node) not in done:
            for parent in node.parents:
                run(parent)
            node.value = compute(node, feed)
            done.add(id(node))
        return node.value

    return float(run(root))
""",
        "adding up in place": SORT
        + """
def forward(root, feed):
    for node in topological_sort(root):
        if node.op == "input":
            node.value = feed.get(node.name)
        elif node.op == "add":
            node.value = 0
            for parent in node.parents:
                node.value += parent.value
        elif node.op == "mul":
            node.value = 1
            for parent in node.parents:
                node.value *= parent.value
        elif node.op == "pow":
            node.value = pow(node.parents[0].value, node.exponent)
        elif node.op == "sin":
            node.value = math.sin(node.parents[0].value)
        elif node.op == "sigmoid":
            node.value = math.exp(node.parents[0].value) / (1 + math.exp(node.parents[0].value))
    return root.value
""",
        "values cleared first": SORT
        + VALUE
        + """
def forward(root, feed):
    order = topological_sort(root)
    for node in order:
        node.value = None

    def run(node):
        if node.value is None:
            for parent in node.parents:
                run(parent)
            node.value = compute(node, feed)

    run(root)
    return np.array(root.value)
""",
    },
    "trainable_nodes": {
        "comprehension": SORT
        + "def trainable_nodes(root):\n    return [n for n in topological_sort(root) if n.trainable]\n",
        "loop": SORT + "def trainable_nodes(root):\n    found = []\n    for n in topological_sort(root):\n"
        "        if n.trainable == True:\n            found.append(n)\n    return found\n",
        "filter": SORT
        + "def trainable_nodes(root):\n    return list(filter(lambda n: n.trainable, topological_sort(root)))\n",
        "own walk, without the sort": """
def trainable_nodes(root):
    found, seen = [], set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for parent in node.parents:
            visit(parent)
        if node.trainable:
            found.append(node)

    visit(root)
    return found
""",
        "a tuple": SORT
        + "def trainable_nodes(root):\n    return tuple(n for n in topological_sort(root) if n.trainable)\n",
    },
    "linear_graph": {
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
        "weight first": _replaced(LINEAR, ("(x1, theta1)", "[theta1, x1]"), ("(x2, theta2)", "[theta2, x2]")),
        "nested": """
def linear_graph():
    def leaf(name):
        return Node("input", (), None, name, name.startswith("theta"))
    def op(kind, *parents):
        return Node(kind, parents)
    products = [op("mul", leaf(f"x{k}"), leaf(f"theta{k}")) for k in (1, 2)]
    return op("add", op("add", *products), leaf("theta3"))
""",
        "the brackets on the other side": _replaced(
            LINEAR, ("(first, second)", "(second, theta3)"), ("(both, theta3)", "(first, both)")
        ),
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
    },
    "neuron": {
        "the bias as one more weight, a 0-d array": """
def neuron(x, w, b):
    z = np.append(x, 1.0) @ np.append(w, b)
    return np.array((1 + np.exp(-z)) ** -1)
""",
        "np.matrix": """
def neuron(x, w, b):
    z = np.matrix(x) * np.matrix(w).T + b
    return 1 / (1 + np.exp(-z.item()))
""",
        "dot product": NEURON,
        "plain loop": """
def neuron(x, w, b):
    z = b
    for i in range(len(x)):
        z += x[i] * w[i]
    return 1 / (1 + math.exp(-z))
""",
        "sum and where": """
def neuron(x, w, b):
    z = np.sum(np.multiply(x, w)) + b
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))
""",
        "tanh in another guise, float32": """
def neuron(x, w, b):
    z = np.einsum("i,i", x, w).astype(np.float32) + np.float32(b)
    return (1 + np.tanh(z / 2)) / 2
""",
        "generator": "def neuron(x, w, b):\n    return 1 / (1 + np.e ** -(sum(p * q for p, q in zip(x, w)) + b))\n",
    },
    "layer": {
        "np.matrix, flattened": """
def layer(x, W, b):
    z = np.matrix(x) * np.matrix(W) + b
    return np.asarray(1 / (1 + np.exp(-z))).ravel()
""",
        "in place on a copy of b": """
def layer(x, W, b):
    z = b.copy()
    for entry, row in zip(x, W):
        z += entry * row
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    return 1 / z
""",
        "one product": LAYER,
        "transposed": SIGMOID + "def layer(x, W, b):\n    return sigmoid(W.T @ x + b)\n",
        "neuron by neuron": NEURON
        + "def layer(x, W, b):\n    return np.array([neuron(x, W[:, j], b[j]) for j in range(len(b))])\n",
        "a list, plain loops": """
def layer(x, W, b):
    out = []
    for j in range(W.shape[1]):
        z = b[j]
        for i in range(W.shape[0]):
            z = z + x[i] * W[i][j]
        out.append(1 / (1 + math.exp(-z)))
    return out
""",
        "einsum, float32": SIGMOID
        + 'def layer(x, W, b):\n    return sigmoid((np.einsum("d,dm->m", x, W) + b).astype(np.float32))\n',
        "columns by zip": NEURON
        + "def layer(x, W, b):\n    return tuple(neuron(x, w, bias) for w, bias in zip(W.T, b))\n",
    },
    "two_layer_network": {
        "a class, any number of layers": """
class Layer:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def __call__(self, x):
        return 1 / (1 + np.exp(-(x @ self.W + self.b)))

def two_layer_network(x, *parameters):
    for W, b in zip(parameters[::2], parameters[1::2]):
        x = Layer(W, b)(x)
    return x
""",
        "layer twice": NETWORK,
        "written out": SIGMOID
        + """
def two_layer_network(x, W1, b1, W2, b2):
    h = sigmoid(x @ W1 + b1)
    return sigmoid(h @ W2 + b2)
""",
        "columns": SIGMOID
        + """
def two_layer_network(x, W1, b1, W2, b2):
    x = x.reshape(-1, 1)
    h = sigmoid(W1.T @ x + b1[:, None])
    return sigmoid(W2.T @ h + b2[:, None]).ravel()
""",
        "a loop over layers": LAYER
        + """
def two_layer_network(x, W1, b1, W2, b2):
    for W, b in ((W1, b1), (W2, b2)):
        x = layer(x, W, b)
    return x
""",
        "neurons in lists": NEURON
        + """
def two_layer_network(x, W1, b1, W2, b2):
    h = np.array([neuron(x, W1[:, j], b1[j]) for j in range(len(b1))])
    return [neuron(h, W2[:, k], b2[k]) for k in range(len(b2))]
""",
    },
}

WRONG = {
    "topological_sort": {
        "once for every use": """
def topological_sort(root):
    order = []
    for parent in root.parents:
        order = order + topological_sort(parent)
    return order + [root]
""",
        "root first": _replaced(SORT, ("return order", "return order[::-1]")),
        "listed on the way": _replaced(
            SORT,
            ("            order.append(node)\n", ""),
            ("            seen.add(id(node))\n", "            seen.add(id(node))\n            order.append(node)\n"),
        ),
        "listed on the way, reversed": _replaced(
            SORT,
            ("            order.append(node)\n", ""),
            ("            seen.add(id(node))\n", "            seen.add(id(node))\n            order.insert(0, node)\n"),
        ),
        "by distance from the root": """
def topological_sort(root):
    order, seen, queue = [], {id(root)}, [root]
    while queue:
        node = queue.pop(0)
        order.append(node)
        for parent in node.parents:
            if id(parent) not in seen:
                seen.add(id(parent))
                queue.append(parent)
    return order[::-1]
""",
        "without the root": """
def topological_sort(root):
    order, seen = [], set()
    def visit(node):
        for parent in node.parents:
            if id(parent) not in seen:
                seen.add(id(parent))
                visit(parent)
                order.append(parent)
    visit(root)
    return order
""",
        "without the inputs": _replaced(
            SORT, ("            order.append", "            if node.parents:\n                order.append")
        ),
        "only first parents": _replaced(SORT, ("in node.parents", "in node.parents[:1]")),
        "told apart by name": """
def topological_sort(root):
    order = []
    def visit(node):
        if node.name in [other.name for other in order]:
            return
        for parent in node.parents:
            visit(parent)
        if node.name not in [other.name for other in order]:
            order.append(node)
    visit(root)
    return order
""",
        "told apart by ==": """
def topological_sort(root):
    order = []
    def visit(node):
        if node not in order:
            for parent in node.parents:
                visit(parent)
            order.append(node)
    visit(root)
    return order
""",
        "names in place of nodes": _replaced(SORT, ("order.append(node)", "order.append(node.name)")),
        "walks every way": """
def topological_sort(root):
    order = []
    for parent in root.parents:
        for node in topological_sort(parent):
            if not any(node is other for other in order):
                order.append(node)
    order.append(root)
    return order
""",
        "remembers the last call": """
def topological_sort(root, order=[], seen=set()):
    if id(root) not in seen:
        seen.add(id(root))
        for parent in root.parents:
            topological_sort(parent)
        order.append(root)
    return list(order)
""",
        "cuts the edges": """
def topological_sort(root):
    order, seen = [], set()
    def visit(node):
        if id(node) in seen:
            return
        seen.add(id(node))
        parents, node.parents = node.parents, ()
        for parent in parents:
            visit(parent)
        order.append(node)
    visit(root)
    return order
""",
    },
    "forward": {
        "pow multiplies": SORT + _replaced(VALUE, ("** node", "* node")) + FORWARD,
        "pow always squares": SORT + _replaced(VALUE, ("node.exponent", "2")) + FORWARD,
        "pow turned round": SORT
        + _replaced(VALUE, ("values[0] ** node.exponent", "node.exponent ** values[0]"))
        + FORWARD,
        "sigmoid with the wrong sign": SORT + _replaced(VALUE, ("exp(-", "exp(")) + FORWARD,
        "tanh for sigmoid": SORT
        + _replaced(VALUE, ("1 / (1 + math.exp(-values[0]))", "math.tanh(values[0])"))
        + FORWARD,
        "add and mul exchanged": SORT
        + _replaced(VALUE, ('"add"', '"plus"'), ('"mul"', '"add"'), ('"plus"', '"mul"'))
        + FORWARD,
        "a repeated parent counts once": SORT
        + _replaced(
            VALUE,
            ("in node.parents]", "in dict.fromkeys(node.parents)]"),
            ("values[0] + values[1]", "sum(values)"),
            ("values[0] * values[1]", "math.prod(values)"),
        )
        + FORWARD,
        "values not kept": """
def forward(root, feed):
    known = {}
    def run(node):
        if id(node) in known:
            return known[id(node)]
        values = [run(parent) for parent in node.parents]
        if node.op == "input":
            result = feed[node.name]
        elif node.op == "add":
            result = values[0] + values[1]
        elif node.op == "mul":
            result = values[0] * values[1]
        elif node.op == "pow":
            result = values[0] ** node.exponent
        elif node.op == "sin":
            result = math.sin(values[0])
        else:
            result = 1 / (1 + math.exp(-values[0]))
        known[id(node)] = result
        return result
    return run(root)
""",
        "inputs not set": SORT
        + _replaced(
            VALUE,
            ("[parent.value for parent", "[feed[parent.name] if parent.op == 'input' else parent.value for parent"),
        )
        + """
def forward(root, feed):
    if root.op == "input":
        return feed[root.name]
    for node in topological_sort(root):
        if node.op != "input":
            node.value = compute(node, feed)
    return root.value
""",
        "computed for every use": VALUE
        + """
def forward(root, feed):
    for parent in root.parents:
        forward(parent, feed)
    root.value = compute(root, feed)
    return root.value
""",
        "old values kept": VALUE
        + """
def forward(root, feed):
    if root.value is None:
        for parent in root.parents:
            forward(parent, feed)
        root.value = compute(root, feed)
    return root.value
""",
        "the node in place of its value": SORT + VALUE + _replaced(FORWARD, ("return root.value", "return root")),
        "all values": SORT
        + VALUE
        + _replaced(FORWARD, ("return root.value", "return [node.value for node in topological_sort(root)]")),
        "no return": SORT + VALUE + _replaced(FORWARD, ("    return root.value\n", "")),
    },
    "trainable_nodes": {
        "all inputs": SORT
        + "def trainable_nodes(root):\n    return [n for n in topological_sort(root) if n.op == 'input']\n",
        "the others": SORT
        + "def trainable_nodes(root):\n    return [n for n in topological_sort(root) if not n.trainable]\n",
        "once for every use": """
def trainable_nodes(root):
    found = [root] if root.trainable else []
    for parent in root.parents:
        found = trainable_nodes(parent) + found
    return found
""",
        "only at the root": """
def trainable_nodes(root):
    return [n for n in (root, *root.parents) if n.trainable]
""",
        "names in place of nodes": SORT
        + "def trainable_nodes(root):\n    return [n.name for n in topological_sort(root) if n.trainable]\n",
        "walks every way": """
def trainable_nodes(root):
    found = [root] if root.trainable else []
    for parent in root.parents:
        for node in trainable_nodes(parent):
            if not any(node is other for other in found):
                found.append(node)
    return found
""",
        "told apart by ==": SORT
        + """
def trainable_nodes(root):
    found = []
    for node in topological_sort(root):
        if node.trainable and node not in found:
            found.append(node)
    return found
""",
        "remembers the last call": SORT
        + """
def trainable_nodes(root, found=[]):
    for node in topological_sort(root):
        if node.trainable:
            found.append(node)
    return list(found)
""",
    },
    "linear_graph": {
        "no theta3": _replaced(LINEAR, ('return Node("add", (both, theta3))', "return both")),
        "swapped": _replaced(LINEAR, ("(x1, theta1)", "(x1, theta2)"), ("(x2, theta2)", "(x2, theta1)")),
        "theta3 multiplied": _replaced(LINEAR, ('"add", (both', '"mul", (both')),
        "sums and products exchanged": _replaced(
            LINEAR, ('"mul", (x', '"add", (x'), ('"add", (first', '"mul", (first'), ('"add", (both', '"mul", (both')
        ),
        "nothing trainable": _replaced(LINEAR, (", trainable=True", "")),
        "everything trainable": _replaced(
            LINEAR, ('name="x1"', 'name="x1", trainable=True'), ('name="x2"', 'name="x2", trainable=True')
        ),
        "theta3 fixed": _replaced(LINEAR, ('name="theta3", trainable=True', 'name="theta3"')),
        "operations trainable": _replaced(LINEAR, ("(x1, theta1)", "(x1, theta1), trainable=True")),
        "names": _replaced(LINEAR, ('"theta1"', '"theta_1"')),
        "three parents": _replaced(
            LINEAR,
            ("(first, second)", "(first, second, theta3)"),
            ('return Node("add", (both, theta3))', "return both"),
        ),
        "no node": _replaced(
            LINEAR, ('return Node("add", (both, theta3))', 'return x1, x2, Node("add", (both, theta3))')
        ),
        "parents": _replaced(LINEAR, ("(x1, theta1)", '("x1", "theta1")')),
    },
}
