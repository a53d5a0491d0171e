"""No answer is larger than Lambda takes: the caller hears what to ask instead, not of a defect."""

import json

import pytest

from gaugehouse.runtime.api.delivery import MOST_ANSWER_BYTES, refuse_too_large
from gaugehouse.runtime.api.problems import RequestRefused


@pytest.mark.parametrize("text", ["x", '"', "\n", "é", '{"a": 1}\n'])
def test_the_largest_answer_is_counted_as_lambda_does(text: str) -> None:
    """Lambda counts the JSON of the whole answer, in which a quotation mark is two bytes."""
    each = len(json.dumps(text, ensure_ascii=False).encode()) - 2
    most = MOST_ANSWER_BYTES // each

    refuse_too_large(text * most)
    with pytest.raises(RequestRefused, match=r"would have 6\.0 MB.*a smaller limit") as refused:
        refuse_too_large(text * (most + 1))
    assert refused.value.status == 422
