"""One package per agency: fetch_* does the I/O, parse_* is pure and turns bytes into domain objects."""
