"""The reference: pages of the public names, from their docstrings, and the table of primitives, from the registry."""

from __future__ import annotations

import html
import importlib
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nnkit
from nnkit.engine import PRIMITIVES


@dataclass(frozen=True)
class Part:
    """A page of the reference, or a part of one.

    Parameters
    ----------
    title : str
    module : str
        Where the names are found.
    names : sequence of str, optional
        Those that are shown; all public ones of the module where none are given.
    members : bool
        Whether the methods of a class are shown, too.
    intro : bool
        Whether the module's own docstring is shown.
    """

    title: str
    module: str
    names: Sequence[str] = ()
    members: bool = False
    intro: bool = False


PAGES: dict[str, tuple[str, Sequence[Part]]] = {
    "tensors": (
        "Tensors",
        (
            Part("The tensor", "nnkit", ("Tensor",), members=True),
            Part("Making tensors", "nnkit", (
                "tensor", "from_numpy", "zeros", "ones", "full", "zeros_like", "ones_like", "arange", "linspace",
            )),
            Part("Chance", "nnkit", (
                "manual_seed", "Generator", "rand", "randn", "randn_like", "randint", "randperm", "normal",
                "multinomial",
            )),
            Part("Putting together and choosing", "nnkit", ("stack", "cat", "where", "maximum")),
            Part("Gradients", "nnkit", ("no_grad", "walk", "gradcheck", "GradientError")),
            Part("Looking, saving, progress", "nnkit", ("summary", "save", "load", "progress", "language")),
        ),
    ),
    "functional": ("nnkit.functional", (Part("", "nnkit.functional", intro=True),)),
    "nn": (
        "nnkit.nn",
        (
            Part("Modules", "nnkit.nn", ("Module", "Parameter", "Sequential", "ModuleList"), members=True, intro=True),
            Part("Layers", "nnkit.nn", (
                "Linear", "Conv2d", "MaxPool2d", "AvgPool2d", "Flatten", "Embedding", "Dropout", "BatchNorm1d",
                "BatchNorm2d", "LayerNorm", "Identity",
            )),
            Part("Recurrent layers", "nnkit.nn", ("RNN", "LSTM", "GRU")),
            Part("Activations", "nnkit.nn", ("ReLU", "LeakyReLU", "Sigmoid", "Tanh", "Softmax")),
            Part("Losses", "nnkit.nn", (
                "MSELoss", "L1Loss", "BCELoss", "BCEWithLogitsLoss", "CrossEntropyLoss", "NLLLoss", "MultiMarginLoss",
            )),
            Part("Initial values", "nnkit.nn.init"),
            Part("Clipping", "nnkit.nn.utils", ("clip_grad_norm_",)),
            Part("Sequences of different lengths", "nnkit.nn.utils.rnn"),
        ),
    ),
    "optim": (
        "nnkit.optim",
        (
            Part("Optimizers", "nnkit.optim", ("Optimizer", "SGD", "Adagrad", "RMSprop", "Adam", "AdamW"), intro=True),
            Part("Schedules of the learning rate", "nnkit.optim.lr_scheduler"),
        ),
    ),
    "data": (
        "nnkit.data",
        (
            Part("Batches", "nnkit.data", ("TensorDataset", "DataLoader", "Subset", "random_split"), intro=True),
            Part("Handwritten digits", "nnkit.data", ("mnist",)),
            Part("Series", "nnkit.data.series"),
            Part("Toy data", "nnkit.data.toys"),
        ),
    ),
    "training": ("nnkit.training", (Part("", "nnkit.training", intro=True),)),
    "exercises": ("nnkit.exercises", (
        Part("", "nnkit.exercises", (
            "check", "hint", "trace", "ready", "evaluate", "Report", "CheckFailed",
        ), intro=True),
    )),
    "draw": (
        "nnkit.draw",
        (
            Part("Pictures", "nnkit.draw", (
                "graph", "node_graph", "sequence", "form", "network", "learning_curves", "decision_regions",
                "loss_surface", "filters", "confusion",
            ), intro=True),
            Part("The look", "nnkit.draw.style", ("use", "figure", "caption", "colour", "number")),
        ),
    ),
    "widgets": ("nnkit.widgets", (Part("", "nnkit.widgets", intro=True),)),
}  # fmt: skip
"""The pages, by the name of their file."""

_NO_ENTRY = {"base"}  # what is public for other floors of the package, and for no reader


def write_reference(source: Path) -> None:
    """Write the pages of the reference.

    Parameters
    ----------
    source : Path
        Where Sphinx reads.

    Raises
    ------
    AttributeError
        If a name that a page is to show is gone.
    """
    folder = source / "reference"
    folder.mkdir()
    for name, (title, parts) in PAGES.items():
        (folder / f"{name}.rst").write_text(_page(title, parts), encoding="utf-8")
    (folder / "primitives.rst").write_text(_primitives(), encoding="utf-8")


def public_names(module: str) -> list[str]:
    """The public names of a module that are made in it or in a module beneath it, as it lists them.

    Parameters
    ----------
    module : str
    """
    found = importlib.import_module(module)
    listed = getattr(found, "__all__", None)
    if listed is not None:
        return [name for name in listed if name not in _NO_ENTRY]
    return [
        name
        for name, value in vars(found).items()
        if not name.startswith("_")
        and (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == module
    ]


def shown_names() -> set[str]:
    """All names that the reference shows, with their modules."""
    return {
        f"{part.module}.{name}"
        for _, parts in PAGES.values()
        for part in parts
        for name in (part.names or public_names(part.module))
    }


def _heading(text: str, sign: str) -> str:
    return f"{text}\n{sign * len(text)}\n"


def _page(title: str, parts: Sequence[Part]) -> str:
    lines = [_heading(title, "=")]
    for part in parts:
        module = importlib.import_module(part.module)
        if part.intro and module is not nnkit:
            lines.append(f"{inspect.getdoc(module)}\n")
        if part.title:
            lines.append(_heading(part.title, "-"))
        lines.append(f".. currentmodule:: {part.module}\n")
        lines += [_entry(module, part, name) for name in part.names or public_names(part.module)]
    return "\n".join(lines)


def _entry(module: Any, part: Part, name: str) -> str:
    value = getattr(module, name)
    if not inspect.isclass(value):
        return f".. autofunction:: {part.module}.{name}\n"
    members = "   :members:\n   :inherited-members: object\n" if part.members else ""
    return f".. autoclass:: {part.module}.{name}\n{members}"


def _primitives() -> str:
    """The table of all primitives: name, symbol, value and derivatives."""
    for module in ("nnkit.functional", "nnkit.nn.recurrent"):
        importlib.import_module(module)
    rows = []
    for name, primitive in PRIMITIVES.items():
        first, *_ = inspect.cleandoc(primitive.__doc__ or "").split("\n\n")
        value, _, derivatives = " ".join(first.split()).partition(";")
        cells = (primitive.symbol, value.strip(), derivatives.strip().rstrip("."))
        words = html.escape(name).replace("_", "_<wbr>")
        rows.append(
            f"<tr><th scope='row'>{words}</th>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"
        )
    head = "".join(f'<th scope="col">{title}</th>' for title in ("name", "symbol", "value", "derivatives"))
    table = (
        f'<table class="table nnkit-primitives"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )
    return (
        _heading("The primitives", "=")
        + "\n"
        + f"What nnkit can differentiate: {len(rows)} functions, and everything that is written with them. "
        "Each is one function in the source: its value, and beside it one derivative per argument. The symbol is what "
        "a drawn graph shows. A derivative ∂/∂x is what the message that arrives is multiplied by (number by number, "
        "or as a product of matrices where that is written); where arguments were stretched to a common shape, the "
        "messages are added up again.\n\n"
        "The table is read from the registry when this page is built, so it has every primitive that there is.\n\n"
        f'.. raw:: html\n\n   <div class="pst-scrollable-table-container">{table}</div>\n'
    )
