"""Tables whose first heading is empty: an empty heading says nothing to somebody who listens, so it is a plain cell."""

from __future__ import annotations

from typing import Any

_EMPTY = ('<th class="head"><p></p></th>', '<th class="head text-left"><p></p></th>')


def _mend(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    for empty in _EMPTY:
        if empty in context.get("body", ""):
            context["body"] = context["body"].replace(empty, "<td></td>")


def setup(app: Any) -> dict[str, bool]:
    """Be an extension of Sphinx, one that looks at pages before they are written."""
    app.connect("html-page-context", _mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
