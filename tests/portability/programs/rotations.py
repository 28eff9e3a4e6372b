"""No layers at all: fit a rotation and a shift to noisy points by gradient descent, with indexing, stack and where."""

import numpy as np
import torch

rng = np.random.default_rng(11)
source = rng.standard_normal((50, 2))
angle = 0.7
matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
target = source @ matrix.T + [0.5, -1.0] + 0.02 * rng.standard_normal((50, 2))
target[::10] += 3  # outliers

p, q = torch.from_numpy(source), torch.from_numpy(target)
theta = torch.zeros(1, dtype=torch.double, requires_grad=True)
shift = torch.zeros(2, dtype=torch.double, requires_grad=True)
weights = torch.ones(50, dtype=torch.double)
weights[::10] = 0.5

for step in range(121):
    c, s = torch.cos(theta), torch.sin(theta)
    rotation = torch.stack([torch.cat([c, -s]), torch.cat([s, c])])
    residual = (p @ rotation.T + shift - q).norm(dim=1)
    huber = torch.where(residual < 0.2, residual**2 / 0.4, residual - 0.1)
    loss = (weights * huber).sum() / weights.sum()
    loss.backward()
    with torch.no_grad():
        theta -= 0.02 * theta.grad
        shift -= 0.05 * shift.grad
    if step % 20 == 0:
        values, _ = torch.max(residual, dim=0)
        print(step, f"{loss.item():.8f}", f"{theta.item():.8f}", [round(v, 7) for v in shift.tolist()], f"{values:.6f}")
    theta.grad = None
    shift.grad = None
