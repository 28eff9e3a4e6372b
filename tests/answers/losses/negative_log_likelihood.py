"""Right answers to `negative_log_likelihood`, and answers that break one promise of its text."""

from tests.answers import changed

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

# The text's promise → an answer that breaks this one alone.
_RIGHT = """
def negative_log_likelihood(scores, y):
    exponentials = np.exp(scores)
    return -np.log(exponentials[y] / exponentials.sum())
"""
PROMISES = {
    "minus": changed(_RIGHT, ("-np.log", "np.log")),
    "the natural logarithm": changed(_RIGHT, ("np.log", "np.log10")),
    "of the probability": changed(_RIGHT, ("-np.log(", "1 - (")),
    "that softmax gives: exponentials": changed(_RIGHT, ("np.exp(scores)", "np.exp2(scores)")),
    "that softmax gives: divided by the sum of all": changed(
        _RIGHT, ("exponentials.sum()", "np.delete(exponentials, y).sum()")
    ),
    "a common shift changes nothing": changed(_RIGHT, ("exponentials.sum())", "exponentials.sum() + 1e-3)")),
    "to class y": changed(_RIGHT, ("exponentials[y]", "exponentials.max()")),
    "an integer from 0 to C - 1": changed(_RIGHT, ("exponentials[y]", "exponentials[y - 1]")),
    "an integer from 0": changed(_RIGHT, ("exponentials[y]", "exponentials[y or -1]")),
    "scores: (C,), however many": changed(_RIGHT, ("exponentials.sum()", "exponentials[:3].sum()")),
    "a number": changed(_RIGHT, ("exponentials[y] / exponentials.sum()", "exponentials[[y]] / exponentials.sum()")),
    "scores of moderate size, to the end": changed(_RIGHT, ("np.exp(scores)", "np.exp(np.clip(scores, -6, 6))")),
    "what comes in stays as it is": changed(_RIGHT, ("np.exp(scores)", "np.exp(scores, out=scores)")),
}
