"""Maricopa County's documents, as the agency writes them."""
