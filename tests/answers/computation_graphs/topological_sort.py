"""Right and wrong answers to `topological_sort`."""

from tests.answers import changed
from tests.answers.computation_graphs.parts.graphs import PROVIDED, SORT

__all__ = ["PROMISES", "PROVIDED", "RIGHT", "WRONG"]


RIGHT = {
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
    "recursion, nodes in a set": changed(SORT, ("id(node)", "node")),
    "last parent first": changed(SORT, ("in node.parents", "in reversed(node.parents)")),
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
}

WRONG = {
    "once for every use": """
def topological_sort(root):
    order = []
    for parent in root.parents:
        order = order + topological_sort(parent)
    return order + [root]
""",
    "root first": changed(SORT, ("return order", "return order[::-1]")),
    "listed on the way": changed(
        SORT,
        ("            order.append(node)\n", ""),
        ("            seen.add(id(node))\n", "            seen.add(id(node))\n            order.append(node)\n"),
    ),
    "listed on the way, reversed": changed(
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
    "without the inputs": changed(
        SORT, ("            order.append", "            if node.parents:\n                order.append")
    ),
    "only first parents": changed(SORT, ("in node.parents", "in node.parents[:1]")),
    "only two parents": changed(SORT, ("in node.parents", "in node.parents[:2]")),
    "only the root": """
def topological_sort(root):
    order, seen = [], set()
    if id(root) not in seen:
        seen.add(id(root))
        for parent in root.parents:
            topological_sort(parent)
        order.append(root)
    return order
""",
    "turns around at names": changed(SORT, ("id(node)", "node.name")),
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
    "names in place of nodes": changed(SORT, ("order.append(node)", "order.append(node.name)")),
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
}

PROMISES = {
    "every node that can be reached from the root": changed(SORT, ("in node.parents", "in node.parents[:2]")),
    "each once": changed(SORT, ("order.append(node)", "order.extend([node] * (2 if node.op == 'sin' else 1))")),
    "after its parents": changed(SORT, ("    return order", "    return sorted(order, key=lambda n: len(n.parents))")),
    "the last one is root itself": changed(SORT, ("    return order", "    return order[:-2] + order[:-3:-1]")),
    "a list": changed(SORT, ("    return order", "    return iter(order)")),
    "up to 300 nodes": """
def topological_sort(root):
    everything = {id(root): root}
    for node in (waiting := [root]):
        for parent in node.parents:
            if id(parent) not in everything:
                everything[id(parent)] = parent
                waiting.append(parent)
    order = []
    for _ in range(100):
        known = {id(node) for node in order}
        order += [
            node for key, node in everything.items()
            if key not in known and all(id(parent) in known for parent in node.parents)
        ]
    return order
""",
    "walk to a node's parents only the first time you meet it": """
def topological_sort(root):
    order, seen = [], set()
    def visit(node):
        for parent in node.parents:
            visit(parent)
        if id(node) not in seen:
            seen.add(id(node))
            order.append(node)
    visit(root)
    return order
""",
    "leave the edges of the graph as you find them": """
def topological_sort(root):
    order, seen = [], set()
    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            node.parents = tuple({id(parent): parent for parent in node.parents}.values())
            for parent in node.parents:
                visit(parent)
            order.append(node)
    visit(root)
    return order
""",
    "for a graph it is identity that counts": changed(
        SORT, ("seen = [], set()", "seen = [], []"), ("id(node)", "node"), ("seen.add", "seen.append")
    ),
}
