"""Write the migrations' digest into template.yaml, so that the next deployment migrates: `make digest`."""

import re
from pathlib import Path

from gaugehouse.store.migrate import digest_of, load_migrations

TEMPLATE = Path(__file__).parents[1] / "template.yaml"


def main() -> None:
    """Replace the one digest that the template has."""
    digest = digest_of(load_migrations())
    text, replaced = re.subn(r'(Migrations: )"[0-9a-f]{64}"', rf'\1"{digest}"', TEMPLATE.read_text())
    if replaced != 1:
        raise SystemExit(f"{TEMPLATE.name} has {replaced} places for the migrations' digest, not one")
    TEMPLATE.write_text(text)
    print(f"{TEMPLATE.name} carries {digest[:12]}…")


if __name__ == "__main__":
    main()
