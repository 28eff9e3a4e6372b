"""What a person may want to look at is listed, honest code is not, and no text whatever stops or fills the list."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nnkit.exercises import evaluate, index
from nnkit.exercises.terms import REPORT_TYPE
from nnkit.grading.marks.signs import (
    CHECKER,
    ENVIRONMENT,
    FILES,
    FRAMES,
    GRADING,
    HIDDEN,
    HISTORY,
    KINDS,
    LIBRARY,
    NETWORK,
    PATCHED,
    PROCESSES,
    SHELL,
    TABLE,
    UNREAD,
    WARNINGS,
    WIRE,
)
from nnkit.grading.marks.student_code import LONGEST_CELL, read_code
from nnkit.grading.marks.suspicion import (
    MOST,
    MOST_CELLS,
    MOST_OF_A_KIND,
    Suspicion,
    suspicion_html,
    suspicion_table,
    suspicions,
)
from nnkit.grading.run.execution import close_sandboxes, sandbox_for
from nnkit.grading.run.notebook import ENDINGS, Plan, grade_notebook
from nnkit.grading.run.sandbox import NONSENSE, why_no_sandbox
from tests.answers import PRELUDE, answers_to

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((REPOSITORY / "solutions").glob("*/*.ipynb"))
LONGEST_QUOTE = 120


def answer(name: str, source: str, **flags: Any) -> NotebookNode:
    given_flags = {"grade": False, "grade_id": name, "locked": False, "schema_version": 3, "solution": True}
    return new_code_cell(source, id=name, metadata={"nbgrader": given_flags | {"task": False} | flags})


def in_a_cell(*sources: str) -> list[Suspicion]:
    imports = new_code_cell("import numpy as np\nfrom nnkit.exercises import check, hint, ready", id="imports")
    cells = [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    return suspicions(new_notebook(cells=[imports, *cells]))


def in_an_answer(exercise: str, source: str, *others: str) -> list[Suspicion]:
    cells = [new_code_cell(other, id=f"other-{number}") for number, other in enumerate(others)]
    return suspicions(new_notebook(cells=[new_code_cell(PRELUDE, id="imports"), *cells, answer(exercise, source)]))


FOUND: dict[str, dict[str, str]] = {
    CHECKER: {
        "the judge": "from nnkit.exercises.judge import verdict",
        "the wire by another name": "import nnkit.exercises as e\nw = e.beside.wire",
        "the catalogue": "import nnkit.exercises.catalogue.welcome.double as d\nd.EXERCISE.reference(2)",
        "a module by its text": "__import__('nnkit.exercises' + '.checking')",
        "grading": "import nnkit.grading",
        "evaluate": "from nnkit.exercises import evaluate",
        "check rebound": "check = lambda name: True",
        "check defined": "def check(name):\n    return True",
        "check imported": "from math import sqrt as check",
        "check by globals": "globals()['check'] = print",
        "a report of one's own": "display({'application/vnd.nnkit.report+json': {}}, raw=True)",
        "the answer to the judge": "r.answer_request = lambda q, n: b''",
        "equal to everything": "class Yes:\n    def __eq__(self, other):\n        return True",
        "the source of check": "check??",
        "ready rebound": "ready = lambda *names: True",
        "the library's file": "import nnkit\nprint(nnkit.__file__)",
    },
    FRAMES: {
        "the frames": "import sys\nsys._getframe(1).f_locals",
        "the frame by another name": "from sys import _getframe as f",
        "all objects": "import gc\n[o for o in gc.get_objects()]",
        "ctypes": "import ctypes",
        "code objects": "f = print.__init__.__code__",
        "globals of a function": "check.__globals__",
        "closures": "check.__closure__[0].cell_contents",
        "subclasses": "().__class__.__base__.__subclasses__()",
        "modules": "import sys\nsys.modules['nnkit']",
        "the profiler": "from sys import *\nsetprofile(None)",
        "getattr with pieces": "import sys\ngetattr(sys, '_get' + 'frame')(0)",
        "by vars": "import sys\nvars(sys)['settrace'](None)",
        "the source of others": "import inspect\ninspect.getsource(check)",
        "a loader": "import importlib.util\nimportlib.util.spec_from_file_location('a', 'b')",
        "a traceback's frame": "try:\n    1 / 0\nexcept Exception as e:\n    e.__traceback__.tb_frame",
        "wide letters": "import sys\nsys.ｓettrace(None)",
    },
    PATCHED: {
        "numpy": "np.allclose = lambda *a, **k: True",
        "several": "np.array_equal = np.isclose = print",
        "a part of numpy": "np.testing.assert_allclose = print",
        "setattr": "setattr(np, 'sum', max)",
        "a class of nnkit": "from nnkit import Tensor\nTensor.__add__ = Tensor.__mul__",
        "by another name": "m = np\nm.dot = print",
        "the dictionary": "np.__dict__['exp'] = print",
        "vars": "vars(np)['exp'] = print",
        "a builtin": "import builtins\nbuiltins.print = len",
        "by a method": "object.__setattr__(np, 'sum', max)",
        "by its own method": "np.__setattr__('sum', max)",
        "the dictionary's method": "vars(np).update(sum=max)",
        "deleted": "del np.linalg.norm",
        "the clock": "import time\ntime.time = lambda: 0",
        "mock": "from unittest import mock\nmock.patch('numpy.sum').start()",
    },
    HIDDEN: {
        "exec of what is made": "exec(''.join(chr(n) for n in [1, 2]))",
        "eval of a variable": "text = input\neval(text())",
        "decoded": "import base64\nexec(base64.b64decode('cHJpbnQ='))",
        "compiled": "exec(compile(np.arange, 'f', 'exec'))",
        "unpickled": "import pickle\npickle.loads(b'abc')",
        "unpickled in one, written by another": "import pickle\npickle.loads(np.dumps([1]))",
        "a module of unknown name": "import importlib\nimportlib.import_module(np.name)",
        "a name of unknown text": "import os\ngetattr(os, np.name)()",
        "names by a method": "globals().update(check=print)",
        "the notebook as a module": "import __main__\n__main__.check = print",
        "names made": "for n in range(3):\n    globals()[f'f{n}'] = n",
    },
    HISTORY: {
        "the input": "In[1]",
        "the input's list": "_ih[-1]",
        "the cell before": "print(_i)",
        "a cell by number": "print(_i12)",
        "the shell's names": "get_ipython().user_ns['x']",
        "the shell kept": "shell = get_ipython()\nshell.history_manager",
        "a transformer": "get_ipython().input_transformers_cleanup.append(print)",
        "events": "get_ipython().events.register('post_run_cell', print)",
        "the magic": "%history -n",
        "recall": "x = 1\n%recall 3",
    },
    SHELL: {
        "above": "!ls ..",
        "in a cell": "%%bash\necho a\ncat ../data.csv",
        "the machine": "!cat /opt/x/y",
        "as a value": "files = !find / -name '*.py'",
        "the magic": "%ls ..",
        "by the shell object": "get_ipython().system('ls /mnt')",
        "another user": "!sudo ls",
        "a link": "!ln -s a b",
        "run as text": "!python -c 'print(1)'",
        "home": "!ls ~",
        "without a sign": "cat ../x",
        "behind a prompt": ">>> !ls ..",
        "moved to the right": "    x = 1\n    !ls ..",
        "measured": "%%time\n%%bash\nls ..",
        "the command unknown": "get_ipython().system(np.name)",
        "by run_line_magic": "get_ipython().run_line_magic('cat', '../x')",
    },
    FILES: {
        "the parent": "open('../data.csv')",
        "the system": "open('/etc/passwd').read()",
        "processes": "with open('/proc/1/environ', 'rb') as f:\n    f.read()",
        "a path": "from pathlib import Path\nPath('/srv/course').iterdir()",
        "two steps": "from pathlib import Path\nPath.cwd().parent.parent",
        "by a slash": "from pathlib import Path\n(Path('a') / '..' / 'b').read_text()",
        "glob": "import glob\nglob.glob('/opt/**/*.py', recursive=True)",
        "joined": "import os\nos.listdir(os.path.join('..', 'x'))",
        "home": "from pathlib import Path\nPath.home()",
        "numpy's reader": "np.load('/mnt/answers.npy')",
        "Windows": r"open('C:\\Users\\me\\x.txt')",
        "a link": "import os\nos.symlink('a', 'b')",
        "the file of a module": "open(np.__file__).read()",
        "in pieces": "open('/pr' + 'oc/self/maps')",
        "bytes": "open(b'/etc/passwd')",
    },
    ENVIRONMENT: {
        "all": "import os\nprint(os.environ)",
        "as a dictionary": "import os\ndict(os.environ)",
        "in a loop": "from os import environ\nfor name in environ:\n    print(name)",
        "a secret": "import os\nos.environ['API_TOKEN']",
        "by getenv": "import os\nos.getenv('JUPYTERHUB_API_TOKEN')",
        "the magic": "%env",
        "the command": "!printenv",
        "unknown": "import os\nos.environ.get(np.name)",
        "a copy": "import os\nos.environ.copy()",
    },
    NETWORK: {
        "a socket": "import socket\nsocket.socket()",
        "urllib": "from urllib.request import urlopen\nurlopen('https://example.org')",
        "requests": "import requests as r\nr.get('https://example.org')",
        "http": "import http.client",
        "a command": "!curl https://example.org",
        "in a bash cell": "%%bash\nx=1 ; wget example.org/a",
        "pandas": "import pandas as pd\npd.read_csv('https://example.org/a.csv')",
        "dynamically": "import importlib\nimportlib.import_module('socket')",
        "mail": "import smtplib",
    },
    PROCESSES: {
        "subprocess": "import subprocess\nsubprocess.run(['ls'])",
        "fork": "import os\nos.fork()",
        "kill": "import os, signal\nos.kill(1, signal.SIGKILL)",
        "an alarm": "import signal\nsignal.alarm(0)",
        "system": "from os import system\nsystem('ls')",
        "exit": "import os\nos._exit(0)",
        "without import": "os.popen('ls')",
        "a thread": "import threading\nthreading.Thread(target=print).start()",
        "a process": "from multiprocessing import Process\nProcess(target=print)",
        "a command": "!ps aux",
        "by getattr": "import os\ngetattr(os, 'sys' + 'tem')('ls')",
        "in a loop": "import os\nfor m in (np, os):\n    m.fork()",
        "as a default": "import os\ndef f(m=os):\n    m.fork()",
        "text that is run": "exec('import os; os.fork()')",
    },
    WIRE: {
        "written": "import os\nos.write(5, b'A')",
        "in a loop": "import os\nfor n in range(64):\n    os.write(n, b'A')",
        "copied": "from os import dup2\ndup2(1, 5)",
        "opened": "open(5, 'wb')",
        "a socket by number": "import socket\nsocket.fromfd(3, 1, 1)",
        "fdopen": "import os\nos.fdopen(4, 'w')",
        "read": "import os\nos.read(4, 100)",
    },
    GRADING: {
        "the gradebook": "import sqlite3\nsqlite3.connect('gradebook.db')",
        "the seed": "grading_seed = 5",
        "the seed's variable": "import os\nos.environ['NNKIT_GRADING_SEED']",
        "nbgrader": "import nbgrader",
        "the solutions": "open('solutions/01/x.ipynb')",
        "hidden cases": "def hidden_cases():\n    pass",
        "an argument": "def f(exercise_seed):\n    return exercise_seed",
        "a command": "!cat autograded/x.ipynb",
        "an attribute": "x.hidden_seed",
    },
}


@pytest.mark.parametrize(
    ("kind", "source"),
    [(kind, source) for kind, sources in FOUND.items() for source in sources.values()],
    ids=[f"{kind}: {label}" for kind, sources in FOUND.items() for label in sources],
)
def test_what_reaches_beyond_the_notebook_is_listed(kind: str, source: str) -> None:
    assert kind in {one.kind for one in in_a_cell(source)}


HONEST = {
    "prints": "print('nothing in /etc/passwd and no gradebook here')",
    "a docstring": 'def f(x):\n    """Not __globals__ nor /proc/self."""\n    return x',
    "a comment": "# sys._getframe, os.system('ls ..')\nx = 1",
    "numpy's seed": "np.random.seed(0)\nrng = np.random.default_rng(7)\nseed = 3",
    "time": "import time\nstart = time.perf_counter()\ntime.sleep(0.1)\nprint(time.time() - start)",
    "matplotlib": "import matplotlib.pyplot as plt\n%matplotlib inline\nplt.rcParams['figure.figsize'] = 5, 3\n"
    "plt.savefig('picture.png')",
    "a file beside the notebook": "import os\nif os.path.exists('data.csv'):\n    rows = open('data.csv').readlines()",
    "a helper": "from helper import f\nimport helper as h\nh.g(1)",
    "a relative path": "from pathlib import Path\nfolder = Path('data')\n(folder / 'x.npy').parent.mkdir()\n"
    "np.save(folder / 'x.npy', np.ones(2))",
    "the working folder": "import os\nprint(os.getcwd(), os.listdir('.'), os.cpu_count())",
    "Colab": "from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content/drive/MyDrive/course\n"
    "!pip install numpy matplotlib",
    "is this Colab": "import sys\nif 'google.colab' in sys.modules or 'x' in str(get_ipython()):\n"
    "    print(sys.version)",
    "magics": "%load_ext autoreload\n%autoreload 2\n%time x = np.ones(3)\n%timeit -n 10 np.ones(3)",
    "a timed cell": "%%time\nfor i in range(3):\n    print(i)",
    "a shell cell": "%%bash\npwd\nls\necho done",
    "shell lines": "!ls\n!pwd\nfiles = !ls data\n!head -3 data.csv\n!nvidia-smi",
    "help": "np.sum?\n?np.exp\nhelp(np.sum)\ncheck?",
    "settings in the environment": "import os\nos.environ['OMP_NUM_THREADS'] = '1'\n"
    "os.environ.setdefault('MPLBACKEND', 'agg')\nprint(os.environ.get('COLAB_GPU'))",
    "warnings": "import warnings\nwarnings.filterwarnings('ignore')\nnp.seterr(all='ignore')",
    "old names of numpy": "np.float = float\nnp.int = int\nnp.bool = bool",
    "what is printed, caught": "import sys, io\nold, sys.stdout = sys.stdout, io.StringIO()\nsys.stdout = old",
    "a signature": "import inspect\nprint(inspect.signature(np.sum))",
    "one's own source": "import inspect\ndef f(x):\n    return x\nprint(inspect.getsource(f))",
    "garbage": "import gc\ngc.collect()",
    "own attributes": "class Node:\n    def __init__(self, value):\n        self.value = value\n"
    "    def __eq__(self, other):\n        return self.value == other.value\n"
    "node = Node(1)\nnode.value = 2\nsetattr(node, 'grad', 0)",
    "an object's parts": "from nnkit import nn\nlayer = nn.Linear(2, 3)\nlayer.weight = None\nprint(layer.__dict__)",
    "parts by name": "for name in ('weight', 'bias'):\n    print(getattr(layer, name))",
    "a constant that is evaluated": "print(eval('2 + 3'))",
    "a model that is evaluated": "model.eval()\ndf.eval('a + b')",
    "asyncio": "import asyncio\nawait asyncio.sleep(0)",
    "the recursion limit": "import sys\nsys.setrecursionlimit(5000)\nsys.exit",
    "check caught": "from nnkit.exercises import CheckFailed\ntry:\n    check('double')\nexcept CheckFailed as e:\n"
    "    print(e)",
    "check inside": "def train(check=True):\n    check = check and True\n    return check",
    "trace as a value": "trace = np.trace(np.eye(3))\nhint = 'no'",
    "a name that means itself": "inside = np.ones(3) > 0\nsignal = np.sin(inside)\nsocket_size = 3\n"
    "In, Out = 3, 4\nIn + Out",
    "loops over _i": "for _i in range(3):\n    print(_i)",
    "deep copies": "import copy, pickle\ny = copy.deepcopy([1])\npickle.dump(y, open('y.pkl', 'wb'))",
    "copies by writing and reading": "import pickle\ny = pickle.loads(pickle.dumps([1]))\ny.append(2)",
    "a temporary folder": "import tempfile\nwith tempfile.TemporaryDirectory() as d:\n    open('/tmp/x.txt', 'w')",
    "division of numbers": "x = 3 / 2\ny = np.ones(3) / 'x'.__len__()",
    "a link in text": "print('https://numpy.org/doc')\nurl = 'https://numpy.org'",
    "parsing an address": "from urllib.parse import urlparse\nurlparse('https://numpy.org').netloc",
    "a name of a module for a value": "from nnkit import data, tensor\ndata = np.ones(3) @ np.ones(3)\n"
    "data.grad = None\ndef f(tensor):\n    tensor.grad = None",
    "a folder of modules": "import sys\nsys.path.append('..')\nsys.path.insert(0, 'src')",
    "half a cell": "def f(x:\n    retrun x",
    "nothing": "",
}


@pytest.mark.parametrize("source", HONEST.values(), ids=HONEST)
def test_honest_look_alikes_are_not_listed(source: str) -> None:
    assert suspicion_table(in_a_cell(source)) == "Nothing was noted."


TABLES = {
    "a long list": f"values = {[n * n for n in range(100)]}\ndef double(x):\n    return values[x]",
    "exact numbers": f"def double(x):\n    table = {[n / 7 for n in range(1, 20)]}\n    return table[int(x)]",
    "by input": f"known = { ({n: 2.0 * n for n in range(10)}) }\ndef double(x):\n    return known[x]",
    "by several": f"def double(x):\n    return { ({(n, n + 2): n for n in range(10)}) }[x]",
    "by bytes": f"def double(x):\n    return { ({bytes([n]): n for n in range(10)}) }[x]",
    "branches": "def double(x):\n" + "".join(f"    if x == {n}:\n        return {2 * n}\n" for n in range(5)),
    "nearly equal": "def double(x):\n"
    + "".join(f"    if np.allclose(x, [{n}, 1]):\n        return np.array([{2 * n}, 2])\n" for n in range(5)),
    "matched": "def double(x):\n    match x:\n"
    + "".join(f"        case {n}:\n            return {2 * n}\n" for n in range(5)),
    "a blob": f"blob = '{'QUJD' * 200}'\ndef double(x):\n    return blob",
    "numbers as text": f"blob = '''{' '.join(f'{n / 7:.6f}' for n in range(100))}'''\ndef double(x):\n    return blob",
}


@pytest.mark.parametrize("source", TABLES.values(), ids=TABLES)
def test_an_answer_that_may_be_looked_up_is_listed(source: str) -> None:
    found = [one for one in in_an_answer("double", source) if one.kind == TABLE]
    assert found
    assert {one.exercise for one in found} == {"double"}


def test_a_table_is_found_where_an_answer_uses_it_and_only_there() -> None:
    table = f"known = {[n / 7 for n in range(30)]}"
    assert in_a_cell(table) == []
    assert in_an_answer("double", "def double(x):\n    return 2 * x", table) == []
    found = in_an_answer("double", "def double(x):\n    return look(x)", table, "def look(x):\n    return known[x]")
    assert [(one.cell, one.exercise, one.kind) for one in found] == [("other-0", "double", TABLE)]


SMALL_TABLES = {
    "a kernel": "def double(x):\n    kernel = [[1, 4, 6, 4, 1]] * 5\n    return kernel",
    "a kernel, written out": f"kernel = {[[1, 2, 3, 2, 1]] * 5}\ndef double(x):\n    return kernel",
    "a truth table": f"def double(x):\n    return { ({(n // 4, n // 2 % 2, n % 2): n % 2 for n in range(8)}) }",
    "labels": f"names = { ({n: f'digit {n}' for n in range(10)}) }\ndef double(x):\n    return names[x]",
    "letters": f"places = { ({chr(97 + n): n for n in range(26)}) }\ndef double(x):\n    return places[x]",
    "pieces": "def double(x):\n    if x < 0:\n        return 0\n    if x == 0:\n        return 0.5\n    return 1",
    "kinds": "def double(x):\n" + "".join(f"    if x == 'k{n}':\n        return {n}\n" for n in range(6)),
    "a cache": "cache = {}\ndef double(x):\n    if x not in cache:\n        cache[x] = 2 * x\n    return cache[x]",
    "words": f"def double(x):\n    return '{'some words of an answer ' * 40}'",
    "a range": "def double(x):\n    return np.linspace(0, 1, 1000)[x]",
}


@pytest.mark.parametrize("source", SMALL_TABLES.values(), ids=SMALL_TABLES)
def test_what_honest_answers_hold_is_no_table(source: str) -> None:
    assert in_an_answer("double", source) == []


SHELLS = {
    "torch": ("softmax_cross_entropy", "import torch.nn.functional as F\ndef softmax_cross_entropy(s, y):\n    "
              "return F.cross_entropy(s, y)"),
    "scipy": ("sigmoid", "from scipy.special import expit\ndef sigmoid(z):\n    return expit(z)"),
    "scipy, as a name": ("sigmoid", "import scipy.special as sp\nsigmoid = sp.expit"),
    "scipy.signal": ("convolve_image", "from scipy import signal\ndef convolve_image(image, kernel):\n    "
                     "return signal.correlate2d(image, kernel, 'valid')"),
    "the library": ("conv2d_forward", "import nnkit\ndef conv2d_forward(x, w, b, stride=1, pad=0):\n    "
                    "return nnkit.functional.conv2d(x, w, b, stride, pad)"),
    "by getattr": ("sigmoid", "import scipy.special\ndef sigmoid(z):\n    "
                   "return getattr(scipy.special, 'ex' + 'pit')(z)"),
    "graphlib": ("topological_sort", "def topological_sort(node):\n    import graphlib\n    "
                 "return graphlib.TopologicalSorter()"),
}  # fmt: skip


@pytest.mark.parametrize(("exercise", "source"), SHELLS.values(), ids=SHELLS)
def test_a_shell_around_what_is_withheld_is_listed(exercise: str, source: str) -> None:
    found = [one for one in in_an_answer(exercise, source) if one.kind == LIBRARY]
    assert {one.exercise for one in found} == {exercise}


def test_a_shell_is_found_behind_helpers_and_in_files_beside_the_notebook() -> None:
    calls = "def sigmoid(z):\n    return helper(z)"
    helper = (
        "import scipy.special\ndef helper(z):\n    return deeper(z)\ndef deeper(z):\n    return scipy.special.expit(z)"
    )
    assert [one.cell for one in in_an_answer("sigmoid", calls, helper)] == ["other-0"]
    notebook = new_notebook(cells=[answer("sigmoid", "import tools\ndef sigmoid(z):\n    return tools.helper(z)")])
    found = suspicions(notebook, files={"tools.py": helper.encode(), "notes.txt": b"import socket"})
    assert [(one.cell, one.exercise, one.line, one.kind) for one in found] == [("tools.py", "sigmoid", 5, LIBRARY)]


def test_a_value_that_is_a_tensor_underneath_is_listed() -> None:
    source = (
        "import nnkit\nclass Value:\n    def __init__(self, data):\n        self.t = nnkit.tensor(data)\n"
        "    def backward(self):\n        self.t.backward()"
    )
    name = next(
        name for name in index.notebooks()["automatic_differentiation"] if index.find(name).student_name == "Value"
    )
    assert [one.kind for one in in_an_answer(name, source)] == [LIBRARY]


def test_comparing_with_a_library_is_no_shell() -> None:
    own = "def sigmoid(z):\n    p = 1 / (1 + np.exp(-z))\n    return p"
    below = own + "\nfrom scipy.special import expit\nassert np.allclose(sigmoid(np.ones(2)), expit(np.ones(2)))"
    apart = "import torch\nimport scipy.special\np = scipy.special.expit(1.0)\nprint(torch.sigmoid(torch.ones(2)), p)"
    assert in_an_answer("sigmoid", below, apart) == []
    elsewhere = "from scipy.linalg import svd\ndef sigmoid(z):\n    return svd(z)"
    assert in_an_answer("sigmoid", elsewhere) == []


QUIET = {
    "caught": "import warnings\ndef {name}(*x):\n    with warnings.catch_warnings():\n        return x",
    "recorded": "import warnings as w\ndef {name}(*x):\n    with w.catch_warnings(record=True):\n        return x",
    "filtered": "def {name}(*x):\n    import warnings\n    warnings.simplefilter('ignore')\n    return x",
    "by its own name": "from warnings import filterwarnings as f\ndef {name}(*x):\n    f('ignore')\n    return x",
    "the way of showing": "import warnings\ndef {name}(*x):\n    warnings.warn_explicit\n    return x",
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET)
def test_hiding_warnings_is_listed_where_a_warning_counts(source: str) -> None:
    quiet = next(name for name in index.names() if index.find(name).quiet)
    loud = next(name for name in index.names() if not index.find(name).quiet)
    assert [one.kind for one in in_an_answer(quiet, source.format(name=index.find(quiet).student_name))] == [WARNINGS]
    assert in_an_answer(loud, source.format(name=index.find(loud).student_name)) == []
    own_word = "def {name}(*x):\n    with np.errstate(over='ignore'):\n        return x"
    assert in_an_answer(quiet, own_word.format(name=index.find(quiet).student_name)) == []


def test_every_kind_has_its_examples() -> None:
    assert min(map(len, [*FOUND.values(), TABLES, SHELLS, QUIET])) >= 5
    assert set(FOUND) | {TABLE, LIBRARY, WARNINGS, UNREAD} == set(KINDS)


# -- honest people ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_nothing_is_listed_of_a_notebook_that_is_solved(path: Path) -> None:
    solved = nbformat.read(path, as_version=4)
    released = nbformat.read(REPOSITORY / "course" / path.relative_to(REPOSITORY / "solutions"), as_version=4)
    assert suspicion_table(suspicions(solved, released)) == "Nothing was noted."
    assert suspicions(released, released) == []


@pytest.mark.parametrize("notebook", index.notebooks())
def test_nothing_is_listed_of_any_known_answer_right_or_wrong(notebook: str) -> None:
    for name in index.notebooks()[notebook]:
        known = answers_to(name)
        for sources in (known.right, known.wrong, known.promises):
            for label, source in sources.items():
                found = in_an_answer(name, source, *filter(None, [known.provided]))
                assert suspicion_table(found) == "Nothing was noted.", (name, label)


# -- what was handed out ----------------------------------------------------------------------------------------------


def test_the_released_text_is_never_listed_and_what_is_added_to_it_is() -> None:
    given_cell = new_code_cell("import os\nos.system('ls')\nprint(\n    os.environ\n)", id="given")
    released = new_notebook(cells=[given_cell, answer("double", "def double(x):\n    raise NotImplementedError")])
    notebook = new_notebook(cells=[given_cell, answer("double", "def double(x):\n    return 2 * x")])
    assert suspicions(notebook, released) == []
    assert {one.cell for one in suspicions(notebook)} == {"given"}
    changed = new_code_cell("import os  \nos.system('ls')\nprint(\n    os.environ\n)\nos.kill(1, 9)", id="given")
    found = suspicions(new_notebook(cells=[changed]), released)
    assert [(one.line, one.quote) for one in found] == [(6, "os.kill(1, 9)")]


def test_what_the_course_itself_uses_a_reader_may_use() -> None:
    shown = new_code_cell("from nnkit.exercises import evaluate\nevaluate('double', {})", id="given")
    mine = new_code_cell("from nnkit.exercises import evaluate as e\ne('double', {'double': abs})", id="mine")
    assert suspicions(new_notebook(cells=[mine]), new_notebook(cells=[shown])) == []
    assert [one.kind for one in suspicions(new_notebook(cells=[mine]), new_notebook())] == [CHECKER] * 2


def test_locked_cells_are_the_courses_own() -> None:
    locked = answer("test_double", "import nnkit.grading", locked=True, solution=False, grade=True)
    assert suspicions(new_notebook(cells=[locked])) == []


def test_the_names_of_given_cells_mean_the_same_below() -> None:
    released = new_notebook(cells=[new_code_cell("import os as system", id="given")])
    notebook = new_notebook(cells=[*released.cells, new_code_cell("system.fork()", id="mine")])
    assert [(one.cell, one.kind) for one in suspicions(notebook, released)] == [("mine", PROCESSES)]


def test_nothing_is_changed() -> None:
    notebook = new_notebook(cells=[new_code_cell("!curl x", id="a"), new_markdown_cell("os.fork()", id="b")])
    before = nbformat.writes(notebook)
    assert len(suspicions(notebook)) == 1
    assert nbformat.writes(notebook) == before


# -- what grading has seen --------------------------------------------------------------------------------------------


def test_nonsense_on_the_line_is_listed() -> None:
    cell = new_code_cell("speak()", id="speaks")
    cell.outputs = [new_output("error", ename="KernelDied", evalue=ENDINGS[NONSENSE][1] + " Not run again.")]
    found = suspicions(new_notebook(cells=[cell]))
    assert [(one.cell, one.line, one.kind) for one in found] == [("speaks", 0, WIRE)]


@pytest.mark.skipif(bool(why_no_sandbox()), reason=f"no sandbox here: {why_no_sandbox()}")
def test_what_a_process_really_sends_is_listed_also_where_the_text_hides_it() -> None:
    speaks = "import os\nfor n in range(3, 64):\n    try: os.write(n, b'A\\0\\0\\0\\2{}')\n    except OSError: pass"
    hidden = f"exec(bytes({list(speaks.encode())}).decode())"
    check = answer("test_double", 'check("double")', grade=True, solution=False, locked=True, points=2)
    sources = ["from nnkit.exercises import check", hidden]
    notebook = new_notebook(
        cells=[*map(new_code_cell, sources), answer("double", "def double(x): return 2 * x"), check]
    )
    try:
        grade_notebook(notebook, sandbox_for("welcome", True), Plan("5" * 64, cell_seconds=20))
    finally:
        close_sandboxes()
    found = suspicions(notebook)
    assert HIDDEN in {one.kind for one in found}
    assert WIRE in {one.kind for one in found if one.line == 0}
    control = new_notebook(cells=[new_code_cell(hidden)])
    assert WIRE not in {one.kind for one in suspicions(control)}


def test_an_answer_that_calls_what_it_is_to_write_is_listed_from_its_report() -> None:
    import nnkit

    names = {"sigmoid": lambda z: nnkit.functional.sigmoid(nnkit.tensor(z)).numpy()}
    report = evaluate("sigmoid", names)
    cell = answer("test_sigmoid", 'check("sigmoid")', locked=True, solution=False, grade=True)
    cell.outputs = [new_output("display_data", data={REPORT_TYPE: report.data()})]
    found = suspicions(new_notebook(cells=[cell]))
    assert [(one.cell, one.exercise, one.kind) for one in found] == [("test_sigmoid", "sigmoid", LIBRARY)]


# -- whatever is written ----------------------------------------------------------------------------------------------


def test_a_line_is_named_and_quoted() -> None:
    (found,) = in_a_cell("x = 1\n\n    \nimport socket  # why?")
    assert (found.cell, found.exercise, found.line, found.quote) == ("cell-0", "", 4, "import socket  # why?")


def test_commands_do_not_shift_the_lines() -> None:
    found = in_a_cell("%matplotlib inline\n!ls \\\n  -l\nx = !ls\nimport socket")
    assert [(one.line, one.quote) for one in found] == [(5, "import socket")]


@pytest.mark.parametrize(
    "source",
    [
        "import socket\n" + "#" * LONGEST_CELL,
        "x" * (LONGEST_CELL + 1),
        "x = 1\n" * LONGEST_CELL,
        "'''" + "\n" * LONGEST_CELL,
        "(" * (10 * LONGEST_CELL),
    ],
    ids=["a comment", "one line", "many lines", "no end", "brackets"],
)
def test_what_is_too_long_to_be_read_is_said(source: str) -> None:
    assert UNREAD in {one.kind for one in in_a_cell(source)}


def test_a_notebook_of_too_many_cells_is_said_and_the_list_has_an_end() -> None:
    many = in_a_cell(*["import socket, os\nos.fork()"] * (MOST_CELLS + 5))
    assert len(many) == MOST
    assert many[-1].kind == UNREAD
    assert UNREAD in {one.kind for one in in_a_cell(*["x = 1"] * (MOST_CELLS + 5))}
    few = in_a_cell("\n".join(["import os", *["os.fork()"] * 20]))
    assert len(few) == MOST_OF_A_KIND
    assert "17 more lines" in few[-1].sentence


NASTY = ["\x1b[31m", "\u202e", "\ud800", "\0", "\r", "\x0b", "\u2028", "<script>", "&", "`", "́", "\U000e0041", "\t"]
PIECES = [source for sources in FOUND.values() for source in sources.values()]


@given(
    st.lists(
        st.one_of(
            st.text(st.characters(), max_size=60),
            st.sampled_from([*NASTY, *PIECES, "\n", "%", "!", "%%bash\n", ">>> ", "("]),
        ),
        max_size=12,
    ).map("".join)
)
@example("os.system(" * 200)
@example("\ud800import socket")
@example("import socket\0")
@example("-" * 30_000 + "1")
@example("x" + ".a" * 15_000)
@example("1" + "+1" * 15_000)
@example("9" * 10_000)
@example("[" * 90 + "1," * 10_000 + "]" * 90)
@example("%x\n" * 10_000)
@example("a=b;b=a;" * 4_000)
@example("%%time\n" * 4_000)
@example(">>> %%time\n" * 2_000)
def test_no_text_stops_the_reading_and_every_line_is_harmless(source: str) -> None:
    notebook = new_notebook(cells=[answer("sigmoid", source), new_code_cell(source, id="again")])
    found = suspicions(notebook, files={"a.py": source})
    assert len(found) <= MOST
    for one in found:
        for text in (one.cell, one.exercise, one.quote, one.kind, one.sentence):
            assert text.isprintable()
            assert len(text) <= 300
        assert len(one.quote) <= LONGEST_QUOTE
        assert one.kind in KINDS
        assert one.line <= source.count("\n") + source.count("\r") + 1
    page = suspicion_html(found)
    assert "<script" not in page
    assert suspicion_table(found).replace("\n", "").isprintable()


def test_the_time_does_not_grow_with_the_square_of_the_text() -> None:
    """Calls are counted, not seconds: twice the text takes hardly more than twice the steps."""

    def steps(count: int) -> int:
        made = ["a=b;b=a;import os;os.x=open(1);\n" * count, "def f(x):\n" + " if x==1: y=2\n" * count, "%x\n" * count]
        notebook = new_notebook(cells=[answer(f"sigmoid{place}", source) for place, source in enumerate(made)])
        calls = 0

        def count_calls(frame: Any, event: str, argument: Any) -> None:
            nonlocal calls
            calls += 1

        before = sys.getprofile()
        sys.setprofile(count_calls)
        try:
            suspicions(notebook)
        finally:
            sys.setprofile(before)
        return calls

    steps(10)
    assert steps(400) < 3 * steps(200)


@pytest.mark.parametrize(
    "flags", [None, 5, [], {"grade_id": None}, {"grade_id": ["x"], "solution": 1}, {"grade_id": "<b>\n" * 90}]
)
def test_metadata_that_is_none_is_read_as_none(flags: Any) -> None:
    cell = new_code_cell("import socket", id="a")
    cell.metadata["nbgrader"] = flags
    (found,) = suspicions(new_notebook(cells=[cell]))
    assert len(found.cell) <= 64
    assert found.cell.isprintable()


# -- how it is shown --------------------------------------------------------------------------------------------------


def test_a_page_shows_the_text_and_runs_none_of_it() -> None:
    attack = "<img src=x onerror=alert(1)>\"'&"
    page = suspicion_html([Suspicion(attack, attack, 1, attack, attack, attack)])
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;&quot;&#x27;&amp;") == 5
    assert not any(active in page for active in ("<script", "href", 'src="', "style", "http"))
    assert suspicion_html([]) == "<p>Nothing was noted.</p>"


def test_the_sentences_accuse_nobody() -> None:
    sentences = {one.sentence for kinds in FOUND.values() for source in kinds.values() for one in in_a_cell(source)}
    accusing = ("cheat", "fraud", "illegal", "forbidden", "dishonest", "attack", "plagiar")
    assert not [sentence for sentence in sentences if any(word in sentence.lower() for word in accusing)]
    assert all(sentence.endswith((".", "?")) for sentence in sentences)


@pytest.mark.parametrize(
    ("source", "magics"),
    [
        ("%%bash\nls", ["!", "!"]),
        ("!ls -l", ["!"]),
        ("x = !ls", ["!"]),
        ("x = %pwd", ["pwd"]),
        ("  %cd ..", ["cd"]),
        ("  x = 1\n  %cd ..", ["cd"]),
        (">>> x = 1\n>>> %cd ..", ["cd"]),
        ("%%time\n%%bash\nls", ["time", "!", "!"]),
        ("%%time\n%ls\nx = 1", ["time", "ls"]),
        ("np.sum?", ["?"]),
        ("x = '''\n%no\n'''", []),
        ("x = 5 % 3\ny = x != 4", []),
    ],
)
def test_commands_are_told_from_python(source: str, magics: list[str]) -> None:
    code = read_code(source)
    assert code.tree is not None
    assert [command.magic for command in code.commands] == magics


def test_files_that_are_no_python_are_left_alone() -> None:
    files: Mapping[str, str | bytes] = {
        "a.csv": "os.fork()",
        "b.py": b"\xff\xfe import socket",
        "c.py": "import socket",
    }
    assert {one.cell for one in suspicions(new_notebook(cells=[]), files=files)} == {"b.py", "c.py"}
