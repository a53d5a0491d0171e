"""How many dead letters there are: import messages, and events of polls and tasks, that failed at every try.

AWS actions: sqs:GetQueueAttributes on the dead-letter queue and on the queue of failed events.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaugehouse.domain.errors import QueueUnavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetters:
    """One queue of them. `messages` is what SQS counts, which is right within a minute."""

    queue: str
    messages: int


class DeadLetterQueues:
    """The queues that a person has to look into."""

    def __init__(self, client: "SQSClient", urls: Mapping[str, str]) -> None:
        self._client = client
        self._urls = urls

    def count(self) -> list[DeadLetters]:
        """Count the messages of each, also those that somebody is looking at. Raises: QueueUnavailable."""
        return [DeadLetters(queue=name, messages=self._count(url)) for name, url in self._urls.items()]

    def _count(self, url: str) -> int:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            told = self._client.get_queue_attributes(
                QueueUrl=url,
                AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
            )
        except (BotoCoreError, ClientError) as error:
            raise QueueUnavailable(f"SQS does not tell of {url.rsplit('/', 1)[-1]}: {error}") from error
        return sum(int(number) for number in told["Attributes"].values())
