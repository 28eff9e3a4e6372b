"""Every promise of an exercise's text is a case: whoever breaks one of them does not pass."""

from __future__ import annotations

import pytest

from nnkit.exercises import evaluate, index
from tests.answers import answers_to, namespace_of

SEEDS = ((1, False), (20_011, True))
PROMISES = [(name, promise) for name in index.names() for promise in answers_to(name).promises]


@pytest.mark.parametrize(("name", "promise"), PROMISES)
def test_a_broken_promise_is_refused(name: str, promise: str) -> None:
    known = answers_to(name)
    for seed, hidden in SEEDS:
        report = evaluate(name, namespace_of(known.promises[promise], known.provided), seed, hidden)
        assert report.status in ("wrong", "crashed", "timed out"), f"{promise!r} is broken with seed {seed}: {report}"
        assert report.words != "could not be checked", str(report)
