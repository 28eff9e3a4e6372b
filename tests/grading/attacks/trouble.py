"""Honest trouble: what right answers bring along from other programs, other habits and other times; all points."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from tests.grading.attacks.attack import HONEST, Attack
from tests.grading.attacks.course import POINTS, SMALL
from tests.grading.attacks.making import RIGHT, cell, solved, write

Change = Callable[[NotebookNode], None]


def entry(
    name: str,
    sentence: str,
    *cells: str,
    files: Mapping[str, str] | None = None,
    change: Change | None = None,
    saved: Callable[[NotebookNode], bytes] | None = None,
    behind: str = "imports",
    **answers: str,
) -> Attack:
    """An honest notebook with cells of its own, other answers, files beside it, changed or saved in another way."""

    def hand_in(course: Path, folder: Path) -> None:
        notebook = solved(course, *cells, behind=behind, **answers)
        if change is not None:
            change(notebook)
        path = write(notebook, folder)
        if saved is not None:
            path.write_bytes(saved(notebook))
        for place, text in (files or {}).items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_text(text, encoding="utf-8")

    return Attack(
        HONEST,
        name,
        sentence,
        hand_in,
        POINTS[SMALL],
        RIGHT,
        no_control="Nothing is attacked.",
        student=f"honest {name}",
    )


# -- as other programs save notebooks ---------------------------------------------------------------------------------


def colab(notebook: NotebookNode) -> None:
    notebook.metadata = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    for one in notebook.cells:
        one.metadata["id"] = one["id"]
        one.metadata["outputId"] = "42"
        one.metadata["colab"] = {"base_uri": "https://localhost:8080/"}


def vs_code(notebook: NotebookNode) -> None:
    for number, one in enumerate(notebook.cells):
        one["id"] = f"{number:08x}"
        one.metadata["vscode"] = {"languageId": "python"}
    notebook.metadata["kernelspec"] = {"name": ".venv", "display_name": ".venv (3.12.1)", "language": "python"}


def jupyterlite(notebook: NotebookNode) -> None:
    notebook.metadata["kernelspec"] = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    for one in notebook.cells:
        one.metadata["trusted"] = True


def deepnote(notebook: NotebookNode) -> None:
    notebook.metadata = {"deepnote": {}, "deepnote_notebook_id": "1", "orig_nbformat": 2}
    for number, one in enumerate(notebook.cells):
        one["id"] = f"{number:032x}"
        one.metadata.update(cell_id=one["id"], deepnote_cell_type="code", source_hash="1", allow_embed=False)


def without_ids(minor: int) -> Callable[[NotebookNode], bytes]:
    def saved(notebook: NotebookNode) -> bytes:
        content = json.loads(nbformat.writes(notebook))
        content["nbformat_minor"] = minor
        for one in content["cells"]:
            del one["id"]
            if one["cell_type"] == "code" and minor < 1:
                one["collapsed"] = False
        return json.dumps(content).encode()

    return saved


def version_3(notebook: NotebookNode) -> bytes:
    """As IPython 2 wrote notebooks."""
    cells: list[dict[str, Any]] = []
    for one in notebook.cells:
        given = {"cell_type": one.cell_type, "metadata": dict(one.metadata)}
        if one.cell_type == "code":
            cells.append(given | {"input": one.source, "language": "python", "outputs": [], "collapsed": False})
        else:
            cells.append(given | {"source": one.source})
    content = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    return json.dumps(content).encode()


def with_crlf(notebook: NotebookNode) -> bytes:
    """Windows' ends of lines, in the file and in the cells."""
    for one in notebook.cells:
        one.source = one.source.replace("\n", "\r\n")
    return nbformat.writes(notebook).replace("\n", "\r\n").encode()


def with_tabs(notebook: NotebookNode) -> None:
    """Pasted from an editor that indents by tabs, with empty lines behind it."""
    one = cell(notebook, "double")
    one.source = one.source.replace("    ", "\t") + "\n\n\n"


def with_outputs(notebook: NotebookNode) -> None:
    """As it was left at home: with outputs, an error among them, and cells run in another order."""
    for number, one in enumerate(one for one in notebook.cells if one.cell_type == "code"):
        one.execution_count = 90 - number
        one.outputs = [
            new_output("stream", name="stderr", text="a warning of last week"),
            new_output("error", ename="CheckFailed", evalue="not yet", traceback=["not yet"]),
        ]


ATTACKS: tuple[Attack, ...] = (
    # Noise and time.
    entry(
        "warnings in a plain test",
        "An answer warns where an ordinary test, without a check, calls it.",
        triple="import warnings\n\ndef triple(x):\n    warnings.warn('careful')\n    return three * x",
    ),
    entry(
        "warnings",
        "NumPy warns of a division by zero in the answer.",
        double="import numpy as np\n\ndef double(x):\n    np.float64(1.0) / np.float64(0.0)\n    np.log(np.zeros(2))\n"
        "    return 2 * x",
    ),
    entry(
        "warnings as errors",
        "Warnings are errors from here on.",
        "import warnings\nwarnings.simplefilter('error')\nimport numpy as np\nnp.seterr(all='raise')",
    ),
    entry(
        "stderr of programs",
        "Programs that the notebook starts write to the standard error stream.",
        "!echo careful >&2",
        "%%bash\necho careful >&2",
        "import os\nos.write(2, b'careful')",
        behind="double",
    ),
    entry(
        "progress bar",
        "A bar of progress is drawn and drawn again.",
        "import sys, time\nfor share in range(50):\n    print(f'\\r{share} %', end='', file=sys.stderr, flush=True)\n"
        "    time.sleep(0.005)",
    ),
    entry(
        "slow",
        "The answer is right and takes its time.",
        "import time\ntime.sleep(0.8)",
        double="import time\n\ndef double(x):\n    time.sleep(0.05)\n    return 2 * x",
    ),
    entry(
        "many pictures",
        "Draws more pictures than anybody looks at.",
        "import matplotlib.pyplot as plt\nfor number in range(14):\n    plt.figure(figsize=(1, 1))\n"
        "    plt.plot([number, 1])\n    plt.show()",
    ),
    # Kinds of answers.
    entry(
        "float32",
        "Works in float32.",
        double="import numpy as np\n\ndef double(x):\n    return np.asarray(x, dtype=np.float32) * np.float32(2)",
    ),
    entry(
        "lists",
        "Returns lists.",
        double="import numpy as np\n\ndef double(x):\n    return (2 * np.asarray(x)).tolist()",
    ),
    entry("lambda", "The answer is a lambda.", double="double = lambda x: x + x"),
    entry(
        "object",
        "The answer is an object that can be called.",
        double="class Doubler:\n    def __call__(self, x):\n        return x * 2\n\ndouble = Doubler()",
    ),
    entry(
        "decorated",
        "The answer is decorated, counted and documented.",
        double="import functools\n\ndef counted(function):\n    @functools.wraps(function)\n    def wrapper(*values):\n"
        "        wrapper.calls += 1\n        return function(*values)\n    wrapper.calls = 0\n    return wrapper\n\n"
        "@counted\ndef double(x):\n    '''Twice x.'''\n    return 2 * x",
    ),
    # What IPython understands.
    entry("timed", "Cells begin with %%time.", double="%%time\ndef double(x):\n    return 2 * x"),
    entry(
        "captured",
        "Cells begin with %%capture.",
        double="%%capture said\nprint('quiet')\ndef double(x):\n    return 2 * x",
    ),
    entry(
        "shell",
        "%%bash, !, %cd, %ls and %env.",
        "%%bash\necho two > factor.txt",
        "!cat factor.txt",
        "%mkdir -p work\n%cd work\n%ls\n%cd ..\n%env MINE=1",
        double="def double(x):\n    assert open('factor.txt').read()\n    return 2 * x",
    ),
    entry(
        "await",
        "Top-level await.",
        "import asyncio\nasync def two():\n    await asyncio.sleep(0)\n    return 2\n\nfactor = await two()",
        double="def double(x):\n    return factor * x",
    ),
    entry("reset", "Clears everything at the top, as the notebook was begun anew.", "%reset -f", behind="title"),
    entry(
        "run",
        "%run, %load_ext and %autoreload.",
        "%load_ext autoreload\n%autoreload 2\n%run helper.py\nfrom helper import factor",
        files={"helper.py": "factor = 2"},
        double="def double(x):\n    return factor * x",
    ),
    entry(
        "exits",
        "Leaves with exit() and quit() at the end of a cell.",
        "exit()",
        "quit",
        "raise SystemExit(0)",
        behind="double",
    ),
    entry(
        "debugger",
        "Has left a breakpoint and %debug.",
        "1 / 0",
        "%debug",
        "breakpoint()",
        "import pdb; pdb.set_trace()",
        behind="double",
    ),
    entry(
        "crashes",
        "Cells of trial and error, with all kinds of errors.",
        "1 / 0",
        "this is no Python",
        "nothing_of_this_name",
        "raise BaseException('all')",
        "import no_such_package",
        behind="double",
    ),
    # Files beside.
    entry(
        "helper",
        "A helper file beside the notebook.",
        files={"helper.py": "def twice(x):\n    return 2 * x"},
        double="from helper import twice\n\ndef double(x):\n    return twice(x)",
    ),
    entry(
        "helper package",
        "A package of helpers and data in folders.",
        files={
            "tools/__init__.py": "",
            "tools/twice.py": "from .factor import factor\ndef twice(x):\n    return factor * x",
            "tools/factor.py": "import pathlib\nfactor = int(pathlib.Path('data/factor.txt').read_text())",
            "data/factor.txt": "2",
        },
        double="from tools.twice import twice\n\ndef double(x):\n    return twice(x)",
    ),
    entry(
        "written files",
        "Writes a module and imports it.",
        "%%writefile mine.py\nfactor = 2",
        double="import mine\n\ndef double(x):\n    return mine.factor * x",
    ),
    # Other programs.
    entry(
        "Colab",
        "Saved by Colab, with cells that only work there.",
        "from google.colab import drive\ndrive.mount('/content/drive')",
        "!pip install numpy\n%cd /content/drive/MyDrive",
        '#@title Settings\nfactor = 2 #@param {type:"number"}',
        change=colab,
        saved=without_ids(0),
        double="def double(x):\n    return factor * x",
    ),
    entry("VS Code", "Saved by VS Code, with ids of its own and the kernel of a folder.", "#%% a cell", change=vs_code),
    entry(
        "JupyterLite",
        "Saved by JupyterLite.",
        "%pip install -q numpy",
        "import piplite\nawait piplite.install('numpy')",
        change=jupyterlite,
    ),
    entry("Deepnote", "Saved by Deepnote.", change=deepnote),
    entry("version 3", "A notebook as IPython 2 wrote it.", saved=version_3),
    entry("version 4.0", "A notebook without ids of cells.", saved=without_ids(0)),
    entry("CRLF", "Windows' ends of lines, in the file and in the cells.", saved=with_crlf),
    entry("pasted", "Pasted from an editor that indents by tabs.", change=with_tabs),
    entry("outputs", "Handed in with the outputs of last week, errors among them.", change=with_outputs),
    entry(
        "names",
        "Names and texts in many scripts.",
        "größe = 2\nπ = 3.14\nprint('漢字 🙂 مرحبا')",
        double="def double(x):\n    '''Zweimal – 二倍.'''\n    return größe * x",
    ),
)
