"""Right and wrong answers to `dropout_forward`."""

from __future__ import annotations

from tests.answers import changed

DIVIDED = """
def dropout_forward(x, p, rng):
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask
"""
MASK = "(rng.random(x.shape) >= p) / (1 - p)"

RIGHT = {
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
