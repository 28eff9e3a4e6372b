"""A sigmoid that never overflows."""

SIGMOID = """
def sigmoid(x):
    q = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1 / (1 + q), q / (1 + q))
"""
