"""Probe of `train_epoch`: a small model and an optimizer that write down what passes through them.

Which order is drawn, and how, is the student's own choice, so nothing is told by the parameters at the end alone. The
model records every batch that is put into it, together with its parameters at that moment; the optimizer records the
gradients that it finds at every step. What comes back is this record of four epochs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes import probe

# So many batches more than there are samples, and a loop gets a sentence in place of a wait.
BATCHES_TO_SPARE = 20

EPOCHS = ("first", "again", "next", "other")


@probe
def training_epoch(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Call the student's function for four epochs, each with a model of the same parameters.

    Two have fresh generators of the same seed, one has the second of these generators once more, one another seed. The
    model is in evaluation mode when the function gets it; where the case says so, gradients have been left in it.

    Returns
    -------
    dict
        For each of `EPOCHS`: ``events``, in their order, and ``loss``, what the function returned. An event is a
        dictionary with ``kind``. "forward" has ``x``, ``training`` (whether all of the model was in training mode), and
        the parameters ``W`` (classes, inputs) and ``b``; "step" has ``gradients``, those of W and b, or None where one
        was missing, and the parameters ``W`` and ``b`` after it.
    """
    generator = np.random.default_rng(arguments["seed"])
    generators = (np.random.default_rng(arguments["seed"]), generator, generator)
    found = {}
    for name, rng in zip(EPOCHS, (*generators, np.random.default_rng(arguments["seed"] + 1)), strict=True):
        X, y = (arguments[key] if name == "first" else arguments[key].copy() for key in ("X", "y"))
        events: list[dict[str, Any]] = []
        model, optimizer = _watched(arguments, events)
        loss = student(model, optimizer, X, y, arguments["batch_size"], rng)
        found[name] = {"events": list(events), "loss": wire.plain(loss)}
    return found


def _watched(arguments: Mapping[str, Any], events: list[dict[str, Any]]) -> tuple[Any, Any]:
    """A linear model in evaluation mode, and plain descent for it; both enter what happens into `events`."""
    from nnkit import nn, optim, tensor  # only here: all other exercises do without

    most = len(arguments["X"]) + BATCHES_TO_SPARE

    class Model(nn.Module):
        """One linear layer."""

        def __init__(self) -> None:
            super().__init__()
            classes, inputs = arguments["W"].shape
            self.layer = nn.Linear(inputs, classes)
            self.layer.weight.data = tensor(arguments["W"].copy())
            self.layer.bias = nn.Parameter(tensor(arguments["b"].copy()))

        def forward(self, x: Any) -> Any:
            if sum(event["kind"] == "forward" for event in events) >= most:
                raise RuntimeError(
                    f"the model was asked {most} times in one epoch of {len(arguments['X'])} samples; what ends the "
                    "loop?"
                )
            out = self.layer(x)
            seen = x.detach().numpy() if hasattr(x, "detach") else x
            training = all(module.training for module in self.modules())
            events.append({"kind": "forward", "x": np.array(seen), "training": training, **_parameters(self)})
            return out

    class Descent(optim.SGD):
        """Descent that looks at the gradients before it makes its step."""

        def step(self, closure: Any = None) -> Any:
            gradients = [parameter.grad for parameter in model.parameters()]
            there = [gradient.detach().numpy().copy() for gradient in gradients if gradient is not None]
            seen = there if len(there) == len(gradients) else None
            returned = super().step(closure)
            events.append({"kind": "step", "gradients": seen, **_parameters(model)})
            return returned

    model = Model().eval()
    if arguments["left"]:
        for parameter in model.parameters():
            parameter.grad = tensor(np.full(parameter.shape, 0.5, dtype=np.float32))
    return model, Descent(model.parameters(), lr=arguments["lr"])


def _parameters(model: Any) -> dict[str, np.ndarray]:
    """Copies of the parameters as they are now."""
    return {
        "W": model.layer.weight.detach().numpy().copy(),
        "b": model.layer.bias.detach().numpy().copy(),
    }
