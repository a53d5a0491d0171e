"""The operator's verbs: one table, whether the command runs beside the database or goes through AWS."""

from collections.abc import Mapping

from psycopg import Connection
from pydantic import ValidationError

from gaugehouse.domain.errors import OperationRefused
from gaugehouse.runtime import (
    document_operations,
    import_operations,
    key_operations,
    pause_operations,
    record_operations,
    status_operations,
    stream_operations,
)
from gaugehouse.runtime.operation import Answer
from gaugehouse.runtime.validation import faults_of


def operate(name: str | None, arguments: Mapping[str, object], *, conn: Connection) -> Answer:
    """Carry out one operation.

    Raises: OperationRefused for an unknown operation or a wrong argument.
    """
    operation = OPERATIONS.get(name or "")
    if operation is None:
        raise OperationRefused(
            f"operate: unknown operation {name!r}; there are {', '.join(sorted(OPERATIONS))}"
        )
    try:
        parsed = operation.arguments.model_validate(arguments)
    except ValidationError as error:
        raise OperationRefused(f"operate {name}: {faults_of(error, root='arguments')}") from error
    return operation.run(conn, parsed)


OPERATIONS = {
    **status_operations.OPERATIONS,
    **import_operations.OPERATIONS,
    **document_operations.OPERATIONS,
    **pause_operations.OPERATIONS,
    **stream_operations.OPERATIONS,
    **record_operations.OPERATIONS,
    **key_operations.OPERATIONS,
}
