"""A typed client of the HTTP API: what it answers, as the objects of which it makes its answers.

with ApiClient("https://gauges.example.org", key) as api:
    for entry in api.imports(status="failed"):
        print(entry.subject, entry.error_message)
"""

from gaugehouse_cli.api_operation_calls import OperationCalls
from gaugehouse_cli.api_record_calls import RecordCalls


class ApiClient(RecordCalls, OperationCalls):
    """Asks one API, with a key or without one.

    Raises, in each method: ApiRefused with the API's own words, ApiUnreachable.
    """
