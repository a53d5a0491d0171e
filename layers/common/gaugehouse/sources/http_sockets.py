"""The sockets of a download: a deadline shuts them under a read that waits."""

import socket
import threading
import time
from contextlib import suppress


class OpenSockets:
    """The sockets that are in use, so that a deadline can shut them under a read that waits."""

    def __init__(self) -> None:
        self.are_shut = False
        self._ends_at = 0.0
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()

    @property
    def seconds_left(self) -> float:
        """Return how long the download may still take."""
        return self._ends_at - time.monotonic()

    def reopen(self, seconds: float) -> None:
        """Start a new download, which may take so long."""
        with self._lock:
            self.are_shut = False
            self._ends_at = time.monotonic() + seconds

    def add(self, opened: socket.socket) -> None:
        """Take in a socket; after the deadline it is shut at once."""
        with self._lock:
            self._sockets = {known for known in self._sockets if known.fileno() != -1} | {opened}
            if self.are_shut:
                _shut(opened)

    def shut(self) -> None:
        """Shut every socket, now."""
        with self._lock:
            self.are_shut = True
            for opened in self._sockets:
                _shut(opened)


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):
        # The plain socket's method: the TLS one would first want to talk to the other side.
        socket.socket.shutdown(opened, socket.SHUT_RDWR)
