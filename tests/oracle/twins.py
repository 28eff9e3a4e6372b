"""The same computation in nnkit and in PyTorch, compared: values, and gradients from the same random cotangent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import nnkit

RELATIVE = {"float64": 1e-10, "float32": 2e-4}
ABSOLUTE = {"float64": 1e-10, "float32": 2e-5}


def array_of(value: Any) -> np.ndarray:
    return np.asarray(value.detach().numpy())


def close(mine: Any, theirs: Any, dtype: str, what: str) -> None:
    mine, theirs = array_of(mine), array_of(theirs)
    assert mine.shape == theirs.shape, f"{what}: shape {mine.shape}, PyTorch {theirs.shape}"
    assert str(mine.dtype) == str(theirs.dtype), f"{what}: {mine.dtype}, PyTorch {theirs.dtype}"
    # Sums of float32 are rounded in another order: what counts is the error beside the largest number.
    scale = 1.0 if dtype == "float64" or not np.isfinite(theirs).any() else max(1, np.abs(theirs).max(initial=0))
    np.testing.assert_allclose(mine, theirs, RELATIVE[dtype], ABSOLUTE[dtype] * scale, err_msg=what)


def flat(result: Any) -> list[Any]:
    """Return the tensors in a result, which may be nested tuples."""
    return [part for item in result for part in flat(item)] if isinstance(result, tuple | list) else [result]


def compare(
    torch: Any,
    function: Callable[..., Any],
    arrays: Sequence[np.ndarray],
    dtype: str = "float64",
    constants: Sequence[np.ndarray] = (),
) -> None:
    """Call `function(library, *tensors, *constants)` with both libraries and compare all there is to compare.

    `arrays` become tensors of `dtype` that require gradients, `constants` keep their dtype and require none.
    """
    rng = np.random.default_rng(5)
    inputs: dict[str, list[Any]] = {}
    results: dict[str, list[Any]] = {}
    for name, library in (("mine", nnkit), ("theirs", torch)):
        inputs[name] = [library.from_numpy(a.astype(dtype)).requires_grad_() for a in arrays]
        fixed = [library.from_numpy(a.copy()) for a in constants]
        results[name] = flat(function(library, *inputs[name], *fixed))
    assert len(results["mine"]) == len(results["theirs"])
    for i, (mine, theirs) in enumerate(zip(results["mine"], results["theirs"], strict=True)):
        close(mine, theirs, dtype, f"result {i}")
        cotangent = rng.standard_normal(mine.shape).astype(dtype)
        if theirs.requires_grad:
            mine.backward(nnkit.from_numpy(cotangent), retain_graph=True)
            theirs.backward(torch.from_numpy(cotangent), retain_graph=True)
    for i, (mine, theirs) in enumerate(zip(inputs["mine"], inputs["theirs"], strict=True)):
        if theirs.grad is not None:
            assert mine.grad is not None, f"gradient {i} is missing"
            close(mine.grad, theirs.grad, dtype, f"gradient {i}")
