"""Meta_Stats and FREQ: found by label, kept with a warning where odd, refused only for identity and date."""

import io
import json
from datetime import date

import pytest
from openpyxl import load_workbook

from gaugehouse.domain.documents import FullRecord
from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.sources.mcfcd.fopr import parse_fopr_workbook
from gaugehouse.sources.mcfcd.fopr.position import read_degrees, read_elevation_ft
from gaugehouse.sources.mcfcd.station_ids import StationIds, read_station_ids
from tests.unit.sources.workbooks import parse, saved, workbook, year_rows

DAYS = {"2023": year_rows(2023)[:3]}


def with_meta(**cells: object) -> FullRecord:
    return parse(workbook(years=DAYS, meta=cells))


@pytest.mark.parametrize(
    ("history", "current", "previous"),
    [
        ("59700; 4695 prior to 2/20/2018", "59700", ("4695",)),
        ("59700", "59700", ()),
        ("29200 since 03/09/18", "29200", ()),
        ("37300 since installation", "37300", ()),
        ("29200 since 03/09/18; 5190 prior to 3/9/2018; 5191 before 1999", "29200", ("5190", "5191")),
        ("4695 prior to 2/20/2018; 59700 since 2/20/2018", "59700", ("4695",)),
        ("59700, 4695 prior to 2/20/2018", "59700", ("4695",)),
        ("59700 and 4695 prior to 2/20/2018", "59700", ("4695",)),
        ("59700\n4695 prior to 2/20/2018", "59700", ("4695",)),
        ("ID: 1600", "1600", ()),
    ],
)
def test_id_histories(history: str, current: str, previous: tuple[str, ...]) -> None:
    assert read_station_ids(history) == StationIds(current, previous)


@pytest.mark.parametrize("history", [None, "", "unknown", "2/20/2018"])
def test_histories_without_an_id(history: str | None) -> None:
    assert read_station_ids(history) is None


def test_an_id_cell_may_be_a_number() -> None:
    assert with_meta(B4=59700).metadata.station_id == "59700"


def test_a_workbook_of_another_station_names_both() -> None:
    with pytest.raises(DocumentInvalid, match="gauge 29200, but 59700 was asked for"):
        with_meta(B4="29200 since 03/09/18")
    with pytest.raises(DocumentInvalid, match="gauge 59700, which was 4695 before; import 59700 instead"):
        parse_fopr_workbook(workbook(years=DAYS), station_id="4695", file_name="4695_FOPR.xlsx")


@pytest.mark.parametrize("cell", [None, "see remarks"])
def test_a_workbook_of_nobody_is_refused(cell: object) -> None:
    with pytest.raises(DocumentInvalid, match="sheet Meta_Stats: names no gage id"):
        with_meta(B4=cell)


def test_moved_rows_are_found_by_their_labels() -> None:
    book = load_workbook(io.BytesIO(workbook(years=DAYS)))
    book["Meta_Stats"].insert_rows(2, 3)
    full = parse(saved(book))
    assert full == parse(workbook(years=DAYS))
    assert full.metadata.warnings == ()


def test_the_documents_date_may_be_text() -> None:
    assert with_meta(Q1="12/19/2024").record.document_date == date(2024, 12, 19)


@pytest.mark.parametrize("cell", [None, "soon", "12/19/24"])
def test_the_as_of_date_stands_in_for_the_documents(cell: object) -> None:
    full = with_meta(Q1=cell)
    assert full.record.document_date == date(2024, 10, 1)
    assert any("as-of date 2024-10-01 stands in" in warning for warning in full.metadata.warnings)
    assert full.metadata.details["updated"] == cell


def test_a_workbook_of_no_date_is_refused() -> None:
    with pytest.raises(DocumentInvalid, match="Meta_Stats: its Updated date is 'soon' and no as-of date"):
        with_meta(Q1="soon", D7=None)


@pytest.mark.parametrize(
    ("cells", "field", "value", "warning"),
    [
        ({"B13": "40,000 ft."}, "elevation_ft", 40_000.0, "40000.0 lies outside"),
        ({"B13": -500}, "elevation_ft", -500.0, "-500.0 lies outside"),
        ({"B13": "5,205 ft."}, "elevation_ft", 5_205.0, None),
        ({"B13": 1465.5}, "elevation_ft", 1465.5, None),
        ({"B13": "high"}, "elevation_ft", None, "'high' is not an elevation"),
        ({"C11": 3.361, "B11": None}, "latitude", 3.361, "3.361 lies outside 24 to 50"),
        ({"C12": 111.86545}, "longitude", 111.86545, "111.86545 lies outside -125 to -66"),
        ({"C12": None}, "longitude", -(111 + 51 / 60 + 55.6 / 3600), None),
        ({"C11": None}, "latitude", 33 + 36 / 60 + 36.2 / 3600, None),
        ({"C11": 34.61006}, "latitude", 34.61006, "are different places"),
        ({"C11": None, "B11": "north"}, "latitude", None, "'north' is not understood"),
        ({"B8": "Feb. 1998"}, "data_begins", None, "data begins 'Feb. 1998' is not a date"),
        ({"A13": None, "B13": None}, "elevation_ft", None, "has no row labelled 'elevation'"),
    ],
)
def test_odd_metadata_is_kept_with_a_warning(
    cells: dict[str, object], field: str, value: object, warning: str | None
) -> None:
    full = with_meta(**cells)
    assert len(full.record.days) == 3
    found = getattr(full.metadata, field)
    assert found == (pytest.approx(value) if isinstance(value, float) else value)
    assert (warning is None and full.metadata.warnings == ()) or any(
        warning is not None and warning in said for said in full.metadata.warnings
    )


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("111\u00b0 51\u2019 55.6\u201d", -111.865444),
        ("111\u00b0 51' 55.6\" W", -111.865444),
        ("-111\u00b0 51' 55.6\"", -111.865444),
        ("111\u00b051\u203255.6\u2033", -111.865444),
        ("111 51 55.6", -111.865444),
        ("111\u00b0 51.9267'", -111.865445),
        ("111\u00b0 51' 55.6'' E", 111.865444),
    ],
)
def test_degrees_in_many_hands(text: str, degrees: float) -> None:
    found = read_degrees(text, "", west=True, warnings=[], place="")
    assert found == pytest.approx(degrees, abs=1e-6)


def test_elevations_in_many_hands() -> None:
    for cell in ("1,465 ft.", "1465", "1465 feet", "1,465'", 1465, 1465.0, " 1,465 FT "):
        assert read_elevation_ft(cell, warnings=[], place="") == 1465.0


def test_the_table_of_water_years_gives_claims_where_it_has_values() -> None:
    full = with_meta(
        O4=1998, Q4=1.49606, O5=1999, P5=7.59841, Q5=4.17322, O6=2025, O7="Red: partial", O8=2026, P8="_____"
    )
    table = [claim for claim in full.record.claims if "Meta_Stats" in claim.place]
    assert [(c.water_year, c.place, c.total_inches, c.monsoon_inches) for c in table] == [
        (1998, "Meta_Stats row 4", None, 1.49606),
        (1999, "Meta_Stats row 5", 7.59841, 4.17322),
    ]


def test_texts_are_one_line_and_without_control_characters() -> None:
    full = with_meta(B18="Records\r\n Good\t\u00a0 _x0000_\u0085 since 1998")
    assert full.metadata.remarks is not None
    assert "\x00" not in full.metadata.remarks and "\n" not in full.metadata.remarks
    assert full.metadata.remarks.startswith("Records Good")


def test_greatest_totals_keep_odd_dates_and_periods() -> None:
    full = with_meta(C31="8/516", D31="> 100")
    assert full.metadata.details["greatest_totals"] == [
        {"duration": "15 min", "inches": 0.91, "date": "8/516", "return_period_years": "> 100"}
    ]
    assert any("'8/516'" in warning for warning in full.metadata.warnings)


def test_frequency_keeps_text_dates_and_far_ones() -> None:
    rows = [
        (1998, 0.28, "8/516", 0.35, date(1998, 9, 6)),
        (1999, 0.71, date(2004, 12, 4), "", ""),
        ("MAX", 0.71, date(1999, 9, 14), 0.35, ""),
        ("NOAA 14 (v5) P100", 1.23, "", 2.05, "Tr = 100 years"),
    ]
    full = parse(workbook(years=DAYS, frequency=rows))
    table = full.metadata.details["frequency"]
    assert isinstance(table, dict)
    assert table["years"][0]["maxima"]["15 min"] == {"inches": 0.28, "date": "8/516"}
    assert table["years"][1] == {"year": 1999, "maxima": {"15 min": {"inches": 0.71, "date": "2004-12-04"}}}
    assert table["max"] == {
        "label": "MAX",
        "15 min": 0.71,
        "1 hour": 0.35,
        "dates": {"15 min": "1999-09-14"},
        "note": None,
    }
    assert table["noaa_atlas_14"]["note"] == "Tr = 100 years"
    odd = [warning for warning in full.warnings if "FREQ" in warning]
    assert ["row 3" in odd[0], "row 4" in odd[1]] == [True, True]
    json.dumps(full.metadata.details, allow_nan=False)


def test_sheets_that_are_missing_are_a_warning() -> None:
    full = parse(workbook(years=DAYS, without=["FREQ", "DownTime"]))
    assert len(full.record.days) == 3
    assert [warning for warning in full.warnings if "has no sheet" in warning] == [
        "59700_FOPR.xlsx: has no sheet DownTime",
        "59700_FOPR.xlsx: has no sheet FREQ",
    ]
