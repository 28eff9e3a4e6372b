"""Where nnkit differs from PyTorch on purpose, each difference as a few lines that run with both.

`nnkit.__doc__` lists the differences; here every line of that list has its proof. The last line of a program is an
expression: what it is worth with nnkit and with PyTorch stands beside it, or the name of the error that is raised.
`test_differences.py` runs all of them, and the site shows them.
"""

from __future__ import annotations

import ast
import inspect
import re
import warnings
from dataclasses import dataclass
from typing import Any

import nnkit


@dataclass(frozen=True)
class Difference:
    """One program, and what comes of it.

    Parameters
    ----------
    of : str
        How the line of `nnkit.__doc__` begins that it proves.
    code : str
        The program; ``torch`` is PyTorch or nnkit, ``np`` is NumPy.
    nnkit, torch : str
        What its last line is worth, as ``str`` writes it, or the name of the error.
    """

    of: str
    code: str
    nnkit: str
    torch: str


DIFFERENCES = (
    Difference("no devices", 'hasattr(torch, "float16")', "False", "True"),
    Difference("no devices", "torch.ones(2, 3).shape", "(2, 3)", "torch.Size([2, 3])"),
    Difference("no devices", "torch.ones(2).dtype == np.float32", "True", "False"),
    Difference(
        "random numbers",
        "torch.manual_seed(0)\none = torch.rand(3)\ntorch.manual_seed(0)\nbool((one == torch.rand(3)).all())",
        "True",
        "True",
    ),
    Difference("random numbers", "torch.manual_seed(0)\nround(torch.rand(1).item(), 4)", "0.8506", "0.4963"),
    Difference("arrays may stand", "(np.ones(2) - torch.ones(2)).tolist()", "[0.0, 0.0]", "TypeError"),
    Difference("arrays may stand", "torch.arange(3)[::-1].tolist()", "[2, 1, 0]", "ValueError"),
    Difference(
        "`backward` frees",
        "x = torch.tensor(1.0, requires_grad=True)\ny = x + 1\ny.backward()\ny.backward()\nx.grad.item()",
        "RuntimeError",
        "2.0",
    ),
    Difference(
        "a value that a derivative",
        "x = torch.tensor([3.0], requires_grad=True)\ny = (x * x).sum()\nx.data[0] = 5.0\ny.backward()\nx.grad.item()",
        "RuntimeError",
        "10.0",
    ),
    Difference(
        "the output of a recurrent",
        "rnn = torch.nn.RNN(1, 1)\noutput, _ = rnn(torch.ones(2, 1, 1))\noutput += 1\noutput.sum().backward()\n"
        "rnn.bias_hh_l0.grad is not None",
        "RuntimeError",
        "True",
    ),
    Difference(
        "`grad` of an inner",
        "import warnings\nx = torch.tensor(1.0, requires_grad=True)\ny = x * 2\ny.backward()\n"
        "with warnings.catch_warnings(record=True) as told:\n    warnings.simplefilter('always')\n"
        "    gradient = y.grad\n(gradient, len(told))",
        "(None, 0)",
        "(None, 1)",
    ),
    Difference(
        "recurrent layers take",
        "output, _ = torch.nn.RNN(1, 1)(torch.ones(3, 2, 1), lengths=[3, 2])\noutput[2, 1].item()",
        "0.0",
        "TypeError",
    ),
    Difference(
        "recurrent layers take",
        "hasattr(torch.nn.functional, 'project_so3')",
        "True",
        "False",
    ),
    Difference(
        "modules find",
        "class Net(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.layers = [torch.nn.Linear(1, 1)]\n\nlen(list(Net().parameters()))",
        "2",
        "0",
    ),
    Difference(
        "modules find",
        "class Net(torch.nn.Module):\n    def __init__(self):\n        self.layer = torch.nn.Linear(1, 1)\n\n"
        "len(list(Net().parameters()))",
        "2",
        "AttributeError",
    ),
    Difference(
        "a target that would",
        "torch.nn.functional.mse_loss(torch.zeros(1, 1), torch.zeros(3, 1)).item()",
        "ShapeError",
        "0.0",
    ),
    Difference("sizes of layers", "torch.nn.Linear(0, 1).in_features", "ValueError", "0"),
    Difference(
        "convolution has no",
        "torch.nn.functional.conv2d(torch.ones(1, 1, 5, 5), torch.ones(1, 1, 2, 2), dilation=2).shape[2]",
        "TypeError",
        "3",
    ),
    Difference(
        "convolution has no",
        "torch.nn.functional.cross_entropy(torch.zeros(1, 2), torch.tensor([0]), label_smoothing=0.5).ndim",
        "TypeError",
        "0",
    ),
    Difference("convolution has no", "torch.nn.RNN(1, 1, bidirectional=True).bidirectional", "TypeError", "True"),
    Difference(
        "an optimizer's",
        "w = torch.tensor([1.0], requires_grad=True)\nadam = torch.optim.Adam([w])\nw.sum().backward()\nadam.step()\n"
        "state = adam.state_dict()\nbefore = float(state['state'][0]['exp_avg'][0])\nadam.step()\n"
        "before == float(state['state'][0]['exp_avg'][0])",
        "True",
        "False",
    ),
    Difference(
        "an optimizer's",
        "torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, maximize=True).defaults['maximize']",
        "TypeError",
        "True",
    ),
    Difference(
        "`x // y`",
        "x = torch.tensor([5.0], requires_grad=True)\n(x // 2).requires_grad",
        "False",
        "True",
    ),
    Difference(
        "`save` and `load`",
        "import pathlib, tempfile\npath = pathlib.Path(tempfile.mkdtemp()) / 'weights.npz'\n"
        "torch.save(torch.nn.Linear(2, 1).state_dict(), path)\nnp.load(path)['weight'].shape",
        "(1, 2)",
        "KeyError",
    ),
    Difference("`save` and `load`", "isinstance(torch.Generator(), np.random.Generator)", "True", "False"),
)


def listed() -> list[str]:
    """The lines of the list in `nnkit.__doc__`."""
    _, _, text = inspect.cleandoc(nnkit.__doc__ or "").partition("deliberate:\n")
    return [" ".join(line.split()).rstrip(";.") for line in re.split(r"^- ", text, flags=re.MULTILINE)[1:]]


def outcome(code: str, library: Any) -> str:
    """Run a program with one of the libraries; what its last line is worth, or the name of the error.

    Parameters
    ----------
    code : str
    library : module
        What ``torch`` is.
    """
    import numpy as np

    names = {"torch": library, "np": np}
    *statements, last = ast.parse(code).body
    assert isinstance(last, ast.Expr), "the last line of a program is an expression"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(ast.Module(statements, []), "<difference>", "exec"), names)
            return str(eval(compile(ast.Expression(last.value), "<difference>", "eval"), names))
    except Exception as error:
        return type(error).__name__
