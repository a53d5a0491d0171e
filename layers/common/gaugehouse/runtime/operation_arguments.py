"""What the operator's verbs can be given."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from gaugehouse.domain.import_jobs import Kind

ImportSubject = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9:_.-]{0,39}$")]


SITE_ID = re.compile(r"[0-9]{8,15}|[A-Z]{2}[A-Z0-9]{0,3}-[A-Za-z0-9.-]{1,30}")

PAUSE_NAME = r"^((source|task):[a-z_]+|imports)$"
# In UTC, 9999-12-31T23:59-12:00 is in a year that PostgreSQL keeps and Python cannot read: no run could look
# for pauses any more.
NO_PAUSE_LASTS_UNTIL = datetime(2200, 1, 1, tzinfo=UTC)

RAIN_GAUGE_ID = re.compile(r"[0-9]{4,5}")


def _site_id(text: str) -> str:
    if not SITE_ID.fullmatch(text):
        raise ValueError(
            f"{text[:40]!r} is no site id: 8 to 15 digits (01646500), or MD007-… of another agency"
        )
    return text


def _rain_gauge_id(text: str) -> str:
    if not RAIN_GAUGE_ID.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no id of a rain gauge: 4 or 5 digits (59700)")
    return text


SiteId = Annotated[str, AfterValidator(_site_id)]


class Arguments(BaseModel):
    """Arguments of an operation. Unknown ones are a mistake and are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class History(Arguments):
    """Which job's runs, and how many."""

    job_name: str
    limit: int = Field(default=20, ge=1, le=500)


class ImportsFilter(Arguments):
    """Which import jobs."""

    status: Literal["pending", "in_progress", "completed", "waiting", "failed"] | None = None
    limit: int = Field(default=100, ge=1, le=1000)


class Subject(Arguments):
    """One import job."""

    kind: Kind
    subject: ImportSubject = Field(
        description="Which one: a station id, a water year, a month, or a site and a window of it",
        examples=["59700"],
    )


class Subjects(Arguments):
    """Import jobs of one kind."""

    kind: Kind
    subjects: list[ImportSubject] = Field(min_length=1, max_length=1000)


class OfferedDocument(Arguments):
    """A document that an operator has put into the archive, under the key that the archive gave it."""

    kind: Literal[Kind.FOPR, Kind.WATER_YEAR, Kind.MONTHLY_PDF]
    subject: ImportSubject
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    s3_key: str = Field(max_length=200)
    size_bytes: int = Field(ge=0)
    file_name: str = Field(min_length=1, max_length=200)
    last_modified: AwareDatetime | None = None


class Reparse(Arguments):
    """Which stored documents to read again: of one kind, and read by a parser older than that version."""

    kind: Kind | None = None
    older_than: int | None = Field(default=None, ge=1)


class Sites(Arguments):
    """Sites of stream gauges, as the agency numbers them: 01646500, or MD007-0310012 of another agency.

    Of the source `mcfcd_tips` they are rain gauges to be watched: 59700.
    """

    station_ids: list[str] = Field(min_length=1, max_length=1000)
    source: Literal["usgs", "mcfcd_tips"] = "usgs"

    @model_validator(mode="after")
    def _ids_are_of_the_source(self) -> "Sites":
        check = _rain_gauge_id if self.source == "mcfcd_tips" else _site_id
        for station_id in self.station_ids:
            check(station_id)
        return self


class Targets(Arguments):
    """Sites that are polled, whatever their source."""

    station_ids: list[ImportSubject] = Field(min_length=1, max_length=1000)


class NamedSites(Sites):
    """Sites to poll; for one of them, what we call it."""

    name: str | None = Field(default=None, min_length=1, max_length=200)


class Backfill(Arguments):
    """A site whose past is wanted, and which part of it."""

    station_id: SiteId
    kinds: list[Literal[Kind.USGS_CONTINUOUS, Kind.USGS_DAILY]] = Field(min_length=1)
    first_day: date
    last_day: date | None = None
    again: bool = False


class PauseArguments(Arguments):
    """What to pause, why, and until when."""

    name: str = Field(
        pattern=PAUSE_NAME, description="source:NAME, task:NAME or imports", examples=["source:usgs"]
    )
    reason: str = Field(
        pattern=r"^[^\x00-\x1f\x7f]{1,500}$",
        description="A line of 1 to 500 characters for those who wonder",
        examples=["the agency moves its servers"],
    )
    resumes_at: Annotated[AwareDatetime, Field(lt=NO_PAUSE_LASTS_UNTIL)] | None = None


class PauseName(Arguments):
    """What to resume."""

    name: str


class Limit(Arguments):
    """How many."""

    limit: int = Field(default=50, ge=1, le=1000)


class Preview(Arguments):
    """A run that is not to happen yet. `in_slot` is False for tasks that know no slots."""

    task: str
    reference_time: AwareDatetime | None = None
    force: bool = False
    in_slot: bool = True
