"""The operator's command `gaugehouse`."""
