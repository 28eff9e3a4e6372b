"""What the notebook gives to the student."""

SIGMOID = """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
"""
