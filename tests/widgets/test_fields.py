"""Fields of a state: one of several numbers, and what a front end shares with others."""

from __future__ import annotations

from typing import Any

import pytest

from nnkit.widgets.base import module
from nnkit.widgets.fields import Listed, read_state

SIZE = Listed("batch", "batch size", 4, [1, 2, 4])


def test_one_of_several_numbers_is_taken_as_it_stands_in_the_list() -> None:
    assert read_state([SIZE], {}, "It") == {"batch": 4}
    assert repr(read_state([SIZE], {"batch": 2.0}, "It")) == "{'batch': 2}"
    assert SIZE.described()["kind"] == "listed"


@pytest.mark.parametrize("value", [3, "4", True, None, float("nan")])
def test_any_other_is_refused_in_a_sentence(value: Any) -> None:
    with pytest.raises(ValueError, match="batch is one of 1, 2, 4; got"):
        read_state([SIZE], {"batch": value}, "It")


def test_what_a_front_end_uses_comes_before_it_once() -> None:
    program = module("noisy_descent")
    places = [
        program.index(text) for text in ("function mount(", "function axes(", "function walkOf(", "function chance(")
    ]
    assert places == sorted(places)
    assert program.count("function axes(") == 1
    assert "function axes(" not in module("stepper")
