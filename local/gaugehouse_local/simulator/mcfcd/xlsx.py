"""Write a workbook cell by cell, exact to the last bit.

openpyxl rounds a float to 16 digits; Excel stores 17, and so do the agency's sums. Formulas are
written with the value that Excel would have cached, because that is what readers read.
"""

import io
import zipfile
from datetime import date, datetime
from enum import IntEnum
from xml.sax.saxutils import escape, quoteattr

CellValue = float | int | str | date | datetime | None


class Look(IntEnum):
    """Number formats of the agency's workbooks; the value is the index among the styles below."""

    GENERAL = 0
    DAY = 1
    DAY_WIDE = 2
    MOMENT = 3
    HUNDREDTHS = 4
    TIP = 5
    WHOLE = 6
    GROUPED = 7
    DAY_NAMED = 8


class Workbook:
    """Sheets in the order in which they are asked for, sharing their texts as Excel's do."""

    def __init__(self) -> None:
        self._sheets: list[Sheet] = []
        self._texts: dict[str, int] = {}

    def sheet(self, name: str) -> "Sheet":
        """Append an empty sheet."""
        sheet = Sheet(name, self._texts)
        self._sheets.append(sheet)
        return sheet

    def content(self) -> bytes:
        """Return the file's bytes; the same cells give the same bytes."""
        parts = {
            "[Content_Types].xml": _content_types(len(self._sheets)),
            "_rels/.rels": _RELATIONSHIPS.format(_relationship(1, "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": _workbook(self._sheets),
            "xl/_rels/workbook.xml.rels": _workbook_relationships(len(self._sheets)),
            "xl/styles.xml": _STYLES,
            "xl/sharedStrings.xml": _shared_strings(self._texts),
        }
        for number, sheet in enumerate(self._sheets, 1):
            parts[f"xl/worksheets/sheet{number}.xml"] = sheet.xml()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, text in parts.items():
                part = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                archive.writestr(part, text.encode(), zipfile.ZIP_DEFLATED, compresslevel=5)
        return buffer.getvalue()


class Sheet:
    """Cells by row and column letters (A, B, … Z, AA, …)."""

    def __init__(self, name: str, texts: dict[str, int]) -> None:
        self.name = name
        self._texts = texts
        self._rows: dict[int, dict[str, str]] = {}

    def put(
        self, cell: tuple[str, int], value: CellValue, look: Look = Look.GENERAL, formula: str | None = None
    ) -> None:
        """Write one cell. A cell without value and formula keeps its look only."""
        column, row = cell
        place = f'<c r="{column}{row}" s="{look:d}"'
        kind, stored = self._stored(value, computed=formula is not None)
        f = f"<f>{escape(formula)}</f>" if formula else ""
        v = f"<v>{stored}</v>" if stored else ""
        self._rows.setdefault(row, {})[column] = f"{place}{kind}>{f}{v}</c>" if f or v else f"{place}/>"

    def xml(self) -> str:
        """Return the sheet's part of the package."""
        rows = "".join(
            f'<row r="{row}">{"".join(cells[column] for column in sorted(cells, key=_place))}</row>'
            for row, cells in sorted(self._rows.items())
        )
        return f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'

    def _stored(self, value: CellValue, *, computed: bool) -> tuple[str, str]:
        match value:
            case None:
                return "", ""
            case str() if computed:
                return ' t="str"', escape(value)
            case str():
                return ' t="s"', str(self._texts.setdefault(value, len(self._texts)))
            case datetime():
                since = value - datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no time zones
                return "", f"{since.days + since.seconds / 86400:.17g}"
            case date():
                return "", str((value - date(1899, 12, 30)).days)
            case _:
                return "", f"{value:.17g}"


def column_letters(column: int) -> str:
    """Return the letters of a column, counted from 0."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _place(letters: str) -> tuple[int, str]:
    """Sort Z before AA."""
    return len(letters), letters


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONSHIPS = f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'

_FORMATS = {  # in the order of Look: built-in number formats have no code of their own
    0: None,
    14: None,
    166: "mm/dd/yyyy",
    165: r"m/d/yy\ h:mm;@",
    2: None,
    164: "0.00000",
    1: None,
    167: r'_(* #,##0_);_(* \(#,##0\);_(* "-"??_);_(@_)',
    168: r"[$-409]d\-mmm\-yyyy;@",
}
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="{sum(1 for code in _FORMATS.values() if code)}">'
    + "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
        for number, code in _FORMATS.items()
        if code
    )
    + '</numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="{len(_FORMATS)}">'
    + "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in _FORMATS
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def _relationship(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _content_types(sheets: int) -> str:
    kinds = {"workbook": "sheet.main", "styles": "styles", "sharedStrings": "sharedStrings"}
    kinds |= {f"worksheets/sheet{number}": "worksheet" for number in range(1, sheets + 1)}
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(
            f'<Override PartName="/xl/{part}.xml" ContentType="{_KIND}.{kind}+xml"/>'
            for part, kind in kinds.items()
        )
        + "</Types>"
    )


def _workbook(sheets: list[Sheet]) -> str:
    entries = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, 1)
    )
    return f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{entries}</sheets></workbook>'


def _workbook_relationships(sheets: int) -> str:
    links = [_relationship(n, "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, sheets + 1)]
    links.append(_relationship(sheets + 1, "styles", "styles.xml"))
    links.append(_relationship(sheets + 2, "sharedStrings", "sharedStrings.xml"))
    return _RELATIONSHIPS.format("".join(links))


def _shared_strings(texts: dict[str, int]) -> str:
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    return f'{_XML}<sst xmlns="{_MAIN}" uniqueCount="{len(texts)}">{items}</sst>'
