from datetime import timedelta

import psycopg
import pytest

from gaugehouse.domain.pauses import IMPORTS, source_pause, task_pause
from gaugehouse.store import pauses
from gaugehouse.store.connection import database_time

POLL = source_pause("mcfcd_gauge_list")


def test_a_pause_is_visible_with_its_reason_until_it_is_resumed(conn: psycopg.Connection) -> None:
    pauses.pause(conn, POLL, reason="the agency asked us to", resumes_at=None)

    found = pauses.find(conn, POLL)
    assert found is not None
    assert (found.name, found.reason, found.resumes_at) == (POLL, "the agency asked us to", None)
    assert pauses.active(conn) == [found]
    assert pauses.find(conn, IMPORTS) is None

    assert pauses.resume(conn, POLL) is True
    assert pauses.active(conn) == []
    assert pauses.resume(conn, POLL) is False


def test_it_ends_by_itself_on_the_databases_clock(conn: psycopg.Connection) -> None:
    end = database_time(conn) + timedelta(hours=1)
    pauses.pause(conn, task_pause("cleanup_rejects"), reason="maintenance", resumes_at=end)
    [pause] = pauses.active(conn)
    assert pause.resumes_at == end

    conn.execute(
        "UPDATE pauses SET paused_at = now() - interval '2 hours', resumes_at = now() - interval '1 s'"
    )

    assert pauses.active(conn) == []
    assert pauses.find(conn, pause.name) is None


def test_pausing_again_takes_the_new_reason_and_end(conn: psycopg.Connection) -> None:
    end = database_time(conn) + timedelta(days=1)
    pauses.pause(conn, IMPORTS, reason="flood", resumes_at=None)
    pauses.pause(conn, IMPORTS, reason="flood, until tomorrow", resumes_at=end)

    [pause] = pauses.active(conn)
    assert (pause.reason, pause.resumes_at) == ("flood, until tomorrow", end)


@pytest.mark.parametrize("name", ["", "everything", "source:", "task:Cleanup", "imports:fopr"])
def test_what_pauses_nothing_is_refused(name: str, conn: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        pauses.pause(conn, name, reason="x", resumes_at=None)
