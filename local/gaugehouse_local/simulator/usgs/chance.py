"""Chance that depends on its arguments alone: no state, so that any past value can be computed again."""

_MASK = (1 << 64) - 1


def mix(key: int, number: int) -> int:
    """Return 64 well-mixed bits of a key and a number (splitmix64's finalizer)."""
    bits = (key ^ number * 0x9E3779B97F4A7C15) & _MASK
    bits = ((bits ^ bits >> 30) * 0xBF58476D1CE4E5B9) & _MASK
    bits = ((bits ^ bits >> 27) * 0x94D049BB133111EB) & _MASK
    return bits ^ bits >> 31


def name_of(bits: int) -> str:
    """Return 32 hexadecimal digits that stand for these bits."""
    return f"{bits:016x}{mix(bits, 1):016x}"
