"""Right and wrong answers to the notebook on training networks."""

ANSWERS = {
    "mlp_loss_and_grads": {
        "matrices": """
def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    N = len(y)
    z = X @ W1 + b1
    h = np.maximum(z, 0)
    scores = h @ W2 + b2
    s = scores - scores.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(N), y].mean()
    d = np.exp(log_p)
    d[np.arange(N), y] -= 1
    d /= N
    dh = d @ W2.T
    dz = dh * (z > 0)
    return loss, (X.T @ dz, dz.sum(axis=0), h.T @ d, d.sum(axis=0))
""",
        "the slide's ReLU: open at 0": """
def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    N = X.shape[0]
    h = X.dot(W1) + b1
    h_relu = np.maximum(h, 0)
    scores = h_relu.dot(W2) + b2
    scores = scores - np.max(scores, axis=1)[:, None]
    p = np.exp(scores) / np.sum(np.exp(scores), axis=1)[:, None]
    loss = np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[range(N), y])
    grad_scores = p.copy()
    grad_scores[range(N), y] -= 1
    grad_scores = grad_scores / N
    grad_w2 = h_relu.T.dot(grad_scores)
    grad_h = grad_scores.dot(W2.T)
    grad_h[h < 0] = 0
    return loss, (X.T.dot(grad_h), grad_h.sum(0), grad_w2, grad_scores.sum(0))
""",
        "sample by sample, lists back": """
def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    total, dW1, db1, dW2, db2 = 0.0, 0 * W1, 0 * b1, 0 * W2, 0 * b2
    for x, label in zip(X, y):
        z = [sum(x[d] * W1[d, j] for d in range(len(x))) + b1[j] for j in range(len(b1))]
        h = [max(0.0, entry) for entry in z]
        s = [sum(h[j] * W2[j, k] for j in range(len(h))) + b2[k] for k in range(len(b2))]
        largest = max(s)
        log_sum = largest + math.log(sum(math.exp(entry - largest) for entry in s))
        total += log_sum - s[label]
        delta2 = np.array([math.exp(entry - log_sum) - (k == label) for k, entry in enumerate(s)])
        delta1 = np.array([W2[j] @ delta2 if z[j] > 0 else 0.0 for j in range(len(z))])
        dW1 = dW1 + np.outer(x, delta1)
        db1 = db1 + delta1
        dW2 = dW2 + np.outer(h, delta2)
        db2 = db2 + delta2
    N = len(y)
    return total / N, [(grad / N).tolist() for grad in (dW1, db1, dW2, db2)]
""",
        "float32, einsum, a 0-d loss": """
def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    X, W1, b1, W2, b2 = (entry.astype(np.float32) for entry in (X, W1, b1, W2, b2))
    Y = np.eye(len(b2), dtype=np.float32)[y]
    z = np.einsum("nd,dh->nh", X, W1) + b1
    h = np.where(z > 0, z, 0)
    s = np.einsum("nh,hk->nk", h, W2) + b2
    log_sum = np.logaddexp.reduce(s, axis=1, keepdims=True)
    loss = np.array(-(Y * (s - log_sum)).sum() / len(y))
    d = (np.exp(s - log_sum) - Y) / len(y)
    dz = np.einsum("nk,hk->nh", d, W2) * np.sign(h)
    grads = [np.einsum("nd,nh->dh", X, dz), dz.sum(0), np.einsum("nh,nk->hk", h, d), d.sum(0)]
    return [loss, grads]
""",
        "the bias as one more row": """
def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    ones = np.ones((len(X), 1))
    A = np.hstack([X, ones])
    z = A @ np.vstack([W1, b1])
    B = np.hstack([z.clip(min=0), ones])
    s = B @ np.vstack([W2, b2])
    s -= s.max(1, keepdims=True)
    e = np.exp(s)
    p = e / e.sum(1, keepdims=True)
    loss = np.sum(np.log(e.sum(1)) - np.take_along_axis(s, y[:, None], 1)[:, 0]) / len(y)
    np.subtract.at(p, (np.arange(len(y)), y), 1)
    d = p / len(y)
    V2 = B.T @ d
    dz = (d @ W2.T) * (z > 0)
    V1 = A.T @ dz
    return loss, (V1[:-1], V1[-1], V2[:-1], V2[-1])
""",
    },
    "dropout_forward": {
        "a comparison, divided": """
def dropout_forward(x, p, rng):
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask
""",
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
    },
    "Standardizer": {
        "two arrays": """
class Standardizer:
    def fit(self, X):
        self.mean = X.mean(axis=0)
        self.std = X.std(axis=0)
        self.std = np.where(self.std == 0, 1.0, self.std)
        return self

    def transform(self, X):
        return (X - self.mean) / self.std

    def inverse_transform(self, Z):
        return Z * self.std + self.mean
""",
        "an __init__, in place on copies": """
class Standardizer:
    def __init__(self):
        self.mu = None
        self.sigma = None

    def fit(self, X):
        self.mu, self.sigma = np.mean(X, 0, keepdims=True), np.std(X, 0, keepdims=True)
        self.sigma[self.sigma == 0] = 1
        return self

    def transform(self, X):
        X = X.copy()
        X -= self.mu
        X /= self.sigma
        return X

    def inverse_transform(self, Z):
        return np.add(np.multiply(Z, self.sigma), self.mu)
""",
        "loops and lists": """
class Standardizer:
    def fit(self, X):
        n = len(X)
        self.columns = []
        for column in X.T:
            m = sum(column) / n
            s = math.sqrt(sum((value - m) ** 2 for value in column) / n)
            self.columns.append((m, s if s > 0 else 1.0))
        return self

    def transform(self, X):
        return [[(value - m) / s for value, (m, s) in zip(row, self.columns)] for row in X]

    def inverse_transform(self, Z):
        return [[value * s + m for value, (m, s) in zip(row, self.columns)] for row in Z]
""",
        "float32, the spread by hand": """
class Standardizer:
    def fit(self, X):
        X = X.astype(np.float64)
        self.n = len(X)
        self.mean = X.sum(axis=0) / self.n
        centred = X - self.mean
        variance = np.einsum("nd,nd->d", centred, centred) / self.n
        self.scale = np.sqrt(variance)
        self.scale[variance == 0] = 1
        return self

    def transform(self, X):
        return ((X - self.mean) * (1 / self.scale)).astype(np.float32)

    def inverse_transform(self, Z):
        return (self.mean + Z * self.scale).astype(np.float32)
""",
        "a dataclass": """
from dataclasses import dataclass

@dataclass
class Standardizer:
    mean: np.ndarray = None
    std: np.ndarray = None

    def fit(self, X):
        self.mean, std = X.mean(0), X.std(0)
        self.std = std + (std == 0)
        return self

    def transform(self, X):
        return (X - self.mean) / self.std

    def inverse_transform(self, Z):
        return self.mean + self.std * Z
""",
    },
}


def _changed(source: str, *pairs: tuple[str, str]) -> str:
    """A source with some of its lines changed."""
    for old, new in pairs:
        assert old in source, f"{old!r} is not in the answer"
        source = source.replace(old, new)
    return source


_DROPOUT = ANSWERS["dropout_forward"]["a comparison, divided"]
_MASK = "(rng.random(x.shape) >= p) / (1 - p)"
_SCALER = ANSWERS["Standardizer"]["two arrays"]

WRONG = {
    "dropout_forward": {
        "p taken for the share kept": _changed(_DROPOUT, (_MASK, "(rng.random(x.shape) < p) / p")),
        "comparison the wrong way round": _changed(_DROPOUT, (">=", "<")),
        "mask of what is dropped": _changed(
            _DROPOUT,
            (_MASK, "rng.random(x.shape) < p"),
            ("return x * mask, mask", "return np.where(mask, 0, x / (1 - p)), mask"),
        ),
        "not scaled": _changed(_DROPOUT, (" / (1 - p)", "")),
        "scaled by 1 / p": _changed(_DROPOUT, ("/ (1 - p)", "/ p")),
        "scaled the wrong way": _changed(_DROPOUT, ("/ (1 - p)", "* (1 - p)")),
        "scaled outside the mask": _changed(_DROPOUT, (" / (1 - p)", ""), ("x * mask", "x * mask / (1 - p)")),
        "the same mask for every sample": _changed(
            _DROPOUT, (_MASK, f"np.ones(x.shape) * ({_MASK.replace('shape', 'shape[-1]')})")
        ),
        "a mask of one row": _changed(_DROPOUT, ("x.shape", "x.shape[-1]")),
        "normal numbers": _changed(_DROPOUT, ("rng.random(", "rng.normal(size=")),
        "draws from elsewhere": _changed(_DROPOUT, ("rng.random(x.shape)", "np.random.rand(*x.shape)")),
        "a generator of its own with a seed": _changed(_DROPOUT, ("rng.random", "np.random.default_rng(0).random")),
        "a fixed number dropped": _changed(
            _DROPOUT, (_MASK, "(rng.permutation(x.size).reshape(x.shape) >= round(p * x.size)) / (1 - p)")
        ),
        "mask first": _changed(_DROPOUT, ("return x * mask, mask", "return mask, x * mask")),
        "x changed in place": _changed(_DROPOUT, ("return x * mask, mask", "x *= mask\n    return x, mask")),
    },
    "Standardizer": {
        "fitted to what it transforms": _changed(
            _SCALER,
            ("    def transform(self, X):\n", "    def transform(self, X):\n        self = Standardizer().fit(X)\n"),
        ),
        "sample standard deviation": _changed(_SCALER, ("X.std(axis=0)", "X.std(axis=0, ddof=1)")),
        "constant column divided by 0": _changed(_SCALER, ("np.where(self.std == 0, 1.0, self.std)", "self.std")),
        "a little added to the spread": _changed(
            _SCALER, ("np.where(self.std == 0, 1.0, self.std)", "self.std + 1e-8")
        ),
        "constant column set to 0": _changed(
            _SCALER,
            ("np.where(self.std == 0, 1.0, self.std)", "self.std"),
            ("return (X - self.mean) / self.std", "return np.where(self.std > 0, (X - self.mean) / self.std, 0)"),
        ),
        "one mean for the whole table": _changed(_SCALER, ("axis=0", ""), ("self.std == 0", "self.std == 0")),
        "row by row": _changed(_SCALER, ("axis=0", "axis=1, keepdims=True")),
        "divided by the variance": _changed(_SCALER, ("X.std(axis=0)", "X.var(axis=0)")),
        "only centred": _changed(_SCALER, ("(X - self.mean) / self.std", "X - self.mean"), ("Z * self.std +", "Z +")),
        "only divided": _changed(_SCALER, ("(X - self.mean) / self.std", "X / self.std"), (" + self.mean", "")),
        "from 0 to 1": _changed(_SCALER, ("X.mean(axis=0)", "X.min(axis=0)"), ("X.std(axis=0)", "np.ptp(X, axis=0)")),
        "brackets missing": _changed(_SCALER, ("(X - self.mean) / self.std", "X - self.mean / self.std")),
        "inverse in the same order": _changed(_SCALER, ("Z * self.std + self.mean", "(Z + self.mean) * self.std")),
        "inverse without the mean": _changed(_SCALER, (" + self.mean", "")),
        "shared by all objects": _changed(_SCALER, ("self.", "Standardizer.")),
        "fit returns nothing": _changed(_SCALER, ("        return self\n", "")),
        "fit returns the scaled data": _changed(_SCALER, ("return self\n", "return (X - self.mean) / self.std\n")),
        "transform changes its array": _changed(
            _SCALER,
            (
                "        return (X - self.mean) / self.std",
                "        X -= self.mean\n        X /= self.std\n        return X",
            ),
        ),
    },
}
