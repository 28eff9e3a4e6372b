"""Right answers to `softmax_cross_entropy`."""

RIGHT = {
    "logarithm of the softmax": """
def softmax_cross_entropy(logits, y):
    N = len(logits)
    shifted = logits - logits.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(N)
    loss = -logp[rows, y].mean()
    dlogits = np.exp(logp)
    dlogits[rows, y] -= 1
    return loss, dlogits / N
""",
    "row by row, lists": """
def softmax_cross_entropy(logits, y):
    N = len(logits)
    total, rows = 0.0, []
    for row, label in zip(logits, y):
        top = max(row)
        exps = [math.exp(s - top) for s in row]
        s = sum(exps)
        total += math.log(s) - (row[label] - top)
        rows.append([(e / s - (k == label)) / N for k, e in enumerate(exps)])
    return total / N, rows
""",
    "one-hot and logaddexp": """
def softmax_cross_entropy(logits, y):
    N, C = logits.shape
    t = np.eye(C)[y]
    logsum = np.logaddexp.reduce(logits, axis=1)
    loss = np.mean(logsum - (t * logits).sum(axis=1))
    p = np.exp(logits - logsum[:, None])
    return loss, (p - t) / N
""",
    "float32": """
def softmax_cross_entropy(logits, y):
    z = logits.astype(np.float32)
    z = z - np.max(z, axis=-1, keepdims=True)
    e = np.exp(z)
    s = np.sum(e, axis=-1, keepdims=True)
    loss = np.mean(np.log(s)[:, 0] - z[np.arange(z.shape[0]), y])
    p = e / s
    p[np.arange(len(y)), y] -= 1.0
    p /= len(y)
    return loss, p
""",
    "through negative_log_likelihood of one sample": """
def negative_log_likelihood(scores, y):
    top = np.max(scores)
    return np.log(np.sum(np.exp(scores - top))) - (scores[y] - top)

def softmax_cross_entropy(logits, y):
    loss = np.mean([negative_log_likelihood(row, label) for row, label in zip(logits, y)])
    e = np.exp(logits - logits.max(axis=1)[:, None])
    p = e / e.sum(axis=1)[:, None]
    t = np.zeros_like(logits)
    for i, label in enumerate(y):
        t[i, label] = 1
    return loss, (p - t) / len(y)
""",
    "classes first": """
def softmax_cross_entropy(logits, y):
    z = (logits.T - logits.max(1))
    logp = z - np.log(np.exp(z).sum(0))
    n = np.arange(len(y))
    d = np.exp(logp)
    d[y, n] -= 1
    return np.array(-logp[y, n].sum() / len(y)), d.T / len(y)
""",
}
