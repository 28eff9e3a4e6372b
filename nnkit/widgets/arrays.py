"""How arrays travel to the page: as bytes beside a message that is otherwise plain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

_SENT = {"f": "float32", "i": "int32", "u": "uint8", "b": "uint8"}
"""The kind of an array → how it travels."""


def packed(answer: Any) -> tuple[Any, list[dict[str, Any]], list[bytes]]:
    """Take the arrays out of an answer: what is left is plain, the arrays follow as bytes.

    Parameters
    ----------
    answer : dict, list, array, number or str
        Arrays of floats travel as float32, of whole numbers as int32, of truth values as uint8.

    Returns
    -------
    plain : object
        With ``{"array": number}`` in the place of each array.
    arrays : list of dict
        Their dtypes and shapes.
    buffers : list of bytes

    Examples
    --------
    >>> packed({"loss": np.float64(0.5), "map": np.zeros((2, 3))})[:2]
    ({'loss': 0.5, 'map': {'array': 0}}, [{'dtype': 'float32', 'shape': [2, 3]}])
    """
    arrays: list[dict[str, Any]] = []
    buffers: list[bytes] = []

    def go(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {str(name): go(entry) for name, entry in value.items()}
        if isinstance(value, np.ndarray) and value.ndim:
            kind = _SENT[value.dtype.kind]
            arrays.append({"dtype": kind, "shape": list(value.shape)})
            buffers.append(np.ascontiguousarray(value, kind).tobytes())
            return {"array": len(arrays) - 1}
        if isinstance(value, np.ndarray | np.generic):
            return go(value.item())
        if isinstance(value, list | tuple):
            return [go(entry) for entry in value]
        if isinstance(value, float) and not np.isfinite(value):
            return None  # JSON knows no infinity
        return value

    return go(answer), arrays, buffers
