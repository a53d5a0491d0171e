"""Opening a workbook: its sheets as rows of cells, within bounds, or an error that names the sheet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.sources.mcfcd.workbook.cells import MAX_CELL_LENGTH, Rows, cell_name
from gaugehouse.sources.mcfcd.workbook.package import Extent, checked_package

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MAX_SHEETS = 200
# Sheets may be mostly empty, and every empty cell between two others costs memory too.
MAX_CELLS_OF_A_SHEET = 200_000


@dataclass(frozen=True, slots=True)
class Workbook:
    """An open workbook. `sheet_names` are in the workbook's order."""

    file_name: str
    sheet_names: tuple[str, ...]
    _reader: "CalamineWorkbook"

    def rows(self, sheet: str) -> Rows:
        """Return a sheet's rows from row 1 and column A on, each equally long; [] when it is empty.

        Integers come as floats, midnight as `date`, blanks as "". Raises DocumentInvalid.
        """
        with _reader_errors_named(f"{self.file_name}, sheet {sheet}"):
            found = self._reader.get_sheet_by_name(sheet)
            if found.end is None:
                return []
            height, width = found.end[0] + 1, found.end[1] + 1
            if height * width > MAX_CELLS_OF_A_SHEET:
                raise DocumentInvalid(
                    f"{self.file_name}, sheet {sheet}: spans {height} rows and {width} columns, more than "
                    f"{MAX_CELLS_OF_A_SHEET} cells"
                )
            return found.to_python(skip_empty_area=False)

    def text_rows(self, sheet: str) -> Rows:
        """Return a sheet's rows as `rows` does, of which no cell is longer than Excel allows.

        Raises: DocumentInvalid.
        """
        rows = self.rows(sheet)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and len(cell) > MAX_CELL_LENGTH:
                    raise DocumentInvalid(
                        f"{self.file_name}, sheet {sheet}, cell {cell_name(number, column)}: holds "
                        f"{len(cell)} characters, more than {MAX_CELL_LENGTH}"
                    )
        return rows


def open_workbook(content: bytes, file_name: str, extent: Extent) -> Workbook:
    """Open a workbook of bytes, whose cells lie within `extent`. Raises as `checked_package` does."""
    package = checked_package(content, file_name, extent)
    with _reader_errors_named(file_name):
        # Imported here to keep it out of the cold start of functions that open no workbook.
        from python_calamine import CalamineWorkbook

        reader = CalamineWorkbook.from_filelike(BytesIO(package))
        sheet_names = tuple(reader.sheet_names)
    if len(sheet_names) > MAX_SHEETS:
        raise DocumentInvalid(f"{file_name} has {len(sheet_names)} sheets, more than {MAX_SHEETS}")
    return Workbook(file_name, sheet_names, reader)


@contextmanager
def _reader_errors_named(place: str) -> Iterator[None]:
    """Turn whatever the reader raises on damaged input into DocumentInvalid that names the place."""
    try:
        yield
    except DocumentInvalid:
        raise
    except Exception as error:
        raise DocumentInvalid(f"{place} cannot be read: {error}") from error
    except BaseException as error:
        # A panic of the Rust reader is no Exception, so that nobody catches it by chance. We do on purpose.
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise DocumentInvalid(f"{place} cannot be read: {error}") from error
