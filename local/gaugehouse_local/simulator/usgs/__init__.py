"""The USGS's services over a seeded network of stream gauges, as the agency answers."""
