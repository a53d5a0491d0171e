"""One way to say what is wrong with an input that a pydantic model refused."""

from pydantic import ValidationError


def faults_of(error: ValidationError, *, root: str) -> str:
    """Name every wrong field and what is wrong with it; `root` stands for the input as a whole.

    The values themselves are left out: an environment or a message may hold what no log should.
    """
    return "; ".join(
        f"{'.'.join(str(part) for part in fault['loc']) or root}: {fault['msg']}" for fault in error.errors()
    )
