"""PostgreSQL. Every SQL statement lives here, as static text beside the function that runs it."""
