"""What the tests of widgets share: what is displayed is collected, and a widget is there to be moved."""

from __future__ import annotations

import pytest

from nnkit.widgets import base


@pytest.fixture
def static(monkeypatch):
    monkeypatch.setenv("NNKIT_STATIC", "1")


@pytest.fixture
def live(monkeypatch):
    monkeypatch.delenv("NNKIT_STATIC", raising=False)


@pytest.fixture
def displayed(monkeypatch):
    """Collect what is displayed instead of showing it."""
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda thing, **options: shown.append(thing))
    return shown


@pytest.fixture
def shown_moving(monkeypatch, displayed, live):
    """Return a function that shows a widget as a notebook does, and returns what answers the questions of its page."""
    make = base.Moving.live

    def call(widget, *arguments, **options):
        made = []
        monkeypatch.setattr(base.Moving, "live", lambda self: made.append((self, make(self))) or made[0][1])
        widget(*arguments, **options)
        still, moving = displayed
        displayed.clear()
        assert set(still) == {"text/html", "text/plain"}
        assert moving[base.VIEW]["model_id"] == made[0][1].model_id
        return made[0][0]

    return call
