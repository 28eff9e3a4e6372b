"""Right and wrong answers to `mended_c`."""

PROVIDED = """
import nnkit
from nnkit import functional as F
from nnkit import nn, optim
"""

RIGHT = {
    "the one line": """
def mended_c(model, X, y, X_new, epochs, rng):
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
    "after the step": """
def mended_c(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
        model.eval()
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
        model.train()
    return losses, scores
""",
    "the model's": """
def mended_c(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
            model.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
        model.train()
    return losses, scores
""",
    "one by one": """
def mended_c(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
            for parameter in model.parameters():
                parameter.grad = None
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
        model.train()
    return losses, scores
""",
    "before the forward pass": """
def mended_c(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
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
def mended_c(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
        model.train()
    return losses, scores
""",
    "once an epoch": """
def mended_c(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        optimizer.zero_grad()
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
        model.train()
    return losses, scores
""",
    "between backward and step": """
def mended_c(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
            loss.backward()
            optimizer.zero_grad()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with nnkit.no_grad():
            scores.append(model(X_new).numpy())
        model.train()
    return losses, scores
""",
    "a smaller rate": """
def mended_c(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.02)
    losses, scores = [], []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
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
def mended_c(model, X, y, X_new, epochs, rng):
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
def mended_c(model, X, y, X_new, epochs, rng):
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
def mended_c(model, X, y, X_new, epochs, rng):
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
def mended_c(model, X, y, X_new, epochs, rng):
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
def mended_c(model, X, y, X_new, epochs, rng):
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
def mended_c(model, X, y, X_new, epochs, rng):
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
def mended_c(model, X, y, X_new, epochs, rng):
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
    "once before the loop is not enough": """
def mended_c(model, X, y, X_new, epochs, rng):
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    losses, scores = [], []
    optimizer.zero_grad()
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
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
