"""Gaugehouse: one complete, current and honest record of rain and stream gauges.

Imports run one way: functions -> runtime -> services -> sources | store -> domain.
"""

__version__ = "0.1.0"
