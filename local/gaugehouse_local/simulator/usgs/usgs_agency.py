"""The USGS's site over a simulated network: the modern services, and the legacy ones that are ending."""

import gzip
import re
from collections.abc import Collection
from dataclasses import replace

from gaugehouse_local.simulator.agency import Request
from gaugehouse_local.simulator.faults import Answer, html_page
from gaugehouse_local.simulator.usgs.collections import COLLECTIONS
from gaugehouse_local.simulator.usgs.legacy import LEGACY_SERVICES
from gaugehouse_local.simulator.usgs.limits import HourlyLimits
from gaugehouse_local.simulator.usgs.network import Network
from gaugehouse_local.simulator.usgs.paging import GEOJSON_TYPE, read_page, write_page
from gaugehouse_local.simulator.usgs.questions import read_question
from gaugehouse_local.simulator.usgs.refusals import JSON_TYPE, Refused, unknown_collection

MODERN = "/ogcapi/"
LEGACY = "/nwis/"
_ITEMS = re.compile(r"/ogcapi/v[01]/collections/([a-z-]+)/items/?")
_MAX_URL = 8192
_CURSOR_ROOM = 256  # so that the link to a next page works for the longest question too
_MAX_PARAMETERS = 40


class UsgsAgency:
    """Answers as `api.waterdata.usgs.gov` and `waterservices.usgs.gov` do, for one network.

    `keys` are the X-Api-Keys that are right. The limits are requests per hour of the network's clock, with a
    key and without one. `compress` sends gzip to clients that take it, as the agency does; on one machine
    that only costs time.
    """

    def __init__(
        self,
        network: Network,
        *,
        keys: Collection[str] = (),
        hourly_limit: int = 1000,
        hourly_limit_without_key: int = 50,
        compress: bool = False,
    ) -> None:
        self.network = network
        self._limits = HourlyLimits(keys=keys, with_key=hourly_limit, without_key=hourly_limit_without_key)
        self._compress = compress

    def answer(self, request: Request) -> Answer | None:
        """Answer a request below `/ogcapi/` or `/nwis/`; None for every other path."""
        if not request.path.startswith((MODERN, LEGACY)):
            return None
        try:
            answer = self._modern(request) if request.path.startswith(MODERN) else self._legacy(request)
        except Refused as refused:
            answer = refused.answer
        if self._compress and "gzip" in request.headers.get("accept-encoding", ""):
            headers = (*answer.headers, ("Content-Encoding", "gzip"))
            return replace(answer, body=gzip.compress(answer.body, 1), headers=headers)
        return answer

    def _modern(self, request: Request) -> Answer:
        _refuse_oversize(request)
        headers = self._limits.count(request.headers.get("x-api-key", ""), self.network.present)
        named = _ITEMS.fullmatch(request.path)
        collection = COLLECTIONS.get(named[1]) if named else None
        if named is None or collection is None:
            raise unknown_collection()
        parameters = request.parameters
        question = read_question(
            parameters,
            self.network,
            site_filter=collection.site_filter,
            filters=collection.filters,
            times=collection.times,
        )
        page = read_page(collection.chunks(self.network, question), question.limit, question.cursor)
        url = f"{request.base_url}/ogcapi/v1/collections/{named[1]}/items"
        body = write_page(page, url, parameters)
        return Answer(status=200, body=body, content_type=GEOJSON_TYPE, headers=headers)

    def _legacy(self, request: Request) -> Answer:
        _refuse_oversize(request)
        service = LEGACY_SERVICES.get(request.path.rstrip("/"))
        if service is None:
            raise Refused(Answer(status=404, body=html_page("404 - Not Found", "No such service.")))
        content = service(self.network, request)
        return Answer(status=200, body=content, content_type=f"{JSON_TYPE};charset=UTF-8")


def _refuse_oversize(request: Request) -> None:
    if request.method not in {"GET", "HEAD"}:
        raise Refused(Answer(status=405, body=html_page("405 - Error", "This service is asked by GET.")))
    longest = _MAX_URL + (_CURSOR_ROOM if "cursor=" in request.query else 0)
    if len(request.path) + len(request.query) + 1 > longest or request.query.count("&") > _MAX_PARAMETERS:
        raise Refused(Answer(status=414, body=html_page("414 Request-URI Too Large", "nginx")))
