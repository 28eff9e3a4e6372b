"""Every name of the design is there, documented, and where PyTorch has it."""

from __future__ import annotations

import inspect

import pytest

import nnkit
import nnkit.nn.functional
from nnkit import functional, nn

FUNCTIONS = (
    "linear relu leaky_relu sigmoid tanh softmax log_softmax cross_entropy nll_loss mse_loss l1_loss "
    "binary_cross_entropy binary_cross_entropy_with_logits multi_margin_loss one_hot dropout conv2d max_pool2d "
    "avg_pool2d batch_norm layer_norm embedding normalize project_so3"
).split()
MODULES = (
    "Module Parameter Sequential ModuleList Linear Conv2d MaxPool2d AvgPool2d Flatten ReLU LeakyReLU Sigmoid Tanh "
    "Softmax Identity Dropout BatchNorm1d BatchNorm2d LayerNorm Embedding RNN LSTM GRU MSELoss L1Loss NLLLoss "
    "CrossEntropyLoss BCELoss BCEWithLogitsLoss MultiMarginLoss"
).split()
METHODS = (
    "parameters named_parameters buffers children state_dict load_state_dict train eval zero_grad apply double float "
    "register_buffer"
).split()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_designed_function_is_there(name: str) -> None:
    assert getattr(nnkit.nn.functional, name) is getattr(functional, name)
    assert getattr(functional, name).__doc__
    assert name in functional.__all__


@pytest.mark.parametrize("name", MODULES)
def test_every_designed_module_is_there(name: str) -> None:
    assert name in nn.__all__
    assert inspect.getdoc(getattr(nn, name))


def test_everything_else_that_was_designed_is_there() -> None:
    assert [name for name in METHODS if not getattr(nn.Module, name).__doc__] == []
    assert callable(nn.utils.clip_grad_norm_)
    assert callable(nn.utils.rnn.pad_sequence)
    assert callable(nn.init.kaiming_uniform_)
    assert callable(nnkit.summary)
    assert {"functional", "nn", "summary"} <= set(dir(nnkit))
