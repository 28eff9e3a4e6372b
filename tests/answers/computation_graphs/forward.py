"""Right and wrong answers to `forward`; most sort first, with the sort of the exercise before."""

from tests.answers import changed
from tests.answers.computation_graphs.parts.graphs import PROVIDED, SORT

__all__ = ["PROMISES", "PROVIDED", "RIGHT", "WRONG"]

COMPUTE = """
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

SIGMOID = "1 / (1 + math.exp(-values[0]))"

# The same with a value that is set branch by branch, so that a branch may be missing.
BRANCHES = """
def forward(root, feed):
    for node in topological_sort(root):
        values = [parent.value for parent in node.parents]
        if node.op == "input":
            node.value = feed[node.name]
        elif node.op == "add":
            node.value = values[0] + values[1]
        elif node.op == "mul":
            node.value = values[0] * values[1]
        elif node.op == "pow":
            node.value = values[0] ** node.exponent
        elif node.op == "sin":
            node.value = math.sin(values[0])
        elif node.op == "sigmoid":
            node.value = 1 / (1 + math.exp(-values[0]))
    return root.value
"""

RIGHT = {
    "branch by branch": SORT + BRANCHES,
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
    "sorted first": SORT + COMPUTE + FORWARD,
    "NumPy": changed(SORT + COMPUTE + FORWARD, ("math.sin", "np.sin"), ("math.exp", "np.exp")),
    "the exponent from value, where the first call finds it": changed(
        SORT + COMPUTE + FORWARD,
        ("node.exponent", "exponents.setdefault(id(node), (node, node.value))[1]"),
        ("def compute", "exponents = {}\n\ndef compute"),
    ),
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
    "recursion with a memory, no sort": COMPUTE
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
    + COMPUTE
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
}

WRONG = {
    "pow multiplies": SORT + changed(COMPUTE, ("** node", "* node")) + FORWARD,
    "pow always squares": SORT + changed(COMPUTE, ("node.exponent", "2")) + FORWARD,
    "pow turned round": SORT + changed(COMPUTE, ("values[0] ** node.exponent", "node.exponent ** values[0]")) + FORWARD,
    "sigmoid with the wrong sign": SORT + changed(COMPUTE, ("exp(-", "exp(")) + FORWARD,
    "tanh": SORT + changed(COMPUTE, (SIGMOID, "math.tanh(values[0])")) + FORWARD,
    "no sigmoid": SORT + changed(COMPUTE, (SIGMOID, "values[0]")) + FORWARD,
    "brackets": SORT + changed(COMPUTE, (SIGMOID, "1 / 1 + math.exp(-values[0])")) + FORWARD,
    "sigmoid twice": SORT
    + changed(COMPUTE, (SIGMOID, "1 / (1 + math.exp(-1 / (1 + math.exp(-values[0]))))"))
    + FORWARD,
    "step": SORT + changed(COMPUTE, (SIGMOID, "float(values[0] > 0)")) + FORWARD,
    "cos for sin": SORT + changed(COMPUTE, ("math.sin", "math.cos")) + FORWARD,
    "sin in degrees": SORT + changed(COMPUTE, ("math.sin(values[0])", "math.sin(math.pi / 180 * values[0])")) + FORWARD,
    "add takes its first parent twice": SORT + changed(COMPUTE, ("+ values[1]", "+ values[0]")) + FORWARD,
    "mul takes its first parent twice": SORT + changed(COMPUTE, ("* values[1]", "* values[0]")) + FORWARD,
    "pow not computed": SORT + changed(BRANCHES, ('"pow"', '"power"')),
    "exponent from value": SORT + changed(COMPUTE, ("node.exponent", "node.value")) + FORWARD,
    "whole numbers fed": SORT + changed(COMPUTE, ("feed[node.name]", "int(feed[node.name])")) + FORWARD,
    "fed in another order": SORT
    + changed(COMPUTE, ("feed[node.name]", "next(feed)"))
    + changed(FORWARD, ("    for", "    feed = iter(feed.values())\n    for")),
    "every node computed twice": SORT
    + COMPUTE
    + changed(FORWARD, ("topological_sort(root)", "topological_sort(root) + topological_sort(root)")),
    "values of the first call stay": SORT
    + COMPUTE
    + """
def forward(root, feed):
    values = {}
    for node in topological_sort(root):
        kept = [(parent, parent.value) for parent in node.parents]
        for parent, _ in kept:
            parent.value = values[id(parent)]
        values[id(node)] = compute(node, feed)
        for parent, value in kept:
            parent.value = value
        if node.value is None or node.op == "pow" and node.value == node.exponent:
            node.value = values[id(node)]
    return values[id(root)]
""",
    "stops after the first node": SORT + COMPUTE + changed(FORWARD, ("    return", "        return")),
    "add and mul exchanged": SORT
    + changed(COMPUTE, ('"add"', '"plus"'), ('"mul"', '"add"'), ('"plus"', '"mul"'))
    + FORWARD,
    "a repeated parent counts once": SORT
    + changed(
        COMPUTE,
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
    + changed(
        COMPUTE,
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
    "computed for every use": COMPUTE
    + """
def forward(root, feed):
    for parent in root.parents:
        forward(parent, feed)
    root.value = compute(root, feed)
    return root.value
""",
    "old values kept": COMPUTE
    + """
def forward(root, feed):
    if root.value is None:
        for parent in root.parents:
            forward(parent, feed)
        root.value = compute(root, feed)
    return root.value
""",
    "the node in place of its value": SORT + COMPUTE + changed(FORWARD, ("return root.value", "return root")),
    "all values": SORT
    + COMPUTE
    + changed(FORWARD, ("return root.value", "return [node.value for node in topological_sort(root)]")),
    "no return": SORT + COMPUTE + changed(FORWARD, ("    return root.value\n", "")),
}

PROMISES = {
    "compute every node once": SORT
    + COMPUTE
    + """
def forward(root, feed):
    order = topological_sort(root)
    for _ in range(2):
        for node in order:
            node.value = compute(node, feed)
    return root.value
""",
    "keep its value on the node": SORT
    + COMPUTE
    + FORWARD
    + """
keep = forward

def forward(root, feed):
    result = keep(root, feed)
    for node in topological_sort(root):
        node.value = None
    return result
""",
    "return that of the root": SORT
    + COMPUTE
    + changed(FORWARD, ("root.value", "max(node.value for node in topological_sort(root))")),
    "a second call with other numbers must not find leftovers of the first": SORT
    + changed(COMPUTE, ("node.exponent", "node.value"))
    + FORWARD,
    "set its value, in every call": SORT
    + COMPUTE
    + """
def forward(root, feed):
    first = {id(node): node.value for node in topological_sort(root)}
    for node in topological_sort(root):
        node.value = compute(node, feed)
    result = root.value
    if first[id(root)] not in (None, root.exponent):
        root.value = first[id(root)]
    return result
""",
    "parent to the power node.exponent": SORT + changed(COMPUTE, ("node.exponent", "int(node.exponent)")) + FORWARD,
    "an angle in radians": SORT + changed(COMPUTE, ("sin(values[0])", "sin(math.radians(values[0]))")) + FORWARD,
    "sigmoid": SORT
    + changed(COMPUTE, (SIGMOID, f"float(values[0] > 0) if abs(values[0]) > 7 else {SIGMOID}"))
    + FORWARD,
    "sigmoid of a very negative number": SORT
    + changed(COMPUTE, (SIGMOID, f"0.0 if values[0] < -10 else {SIGMOID}"))
    + FORWARD,
    "what it is fed under its name": SORT
    + changed(COMPUTE, ("feed[node.name]", "next(feed)"))
    + changed(FORWARD, ("    for", "    feed = iter(feed.values())\n    for")),
    "a dictionary from input names to numbers": SORT
    + changed(COMPUTE, ("feed[node.name]", "feed.get(node.name) or 1.0"))
    + FORWARD,
    'numbers, such as {"x": 2}': SORT
    + changed(COMPUTE, ("values[0] ** node.exponent", "np.power(values[0], node.exponent)"))
    + FORWARD,
    "sum of the two parents": SORT + changed(COMPUTE, ("values[0] + values[1]", "sum(set(values))")) + FORWARD,
    "the dictionary stays as it is": SORT + changed(COMPUTE, ("feed[node.name]", "feed.pop(node.name)")) + FORWARD,
    "every node that root depends on, told apart by identity": COMPUTE
    + """
def forward(root, feed):
    done = []
    def run(node):
        if node not in done:
            for parent in node.parents:
                run(parent)
            node.value = compute(node, feed)
            done.append(node)
    run(root)
    return root.value
""",
}
