"""The errors of Gaugehouse. Each docstring says what happened and what the operator can do."""

import math
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from gaugehouse.domain.measurements import Response


class GaugehouseError(Exception):
    """Base of every error that Gaugehouse raises on purpose.

    `retryable` says whether the same work can succeed later without anybody changing anything;
    `retry_after_seconds` is the wait that the other side asked for, if it did.
    """

    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class SourceUnavailable(GaugehouseError):
    """The agency did not answer, or answered with an error or a page instead of data.

    Retried by itself. If it lasts, open the address in the message in a browser: the agency may be
    down, or may have moved the document (every base URL is a setting).
    """

    retryable = True


class SourceBusy(GaugehouseError):
    """The request was not sent: the agency's quota is used up until `retry_after_seconds` from now.

    Sent by itself when the quota allows. It does not count as an attempt.
    """

    retryable = True


class RateLimited(SourceBusy):
    """The agency refused the request because we have asked too often (429); others may share our key.

    Nobody asks it before `retry_after_seconds` are over, then everything goes on by itself. If it happens
    often, poll fewer sites or use an API key of our own.
    """


class DocumentNotFound(GaugehouseError):
    """The agency has no such document (404).

    Retried like any failure, since agencies replace files by deleting them first. Afterwards only the
    monthly refresh or an operator asks again.
    """

    retryable = True


class DocumentInvalid(GaugehouseError):
    """The document is not what its address promises; the message names file, sheet and row.

    Not retried: the same bytes would fail again. Look at the stored document, tell the agency, or fix
    the parser, and then set the job to pending.
    """


class RequestInvalid(GaugehouseError):
    """The agency refuses what was asked, or it cannot be asked; the message has the agency's own words.

    Not retried: it would refuse the same again. Look at the sites, parameters and window that were asked for.
    """


class ApiKeyInvalid(GaugehouseError):
    """The agency does not accept our API key; the message names the setting that leads to it.

    Nothing of this agency arrives until the secret holds a valid key (or the setting is empty: without a
    key it answers far fewer requests). Then the next poll works by itself.
    """


class SourceRetired(GaugehouseError):
    """The agency has shut this service down; the message names its replacement.

    Not retried: it will not come back. Use the source that the message names.
    """


class NoDataAvailable(GaugehouseError):
    """The agency answered, and there was not one valid measurement in its answer.

    No fault of anybody: a gauge can be silent. `response` counts what was missing and has what was rejected;
    it is None where the agency said in so many words that it has no data (status 404).
    """

    def __init__(self, message: str, *, response: "Response[Any] | None" = None) -> None:
        super().__init__(message)
        self.response = response


class PollIncomplete(GaugehouseError):
    """Some sites could not be asked; the message says how many, and why the first of them.

    What was answered is stored. Retried by itself: the next try takes the sites that are left first.
    """

    retryable = True


class EventInvalid(GaugehouseError):
    """An event or queue message lacks a field or has a wrong one; the message names it.

    Correct the event and send it again. A queue message that stays malformed ends in the dead-letter queue.
    """


class OperationRefused(GaugehouseError):
    """The operator asked for something that there is not, or that makes no sense; the message says what.

    Only the operator hears of it: it is no failed run.
    """


class KeyRefused(GaugehouseError):
    """The HTTP API was asked without a valid key; the message says what is wrong with it.

    Make one with `gaugehouse keys create`. Refusals are counted: `gaugehouse keys events`.
    """


class KeyLockedOut(GaugehouseError):
    """A key's prefix or a caller's address was refused too often; `retry_after_seconds` says for how long.

    It is over by itself. `gaugehouse keys events` says who tried. Another key is not locked out, unless it
    comes from the same address.
    """

    retryable = True

    def __init__(self, *, retry_after_seconds: float) -> None:
        super().__init__(
            f"too many refused keys: try again in {math.ceil(retry_after_seconds)} s, with the right key",
            retry_after_seconds=retry_after_seconds,
        )


class ScopeMissing(GaugehouseError):
    """The key is valid and was not made for this. Make one with `gaugehouse keys create --scope operate`."""


class GaugeUnknown(OperationRefused):
    """No gauge has this id, nor had it ever. Look for the right one in the list of gauges."""


class GaugeAmbiguous(OperationRefused):
    """Several gauges once had this id; the message names them. Use the id that the one you mean has now."""


class ImportBroken(GaugehouseError):
    """A message came again after its import had failed in a way that nobody foresaw.

    It goes to the dead-letter queue. The ledger has the error and goes on retrying; it is a defect of ours
    or a database that is out of order: look at the importer's log.
    """

    retryable = True


class SlotBusy(GaugehouseError):
    """Another run holds this slot and has not finished. The platform's retry runs it if that run dies."""

    retryable = True


class LockLost(GaugehouseError):
    """The lock expired or was taken over while its holder worked, so nothing was written.

    Retried by itself. If it happens often, the work takes longer than the lock's time to live.
    """

    retryable = True


class QueueUnavailable(GaugehouseError):
    """SQS refused the request. The jobs stay due in the database; the sweep publishes them again."""

    retryable = True


class MaintenanceUnavailable(GaugehouseError):
    """The API could not reach the maintenance function, so nothing was done; the message has AWS's words.

    Usually its concurrency is used up: ask again. Otherwise look at the API's role and its log.
    """

    retryable = True


class MaintenanceFailed(GaugehouseError):
    """The maintenance function failed at what the API asked it to do, or its answer did not come in time.

    Its log says why. It may have been done: look before you repeat it.
    """


class MigrationRefused(GaugehouseError):
    """The database and the migration files disagree; the message names the migration.

    A landed migration is never edited: restore the file and add a new migration instead.
    """


class AnswerRefused(GaugehouseError):
    """CloudFormation could not be told how a deployment's migrations went. It gives up after its time-out.

    The message leaves out the address, which is a permission. Can the function reach S3 from its subnets?
    """


class DatabaseIsNewer(MigrationRefused):
    """The database has migrations that this release does not know. Deploy the release that brought them.

    After a deployment that was rolled back it is in order: migrations only add, so the older code runs on.
    """


class ConfigurationInvalid(GaugehouseError):
    """A setting is missing or malformed; the message names the environment variable."""
