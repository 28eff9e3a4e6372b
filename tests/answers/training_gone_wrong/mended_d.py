"""Right and wrong answers to `mended_d`."""

PROVIDED = """
import nnkit
from nnkit import functional as F
from nnkit import nn, optim
"""

RIGHT = {
    "the one line": """
def mended_d(model, X, y, X_new, epochs, rng):
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
    "one order before the epochs": """
def mended_d(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    together = rng.permutation(len(X))
    X, y = X[together], y[together]
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
    "sorted by random numbers": """
def mended_d(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = np.argsort(rng.random(len(X)))
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
    "an array shuffled": """
def mended_d(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = np.arange(len(X))
        rng.shuffle(order)
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
    "rows gathered first": """
def mended_d(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        images, labels = X[order], y[order]
        for start in range(0, len(X), 32):
            loss = F.cross_entropy(model(images[start : start + 32]), nnkit.tensor(labels[start : start + 32]))
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
def mended_d(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    y = y[rng.permutation(len(y))]
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
    "not shuffled at all": """
def mended_d(model, X, y, X_new, epochs, rng):
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
    "backwards": """
def mended_d(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = np.arange(len(X))[::-1]
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
    "one order for all epochs": """
def mended_d(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    order = rng.permutation(len(X))
    for epoch in range(epochs):
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
    "another generator": """
def mended_d(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    generator = np.random.default_rng(5)
    for epoch in range(epochs):
        order = generator.permutation(len(X))
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
    "a smaller rate": """
def mended_d(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.02)
    y = y[rng.permutation(len(y))]
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
    "another rate as well": """
def mended_d(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.02)
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
def mended_d(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs + 1):
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

PROMISES = {
    "one loss for each step": """
def mended_d(model, X, y, X_new, epochs, rng):
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
def mended_d(model, X, y, X_new, epochs, rng):
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
def mended_d(model, X, y, X_new, epochs, rng):
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
def mended_d(model, X, y, X_new, epochs, rng):
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
def mended_d(model, X, y, X_new, epochs, rng):
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
    "the shuffling stays": """
def mended_d(model, X, y, X_new, epochs, rng):
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
