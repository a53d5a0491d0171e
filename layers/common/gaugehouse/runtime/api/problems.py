"""Errors of the API: problem details for HTTP APIs (RFC 9457), which say what to send instead."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
import psycopg
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)

from gaugehouse.domain.errors import GaugeAmbiguous, GaugehouseError, GaugeUnknown, QueueUnavailable
from gaugehouse.runtime.api.faults import told_faults
from gaugehouse.runtime.telemetry import logger

PROBLEM_JSON = "application/problem+json"
STORE_RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What was wrong with a request, and what to send instead. `title` is the name of the status."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class RequestRefused(GaugehouseError):
    """The request cannot be answered as it is; the message says what to send instead.

    Only the caller hears of it, with `status`.
    """

    def __init__(self, status: HTTPStatus, message: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}


def answer_problem(
    status: HTTPStatus, detail: str, *, headers: dict[str, str] | None = None
) -> Response[str]:
    """Make the answer to a request that went wrong. It is for nobody's cache."""
    problem = Problem(title=status.phrase, status=status.value, detail=detail)
    return Response(
        status_code=status.value,
        content_type=PROBLEM_JSON,
        body=msgspec.json.encode(problem).decode(),
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def answer_errors(api: APIGatewayHttpResolver) -> None:
    """Have every error answered by a problem: no request ends without one."""

    def defect(error: Exception) -> Response[str]:
        # The last resort: whoever asked gets the same kind of answer, and the log has the traceback.
        logger.error("a request failed", exc_info=error)
        return answer_problem(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "A defect of ours: tell who runs this service the request id "
            f"{api.lambda_context.aws_request_id}.",
        )

    def invalid(error: RequestValidationError) -> Response[str]:
        return answer_problem(HTTPStatus.UNPROCESSABLE_ENTITY, told_faults(api, error.errors()))

    api.exception_handler(RequestValidationError)(invalid)
    for kind, answer in _ANSWERS.items():
        api.exception_handler(kind)(answer)
    api.exception_handler(Exception)(defect)


def _not_json(_: RequestUnsupportedContentType | RecursionError) -> Response[str]:
    return answer_problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json, in UTF-8.")


def _refused(error: RequestRefused) -> Response[str]:
    return answer_problem(error.status, str(error), headers=error.headers)


def _no_gauge(error: GaugeUnknown) -> Response[str]:
    return answer_problem(HTTPStatus.NOT_FOUND, f"There is {error}; /api/v1/gauges lists what there is.")


def _which_gauge(error: GaugeAmbiguous) -> Response[str]:
    return answer_problem(HTTPStatus.CONFLICT, f"{error}.")


def _too_long(error: psycopg.errors.QueryCanceled) -> Response[str]:
    logger.error("a question took too long", exc_info=error)
    return answer_problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "That took too long: ask for less at once, or again later."
    )


def _no_database(error: psycopg.OperationalError) -> Response[str]:
    logger.error("the database cannot be reached", exc_info=error)
    return answer_problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database cannot be reached just now; ask again in some seconds.",
        headers={"Retry-After": str(STORE_RETRY_SECONDS)},
    )


def _no_queue(error: QueueUnavailable) -> Response[str]:
    logger.error("SQS cannot be asked", exc_info=error)
    return answer_problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "SQS does not tell of the dead letters just now; ask again later.",
        headers={"Retry-After": str(STORE_RETRY_SECONDS)},
    )


_ANSWERS: dict[type[Exception], Callable[[Any], Response[str]]] = {
    RequestUnsupportedContentType: _not_json,
    RecursionError: _not_json,  # brackets that we could just read, and Powertools, deeper in the calls, not
    RequestRefused: _refused,
    GaugeUnknown: _no_gauge,
    GaugeAmbiguous: _which_gauge,
    psycopg.errors.QueryCanceled: _too_long,
    psycopg.OperationalError: _no_database,
    QueueUnavailable: _no_queue,
}
