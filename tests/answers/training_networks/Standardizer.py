"""Right and wrong answers to `Standardizer`, and answers that break one promise of its text each."""

from __future__ import annotations

from tests.answers import changed

TWO_ARRAYS = """
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
"""

RIGHT = {
    "a mean of squares, guarded against rounding": """
class Standardizer:
    def fit(self, X):
        self.mean = X.mean(0)
        variance = (X ** 2).mean(0) - self.mean ** 2
        self.std = np.sqrt(np.where(variance > 1e-12, variance, 1))
        return self

    def transform(self, X):
        return (X - self.mean) / self.std

    def inverse_transform(self, Z):
        return Z * self.std + self.mean
""",
    "an own copy of the rows, asked every time": """
class Standardizer:
    def fit(self, X):
        self.rows = X.copy()
        return self

    def std(self):
        found = self.rows.std(axis=0)
        return np.where(found > 0, found, 1)

    def transform(self, X):
        return (X - self.rows.mean(axis=0)) / self.std()

    def inverse_transform(self, Z):
        return Z * self.std() + self.rows.mean(axis=0)
""",
    "two arrays": TWO_ARRAYS,
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
}

WRONG = {
    "fitted to what it transforms": changed(
        TWO_ARRAYS,
        ("    def transform(self, X):\n", "    def transform(self, X):\n        self = Standardizer().fit(X)\n"),
    ),
    "sample standard deviation": changed(TWO_ARRAYS, ("X.std(axis=0)", "X.std(axis=0, ddof=1)")),
    "constant column divided by 0": changed(TWO_ARRAYS, ("np.where(self.std == 0, 1.0, self.std)", "self.std")),
    "a little added to the spread": changed(TWO_ARRAYS, ("np.where(self.std == 0, 1.0, self.std)", "self.std + 1e-8")),
    "constant column set to 0": changed(
        TWO_ARRAYS,
        ("np.where(self.std == 0, 1.0, self.std)", "self.std"),
        ("return (X - self.mean) / self.std", "return np.where(self.std > 0, (X - self.mean) / self.std, 0)"),
    ),
    "one mean for the whole table": changed(TWO_ARRAYS, ("axis=0", "")),
    "row by row": changed(TWO_ARRAYS, ("axis=0", "axis=1, keepdims=True")),
    "divided by the variance": changed(TWO_ARRAYS, ("X.std(axis=0)", "X.var(axis=0)")),
    "only centred": changed(TWO_ARRAYS, ("(X - self.mean) / self.std", "X - self.mean"), ("Z * self.std +", "Z +")),
    "only divided": changed(TWO_ARRAYS, ("(X - self.mean) / self.std", "X / self.std"), (" + self.mean", "")),
    "from 0 to 1": changed(TWO_ARRAYS, ("X.mean(axis=0)", "X.min(axis=0)"), ("X.std(axis=0)", "np.ptp(X, axis=0)")),
    "brackets missing": changed(TWO_ARRAYS, ("(X - self.mean) / self.std", "X - self.mean / self.std")),
    "inverse in the same order": changed(TWO_ARRAYS, ("Z * self.std + self.mean", "(Z + self.mean) * self.std")),
    "inverse without the mean": changed(TWO_ARRAYS, (" + self.mean", "")),
    "shared by all objects": changed(TWO_ARRAYS, ("self.", "Standardizer.")),
    "fit returns nothing": changed(TWO_ARRAYS, ("        return self\n", "")),
    "fit returns an array": changed(TWO_ARRAYS, ("return self\n", "return (X - self.mean) / self.std\n")),
    "transform changes its array": changed(
        TWO_ARRAYS,
        (
            "        return (X - self.mean) / self.std",
            "        X -= self.mean\n        X /= self.std\n        return X",
        ),
    ),
    "small spreads taken for 0": changed(TWO_ARRAYS, ("self.std == 0", "self.std < 1e-3")),
    "no column divided": changed(
        TWO_ARRAYS, ("np.where(self.std == 0, 1.0, self.std)", "self.std if self.std.all() else np.ones(len(self.std))")
    ),
    "mean of the whole table": changed(TWO_ARRAYS, ("X.mean(axis=0)", "X.mean()")),
    "spread of the whole table": changed(TWO_ARRAYS, ("X.std(axis=0)", "X.std()")),
    "kept row by row": changed(
        TWO_ARRAYS,
        (
            "        return self\n",
            "        self.mean, self.std = (np.tile(a, (len(X), 1)) for a in (self.mean, self.std))\n"
            "        return self\n",
        ),
    ),
    "along the rows": changed(TWO_ARRAYS, ("axis=0", "axis=1")),
    "spread of what it transforms": changed(
        TWO_ARRAYS,
        ("(X - self.mean) / self.std", "(X - self.mean) / np.where(X.std(axis=0) == 0, 1, X.std(axis=0))"),
    ),
    "root of the mean square": changed(TWO_ARRAYS, ("X.std(axis=0)", "np.sqrt((X ** 2).mean(axis=0))")),
    "median": changed(TWO_ARRAYS, ("X.mean(axis=0)", "np.median(X, axis=0)")),
    "mean absolute deviation": changed(TWO_ARRAYS, ("X.std(axis=0)", "np.abs(X - self.mean).mean(axis=0)")),
    "inverse divides": changed(TWO_ARRAYS, ("Z * self.std", "Z / self.std")),
    "inverse subtracts": changed(TWO_ARRAYS, ("Z * self.std +", "Z * self.std -")),
    "inverse is transform": changed(TWO_ARRAYS, ("Z * self.std + self.mean", "(Z - self.mean) / self.std")),
    "array kept": """
class Standardizer:
    def fit(self, X):
        self.X = X
        return self

    def numbers(self):
        std = self.X.std(axis=0)
        return self.X.mean(axis=0), np.where(std == 0, 1, std)

    def transform(self, X):
        mean, std = self.numbers()
        return (X - mean) / std

    def inverse_transform(self, Z):
        mean, std = self.numbers()
        return Z * std + mean
""",
}

# A promise of the text → an answer that breaks this one alone.
FIT = "        self.mean = X.mean(axis=0)\n"
PROMISES = {
    "fit(X) learns one mean for each column": changed(TWO_ARRAYS, ("X.mean(axis=0)", "X.mean()")),
    "… and one standard deviation": changed(TWO_ARRAYS, ("X.std(axis=0)", "X.std()")),
    "with N below the root, not N − 1": changed(
        TWO_ARRAYS, ("X.std(axis=0)", "X.std(axis=0, ddof=min(1, len(X) - 1))")
    ),
    "a column that is constant: divide by 1": changed(TWO_ARRAYS, ("self.std == 0, 1.0", "self.std == 0, 1e-8")),
    "… only such a column": changed(TWO_ARRAYS, ("self.std == 0", "self.std < 1e-3")),
    "from the training data alone, once": changed(
        TWO_ARRAYS, ("    def transform(self, X):\n", "    def transform(self, X):\n        self.fit(X)\n")
    ),
    "fit returns the object itself": changed(TWO_ARRAYS, ("return self\n", "return Standardizer\n")),
    "transform takes any number of rows: one": changed(
        TWO_ARRAYS, ("return (X - self.mean) / self.std", "return ((X - self.mean) / self.std).squeeze()")
    ),
    "transform takes any number of rows: more than were fitted": changed(
        TWO_ARRAYS, (FIT, FIT + "        self.rows = len(X)\n"), ("return (X -", "return (X[:self.rows] -")
    ),
    "inverse_transform takes any number of rows": changed(
        TWO_ARRAYS, (FIT, FIT + "        self.rows = len(X)\n"), ("return Z *", "return Z[:self.rows] *")
    ),
    "transform returns a new array": changed(
        TWO_ARRAYS, ("return (X - self.mean) / self.std", "X -= self.mean\n        X /= self.std\n        return X")
    ),
    "inverse_transform returns a new array": changed(
        TWO_ARRAYS, ("return Z * self.std + self.mean", "Z *= self.std\n        Z += self.mean\n        return Z")
    ),
    "and back: x = z · standard deviation + mean": changed(
        TWO_ARRAYS, ("Z * self.std + self.mean", "(Z + self.mean) * self.std")
    ),
    "a second fit replaces the first": changed(
        TWO_ARRAYS, (FIT, "        if hasattr(self, 'mean'):\n            return self\n" + FIT)
    ),
    "… all of it": changed(
        TWO_ARRAYS,
        (FIT, FIT + "        if hasattr(self, 'std'):\n            return self\n"),
    ),
    "two objects know nothing of each other": changed(TWO_ARRAYS, ("self.std", "Standardizer.std")),
    "… and nothing of an array that is written over later": WRONG["array kept"],
    "fit leaves its rows as they are": changed(
        TWO_ARRAYS, ("        return self\n", "        X -= self.mean\n        return self\n")
    ),
}
