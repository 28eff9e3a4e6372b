"""What an exercise withholds, called where nobody listens: beside a student the check hears most calls, not all."""

from __future__ import annotations

import functools

from tests.grading.attacks.attack import Attack
from tests.grading.attacks.cells import attack as any_attack

# The slope of a sigmoid, had by differentiation; `send_back` is what an attack puts there.
BY_DIFFERENTIATION = """
import numpy as np
import nnkit
def sigmoid_grad(x):
    x = np.asarray(x, dtype=np.float64)
    t = nnkit.tensor(x.reshape(-1), requires_grad=True)
    send_back(((t * 0.5).tanh() * 0.5).sum())
    return t.grad.numpy().reshape(x.shape)
"""
# A class of numbers that leaves everything to a tensor.
THIN_SHELL = """
import numpy as np
import nnkit
class Value:
    def __init__(self, data, tensor=None):
        made = nnkit.tensor(np.float64(data), requires_grad=True) if tensor is None else tensor
        if tensor is not None:
            made.retain_grad()
        self.tensor = made
    data = property(lambda self: self.tensor.item())
    grad = property(lambda self: 0.0 if self.tensor.grad is None else self.tensor.grad.item())
    def backward(self):
        send_back(self.tensor)
def plain(other):
    return other.tensor if isinstance(other, Value) else other
def operation(name):
    def method(self, *others):
        return Value(0, getattr(self.tensor, name)(*map(plain, others)))
    return method
for name in "add radd sub rsub mul rmul truediv rtruediv pow neg".split():
    setattr(Value, f"__{name}__", operation(f"__{name}__"))
for name in "exp tanh sin relu".split():
    setattr(Value, name, operation(name))
"""
# The order of a graph, had from Python's own library; `sorter` is what an attack puts there.
BY_LIBRARY = """
def topological_sort(root):
    nodes, graph, waiting = {id(root): root}, {}, [root]
    while waiting:
        node = waiting.pop()
        graph[id(node)] = [id(parent) for parent in node.parents]
        for parent in node.parents:
            if id(parent) not in nodes:
                nodes[id(parent)] = parent
                waiting.append(parent)
    return [nodes[key] for key in sorter(graph)]
"""
IN_A_THREAD = """
import threading
def send_back(result):
    thread = threading.Thread(target=result.backward)
    thread.start()
    thread.join()
"""
INNER = """
from nnkit.engine import backward
def send_back(result):
    backward.run(result.node, None, False)
"""
SERVER = """
import json, sys
import numpy as np
import nnkit
for line in sys.stdin:
    t = nnkit.tensor(np.array(json.loads(line), dtype=np.float64).reshape(-1), requires_grad=True)
    ((t * 0.5).tanh() * 0.5).sum().backward()
    print(json.dumps(t.grad.numpy().tolist()), flush=True)
"""
SORTER = "import json, sys, graphlib\nfor line in sys.stdin:\n    graph = dict(json.loads(line))\n" + (
    "    print(json.dumps(list(graphlib.TopologicalSorter(graph).static_order())), flush=True)\n"
)

slope = functools.partial(
    any_attack, "withheld", on="sigmoid_grad", answer=BY_DIFFERENTIATION, outcome="wrong or crashed"
)
value = functools.partial(any_attack, "withheld", on="Value", answer=THIN_SHELL, outcome="wrong or crashed")
order = functools.partial(any_attack, "withheld", on="topological_sort", answer=BY_LIBRARY, outcome="wrong or crashed")

OF_THE_TABLE = """
import numpy as np
from nnkit.engine import PRIMITIVES
def found(x):
    with np.errstate(all="ignore"):
        return PRIMITIVES["sigmoid"].function(np.asarray(x, dtype=np.float64))[0]
"""

ATTACKS: tuple[Attack, ...] = (
    slope("in a thread", "Differentiates in a thread, where the listener does not hear.", IN_A_THREAD),
    slope(
        "in a thread that waits",
        "Starts a thread in an earlier cell, which differentiates whatever it is handed.",
        """
        import queue, threading
        asked, done = queue.Queue(), queue.Queue()
        def work():
            while True:
                try:
                    asked.get().backward()
                finally:
                    done.put(None)
        threading.Thread(target=work, daemon=True).start()
        def send_back(result):
            asked.put(result)
            done.get(timeout=0.05)
        """,
    ),
    slope(
        "a generator made outside",
        "Makes a generator in an earlier cell and resumes it inside of the answer, where it differentiates.",
        """
        def sender():
            result = yield
            while True:
                result = yield result.backward()
        running = sender()
        next(running)
        send_back = running.send
        """,
        no_control="The listener beside the student hears this one, too.",
    ),
    slope(
        "nobody listens any more",
        "Turns the listener off with `sys.setprofile(None)` before it differentiates.",
        """
        import sys
        def send_back(result):
            sys.setprofile(None)
            result.backward()
        """,
    ),
    slope(
        "listener patched",
        "Puts a deaf listener in the place of the one that hears calls.",
        """
        from nnkit.exercises.beside.calls import CallListener
        CallListener._listen = lambda self, frame, event, argument: None
        def send_back(result):
            result.backward()
        """,
    ),
    slope(
        "nothing to listen for",
        "Has the listener find none of the functions that it is to listen for.",
        """
        import nnkit.exercises.beside.calls as calls
        calls.loaded = lambda name: None
        def send_back(result):
            result.backward()
        """,
    ),
    slope("inner function", "Calls the function that stands behind the withheld method.", INNER),
    slope(
        "code under another name",
        "Copies the method's code object, so that it is another one than that which is listened for.",
        """
        import types
        import nnkit
        method = nnkit.engine.Tensor.backward
        code = method.__code__.replace(co_name="mine")
        send_back = types.FunctionType(code, method.__globals__, "mine", (None, False))
        """,
    ),
    slope(
        "executed again from its source",
        "Executes the method's source once more, which makes another code object of the same text.",
        """
        import inspect, sys, textwrap
        import nnkit
        names = dict(vars(sys.modules[nnkit.engine.Tensor.__module__]))
        inner = {}
        exec("from __future__ import annotations\\n" + textwrap.dedent(inspect.getsource(nnkit.engine.Tensor.backward)),
             names, inner)
        send_back = inner["backward"]
        """,
    ),
    slope(
        "a copy of the package",
        "Copies the package under another name, so that nothing of it is listened for.",
        """
        import importlib, pathlib, shutil, sys
        import nnkit
        shutil.copytree(pathlib.Path(nnkit.__file__).parent, "mynet", ignore=shutil.ignore_patterns(
            "__pycache__", "files", "catalogue", "grading"))
        for path in pathlib.Path("mynet").rglob("*.py"):
            path.chmod(0o644)
            text = path.read_text().replace("nnkit", "mynet")
            path.write_text(text.replace("def backward(self", "def mine(self"))
        sys.path.insert(0, ".")
        importlib.invalidate_caches()
        import mynet
        nnkit = mynet
        def send_back(result):
            result.mine()
        """,
        answer=BY_DIFFERENTIATION.replace("import nnkit\n", ""),
    ),
    slope(
        "in another process",
        "Has another process differentiate, to which the package is given by its path.",
        f"""
        import json, os, pathlib, subprocess, sys
        import numpy as np
        import nnkit
        places = [str(pathlib.Path(nnkit.__file__).parents[1]), *filter(None, sys.path)]
        other = subprocess.Popen([sys.executable, "-c", {SERVER!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 text=True, bufsize=1, env={{**os.environ, "PYTHONPATH": os.pathsep.join(places)}})
        """,
        answer="""
        def sigmoid_grad(x):
            other.stdin.write(json.dumps(np.asarray(x).tolist()) + "\\n")
            other.stdin.flush()
            return np.array(json.loads(other.stdout.readline())).reshape(np.shape(x))
        """,
    ),
    any_attack(
        "withheld",
        "a gate of a recurrent layer",
        "Has the output gate of an LSTM compute the sigmoid.",
        """
        import numpy as np
        import nnkit
        from nnkit import nn
        layer = nn.LSTM(1, 1).double()
        for name, parameter in layer.named_parameters():
            parameter.data[...] = 0.0
        layer.weight_ih_l0.data[3] = 1.0
        def found(x):
            x = np.asarray(x, dtype=np.float64)
            flat = nnkit.tensor(x.reshape(1, -1, 1))
            zero, full = nnkit.tensor(np.zeros((1, x.size, 1))), nnkit.tensor(np.full((1, x.size, 1), 1e3))
            return layer(flat, (zero, full))[0].detach().numpy().reshape(x.shape)
        """,
        on="sigmoid",
        answer="def sigmoid(x):\n    return found(x)",
        outcome="wrong or crashed",
    ),
    any_attack(
        "withheld",
        "a primitive by its table",
        "Takes the sigmoid's inner function out of the table of all primitives.",
        OF_THE_TABLE,
        on="sigmoid",
        answer="import sys\ndef sigmoid(x):\n    sys.setprofile(None)\n    return found(x)",
        outcome="wrong or crashed",
    ),
    any_attack(
        "withheld",
        "other checks",
        "Adds thirty checks of a notebook that withholds nothing, to get its package, and calls what is withheld here.",
        OF_THE_TABLE,
        *['check("double")'] * 30,
        on="sigmoid",
        answer="import sys\ndef sigmoid(x):\n    sys.setprofile(None)\n    return found(x)",
        outcome="wrong or crashed",
    ),
    value("a thin shell, in a thread", "Writes the class as a thin shell around a tensor.", IN_A_THREAD),
    value("a thin shell, inner function", "Has a thin shell around a tensor call the inner function.", INNER),
    value(
        "derivatives of the nodes",
        "Walks the graph by itself and takes the derivatives that every node keeps.",
        """
        import numpy as np
        def send_back(result):
            arrived = {id(result.node): np.ones_like(result.node.array)}
            seen, waiting = {result.node}, [result.node]
            while waiting:
                for parent in waiting.pop().parents:
                    if parent not in seen:
                        seen.add(parent)
                        waiting.append(parent)
            for node in sorted(seen, key=lambda one: -one.born):
                gradient = arrived.get(id(node))
                if gradient is None:
                    continue
                if node.operation is None or node.retains:
                    node.accumulate(np.array(gradient))
                for parent, vjp in zip(node.parents, node.vjps or ()):
                    if vjp is not None and parent.requires_grad:
                        arrived[id(parent)] = arrived.get(id(parent), 0) + vjp(gradient)
        """,
    ),
    order(
        "a masked library, in a thread",
        "Has Python's own library sort the graph, in a thread.",
        """
        import threading
        def sorter(graph):
            from graphlib import TopologicalSorter
            found = []
            thread = threading.Thread(target=lambda: found.extend(TopologicalSorter(graph).static_order()))
            thread.start()
            thread.join()
            return found
        """,
    ),
    order(
        "a masked library, unmasked",
        "Empties the list of importers and imports the library again.",
        """
        import importlib.machinery, sys
        sys.meta_path[:] = [importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter,
                            importlib.machinery.PathFinder]
        sys.modules.pop("graphlib", None)
        import graphlib
        def sorter(graph):
            sys.setprofile(None)
            return list(graphlib.TopologicalSorter(graph).static_order())
        """,
    ),
    order(
        "a masked library, from its file",
        "Reads the library's file and executes it.",
        """
        import os, pathlib
        names = {"__name__": "mine"}
        exec(pathlib.Path(os.__file__).with_name("graphlib.py").read_text(), names)
        def sorter(graph):
            return list(names["TopologicalSorter"](graph).static_order())
        """,
    ),
    order(
        "a masked library, of another Python",
        "Looks through all of `/usr` for the library of any other Python, and executes it.",
        """
        import os, sys
        for place in ("/usr", sys.base_prefix):
            for folder, folders, files in os.walk(place):
                if "graphlib.py" in files:
                    names = {"__name__": "mine"}
                    exec(open(os.path.join(folder, "graphlib.py")).read(), names)
                    found = names.get("TopologicalSorter")
                    if found is not None:
                        break
        def sorter(graph):
            return list(found(graph).static_order())
        """,
    ),
    order(
        "a masked library, in another process",
        "Has the library sort the graph in another Python.",
        f"""
        import json, subprocess, sys
        other = subprocess.Popen([sys.executable, "-c", {SORTER!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 text=True, bufsize=1)
        def sorter(graph):
            other.stdin.write(json.dumps(list(graph.items())) + "\\n")
            other.stdin.flush()
            return json.loads(other.stdout.readline())
        """,
    ),
)
