"""The rules by which parameters learn from their gradients, and the schedules of their learning rates.

`optimizers` holds the rules (SGD, Adagrad, RMSprop, Adam, AdamW), `lr_scheduler` the schedules.
"""

from __future__ import annotations

from nnkit.optim import lr_scheduler
from nnkit.optim.optimizers import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]
