"""The convolutional network of the slides, 54,470 parameters, on images of bars made with NumPy."""

import numpy as np
import torch
from torch import nn, optim

rng = np.random.default_rng(2)
labels = rng.integers(0, 10, 96)
images = 0.3 * rng.standard_normal((96, 1, 28, 28))
for image, label in zip(images, labels, strict=True):
    if label < 5:
        image[0, 4 + 4 * label] += 2
    else:
        image[0, :, 4 * label - 16] += 2

model = nn.Sequential(
    nn.Conv2d(1, 16, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(2704, 20),
    nn.ReLU(),
    nn.Linear(20, 10),
).double()
for parameter in model.parameters():
    shape = tuple(parameter.shape)
    fan_in = int(np.prod(shape[1:])) if len(shape) > 1 else shape[0]
    parameter.data = torch.from_numpy(rng.uniform(-1, 1, shape) / np.sqrt(fan_in))
print("parameters", sum(int(np.prod(tuple(parameter.shape))) for parameter in model.parameters()))

loss_function = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=2e-3)
x, t = torch.from_numpy(images), torch.from_numpy(labels)
for epoch in range(8):
    total = 0.0
    for first in range(0, 96, 32):
        optimizer.zero_grad()
        loss = loss_function(model(x[first : first + 32]), t[first : first + 32])
        loss.backward()
        optimizer.step()
        total += loss.item() * 32
    print(epoch, f"{total / 96:.6f}")

for name, parameter in model.named_parameters():
    print(name, f"{parameter.grad.norm().item():.5g}")
with torch.no_grad():
    print("correct", (model(x).argmax(1) == t).sum().item())
