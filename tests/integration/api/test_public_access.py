"""Where reading is public, as on the laptop: a key that is shown has to be right all the same."""

from tests.integration.api.conftest import Call


def test_everybody_reads_and_nobody_acts(call: Call) -> None:
    assert call("GET", "/system/state").status == 200
    assert call("POST", "/admin/pauses", body={"name": "imports", "reason": "a"}).status == 401


def test_a_wrong_key_is_told_to_its_holder(call: Call) -> None:
    assert call("GET", "/system/state", headers={"X-Api-Key": "nonsense"}).status == 401
