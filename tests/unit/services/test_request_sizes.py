"""How much one request may ask for."""

from gaugehouse.services.usgs import MOST_SITE_HOURS
from gaugehouse.sources.usgs.waterdata import PageLimits
from tests.unit.sources.usgs.features import feature, page


def test_the_answer_about_a_group_of_the_busiest_gauges_is_not_too_large() -> None:
    """Neighbours share a group and are alike. An answer that is too large would be so at every try."""
    bytes_of_a_value = len(page(feature(), feature())) - len(page(feature()))
    parameters, values_an_hour = 3, 12
    most_values = MOST_SITE_HOURS * parameters * values_an_hour
    assert most_values * bytes_of_a_value < PageLimits().total_bytes
    assert most_values / 50_000 < PageLimits().pages
