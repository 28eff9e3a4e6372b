"""Right answers to `masked_mean_loss`, and one that breaks each promise of the text."""

_QUOTIENT = """
def masked_mean_loss(losses, mask):
    return (losses * mask).sum() / mask.sum()
"""

RIGHT = {
    "a mask as an index": """
def masked_mean_loss(losses, mask):
    return losses[mask].mean()
""",
    "sum and count": _QUOTIENT,
    "loops": """
def masked_mean_loss(losses, mask):
    total, count = 0.0, 0
    T, N = losses.shape
    for t in range(T):
        for n in range(N):
            if mask[t, n]:
                total += losses[t, n]
                count += 1
    return total / count
""",
    "by lengths, as a float": """
def masked_mean_loss(losses, mask):
    lengths = mask.sum(axis=0)
    return float(sum(losses[:length, n].sum() for n, length in enumerate(lengths)) / lengths.sum())
""",
    "np.where, float32": """
def masked_mean_loss(losses, mask):
    return np.where(mask, losses, 0).astype(np.float32).sum() / np.float32(np.count_nonzero(mask))
""",
    "means of the sequences, weighted": """
def masked_mean_loss(losses, mask):
    means = np.array([losses[mask[:, n], n].mean() for n in range(mask.shape[1])])
    return np.average(means, weights=mask.sum(axis=0))
""",
    "einsum": """
def masked_mean_loss(losses, mask):
    return np.einsum("tn,tn->", losses, mask.astype(float)) / np.einsum("tn->", mask.astype(int))
""",
    "lists": """
def masked_mean_loss(losses, mask):
    there = [loss for row, seen in zip(losses.tolist(), mask.tolist()) for loss, here in zip(row, seen) if here]
    return math.fsum(there) / len(there)
""",
    "NumPy's masked array": """
def masked_mean_loss(losses, mask):
    return np.ma.array(losses, mask=~mask).mean()
""",
}

PROMISES = {
    "the mean": """
def masked_mean_loss(losses, mask):
    return losses[mask].sum()
""",
    "over all entries that are there": """
def masked_mean_loss(losses, mask):
    return losses[:4][mask[:4]].mean()
""",
    "and no others": """
def masked_mean_loss(losses, mask):
    return losses.mean()
""",
    "in the sum or in the count": """
def masked_mean_loss(losses, mask):
    return (losses * mask).mean()
""",
    "of all sequences together": """
def masked_mean_loss(losses, mask):
    return np.mean([losses[mask[:, n], n].mean() for n in range(mask.shape[1])])
""",
    "losses of 0 count": """
def masked_mean_loss(losses, mask):
    return (losses * mask).sum() / max(np.count_nonzero(losses * mask), 1)
""",
    "losses of the padding may be large": """
def masked_mean_loss(losses, mask):
    return (losses * np.where(mask, 1.0, 1e-9)).sum() / mask.sum()
""",
    "as large as they like": """
def masked_mean_loss(losses, mask):
    return (losses.sum() - losses[~mask].sum()) / mask.sum()
""",
    "one number": """
def masked_mean_loss(losses, mask):
    return losses[mask].mean(keepdims=True)
""",
    "losses stay as they are": """
def masked_mean_loss(losses, mask):
    losses *= mask
    return losses.sum() / mask.sum()
""",
    "the mask stays as it is": """
def masked_mean_loss(losses, mask):
    result = losses[mask].mean()
    mask |= True
    return result
""",
}
