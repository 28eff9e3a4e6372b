"""Right and wrong answers to `mended_a`."""

PROVIDED = """
import nnkit
from nnkit import functional as F
from nnkit import nn, optim
"""

RIGHT = {
    "the one line": """
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)
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
    "standardised with the training's numbers": """
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    mean, std = X.mean(), X.std()
    X, X_new = ((part - mean) / std for part in (X, X_new))
    X, X_new = X.astype(np.float32), X_new.astype(np.float32)
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
    "from −1 to 1": """
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X = (X.astype(np.float32) - 127.5) / 127.5
    X_new = (X_new.astype(np.float32) - 127.5) / 127.5
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
    "where the network is asked": """
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model((X[batch] / 255).astype(np.float32)), nnkit.tensor(y[batch]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with nnkit.no_grad():
            scores.append(model((X_new / 255).astype(np.float32)).numpy())
        model.train()
    return losses, scores
""",
    "each pixel on its own scale": """
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = X.astype(np.float32), X_new.astype(np.float32)
    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-3
    X, X_new = (X - mean) / std, (X_new - mean) / std
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
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = X.astype(np.float32), X_new.astype(np.float32)
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
    "a smaller rate": """
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=1e-5)
    X, X_new = X.astype(np.float32), X_new.astype(np.float32)
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
    "only the training images": """
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X / 255).astype(np.float32), X_new.astype(np.float32)
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
    "each by its own largest": """
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X / X.max()).astype(np.float32), (X_new / X_new.max() / 2).astype(np.float32)
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
    "cut off": """
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X > 0).astype(np.float32), (X_new > 0).astype(np.float32)
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
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.02)
    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)
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
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)
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
    "not shuffled": """
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)
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
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)
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
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)
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
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)
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
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)
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
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)
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
    "what is done to X is done to X_new": """
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X / 255).astype(np.float32), X_new.astype(np.float32)
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
    "no grey value is lost": """
def mended_a(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    X, X_new = (X > 0).astype(np.float32), (X_new > 0).astype(np.float32)
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
