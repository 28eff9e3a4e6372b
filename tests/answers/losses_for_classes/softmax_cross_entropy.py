"""Right answers to `softmax_cross_entropy`, and answers that break one promise of its text."""

from tests.answers import changed

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
    "differences to the right class, and expm1": """
def softmax_cross_entropy(logits, y):
    rows = np.arange(len(y))
    d = logits - logits[rows, y][:, None]
    top = np.maximum(d.max(axis=1), 0)
    losses = top + np.log(np.exp(d - top[:, None]).sum(axis=1))
    dlogits = np.exp(d - losses[:, None])
    dlogits[rows, y] = np.expm1(-losses)
    return losses.sum() / len(y), dlogits / len(y)
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

# The text's promise → an answer that breaks this one alone.
_RIGHT = """
def softmax_cross_entropy(logits, y):
    rows = np.arange(len(y))
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    dlogits = np.exp(log_p)
    dlogits[rows, y] -= 1
    return -log_p[rows, y].mean(), dlogits / len(y)
"""
PROMISES = {
    "mean negative log likelihood of a batch": changed(_RIGHT, (".mean()", ".sum()")),
    "negative": changed(_RIGHT, ("-log_p[rows", "log_p[rows")),
    "log likelihood, the natural one": changed(_RIGHT, (".mean()", ".mean() / np.log(10)")),
    "one sample in each row": changed(_RIGHT, ("np.exp(z).sum(axis=1, keepdims=True)", "np.exp(z).sum()")),
    "prediction minus target": changed(_RIGHT, ("dlogits / len(y)", "-dlogits / len(y)")),
    "1 at the right class, 0 elsewhere": changed(_RIGHT, ("dlogits[rows, y]", "dlogits[:, y]")),
    "each row of the gradient is (p − t)/N": changed(_RIGHT, ("dlogits / len(y)", "dlogits")),
    "divided by N, not by C": changed(_RIGHT, ("dlogits / len(y)", "dlogits / logits.shape[1]")),
    "integers from 0 to C - 1": changed(_RIGHT, ("-log_p[rows, y]", "-log_p[rows, y - 1]")),
    "returns a number": changed(_RIGHT, (".mean(),", ".mean(keepdims=True),")),
    "an array of shape (N, C)": changed(_RIGHT, ("dlogits / len(y)", "(dlogits / len(y)).sum(axis=0)")),
    "→ loss, dlogits, in this order": changed(
        _RIGHT, ("-log_p[rows, y].mean(), dlogits / len(y)", "dlogits / len(y), -log_p[rows, y].mean()")
    ),
    "finite for logits of size 10,000": changed(
        _RIGHT, ("logits - logits.max(axis=1, keepdims=True)", "logits.copy()")
    ),
    "finite for logits of size -10,000": changed(
        _RIGHT, ("logits.max(axis=1, keepdims=True)", "np.maximum(logits.max(axis=1, keepdims=True), 0)")
    ),
    "the row's largest logit is subtracted": changed(_RIGHT, ("logits.max(axis=1, keepdims=True)", "logits.max()")),
    "from the whole row": changed(_RIGHT, ("logits.max(axis=1, keepdims=True)", "logits.max(axis=0)")),
    "never needs the rounded p": changed(
        _RIGHT,
        (
            "log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))",
            "log_p = np.log(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))",
        ),
    ),
    "a small number added inside the logarithm gives a wrong loss": changed(
        _RIGHT, ("return -log_p[rows, y]", "return -np.log(np.exp(log_p[rows, y]) + 1e-300)")
    ),
    "only differences matter": changed(_RIGHT, ("logits - ", "logits = np.clip(logits, -700, 700); z = logits - ")),
    "all sizes between": changed(_RIGHT, ("log_p = z -", "z = np.where((z < -20) & (z > -1000), -20, z); log_p = z -")),
    "what comes in stays as it is": changed(
        _RIGHT,
        ("z = logits - logits.max(axis=1, keepdims=True)", "logits -= logits.max(axis=1, keepdims=True); z = logits"),
    ),
    "a gradient by its rule, no differences": """
def softmax_cross_entropy(logits, y):
    def loss(s):
        z = s - s.max(axis=1, keepdims=True)
        return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])

    h, dlogits = 1e-5, np.zeros(logits.shape)
    for place in np.ndindex(*logits.shape):
        step = np.zeros(logits.shape)
        step[place] = h
        dlogits[place] = (loss(logits + step) - loss(logits - step)) / (2 * h)
    return loss(logits), dlogits
""",
}
