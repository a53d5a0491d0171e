"""Footnotes of the water-year workbook and the monthly PDF: what the agency says of a gauge's silences.

`Gage 17800 down from 9/13 18:00 (317) through 9/16 18:00 (321) due to repeater failure; assigned 4mm to
9/13.` A document's parser reads each footnote with `read_footnote`, gives each gauge's record what its
footnotes say of it with `with_footnotes`, and reports them all with `reported_footnotes`.
"""

from gaugehouse.sources.mcfcd.footnotes.applying import reported_footnotes, with_footnotes
from gaugehouse.sources.mcfcd.footnotes.reading import FootnoteReading, read_footnote

__all__ = ["FootnoteReading", "read_footnote", "reported_footnotes", "with_footnotes"]
