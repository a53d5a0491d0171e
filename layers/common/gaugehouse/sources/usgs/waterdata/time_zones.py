"""The IANA time zone of a monitoring location, from the agency's abbreviation for it."""

# By standard time: with daylight saving, and without. A place without it has either a zone of its own or
# only an offset (whose sign is the other way round in these names).
_ZONES: dict[str, tuple[str, str]] = {
    "NST": ("America/St_Johns", "America/St_Johns"),
    "AST": ("America/Halifax", "America/Puerto_Rico"),
    "EST": ("America/New_York", "Etc/GMT+5"),
    "CST": ("America/Chicago", "Etc/GMT+6"),
    "MST": ("America/Denver", "America/Phoenix"),
    "PST": ("America/Los_Angeles", "Etc/GMT+8"),
    "AKST": ("America/Anchorage", "Etc/GMT+9"),
    "HST": ("America/Adak", "Pacific/Honolulu"),
    "SST": ("Pacific/Pago_Pago", "Pacific/Pago_Pago"),
    "ZP-11": ("Pacific/Pago_Pago", "Pacific/Pago_Pago"),  # the agency's own word for eleven hours behind
    "GST": ("Pacific/Guam", "Pacific/Guam"),  # Guam Standard Time
    "CHST": ("Pacific/Guam", "Pacific/Guam"),
    "ZP11": ("Etc/GMT-11", "Etc/GMT-11"),
    "UTC": ("UTC", "UTC"),
    "GMT": ("UTC", "UTC"),
}
_DAYLIGHT_SAVING = {"Y": 0, "N": 1}
UNKNOWN_ZONE = "UTC"


def time_zone_of(abbreviation: str, uses_daylight_saving: str) -> str | None:
    """Return the IANA name; None where the agency's words do not tell it."""
    found = _ZONES.get(abbreviation.upper())
    if found is None:
        return None
    if found[0] == found[1]:
        return found[0]
    which = _DAYLIGHT_SAVING.get(uses_daylight_saving.upper())
    return None if which is None else found[which]
