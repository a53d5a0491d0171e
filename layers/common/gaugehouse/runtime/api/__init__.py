"""The HTTP API: what is in the database, for programs and for the dashboard."""
