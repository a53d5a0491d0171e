"""An Excel workbook from outside, opened within bounds: its package, its sheets and its cells."""
