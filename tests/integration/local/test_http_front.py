"""The local HTTP API and the dashboard's files, as an ordinary HTTP client meets them."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.http_front import HttpFront
from gaugehouse_local.stack import LocalStack
from gaugehouse_local.static_files import StaticFiles


@pytest.fixture
def files(tmp_path: Path) -> Iterator[str]:
    """A front that serves a small site; below it lies what nobody may see."""
    (tmp_path / "secret.txt").write_text("not for you")
    site = tmp_path / "site"
    (site / "js").mkdir(parents=True)
    (site / "index.html").write_text("<h1>Gauges</h1>")
    (site / "js" / "map.js").write_text("export {};\n" * 200)
    (site / "font.woff2").write_bytes(b"wOF2" * 500)
    front = HttpFront()
    front.serve(
        [],
        lambda *_: pytest.fail("no function is asked"),
        files=StaticFiles(root=site, headers={"x-page": "yes"}),
    )
    try:
        yield front.url
    finally:
        front.close()


def test_a_function_gets_the_event_that_aws_would_make(stack: LocalStack) -> None:
    asked = requests.post(
        f"{stack.http_url}/pages/a%20b?x=1&y=caf%C3%A9&x=2&empty=",
        data=b'{"a": 1}',
        headers={"X-Api-Key": "k", "User-Agent": "tests"},
        timeout=30,
    )

    event = asked.json()
    assert (asked.status_code, asked.headers["Content-Type"]) == (200, "application/json")
    assert (event["version"], event["routeKey"]) == ("2.0", "ANY /pages/{proxy+}")
    assert (event["rawPath"], event["rawQueryString"]) == ("/pages/a b", "x=1&y=caf%C3%A9&x=2&empty=")
    assert event["queryStringParameters"] == {"x": "1,2", "y": "café", "empty": ""}
    assert (event["body"], event["isBase64Encoded"]) == ('{"a": 1}', False)
    assert event["headers"]["x-api-key"] == "k"
    assert event["requestContext"]["http"] == {
        "method": "POST",
        "path": "/pages/a b",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "tests",
    }


def test_bytes_come_and_go_in_base64(stack: LocalStack) -> None:
    sent = requests.put(f"{stack.http_url}/pages/x", data=b"\xff\x00", timeout=30).json()
    assert (sent["body"], sent["isBase64Encoded"]) == ("/wA=", True)
    assert requests.get(f"{stack.http_url}/pages/bytes", timeout=30).content == b"\x00\xff"


@pytest.mark.parametrize("page", ["raise", "nothing", "large"])
def test_what_is_no_answer_is_an_error_as_aws_says_it(page: str, stack: LocalStack) -> None:
    answer = requests.get(f"{stack.http_url}/pages/{page}", timeout=30)

    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})


def test_an_answer_without_content_leaves_the_connection_usable(stack: LocalStack) -> None:
    with requests.Session() as session:
        unchanged = session.get(f"{stack.http_url}/pages/unchanged", timeout=30)
        assert (unchanged.status_code, unchanged.content, unchanged.headers["ETag"]) == (304, b"", '"1"')
        head = session.head(f"{stack.http_url}/pages/x", timeout=30)
        assert (head.status_code, head.content) == (200, b"")
        assert session.get(f"{stack.http_url}/pages/x", timeout=30).status_code == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Content-Length: 99999999999", 413),
        ("Content-Length: -1", 411),
        ("Content-Length: five", 411),
        ("Transfer-Encoding: chunked", 411),
    ],
)
def test_a_body_too_large_or_of_no_known_length_is_not_read(header: str, status: int, files: str) -> None:
    """And what follows is not taken for a request."""
    host, port = files.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(f"POST / HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\nGET / HTTP/1.1\r\n\r\n".encode())
        answers = connection.makefile("rb").read()
    assert answers.startswith(f"HTTP/1.1 {status} ".encode()) and answers.count(b"HTTP/1.1") == 1


def test_the_template_tells_its_address(stack: LocalStack) -> None:
    assert stack.outputs["HttpUrl"] == stack.http_url


def test_no_other_path_reaches_a_function(stack: LocalStack) -> None:
    for path in ("/", "/pages/", "/pages", "/other/pages/x"):
        answer = requests.get(f"{stack.http_url}{path}", timeout=30)
        assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/js/map.js", "text/javascript; charset=utf-8"),
        ("/font.woff2", "font/woff2"),
    ],
)
def test_a_file_comes_as_what_it_is(path: str, kind: str, files: str) -> None:
    answer = requests.get(files + path, timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.content


@pytest.mark.parametrize("path", ["/../secret.txt", "/js/..%2f..%2fsecret.txt", "/js", "/nothing", "/%00"])
def test_nothing_else_is_a_file(path: str, files: str) -> None:
    host, port = files.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 404 ")


def test_a_file_comes_with_the_pages_headers_compressed_and_once(files: str) -> None:
    first = requests.get(f"{files}/js/map.js", timeout=30)
    assert (first.headers["X-Page"], first.headers["Content-Encoding"]) == ("yes", "gzip")
    assert int(first.headers["Content-Length"]) < len(first.content) == 2200

    plain = requests.get(f"{files}/js/map.js", headers={"Accept-Encoding": "identity"}, timeout=30)
    assert "Content-Encoding" not in plain.headers
    again = requests.get(f"{files}/js/map.js", headers={"If-None-Match": first.headers["ETag"]}, timeout=30)
    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Encoding" not in requests.get(f"{files}/font.woff2", timeout=30).headers


def test_files_are_not_written(files: str) -> None:
    assert requests.put(f"{files}/index.html", data="x", timeout=30).status_code == 404


def test_a_port_that_is_taken_is_named(files: str) -> None:
    port = int(files.rsplit(":", 1)[1])
    with pytest.raises(LocalStackError, match=rf"port {port} of 127\.0\.0\.1: Address already in use"):
        HttpFront(port)
