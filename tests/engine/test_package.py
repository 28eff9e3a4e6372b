"""The package's own names: what is there, what is loaded, what is not."""

from __future__ import annotations

import subprocess
import sys
import types

import nnkit
from nnkit import Tensor

DESIGNED = (
    "Tensor tensor from_numpy zeros ones full rand randn arange linspace zeros_like ones_like randn_like randperm "
    "manual_seed no_grad stack cat where maximum gradcheck walk float32 float64 int64 bool exp log sin cos atan "
    "tanh sigmoid relu sqrt abs pow clamp sum mean var std max min argmax norm softmax log_softmax reshape "
    "flatten transpose permute t squeeze unsqueeze mm matmul "
    "Generator randint multinomial normal all any allclose argmin eq masked_fill numel"
).split()
METHODS = (
    "data grad numpy shape size ndim dtype T requires_grad requires_grad_ is_leaf item tolist detach clone float "
    "double long backward retain_grad exp log sin cos atan tanh sigmoid relu sqrt abs pow clamp sum mean var std "
    "max min argmax norm softmax log_softmax reshape view flatten transpose permute t squeeze unsqueeze expand mm "
    "matmul zero_ all any allclose argmin eq ne lt le gt ge masked_fill dim numel nelement view_as reshape_as to"
).split()


def test_every_designed_name_is_there() -> None:
    assert [name for name in DESIGNED if not hasattr(nnkit, name)] == []
    assert [name for name in METHODS if not hasattr(Tensor, name)] == []
    assert set(DESIGNED) <= set(dir(nnkit))


def test_everything_public_is_documented() -> None:
    for name in dir(nnkit):
        value = vars(nnkit).get(name)
        if callable(value) or isinstance(value, types.ModuleType):
            assert value.__doc__, name
    for name, value in vars(Tensor).items():
        if not name.startswith("_"):
            assert value.__doc__, name


def test_importing_it_loads_floors_0_and_1_only() -> None:
    program = (
        "import sys, nnkit; assert 'nnkit.draw' in [f'nnkit.{n}' for n in dir(nnkit)];"
        "upper = ('nnkit.draw', 'nnkit.widgets', 'nnkit.exercises', 'nnkit.grading', 'nnkit.cli',"
        " 'matplotlib', 'IPython', 'nbgrader', 'ipywidgets');"
        "print([name for name in upper if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_rest_loads_when_first_asked_for() -> None:
    assert nnkit.draw.__name__ == "nnkit.draw"
