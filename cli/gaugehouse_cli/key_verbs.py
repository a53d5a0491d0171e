"""`gaugehouse keys`: who may use the HTTP API."""

import re
from typing import Annotated, Any

import typer

from gaugehouse.domain.api_keys import Scope
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.screen import confirmed, err, moment, name, out, print_rows, state, text
from gaugehouse_cli.verbs import Answer, verb

app = typer.Typer(help="The keys of the HTTP API.", no_args_is_help=True)


def parse_days(written: str) -> int:
    """Read a number of days such as `90d`. Raises: typer.BadParameter."""
    found = re.fullmatch(r"([0-9]{1,4})d", written)
    if found is None or not 1 <= int(found[1]) <= 3650:
        raise typer.BadParameter(f"{written!r} is no number of days from 1d to 3650d, such as 90d")
    return int(found[1])


def parse_prefix(written: str) -> str:
    """Read the prefix of a key, with or without gh_. What is none is not repeated: it may be a whole key.

    Raises: typer.BadParameter.
    """
    prefix = written.removeprefix("gh_")
    if re.fullmatch(r"[a-z2-7]{8}", prefix) is None:
        raise typer.BadParameter(
            "no prefix of a key: the eight letters after gh_, as `gaugehouse keys list` has them"
        )
    return prefix


@verb(app, "create")
def create(
    deployment: Deployment,
    called: Annotated[str, typer.Argument(metavar="NAME", help="Whose key it is, and what for.")],
    scope: Annotated[Scope, typer.Option(help="To look, or to act as an operator does, too.")],
    expires: Annotated[
        int, typer.Option(parser=parse_days, metavar="DAYS", help="After how many days it is refused.")
    ] = "90d",  # type: ignore[assignment]  # typer parses the default, too
) -> Answer:
    """Make a key and print it, once: only a digest of it is kept."""
    made = deployment.operate("create_key", name=called, scope=scope.value, days=expires)

    def show() -> None:
        out.print(made["key"], markup=False, soft_wrap=True)
        err.print(
            f"Keep it now: nobody can show it again. It ends on {moment(made['expires_at'])} UTC; "
            f"`gaugehouse keys revoke {made['prefix']}` ends it at once.",
            markup=False,
        )

    return Answer(document=made, show=show)


@verb(app, "list")
def list_keys(deployment: Deployment) -> Answer:
    """Show every key, also those that are over. Their secrets are nowhere."""
    keys = deployment.operate("list_keys")
    rows = [
        (
            key["prefix"],
            key["name"],
            " ".join(key["scopes"]),
            state(_state_of(key)),
            moment(key["created_at"]),
            moment(key["expires_at"]),
            moment(key["last_used_at"]) or "never",
        )
        for key in keys
    ]
    columns = [
        name("Prefix"), text("Name"), name("May"), name("State"), name("Made (UTC)"), name("Ends (UTC)"),
        name("Last used (UTC)"),
    ]  # fmt: skip
    return Answer(document=keys, show=lambda: print_rows("Keys", columns, rows))


@verb(app, "revoke")
def revoke(
    deployment: Deployment,
    prefix: Annotated[
        str, typer.Argument(parser=parse_prefix, metavar="PREFIX", help="The eight letters after gh_.")
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> Answer:
    """End a key: the next request with it is refused."""
    if not yes and not confirmed(f"Revoke the key {prefix} for good?", otherwise="Nothing is revoked"):
        raise typer.Exit(2)
    answer = deployment.operate("revoke_key", prefix=prefix)
    return Answer(document=answer, show=lambda: out.print(f"Revoked {answer['revoked']}.", markup=False))


@verb(app, "events")
def events(
    deployment: Deployment,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
) -> Answer:
    """Show what happened to keys in the last week: made, revoked, refused, locked out, and used to act."""
    found = deployment.operate("key_events", limit=limit)
    rows = [
        (
            moment(event["at"]),
            event["kind"].replace("_", " "),
            event["key_prefix"],
            event["address"],
            event["detail"],
        )
        for event in found
    ]
    columns = [name("At (UTC)"), name("What"), name("Key"), name("From"), text("Detail")]
    return Answer(document=found, show=lambda: print_rows("Events", columns, rows))


def _state_of(key: dict[str, Any]) -> str:
    if key["revoked_at"]:
        return "revoked"
    return "expired" if key["is_expired"] else "active"
