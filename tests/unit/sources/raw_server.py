"""A server of raw bytes, for what a proper HTTP server would never send."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answer = Callable[[socket.socket], None]


@contextmanager
def raw_server(*answers: Answer) -> Iterator[str]:
    """Serve on the loopback; connection n gets answer n (the last one repeats). Yields the base URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopping = threading.Event()

    def serve() -> None:
        for number in range(100):
            with suppress(OSError):
                connection, _ = listener.accept()
                if stopping.is_set():
                    connection.close()
                    return
                threads.append(threading.Thread(target=answer_one, args=(number, connection)))
                threads[-1].start()

    def answer_one(number: int, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(5)
            connection.recv(65_536)
            answers[min(number, len(answers) - 1)](connection)

    threads = [threading.Thread(target=serve)]
    threads[0].start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopping.set()
        socket.create_connection(listener.getsockname()).close()
        for thread in threads:
            thread.join(20)
        listener.close()


def send(*pieces: bytes, pause: float = 0.0) -> Answer:
    """Send pieces with a pause after each, then close the connection."""

    def answer(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return answer
