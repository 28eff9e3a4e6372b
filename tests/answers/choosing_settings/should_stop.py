"""Right answers to `should_stop`."""

from __future__ import annotations

from tests.answers import changed

RIGHT = {
    "the best before, then the last ones": """
def should_stop(val_losses, patience, min_delta):
    if len(val_losses) <= patience:
        return False
    best = math.inf
    for loss in val_losses[:-patience]:
        if loss < best:
            best = loss
    return not any(loss < best - min_delta for loss in val_losses[-patience:])
""",
    "NumPy": """
def should_stop(val_losses, patience, min_delta):
    losses = np.nan_to_num(np.array(val_losses, dtype=float), nan=np.inf)
    if losses.size <= patience:
        return False
    return losses[-patience:].min() >= losses[:-patience].min() - min_delta
""",
    "one loop, by index": """
def should_stop(val_losses, patience, min_delta):
    n = len(val_losses)
    if n <= patience:
        return False
    best = float("inf")
    for epoch in range(n):
        if epoch < n - patience:
            best = val_losses[epoch] if val_losses[epoch] < best else best
        elif best - val_losses[epoch] > min_delta:
            return False
    return True
""",
    "numbers picked first, float32": """
def should_stop(val_losses, patience, min_delta):
    before = [loss for loss in val_losses[:-patience] if not math.isnan(loss)]
    last = np.float32(val_losses[-patience:])
    if not before:
        return np.False_
    return np.logical_not((last < np.float32(min(before)) - np.float32(min_delta)).any())
""",
    "nanmin": """
def should_stop(val_losses, patience, min_delta):
    cut = len(val_losses) - patience
    return cut > 0 and sum(loss < np.nanmin(val_losses[:cut]) - min_delta for loss in val_losses[cut:]) == 0
""",
}

BEST = RIGHT["the best before, then the last ones"]

# Each breaks only the promise that it stands under.
PROMISES = {
    "the lowest loss": changed(BEST, ("if loss < best:\n            best = loss", "best = loss")),
    "before the last patience epochs": changed(BEST, ("in val_losses[:-patience]", "in val_losses")),
    "none of the last patience losses": changed(BEST, ("in val_losses[-patience:]", "in val_losses[-1:]")),
    "strictly below": changed(BEST, ("any(loss < best", "any(loss <= best")),
    "best − min_delta": changed(BEST, ("best - min_delta", "best")),
    "with at most patience epochs never": changed(BEST, ("return False", "return len(val_losses) == patience")),
    "patience may be 1": changed(BEST, ("return not", "return patience > 1 and not")),
    "nan is no improvement": changed(BEST, ("any(loss < best - min_delta", "any(not loss >= best - min_delta")),
    "nor is it a best": changed(BEST, ("if loss < best:", "if not loss >= best:")),
    "bool": changed(BEST, ("return not any", "return 1 - any")),
    "val_losses stays as it is": changed(
        BEST,
        (
            "    return not any(loss",
            "    last = val_losses[-patience:]\n    val_losses[:] = []\n    return not any(loss",
        ),
        ("for loss in val_losses[-patience:])", "for loss in last)"),
    ),
}
