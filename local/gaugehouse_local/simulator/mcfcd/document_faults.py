"""Faults that a document itself can have. Each was seen in real documents, or is feared of them."""

from enum import StrEnum


class DocumentFault(StrEnum):
    """One named fault of a FOPR workbook.

    Where a fault hits one day, that is the wettest day of the newest water year (`fault_day`). Totals
    follow the cells as Excel's sums would, so a negative value is in them and a text is not.
    """

    STALE_SHEET = "stale_sheet"  # the second newest sheet is a copy of the year before it
    WRONG_FOOTER = "wrong_footer"  # the newest sheet claims an inch more than its days add up to
    TEXT_VALUE = "text_value"  # `trace` where a number belongs
    NEGATIVE_VALUE = "negative_value"
    ABSURD_VALUE = "absurd_value"  # 1250 inches in a day
    TWENTY_INCHES = "twenty_inches"  # more than has ever fallen in Arizona, yet not impossible
    DATE_OUTSIDE_YEAR = "date_outside_year"  # the day's date is ten years too early
    DUPLICATE_DATE = "duplicate_date"  # the day's row and the next one carry the same date
    MISSING_META_STATS = "missing_meta_stats"
    OTHER_STATION = "other_station"  # another gauge's id and name all over the workbook
    TEXT_IN_ID = "text_in_id"  # `59700 since installation`
    BAD_FREQUENCY_DATE = "bad_frequency_date"  # `8/516` in the newest row of FREQ
    REVISED = "revised"  # a newer document: see `Revision`


OTHER_STATION_ID = "99900"  # no simulated gauge has it
