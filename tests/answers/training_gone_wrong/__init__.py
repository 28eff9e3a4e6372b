"""Answers to the exercises of notebook 07, my network won't learn: changes of one sound program."""

from tests.answers import changed

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


def promised_by_all(program: str) -> dict[str, str]:
    """What the text promises of every one of the five, each broken in a program that is right but for this."""
    later = "    for epoch in range(epochs):\n        optimizer.param_groups[0]['lr'] = 0.2 / (1 + epoch)"
    return {
        "one loss for each step": changed(program, ("     losses", " losses")),
        "scores after every epoch": changed(program, ("n losses, scores", "n losses, scores[-1]")),
        "y stays as it is": changed(
            program, ("        model.train()", "        model.train()\n    y[:] = y[::-1].copy()")
        ),
        "every image once an epoch": changed(program, ("rng.permutation(len", "rng.integers(0, len(X), len")),
        "the rate is one and the same for every step": changed(program, ("    for epoch in range(epochs):", later)),
    }
