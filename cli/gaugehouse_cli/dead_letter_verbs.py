"""`gaugehouse dlq`: the messages that failed every try."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from gaugehouse.domain.errors import EventInvalid
from gaugehouse_cli.dead_letters import LONG_POLL_SECONDS, DeadLetter, depth, peek, redrive
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.follow_imports import standings_of
from gaugehouse_cli.screen import confirmed, moment, name, number, print_facts, print_rows, text
from gaugehouse_cli.verbs import Answer, verb

app = typer.Typer(help="The messages that failed every try.", no_args_is_help=True)


@verb(app, "show")
def show(
    deployment: Deployment,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 100,
) -> Answer:
    """Look at the dead letters, and at what the ledger says of them. Nothing is taken out.

    Exit code 1 if there are any.
    """
    url = deployment.dead_letter_queue_url
    letters = _explained(
        deployment, peek(deployment.sqs, url, limit=limit, wait_seconds=_patience(deployment))
    )
    rows = [
        (moment(letter["sent_at"]), letter["receives"], letter["body"], letter["reason"])
        for letter in letters
    ]
    columns = [name("Sent (UTC)"), number("Tries"), text("Message"), text("Why")]
    return Answer(
        document=letters,
        show=lambda: print_rows("Dead letters", columns, rows),
        healthy=not letters,
    )


@verb(app, "redrive")
def redrive_all(
    deployment: Deployment,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 1000,
) -> Answer:
    """Move the dead letters back to the import queue. Mend first what killed them."""
    moved = redrive(
        deployment.sqs,
        deployment.dead_letter_queue_url,
        deployment.import_queue_url,
        limit=limit,
        wait_seconds=_patience(deployment),
    )
    return Answer(document={"moved": moved}, show=lambda: print_facts({"Moved back": moved}))


@verb(app, "purge")
def purge(
    deployment: Deployment,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> Answer:
    """Delete every dead letter. The ledger keeps its jobs: only the wake-ups are gone."""
    url = deployment.dead_letter_queue_url
    waiting = depth(deployment.sqs, url).waiting
    if not yes and not confirmed(
        f"Delete {waiting} dead letters of {deployment.name}?", otherwise="Nothing is deleted"
    ):
        raise typer.Exit(2)
    deployment.sqs.purge_queue(QueueUrl=url)
    return Answer(document={"purged": waiting}, show=lambda: print_facts({"Deleted": waiting}))


def _patience(deployment: Deployment) -> int:
    return 0 if deployment.is_local else LONG_POLL_SECONDS


def _explained(deployment: Deployment, letters: list[DeadLetter]) -> list[dict[str, Any]]:
    """Put a reason to each: what is wrong with the message itself, or the ledger's newest error."""
    from gaugehouse.runtime.import_queue import parse_message

    wishes: dict[str, tuple[str, str]] = {}
    faults: dict[str, str] = {}
    for letter in letters:
        try:
            wish = parse_message(letter.body)
            wishes[letter.message_id] = (wish.kind.value, wish.subject)
        except EventInvalid as error:
            faults[letter.message_id] = str(error)
    found = standings_of(deployment, [*wishes.values()])
    errors = {(each["kind"], each["subject"]): each["error_message"] for each in found}
    return [
        {**asdict(letter), "reason": faults.get(letter.message_id) or errors.get(wishes[letter.message_id])}
        for letter in letters
    ]
