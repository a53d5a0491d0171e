"""How the poller asks MCFCD: in its turn, and keeping what the agency says of our quota."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import GaugehouseError
from gaugehouse.runtime.kinds import MCFCD_QUOTA
from gaugehouse.services.wait_for_turn import wait_for_turn
from gaugehouse.store import quotas

if TYPE_CHECKING:
    from gaugehouse.runtime.wiring import Wiring


def ask_mcfcd(wiring: "Wiring", fetch: Callable[[], Download]) -> Download:
    """Wait for our turn, and fetch.

    Raises: SourceBusy (nothing was asked), and what `fetch` raises.
    """
    conn = wiring.connection()
    wait_for_turn(conn, MCFCD_QUOTA, interval_seconds=wiring.settings.mcfcd_download_interval_seconds)
    try:
        download = fetch()
    except GaugehouseError as error:
        if error.retry_after_seconds is not None:  # the agency means all of us
            quotas.hold(conn, MCFCD_QUOTA, seconds=error.retry_after_seconds)
        raise
    if download.budget is not None:
        quotas.adopt(conn, MCFCD_QUOTA, download.budget)
    return download
