"""An LSTM that predicts a wave one step ahead, with an initial state that is learned."""

import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(4)
time = np.arange(240) * 0.15
wave = np.sin(time) * np.cos(0.3 * time) + 0.05 * rng.standard_normal(240)
windows = np.stack([wave[i : i + 25] for i in range(0, 200, 5)])
series = torch.from_numpy(windows).unsqueeze(2)  # (batch, time, 1)


class Forecast(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(input_size=1, hidden_size=16, batch_first=True)
        self.start = nn.Parameter(torch.zeros(2, 1, 16))
        self.readout = nn.Linear(16, 1)

    def forward(self, x):
        h, c = (self.start[i].expand(x.shape[0], 16).unsqueeze(0) for i in range(2))
        output, (h, c) = self.lstm(x, (h, c))
        return self.readout(output), h, c


model = Forecast().double()
for name, parameter in model.named_parameters():
    parameter.data = torch.from_numpy(0.25 * rng.uniform(-1, 1, tuple(parameter.shape)))
    print(name, tuple(parameter.shape))

criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02, betas=(0.9, 0.99))
for step in range(61):
    prediction, h, c = model(series[:, :-1])
    loss = criterion(prediction, series[:, 1:])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 10 == 0:
        print(step, f"{loss.item():.7f}", f"{h.detach().norm().item():.6f}", f"{c.detach().norm().item():.6f}")

print("start", f"{model.start.grad.norm().item():.6g}")
