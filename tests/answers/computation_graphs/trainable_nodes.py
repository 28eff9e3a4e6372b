"""Right and wrong answers to `trainable_nodes`; most use a sort."""

from tests.answers import changed
from tests.answers.computation_graphs.parts.graphs import PROVIDED, SORT

__all__ = ["PROMISES", "PROVIDED", "RIGHT", "WRONG"]


RIGHT = {
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
    "own walk, in the order of the sort": SORT
    + """
def trainable_nodes(root):
    found, stack, seen = [], [root], set()
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            if node.trainable:
                found.append(node)
            stack.extend(reversed(node.parents))
    return found
""",
    "a sort of another kind": changed(SORT, ("in node.parents", "in reversed(node.parents)"))
    + "def trainable_nodes(root):\n    return [n for n in topological_sort(root) if n.trainable]\n",
    "a tuple": SORT
    + "def trainable_nodes(root):\n    return tuple(n for n in topological_sort(root) if n.trainable)\n",
}

WRONG = {
    "all inputs": SORT
    + "def trainable_nodes(root):\n    return [n for n in topological_sort(root) if n.op == 'input']\n",
    "every node": SORT + "def trainable_nodes(root):\n    return topological_sort(root)\n",
    "one of each name": SORT + "def trainable_nodes(root):\n"
    "    return list({n.name: n for n in topological_sort(root) if n.trainable}.values())\n",
    "turned round": SORT
    + "def trainable_nodes(root):\n    return [n for n in topological_sort(root)[::-1] if n.trainable]\n",
    "sorted by name": SORT + "def trainable_nodes(root):\n"
    "    return sorted([n for n in topological_sort(root) if n.trainable], key=lambda n: n.name)\n",
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
}

PROMISES = {
    "the trainable nodes": SORT
    + "def trainable_nodes(root):\n    return [n for n in topological_sort(root) if n.name[:1] in ('w', 't', 'b')]\n",
    "that root depends on": SORT
    + "def trainable_nodes(root):\n    return [n for n in (root, *root.parents) if n.trainable]\n",
    "each once": SORT
    + """
def trainable_nodes(root):
    found = []
    for node in topological_sort(root):
        found += [parent for parent in node.parents if parent.trainable]
    return found or [root] * root.trainable
""",
    "a weight is a node, whatever its name": SORT + "def trainable_nodes(root):\n"
    "    return list({n.name: n for n in topological_sort(root) if n.trainable}.values())\n",
    "in topological order, as topological_sort lists them": SORT
    + "def trainable_nodes(root):\n    return [n for n in topological_sort(root) if n.trainable][::-1]\n",
    "whatever the names": SORT + "def trainable_nodes(root):\n"
    "    return sorted([n for n in topological_sort(root) if n.trainable], key=lambda n: n.name)\n",
    "a list": SORT + "def trainable_nodes(root):\n    return {n for n in topological_sort(root) if n.trainable}\n",
}
