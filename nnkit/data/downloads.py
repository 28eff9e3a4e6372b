"""Why a download did not succeed, in a few words for whoever waits for it."""

from __future__ import annotations


def reason_of(error: Exception) -> str:
    """Say what went wrong with a download.

    Parameters
    ----------
    error : Exception
        What requests or pooch raised.

    Examples
    --------
    >>> reason_of(TimeoutError("timed out"))
    'it does not answer in time'
    """
    kind = type(error).__name__
    if "Timeout" in kind or "timed out" in str(error):
        return "it does not answer in time"
    response = getattr(error, "response", None)
    if kind == "HTTPError" and response is not None:
        return f"it answers {response.status_code}"
    if kind == "ChunkedEncodingError" or "IncompleteRead" in str(error):
        return "it broke off half-way"
    if kind in ("ConnectionError", "SSLError", "ProxyError"):
        return "no connection (is the computer offline?)"
    return f"{kind}: {error}"
