"""Right answers to `pad_sequences`, and one that breaks each promise of the text."""

from tests.answers import changed

_LOOP = """
def pad_sequences(sequences):
    T, N, D = max(len(sequence) for sequence in sequences), len(sequences), sequences[0].shape[1]
    batch = np.zeros((T, N, D))
    mask = np.zeros((T, N), dtype=bool)
    for n, sequence in enumerate(sequences):
        batch[: len(sequence), n] = sequence
        mask[: len(sequence), n] = True
    return batch, mask
"""

RIGHT = {
    "a loop": _LOOP,
    "np.pad and a comparison": """
def pad_sequences(sequences):
    lengths = np.array([len(sequence) for sequence in sequences])
    T = lengths.max()
    columns = [np.pad(sequence, ((0, T - len(sequence)), (0, 0))) for sequence in sequences]
    return np.stack(columns, axis=1), np.arange(T)[:, None] < lengths
""",
    "step by step, lists": """
def pad_sequences(sequences):
    T, D = max(map(len, sequences)), len(sequences[0][0])
    batch = [[list(s[t]) if t < len(s) else [0.0] * D for s in sequences] for t in range(T)]
    mask = [[t < len(s) for s in sequences] for t in range(T)]
    return batch, mask
""",
    "sequences first, then turned": """
def pad_sequences(sequences):
    T = max(s.shape[0] for s in sequences)
    batch = np.array([np.concatenate([s, np.zeros((T - len(s), s.shape[1]))]) for s in sequences])
    mask = np.array([[True] * len(s) + [False] * (T - len(s)) for s in sequences])
    return batch.transpose(1, 0, 2), mask.transpose()
""",
    "zip_longest, float32": """
def pad_sequences(sequences):
    import itertools
    nothing = np.zeros(sequences[0].shape[1])
    rows = list(itertools.zip_longest(*sequences))
    batch = np.array([[nothing if step is None else step for step in row] for row in rows], dtype=np.float32)
    return batch, np.array([[step is not None for step in row] for row in rows])
""",
    "the mask first": """
def pad_sequences(sequences):
    lengths = np.array(list(map(len, sequences)))
    mask = np.arange(max(lengths)) < lengths[:, None]
    batch = np.zeros((*mask.shape, sequences[0].shape[-1]))
    batch[mask] = np.vstack(sequences)
    return [batch.swapaxes(0, 1), mask.T]
""",
}

PROMISES = {
    "(T, N, D), time first": changed(_LOOP, ("return batch, mask", "return batch.swapaxes(0, 1), mask")),
    "mask (T, N), time first": changed(_LOOP, ("return batch, mask", "return batch, mask.T")),
    "T of the longest": changed(_LOOP, ("max(len(sequence) for sequence in sequences)", "len(sequences[0])")),
    "no step more": changed(_LOOP, ("max(len(sequence) for sequence in sequences)", "1 + max(map(len, sequences))")),
    "every sequence": changed(_LOOP, ("enumerate(sequences)", "enumerate(sequences[:3])")),
    "in their order": changed(_LOOP, ("enumerate(sequences)", "enumerate(sorted(sequences, key=len))")),
    "all numbers of a step": changed(_LOOP, ("n] = sequence", "n, :2] = sequence[:, :2]")),
    "all steps": changed(
        _LOOP, ("batch[: len(sequence), n] = sequence", "batch[: min(3, len(sequence)), n] = sequence[:3]")
    ),
    "zeros": changed(_LOOP, ("return batch, mask", "batch[~mask] = 1e-3\n    return batch, mask")),
    "after each end": changed(_LOOP, ("batch[: len(sequence), n]", "batch[T - len(sequence) :, n]")),
    "mask of bool": changed(_LOOP, ("dtype=bool", "dtype=int")),
    "True where there is data": changed(_LOOP, ("return batch, mask", "return batch, ~mask")),
    "also where data is 0": changed(_LOOP, ("return batch, mask", "return batch, (batch != 0).any(axis=2)")),
    "one entry for each step": changed(
        _LOOP, ("dtype=bool)", "dtype=bool)[:, :, None]"), ("n] = True", "n, 0] = True")
    ),
    "a single sequence too": changed(_LOOP, ("return batch, mask", "return (batch if N > 1 else batch[:, 0]), mask")),
    "sequences of one step too": changed(_LOOP, ("return batch, mask", "return batch, mask & (T > 1)")),
    "equal lengths too": changed(
        _LOOP, ("return batch, mask", "return batch, mask if not mask.all() or N == 1 else ~mask")
    ),
    "a tuple of both": changed(_LOOP, ("return batch, mask", "return batch")),
    "sequences stay as they are": changed(_LOOP, ("return batch, mask", "sequences[0][:] = 0\n    return batch, mask")),
    "the list stays as it is": changed(
        _LOOP, ("return batch, mask", "sequences.append(sequences[0])\n    return batch, mask")
    ),
}
