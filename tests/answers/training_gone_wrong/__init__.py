"""Answers to the exercises of notebook 07, my network won't learn: changes of one sound program."""

PROVIDED = """
import nnkit
from nnkit import functional as F
from nnkit import nn, optim
"""

# The sound program, under a name that each exercise replaces by its own.
SOUND = """
def mended(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
        model.train()
    return losses, scores
"""
