"""When asking an agency again is not worth a download."""

from datetime import UTC, datetime

import pytest

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.freshness import is_fresh
from gaugehouse.domain.import_jobs import Kind

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "subject", "imported_at", "fresh"),
    [
        (Kind.FOPR, "59700", datetime(2026, 11, 29, 0, 1, tzinfo=UTC), True),
        (Kind.FOPR, "59700", datetime(2026, 11, 28, 23, 59, tzinfo=UTC), False),
        (Kind.WATER_YEAR, "2023", datetime(2023, 12, 28, tzinfo=UTC), False),
        (Kind.WATER_YEAR, "2023", datetime(2023, 12, 29, tzinfo=UTC), True),
        (Kind.WATER_YEAR, "2027", datetime(2026, 11, 20, tzinfo=UTC), False),
        (Kind.MONTHLY_PDF, "2020-02", datetime(2020, 5, 28, tzinfo=UTC), False),
        (Kind.MONTHLY_PDF, "2020-02", datetime(2020, 5, 29, tzinfo=UTC), True),
    ],
)
def test_it_is_not_just_after_an_import_nor_of_what_was_final(
    kind: Kind, subject: str, imported_at: datetime, fresh: bool
) -> None:
    assert is_fresh(kind, subject, imported_at=imported_at, now=NOW) is fresh


def test_a_subject_that_is_none_is_refused() -> None:
    with pytest.raises(DocumentInvalid):
        is_fresh(Kind.WATER_YEAR, "59700", imported_at=datetime(2020, 1, 1, tzinfo=UTC), now=NOW)
