"""Sequences of different lengths in one batch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnkit.engine import Tensor, cat, full, stack


def pad_sequence(sequences: Sequence[Tensor], batch_first: bool = False, padding_value: float = 0.0) -> Tensor:
    """Put sequences side by side and fill the shorter ones up.

    Parameters
    ----------
    sequences : sequence of Tensor
        Tensors (T_i, …), equal but for their first size.
    batch_first : bool
        Whether the result is (N, T, …) and not (T, N, …).
    padding_value : float
        What to fill up with.

    Returns
    -------
    (T, N, …)
        T the longest T_i; `lengths=[len(s) for s in sequences]` tells a recurrent layer where each ends.

    Examples
    --------
    >>> from nnkit import ones
    >>> pad_sequence([ones(2), ones(3)], batch_first=True)
    tensor([[1., 1., 0.],
            [1., 1., 1.]])
    """
    if not sequences:
        raise RuntimeError("pad_sequence needs at least one sequence.")
    shapes = [tuple(sequence.shape) for sequence in sequences]
    if len({shape[1:] for shape in shapes}) > 1 or not shapes[0]:
        raise RuntimeError(f"pad_sequence needs sequences that differ in their first size only, got {shapes}.")
    longest = max(len(sequence) for sequence in sequences)
    padded = []
    for sequence, shape in zip(sequences, shapes, strict=True):
        filling = full((longest - shape[0], *shape[1:]), np.asarray(padding_value, sequence.dtype))
        padded.append(cat([sequence, filling]) if shape[0] < longest else sequence)
    return stack(padded, dim=0 if batch_first else 1)
