"""Right and wrong answers to `mended_e`."""

PROVIDED = """
import nnkit
from nnkit import functional as F
from nnkit import nn, optim
"""

RIGHT = {
    "the one line": """
def mended_e(model, X, y, X_new, epochs, rng):
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
    "train at the top of an epoch": """
def mended_e(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        model.train()
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
    return losses, scores
""",
    "train(False)": """
def mended_e(model, X, y, X_new, epochs, rng):
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
        model.train(False)
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
        model.train(True)
    return losses, scores
""",
    "read in parts, with a look at the training images": """
def mended_e(model, X, y, X_new, epochs, rng):
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
            scores.append(np.concatenate([model(X_new[i : i + 5]).numpy() for i in range(0, len(X_new), 5)]))
            known = np.mean(model(X).numpy().argmax(axis=1) == y)  # learned by heart?
            assert 0 <= known <= 1
        model.train(True)
    return losses, scores
""",
    "train before each batch": """
def mended_e(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            model.train()
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
    return losses, scores
""",
    "without no_grad": """
def mended_e(model, X, y, X_new, epochs, rng):
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
        scores.append(model(X_new).detach().numpy().tolist())
        model.train()
    return losses, scores
""",
}

WRONG = {
    "as it was": """
def mended_e(model, X, y, X_new, epochs, rng):
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
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
    return losses, scores
""",
    "in use mode from the start": """
def mended_e(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    model.eval()
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
    return losses, scores
""",
    "no way back": """
def mended_e(model, X, y, X_new, epochs, rng):
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
    return losses, scores
""",
    "another rate as well": """
def mended_e(model, X, y, X_new, epochs, rng):
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
def mended_e(model, X, y, X_new, epochs, rng):
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
def mended_e(model, X, y, X_new, epochs, rng):
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
def mended_e(model, X, y, X_new, epochs, rng):
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
def mended_e(model, X, y, X_new, epochs, rng):
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
def mended_e(model, X, y, X_new, epochs, rng):
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
def mended_e(model, X, y, X_new, epochs, rng):
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
    "dropout stays in the training": """
def mended_e(model, X, y, X_new, epochs, rng):
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
    return losses, scores
""",
    "a mean of several answers is no mend": """
def mended_e(model, X, y, X_new, epochs, rng):
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
        with nnkit.no_grad():
            scores.append(np.mean([model(X_new).numpy() for _ in range(10)], axis=0))
    return losses, scores
""",
}
