"""Faults that a water-year workbook can have. Each was seen in real documents, or is feared of them."""

from enum import StrEnum


class BookFault(StrEnum):
    """One named fault of a water-year workbook.

    Where a fault hits one day, that is the one of `fault_place`; where it hits one sheet, that day's month.
    Totals follow the cells as Excel's sums would.
    """

    ID_TYPO = "id_typo"  # the oldest sheet misspells a gauge's id
    TEXT_IN_ID = "text_in_id"  # `29200 since 03/09/18`, in every sheet
    MISSING_SHEET = "missing_sheet"
    MONTH_TWICE = "month_twice"  # a second sheet `MAR (2)` with other values
    OTHER_MONTH = "other_month"  # a sheet with the dates of the year before
    OTHER_YEAR = "other_year"  # every sheet has the dates of the year before
    DUPLICATE_DATE = "duplicate_date"  # the second of the month stands in the row of the first
    SHIFTED_COLUMN = "shifted_column"  # a sheet's values stand one column right of their ids
    TEXT_VALUE = "text_value"  # `trace` where a number belongs
    NEGATIVE_VALUE = "negative_value"
    ABSURD_VALUE = "absurd_value"  # 1250 inches in a day
    TWENTY_INCHES = "twenty_inches"  # more than has ever fallen in Arizona, yet not impossible
    UNKNOWN_GAUGE = "unknown_gauge"  # a footnote about a gauge that the workbook does not have
    WRONG_TOTAL = "wrong_total"  # Annual_Totals refers to the next column
    REVISED = "revised"  # a newer document: one day has two tips more, the next one is withdrawn


UNKNOWN_STATION = "99900"  # no simulated gauge has it
MISSPELT_STATION = "98765"  # nor this
