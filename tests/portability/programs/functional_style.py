"""A small network for images in the functional style: every layer that learns is a module, everything else a call."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Subset, TensorDataset

rng = np.random.default_rng(11)
labels = rng.integers(0, 3, 60)
images = rng.normal(0, 0.3, (60, 1, 8, 8))
for image, label in zip(images, labels, strict=True):
    image[0, :, 2 * label : 2 * label + 2] += 1  # a bar, at one of three places


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.filters = nn.Conv2d(1, 4, 3)
        self.pool = nn.AvgPool2d(2)
        self.answer = nn.Linear(36, 3)
        self.register_buffer("mean", torch.zeros(4).double())
        self.variance = torch.ones(4).double()

    def forward(self, x):
        x = self.pool(F.relu(self.filters(x)))
        x = F.batch_norm(x, self.mean, self.variance, training=self.training, momentum=0.2)
        x = F.dropout(x.flatten(1), 0.5, training=False)  # nothing is dropped, so that both print the same
        return self.answer(x)


model = Reader().double()
for parameter in model.parameters():
    parameter.data = torch.from_numpy(rng.uniform(-0.3, 0.3, tuple(parameter.shape)))
data = TensorDataset(torch.from_numpy(images), torch.from_numpy(labels))
learned, aside = Subset(data, range(45)), Subset(data, list(range(45, 60)))
print(len(learned), len(aside), aside[0][1].item())

optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(4):
    model.train()
    total = 0.0
    for x, y in DataLoader(learned, batch_size=15):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() / 3
    model.eval()
    with torch.no_grad():
        right = [(model(x).argmax(1) == y).double().mean().item() for x, y in DataLoader(aside, batch_size=15)]
    print(epoch, f"{total:.5f}", f"{right[0]:.3f}")
print(" ".join(f"{value:.4f}" for value in [*model.mean.tolist(), *model.variance.tolist()]))
