"""A recurrent network that learns the next character of a line, and then writes one itself."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

text = "the cat sat on the mat and the rat sat on the cat. "
alphabet = sorted(set(text))
codes = np.array([alphabet.index(character) for character in text])
rng = np.random.default_rng(3)


class Speller(nn.Module):
    def __init__(self, size, hidden):
        super().__init__()
        self.size = size
        self.rnn = nn.RNN(size, hidden)
        self.out = nn.Linear(hidden, size)

    def forward(self, letters, state=None):
        x = F.one_hot(letters, self.size).double()
        output, state = self.rnn(x, state)
        return self.out(output), state


model = Speller(len(alphabet), 40).double()
for name, parameter in model.named_parameters():
    parameter.data = torch.from_numpy(rng.uniform(-1, 1, tuple(parameter.shape)) / np.sqrt(40))
    print(name, tuple(parameter.shape))

inputs = torch.from_numpy(codes[:-1]).reshape(-1, 1)  # (time, batch of one)
targets = torch.from_numpy(codes[1:])
optimizer = torch.optim.RMSprop(model.parameters(), lr=3e-3)
for step in range(141):
    optimizer.zero_grad()
    logits, _ = model(inputs)
    loss = F.cross_entropy(logits.reshape(-1, model.size), targets)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    if step % 20 == 0:
        print(step, f"{loss.item():.6f}")

written, state = [alphabet.index("t")], None
with torch.no_grad():
    for _ in range(40):
        logits, state = model(torch.tensor([[written[-1]]]), state)
        written.append(logits[-1, 0].argmax().item())
print("".join(alphabet[code] for code in written).strip())
