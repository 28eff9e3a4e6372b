"""Right and wrong answers to `dropout_forward`, and answers that break one promise of its text each."""

from __future__ import annotations

from tests.answers import changed

DIVIDED = """
def dropout_forward(x, p, rng):
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask
"""
MASK = "(rng.random(x.shape) >= p) / (1 - p)"

RIGHT = {
    "one draw more, before the mask": changed(DIVIDED, ("    mask", "    rng.random()\n    mask")),
    "lists": """
def dropout_forward(x, p, rng):
    mask = np.where(rng.random(np.shape(x)) < p, 0, 1 / (1 - p))
    return (x * mask).tolist(), mask.tolist()
""",
    "a comparison, divided": DIVIDED,
    "entry by entry": """
def dropout_forward(x, p, rng):
    mask = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        if rng.random() > p:
            mask[place] = 1 / (1 - p)
    return mask * x, mask
""",
    "a choice with probabilities": """
def dropout_forward(x, p, rng):
    mask = rng.choice([0.0, 1.0 / (1.0 - p)], size=x.shape, p=[p, 1 - p])
    out = np.multiply(x, mask)
    return [out, mask]
""",
    "binomial, float32": """
def dropout_forward(x, p, rng):
    keep = rng.binomial(1, 1 - p, size=x.shape).astype(np.float32)
    mask = keep / np.float32(1 - p)
    return (x * mask).astype(np.float32), mask
""",
    "uniform, a copy with zeros": """
def dropout_forward(x, p, rng):
    dropped = rng.uniform(0, 1, x.shape) < p
    out = x / (1 - p)
    out[dropped] = 0
    mask = np.where(dropped, 0, 1 / (1 - p))
    return out, mask
""",
}

WRONG = {
    "p taken for the share kept": changed(DIVIDED, (MASK, "(rng.random(x.shape) < p) / p")),
    "comparison the wrong way round": changed(DIVIDED, (">=", "<")),
    "mask of what is dropped": changed(
        DIVIDED,
        (MASK, "rng.random(x.shape) < p"),
        ("return x * mask, mask", "return np.where(mask, 0, x / (1 - p)), mask"),
    ),
    "not scaled": changed(DIVIDED, (" / (1 - p)", "")),
    "scaled by 1 / p": changed(DIVIDED, ("/ (1 - p)", "/ p")),
    "scaled the wrong way": changed(DIVIDED, ("/ (1 - p)", "* (1 - p)")),
    "scaled outside the mask": changed(DIVIDED, (" / (1 - p)", ""), ("x * mask", "x * mask / (1 - p)")),
    "the same mask for every sample": changed(
        DIVIDED, (MASK, f"np.ones(x.shape) * ({MASK.replace('shape', 'shape[-1]')})")
    ),
    "a mask of one row": changed(DIVIDED, ("x.shape", "x.shape[-1]")),
    "normal numbers": changed(DIVIDED, ("rng.random(", "rng.normal(size=")),
    "draws from elsewhere": changed(DIVIDED, ("rng.random(x.shape)", "np.random.rand(*x.shape)")),
    "a generator of its own with a seed": changed(DIVIDED, ("rng.random", "np.random.default_rng(0).random")),
    "a fixed number dropped": changed(
        DIVIDED, (MASK, "(rng.permutation(x.size).reshape(x.shape) >= round(p * x.size)) / (1 - p)")
    ),
    "mask first": changed(DIVIDED, ("return x * mask, mask", "return mask, x * mask")),
    "x changed in place": changed(DIVIDED, ("return x * mask, mask", "x *= mask\n    return x, mask")),
    "scaled by 1 / p, but for p = 0": changed(DIVIDED, ("/ (1 - p)", "/ (p if p > 0 else 1)")),
    "scale rounded": changed(
        DIVIDED, ("(rng.random(x.shape) >= p) / (1 - p)", "np.round((rng.random(x.shape) >= p) / (1 - p), 2)")
    ),
    "scaled by the share that stayed": changed(
        DIVIDED, (MASK, "rng.random(x.shape) >= p"), ("    return", "    mask = mask / mask.mean()\n    return")
    ),
    "half dropped": changed(DIVIDED, (">= p", ">= 0.5")),
    "half dropped and doubled": changed(DIVIDED, (MASK, "rng.integers(0, 2, x.shape) * 2.0")),
    "scaled twice": changed(DIVIDED, ("x * mask, mask", "x * mask / (1 - p), mask")),
    "out not scaled": changed(DIVIDED, ("x * mask, mask", "np.where(mask == 0, 0, x), mask")),
    "nothing dropped": changed(DIVIDED, ("x * mask, mask", "x / (1 - p), mask")),
    "out of another mask": changed(DIVIDED, ("x * mask, mask", f"x * {MASK}, mask")),
}

# A promise of the text → an answer that breaks this one alone.
PROMISES = {
    "each entry of x is dropped with probability p": changed(DIVIDED, (">= p", ">= p ** 2")),
    "… any p, not only tenths": changed(
        DIVIDED, ("rng.random(x.shape) >= p", "rng.integers(0, 10, x.shape) >= 10 * p")
    ),
    "… each entry, also one that is 0 already": changed(
        DIVIDED, (MASK, "((rng.random(x.shape) >= p) | (x == 0)) / (1 - p)")
    ),
    "entries of any shape: vectors": changed(
        DIVIDED, ("    mask", "    rows, columns = x.shape[0], x.shape[1]\n    mask")
    ),
    "entries of any shape: three axes": changed(
        DIVIDED, ("    mask", "    rows, columns = (*x.shape, 1)[:2] if x.ndim < 3 else x.shape\n    mask")
    ),
    "0 ≤ p: with p = 0 the mask is all 1": changed(DIVIDED, ("/ (1 - p)", "/ ((1 - p) if p else 2)")),
    "by a draw of its own: not one for each column": changed(
        DIVIDED, (MASK, "np.ones(x.shape) * (rng.random(x.shape[-1]) >= p) / (1 - p)")
    ),
    "by a draw of its own: not one for each row": changed(
        DIVIDED, (MASK, "np.ones(x.shape) * (rng.random((len(x),) + (1,) * (x.ndim - 1)) >= p) / (1 - p)")
    ),
    "by a draw of its own: no fixed number": changed(
        DIVIDED, (MASK, "(rng.permutation(x.size).reshape(x.shape) >= round(p * x.size)) / (1 - p)")
    ),
    "all randomness comes from rng": changed(DIVIDED, ("rng.random(x.shape)", "np.random.random(x.shape)")),
    "… all of it": changed(
        DIVIDED,
        (
            MASK,
            "np.where(np.random.random(x.shape) < 0.5, rng.random(x.shape) >= p, rng.random(x.shape) >= p) / (1 - p)",
        ),
    ),
    "… from rng as it is, which moves on": changed(
        DIVIDED, ("rng.random(x.shape)", "np.random.default_rng(rng.bit_generator.seed_seq.entropy).random(x.shape)")
    ),
    "the mask holds 1 / (1 − p) for what stays": changed(DIVIDED, ("/ (1 - p)", "* np.round(1 / (1 - p), 3)")),
    "the mask holds 0 for what is dropped": changed(DIVIDED, (MASK, f"np.maximum({MASK}, 1e-3)")),
    "returns out, mask": changed(DIVIDED, ("return x * mask, mask", "return x * mask")),
    "… in this order": changed(DIVIDED, ("return x * mask, mask", "return mask, x * mask")),
    "both of the shape of x": changed(DIVIDED, ("return x * mask, mask", "return x * mask, mask.ravel()")),
    "with out = x · mask": changed(DIVIDED, ("return x * mask, mask", f"return x * {MASK}, mask")),
    "x stays as it is": changed(DIVIDED, ("return x * mask, mask", "x *= mask\n    return x.copy(), mask")),
}
