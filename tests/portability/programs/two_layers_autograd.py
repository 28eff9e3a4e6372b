"""The two-layer program of the slides: the gradients come from backward(), in float32 as it is usually written."""

import numpy as np
import torch

N, D_in, H, D_out = 64, 1000, 100, 10
rng = np.random.default_rng(0)
x = torch.tensor(rng.standard_normal((N, D_in)), dtype=torch.float)
y = torch.tensor(rng.standard_normal((N, D_out)), dtype=torch.float)
w1 = torch.tensor(rng.standard_normal((D_in, H)), dtype=torch.float, requires_grad=True)
w2 = torch.tensor(rng.standard_normal((H, D_out)), dtype=torch.float, requires_grad=True)

learning_rate = 1e-6
for t in range(500):
    y_pred = x.mm(w1).clamp(min=0).mm(w2)

    loss = (y_pred - y).pow(2).sum()
    if t % 50 == 49:
        print(t, f"{loss.item():.1e}")

    loss.backward()

    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad

        # Manually zero the gradients after updating weights
        w1.grad.zero_()
        w2.grad.zero_()

print("norms", f"{w1.norm().item():.5g} {w2.norm().item():.5g}")
