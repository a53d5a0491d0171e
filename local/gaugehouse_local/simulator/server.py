"""The upstream simulator: an HTTP server on this machine that answers as an agency does."""

from collections.abc import Iterable
from threading import Thread
from types import TracebackType
from typing import Self

from gaugehouse_local.simulator.agency import Agency
from gaugehouse_local.simulator.answering import AgencyServer, ReceivedRequest
from gaugehouse_local.simulator.faults import Fault, FaultBook, FaultOrder


class Simulator:
    """Serves an agency's documents on 127.0.0.1 while it is open, and misbehaves to order.

    `port` 0 takes a free one. Use it as a context manager, or call `start` and `stop`; `stop` returns
    promptly even while a `Fault.timeout` stalls a client.
    """

    def __init__(self, agency: Agency, *, port: int = 0, faults: Iterable[FaultOrder] = ()) -> None:
        self._agency = agency
        self._port = port
        self._book = FaultBook()
        for order in faults:
            self._book.add(order)
        self._received: list[ReceivedRequest] = []
        self._server: AgencyServer | None = None
        self._thread: Thread | None = None

    def start(self) -> Self:
        """Open the port and serve from a thread. Raises OSError where the port is taken."""
        if self._server is not None:
            raise RuntimeError("the simulator is already open")
        self._server = AgencyServer(self._port, self._agency, self._book, self._received)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close every connection and the port. Stopping a stopped simulator does nothing."""
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
            self._server = self._thread = None

    @property
    def url(self) -> str:
        """Return the base URL, without a slash at its end. Raises RuntimeError while it is not open."""
        if self._server is None:
            raise RuntimeError("the simulator is not open")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def requests(self) -> tuple[ReceivedRequest, ...]:
        """Return what was asked so far, in the order of arrival. It survives `stop`."""
        return tuple(self._received)

    def order(
        self,
        path_suffix: str,
        fault: Fault,
        *,
        times: int | None = 1,
        path_prefix: str = "",
        query: str = "",
        after: int = 0,
    ) -> None:
        """Answer the next `times` requests whose path ends with `path_suffix` by a fault (None: all).

        `path_prefix`, `query` and `after` narrow that down: see `FaultOrder`. `order("", fault,
        times=None, path_prefix="/ogcapi/")` is a whole outage of one service.
        """
        self._book.add(
            FaultOrder(path_suffix, fault, times, path_prefix=path_prefix, query=query, after=after)
        )

    def cancel_faults(self) -> None:
        """Answer rightly again, whatever was ordered."""
        self._book.clear()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
