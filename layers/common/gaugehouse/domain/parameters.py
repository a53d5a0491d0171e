"""What parameter codes mean, in plain words. USGS has thousands; these are the ones that gauges here have."""

PARAMETER_NAMES = {
    "00010": "Water temperature",
    "00045": "Rainfall",
    "00060": "Discharge",
    "00065": "Stage",
    "00095": "Specific conductance",
    "00300": "Dissolved oxygen",
    "00400": "pH",
    "62614": "Lake elevation",
    "62615": "Lake elevation",
    "63680": "Turbidity",
    "72019": "Depth to water",
    "99133": "Nitrate",
}
