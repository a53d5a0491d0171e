"""Text in CSV files that people open in a spreadsheet."""

# What a spreadsheet would take for a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def csv_cell(value: object) -> object:
    """Return the value as it is written. An agency's note that begins with `=` is text, and stays text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_BEGINS) else value
