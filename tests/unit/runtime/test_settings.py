import pytest

from gaugehouse.domain.errors import ConfigurationInvalid
from gaugehouse.runtime.settings import read_settings

LEAST = {"DATABASE_SECRET_ARN": "arn:secret", "IMPORT_QUEUE_URL": "https://queue"}


def test_the_defaults_are_the_designs() -> None:
    settings = read_settings({**LEAST, "PATH": "/bin", "DOCUMENT_BUCKET": ""})

    assert settings.import_retry_delays_seconds == (300.0, 900.0, 2700.0)
    assert settings.mcfcd_download_interval_seconds == 2.0
    assert settings.import_max_in_flight == 10


def test_they_are_read_from_text() -> None:
    settings = read_settings(
        {**LEAST, "IMPORT_RETRY_DELAYS_SECONDS": "1, 2.5,4", "MCFCD_BASE_URL": "http://127.0.0.1:1/"}
    )

    assert settings.import_retry_delays_seconds == (1.0, 2.5, 4.0)
    assert settings.mcfcd_base_url == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MCFCD_DOWNLOAD_INTERVAL_SECONDS", "-1"),
        ("MCFCD_DOWNLOAD_INTERVAL_SECONDS", "often"),
        ("MCFCD_TIPS_METHOD", "PUT"),
        ("MCFCD_TIPS_PATH", "//elsewhere.example/x?ID=1"),
        ("IMPORT_MAX_IN_FLIGHT", "0"),
        ("IMPORT_RETRY_DELAYS_SECONDS", "5,x"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationInvalid, match=name):
        read_settings({**LEAST, name: value})


def test_every_missing_setting_is_named() -> None:
    with pytest.raises(ConfigurationInvalid, match=r"DATABASE_SECRET_ARN.*IMPORT_QUEUE_URL"):
        read_settings({})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings(LEAST).import_max_in_flight = 99


def test_agencies_see_who_asks() -> None:
    assert read_settings(LEAST).user_agent == "Gaugehouse/0.1.0"
    told = read_settings({**LEAST, "CONTACT_URL": "mailto:gauges@example.org"})
    assert told.user_agent == "Gaugehouse/0.1.0 (+mailto:gauges@example.org)"
