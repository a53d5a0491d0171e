"""How the proof of an import is shown: how many totals a document states, and how many do not hold."""

from rich.text import Text


def proof_mark(claims: int | None, mismatches: int | None) -> Text:
    """Return the mark of a proof; blank where nothing was imported yet."""
    if claims is None:
        return Text()
    if mismatches:
        return Text(f"✗ {mismatches}/{claims}", style="bold red")
    return Text(f"✓ {claims}", style="green") if claims else Text("no totals")
