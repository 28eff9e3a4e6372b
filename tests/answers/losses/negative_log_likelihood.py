"""Right answers to `negative_log_likelihood`."""

RIGHT = {
    "softmax, then the logarithm": """
def negative_log_likelihood(scores, y):
    p = np.exp(scores) / np.exp(scores).sum()
    return -np.log(p[y])
""",
    "math and a loop": """
def negative_log_likelihood(scores, y):
    total = 0.0
    for s in scores:
        total += math.exp(s)
    return -math.log(math.exp(scores[y]) / total)
""",
    "logarithm of the sum, shifted": """
def negative_log_likelihood(scores, y):
    top = max(scores)
    return np.log(np.sum(np.exp(scores - top))) - (scores[y] - top)
""",
    "differences to the right class, float32": """
def negative_log_likelihood(scores, y):
    return np.log(np.exp((scores - scores[y]).astype(np.float32)).sum())
""",
    "a dot product with a one-hot vector": """
def negative_log_likelihood(scores, y):
    t = np.eye(len(scores))[y]
    e = np.exp(scores)
    return -(t @ np.log(e / e.sum()))
""",
    "logaddexp": """
def negative_log_likelihood(scores, y):
    return np.logaddexp.reduce(scores) - scores[y]
""",
}
