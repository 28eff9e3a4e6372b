"""Right and wrong answers to `forward`; most sort first, with the sort of the exercise before."""

from tests.answers import changed
from tests.answers.computation_graphs.parts.graphs import PROVIDED, SORT

__all__ = ["PROVIDED", "RIGHT", "WRONG"]

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

RIGHT = {
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
    "the exponent from value": changed(SORT + COMPUTE + FORWARD, ("node.exponent", "node.value")),
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
    "tanh for sigmoid": SORT + changed(COMPUTE, ("1 / (1 + math.exp(-values[0]))", "math.tanh(values[0])")) + FORWARD,
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
