"""A classifier written as a Module and trained with Adam: three noisy spirals."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

rng = np.random.default_rng(1)
labels = np.repeat(np.arange(3), 60)
radius = np.tile(np.linspace(0.1, 1, 60), 3)
angle = 4 * radius + 2.1 * labels + rng.normal(0, 0.15, 180)
points = torch.from_numpy(np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1))
target = torch.from_numpy(labels)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 32)
        self.second = nn.Linear(32, 32)
        self.last = nn.Linear(32, 3)

    def forward(self, x):
        x = F.relu(self.first(x))
        x = torch.tanh(self.second(x))
        return self.last(x)


model = Classifier().double()
for parameter in model.parameters():
    fan_in = parameter.shape[-1]
    parameter.data = torch.from_numpy(rng.uniform(-1, 1, tuple(parameter.shape)) / np.sqrt(fan_in))
print("parameters", sum(parameter.detach().numpy().size for parameter in model.parameters()))

criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(151):
    logits = model(points)
    loss = criterion(logits, target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch % 25 == 0:
        correct = (logits.argmax(dim=1) == target).double().mean()
        print(epoch, f"{loss.item():.7f}", f"{correct.item():.4f}")

with torch.no_grad():
    grid = torch.from_numpy(np.array([[0.0, 0.0], [0.5, 0.5], [-0.7, 0.2]]))
    for row in F.softmax(model(grid), dim=1).tolist():
        print(" ".join(f"{p:.6f}" for p in row))
