"""Probe of `predict_digits`: which labels images get, and whether they come from the reader's network and it alone.

The network is the one that the notebook calls `my_network`. All its numbers are set to 0 for a moment: labels that stay
as they were come from something else. What stops with an error for one image alone is told with the error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnkit.engine import Tensor
from nnkit.exercises.beside import wire
from nnkit.exercises.beside.errors import describe_error
from nnkit.exercises.beside.probes import probe
from nnkit.nn import Module

NETWORK = "my_network"
ANSWER = "predict_digits"
ALONE = 12  # images that are put to the function one by one
SOME = 120  # images for every further question


@probe
def read_digits(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Have images read: all, some of them again and alone, with a network of zeros, and in other units.

    Returns
    -------
    dict
        ``problem``: "" or why nothing was asked: "missing" or "no module". Without one: ``numbers``, how many the
        network holds; ``labels`` of all images; ``changed``, whether these images were changed; labels of the first of
        them, asked ``once`` and ``again``, ``reversed`` (the last of them first) and ``alone`` (one image in each
        call; ``stopped`` is the error where one of these calls stops, {} else), of the same images in other units
        (``bytes``, from 0 to 255, and ``negative``, ink and paper exchanged), and ``zeroed``, while every number of the
        network is 0. ``learned`` and ``counted``: whether the calls changed the network's parameters, or its buffers.
    """
    network = namespace.get(NETWORK)
    if not isinstance(network, Module):
        student(np.divide(arguments["images"][:1], 255, dtype=np.float32))  # a stub says that it is one
        return {"problem": "missing" if network is None else "no module"}
    images = np.divide(arguments["images"], 255, dtype=np.float32)
    kept = {name: np.array(value) for name, value in network.state_dict().items()}
    try:
        return {
            "problem": "",
            "numbers": sum(int(value.size) for value in kept.values()),
            **_answers(student, images, namespace, kept),
        }
    finally:
        network.load_state_dict(kept)


def _answers(
    student: Any, images: np.ndarray, namespace: Mapping[str, Any], kept: Mapping[str, np.ndarray]
) -> dict[str, Any]:
    network, given, some = namespace[NETWORK], images.copy(), images[:SOME]
    parameters = {name for name, _ in network.named_parameters()}
    seen = {"labels": _now(student(given))}
    seen["changed"] = not np.array_equal(given, images)
    seen["once"], seen["again"] = _now(student(some.copy())), _now(student(some.copy()))
    seen["reversed"] = _now(student(some[::-1].copy()))
    seen["alone"], seen["stopped"] = _alone(student, some, namespace)
    changed = {name for name, value in network.state_dict().items() if not np.array_equal(value, kept[name])}
    seen["learned"] = bool(changed & parameters) or namespace.get(NETWORK) is not network
    seen["counted"] = bool(changed - parameters)
    seen["bytes"], seen["negative"] = _now(student(some * 255)), _now(student(1 - some))
    network.load_state_dict({name: np.zeros_like(value) for name, value in kept.items()})
    seen["zeroed"] = _now(student(some.copy()))
    return seen


def _alone(student: Any, some: np.ndarray, namespace: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """What comes back for one image in each call, and the error of a call that stops."""
    found: list[Any] = []
    for place in range(ALONE):
        try:
            found.append(_now(student(some[place : place + 1].copy())))
        except Exception as error:
            return found, describe_error(error, ANSWER, namespace)
    return found, {}


def _now(value: Any) -> Any:
    """What came back, as data of its own; a tensor or a list of labels as an array."""
    if isinstance(value, Tensor):
        value = value.detach().numpy()
    if isinstance(value, list | tuple):
        try:
            made = np.asarray(value)
        except ValueError:
            made = None
        value = made if made is not None and made.dtype.kind in "biuf" else value
    return wire.loads(wire.dumps(wire.plain(value)))
