"""Right and wrong answers to `mended_b`."""

PROVIDED = """
import nnkit
from nnkit import functional as F
from nnkit import nn, optim
"""

RIGHT = {
    "the one line": """
def mended_b(model, X, y, X_new, epochs, rng):
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
""",
    "a twentieth": """
def mended_b(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
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
""",
    "a quarter less than a tenth": """
def mended_b(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.15)
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
""",
    "a tenth of the loss": """
def mended_b(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=2.0)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
            optimizer.zero_grad()
            (loss / 10).backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
        model.train()
    return losses, scores
""",
    "the division": """
def mended_b(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=2.0 / 10)
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
""",
}

WRONG = {
    "as it was": """
def mended_b(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=2.0)
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
""",
    "half of it": """
def mended_b(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=1.0)
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
""",
    "a thousandth": """
def mended_b(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.002)
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
""",
    "more epochs": """
def mended_b(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs + 2):
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
""",
    "not shuffled": """
def mended_b(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = np.arange(len(X))
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
""",
}

PROMISES = {
    "one loss for each step": """
def mended_b(model, X, y, X_new, epochs, rng):
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
""",
    "scores after every epoch": """
def mended_b(model, X, y, X_new, epochs, rng):
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
    return losses, scores[-1]
""",
    "y stays as it is": """
def mended_b(model, X, y, X_new, epochs, rng):
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
    y[:] = y[::-1].copy()
    return losses, scores
""",
    "every image once an epoch": """
def mended_b(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.integers(0, len(X), len(X))
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
""",
    "the rate is one and the same for every step": """
def mended_b(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        optimizer.param_groups[0]['lr'] = 0.2 / (1 + epoch)
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
""",
    "gradients are not clipped": """
def mended_b(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=2.0)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 0.1)
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
        model.train()
    return losses, scores
""",
}
