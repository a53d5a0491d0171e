"""Each fault that can be ordered of a document leads to its reject, warning or refusal, no other loss."""

from datetime import date
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaugehouse.domain.documents import FullRecord
from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable
from gaugehouse.domain.rainfall import Quality
from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse.sources.mcfcd.fopr import parse_fopr_workbook
from gaugehouse_local.simulator import ClimateAgency, DocumentFault, create_climate, fopr_path
from gaugehouse_local.simulator.mcfcd.fopr_content import fault_day, revision_of

CLIMATE = create_climate(seed=23, gauges=1, first_water_year=2021)
STATION = CLIMATE.gauges[0].station_id
RECORD = CLIMATE.record(STATION)


def workbook(*faults: DocumentFault) -> bytes:
    document = ClimateAgency(CLIMATE, document_faults={STATION: faults}).document(fopr_path(STATION))
    assert document
    return document.content


@lru_cache
def parse(*faults: DocumentFault) -> FullRecord:
    return parse_fopr_workbook(workbook(*faults), station_id=STATION, file_name="simulated.xlsx")


@pytest.mark.parametrize(
    ("fault", "reason", "text"),
    [
        (DocumentFault.TEXT_VALUE, "not_a_number", "trace"),
        (DocumentFault.NEGATIVE_VALUE, "negative_rainfall", "-0.03937"),
        (DocumentFault.ABSURD_VALUE, "absurd_rainfall", "1250"),
    ],
)
def test_a_value_that_is_no_rainfall_is_rejected_and_only_that_day_is_lost(
    fault: DocumentFault, reason: str, text: str
) -> None:
    bad, good = parse(fault), parse()
    day = fault_day(RECORD)
    (reject,) = bad.rejects
    assert reject.reason == reason
    assert str(day) in reject.detail
    assert text in reject.raw
    assert set(good.record.days) - set(bad.record.days) == {
        row for row in good.record.days if row.reading_date == day
    }
    assert set(bad.record.days) < set(good.record.days)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (DocumentFault.DATE_OUTSIDE_YEAR, "date_outside_water_year"),
        (DocumentFault.DUPLICATE_DATE, "duplicate_date"),
    ],
)
def test_a_wrong_date_is_rejected_and_costs_one_day(fault: DocumentFault, reason: str) -> None:
    bad, good = parse(fault), parse()
    (reject,) = bad.rejects
    assert reject.reason == reason
    assert set(bad.record.days) < set(good.record.days)
    assert len(good.record.days) - len(bad.record.days) == 1
    assert bad.warnings != good.warnings


def test_twenty_inches_are_kept_as_suspect() -> None:
    day = fault_day(RECORD)
    (kept,) = (row for row in parse(DocumentFault.TWENTY_INCHES).record.days if row.reading_date == day)
    assert (kept.rainfall_inches, kept.quality) == (20.0, Quality.SUSPECT)


def test_a_stale_sheet_is_left_out_and_named() -> None:
    bad, good = parse(DocumentFault.STALE_SHEET), parse()
    (stale,) = bad.stale_sheets
    assert (stale.sheet, stale.first_date, stale.last_date) == ("2024", "2022-10-01", "2023-09-30")
    lost = {row.reading_date for row in good.record.days} - {row.reading_date for row in bad.record.days}
    assert lost
    assert all(water_year_start(2024) <= day <= water_year_end(2024) for day in lost)
    assert set(bad.record.days) < set(good.record.days)


def test_a_wrong_footer_is_claimed_beside_the_true_table() -> None:
    claims = {claim.place: claim for claim in parse(DocumentFault.WRONG_FOOTER).record.claims}
    footer = claims["sheet 2025 footer"].total_inches
    table = next(
        claim.total_inches
        for place, claim in claims.items()
        if place.startswith("Meta") and claim.water_year == 2025
    )
    assert footer is not None and table is not None
    assert footer == pytest.approx(table + 1)
    assert set(parse(DocumentFault.WRONG_FOOTER).record.days) == set(parse().record.days)


def test_a_revised_workbook_changes_one_day_and_withdraws_another() -> None:
    revision = revision_of(RECORD, updated=date(2025, 12, 19))
    old, new = parse(), parse(DocumentFault.REVISED)
    assert new.record.document_date == revision.updated > old.record.document_date
    assert set(new.record.missing) - set(old.record.missing) == {revision.withdrawn}
    (changed,) = set(new.record.days) - set(old.record.days)
    assert (changed.reading_date, changed.rainfall_inches) == (revision.changed, revision.changed_inches)


def test_text_in_the_id_cells_changes_nothing() -> None:
    spoiled, good = parse(DocumentFault.TEXT_IN_ID), parse()
    assert spoiled.metadata.station_id == good.metadata.station_id
    assert (spoiled.record, spoiled.rejects) == (good.record, good.rejects)


def test_a_bad_frequency_date_is_a_warning() -> None:
    bad = parse(DocumentFault.BAD_FREQUENCY_DATE)
    assert any("8/516" in warning for warning in bad.warnings)
    assert bad.record == parse().record


@pytest.mark.parametrize(
    ("fault", "words"),
    [(DocumentFault.MISSING_META_STATS, "Meta_Stats"), (DocumentFault.OTHER_STATION, "99900")],
)
def test_a_workbook_without_identity_or_of_another_gauge_is_refused(fault: DocumentFault, words: str) -> None:
    with pytest.raises(DocumentInvalid, match=words):
        parse(fault)


@given(share=st.floats(0, 0.999))
@settings(max_examples=30, deadline=None)
def test_a_workbook_cut_off_anywhere_is_no_document(share: float) -> None:
    content = workbook()
    with pytest.raises((SourceUnavailable, DocumentInvalid)):
        parse_fopr_workbook(content[: int(share * len(content))], station_id=STATION, file_name="cut.xlsx")
