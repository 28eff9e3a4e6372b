"""The form in which the two sides of a sandbox speak: a kind, a length, and so many bytes.

An event (what a cell shows, how it ended, a question of the student's own `check`) is JSON. A question of the judge and
its answer are the bytes of `nnkit.exercises.beside.wire`, passed on unread.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

EVENT = b"E"
REQUEST = b"R"
ANSWER = b"A"
FILE = b"F"
KINDS = (EVENT, REQUEST, ANSWER, FILE)
HEADER = struct.Struct(">cI")


def pack(kind: bytes, content: bytes) -> bytes:
    """One frame.

    Examples
    --------
    >>> pack(EVENT, b"{}")
    b'E\\x00\\x00\\x00\\x02{}'
    """
    return HEADER.pack(kind, len(content)) + content


def pack_event(event: dict[str, Any]) -> bytes:
    """An event as one frame; half a surrogate pair, which no encoding has, becomes a question mark.

    Examples
    --------
    >>> pack_event({"did": "ended"})[5:]
    b'{"did":"ended"}'
    """
    text = json.dumps(event, separators=(",", ":"), ensure_ascii=False)
    return pack(EVENT, text.encode("utf-8", "replace"))


def receive(line: socket.socket) -> tuple[bytes, bytes]:
    """Wait for the next frame.

    Parameters
    ----------
    line : socket.socket
        One end of a pair, blocking.

    Returns
    -------
    tuple[bytes, bytes]
        Its kind and its content.

    Raises
    ------
    EOFError
        The other side has closed the line.

    Examples
    --------
    >>> one, other = socket.socketpair()
    >>> one.sendall(pack_event({"do": "run"}))
    >>> receive(other)
    (b'E', b'{"do":"run"}')
    """
    kind, length = HEADER.unpack(_exactly(line, HEADER.size))
    return kind, _exactly(line, length)


def _exactly(line: socket.socket, length: int) -> bytes:
    content = bytearray()
    while len(content) < length:
        piece = line.recv(min(length - len(content), 1 << 20))
        if not piece:
            raise EOFError("The other side has closed the line.")
        content += piece
    return bytes(content)
