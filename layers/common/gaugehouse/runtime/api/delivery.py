"""The last step of every answer: its ETag, 304 where the caller has it already, gzip, and its size."""

import gzip
from base64 import b64encode
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from gaugehouse.runtime.api.problems import RequestRefused

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

LEAST_GZIP_BYTES = 1000  # below that the headers weigh more than what is saved
MOST_ANSWER_BYTES = 6 * 1024 * 1024 - 16 * 1024  # what Lambda takes from a function, less the headers
GZIP_LEVEL = 4  # of readings a tenth larger than by level 9, in a fifth of the time


def deliver(api: APIGatewayHttpResolver, next_middleware: "NextMiddleware") -> Response[str]:
    """Add what caches need, leave out what the caller has, and compress what is worth it.

    Raises: RequestRefused where Lambda would not take the answer; the caller would only hear of a defect.
    """
    answer: Response[str] = next_middleware(api)
    if answer.status_code != HTTPStatus.OK or not isinstance(answer.body, str):
        return answer
    body = answer.body.encode()
    answer.headers["ETag"] = f'W/"{sha256(body).hexdigest()[:32]}"'
    answer.headers["Vary"] = "Accept, Accept-Encoding, Authorization, X-Api-Key"
    asked = api.current_event.headers
    if _matches(asked.get("if-none-match", ""), str(answer.headers["ETag"])):
        kept = {name: answer.headers[name] for name in ("ETag", "Vary", "Cache-Control")}
        return Response(status_code=HTTPStatus.NOT_MODIFIED.value, headers=kept)
    if len(body) >= LEAST_GZIP_BYTES and "gzip" in asked.get("accept-encoding", ""):
        answer.headers["Content-Encoding"] = "gzip"
        # As text already: bytes of the type JSON would be written as JSON once more.
        answer.body = b64encode(gzip.compress(body, GZIP_LEVEL, mtime=0)).decode()
        answer.base64_encoded = True
    refuse_too_large(answer.body)
    return answer


def refuse_too_large(body: str) -> None:
    """Count the body as Lambda does: as a text of JSON, where quotation marks and line ends are escaped."""
    length = len(body.encode()) + sum(body.count(letter) for letter in '"\\\n\r\t')
    if length > MOST_ANSWER_BYTES:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"The answer would have {length / 1024**2:.1f} MB, and 6 are the most: ask for less at once "
            "(a smaller limit, a shorter time), or send `Accept-Encoding: gzip`.",
        )


def _matches(asked: str, etag: str) -> bool:
    """Compare weakly, as If-None-Match is (RFC 9110, 13.1.2)."""
    known = {one.strip().removeprefix("W/") for one in asked.split(",")}
    return asked.strip() == "*" or etag.removeprefix("W/") in known
