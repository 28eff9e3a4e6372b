"""A wrong derivative makes the gradient test fail."""

from __future__ import annotations

import layer_errors  # noqa: F401 (adds to the cases and to the errors)
import pytest
from gradient_cases import CASES, check
from planted_errors import PLANTED, noticed


def test_without_an_error_every_case_passes() -> None:
    for case in CASES:
        check(case)


@pytest.mark.parametrize("label", PLANTED)
def test_a_planted_error_is_noticed(label: str) -> None:
    assert noticed(label)


def test_there_are_enough_of_them() -> None:
    assert len(PLANTED) >= 40
