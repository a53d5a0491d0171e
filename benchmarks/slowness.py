"""How slow this machine is just now, against the laptop for which times are said: a slower one has longer."""

import time

COUNTING_SECONDS = 0.070  # how long that laptop counts to a million


def count_to_a_million() -> None:
    """Do what takes `COUNTING_SECONDS` on that laptop."""
    total = 0
    for number in range(1_000_000):
        total += number


def slowness() -> float:
    """Count once; return how many times as long as that laptop this machine takes, at least 1."""
    started = time.perf_counter()
    count_to_a_million()
    return max(1.0, (time.perf_counter() - started) / COUNTING_SECONDS)
