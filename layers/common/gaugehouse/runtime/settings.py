"""The settings of a function: one frozen object, read once from its environment."""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeFloat,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from gaugehouse import __version__
from gaugehouse.domain.errors import ConfigurationInvalid
from gaugehouse.runtime.validation import faults_of
from gaugehouse.store.connection import STATEMENT_SECONDS


def _split(text: object) -> object:
    return [word.strip() for word in text.split(",")] if isinstance(text, str) else text


def _without_slash(text: object) -> object:
    return text.rstrip("/") if isinstance(text, str) else text


Model = TypeVar("Model", bound=BaseModel)
Words = Annotated[tuple[str, ...], BeforeValidator(_split)]


class DatabaseSettings(BaseModel):
    """Where the database is, and as whom a function comes: by a secret, or as its own role by IAM.

    Each field is the environment variable of the same name in capitals. Secrets are not here: they come by
    ARN.
    """

    # Built by the subclass that a function uses; one for this class alone is seldom needed.
    model_config = ConfigDict(
        frozen=True, extra="ignore", str_strip_whitespace=True, alias_generator=str.upper, defer_build=True
    )

    database_host: str = ""  # empty where the secret names it
    database_port: int = 5432
    database_name: str = "gaugehouse"
    database_role: str = ""  # as whom the function acts; empty for the secret's own user
    database_owner: str = ""  # the secret's user, where IAM may have to let it in; see the ADR 0007
    database_statement_seconds: int = Field(default=STATEMENT_SECONDS, ge=1, le=900)
    database_secret_arn: str = Field(default="", validate_default=True)

    @field_validator("database_secret_arn")
    @classmethod
    def _has_a_way_in(cls, arn: str, info: ValidationInfo) -> str:
        if not arn and not (info.data.get("database_host") and info.data.get("database_role")):
            raise ValueError("DATABASE_SECRET_ARN is needed, unless DATABASE_HOST and DATABASE_ROLE are set")
        return arn


class Settings(DatabaseSettings):
    """What template.yaml sets."""

    model_config = ConfigDict(defer_build=False)

    import_queue_url: str = Field(min_length=1)
    document_bucket: str = ""  # only the importer keeps documents
    mcfcd_base_url: Annotated[str, BeforeValidator(_without_slash)] = "https://alert.fcd.maricopa.gov"
    mcfcd_download_interval_seconds: NonNegativeFloat = 2.0
    mcfcd_tips_path: str = Field(default="/php/showdata4.php", pattern=r"^/[A-Za-z0-9_./-]*$")
    mcfcd_tips_method: Literal["GET", "POST"] = "GET"
    import_max_in_flight: int = Field(default=10, ge=1)
    import_retry_delays_seconds: Annotated[tuple[NonNegativeFloat, ...], BeforeValidator(_split)] = (
        300.0,
        900.0,
        2700.0,
    )
    usgs_service: Literal["waterdata", "nwis"] = "waterdata"
    usgs_base_url: Annotated[str, BeforeValidator(_without_slash)] = (
        "https://api.waterdata.usgs.gov/ogcapi/v1"
    )
    usgs_legacy_base_url: Annotated[str, BeforeValidator(_without_slash)] = "https://waterservices.usgs.gov"
    usgs_api_key_secret_arn: str = ""
    usgs_sites: Words = ()
    usgs_states: Words = ()
    usgs_bounding_box: Annotated[tuple[float, float, float, float] | None, BeforeValidator(_split)] = None
    usgs_whole_network: bool = False
    usgs_parameters: Words = ("00060", "00065", "00045")
    contact_url: str = ""  # who runs this deployment: agencies read it in our User-Agent

    @property
    def user_agent(self) -> str:
        """How we name ourselves to agencies."""
        contact = f" (+{self.contact_url})" if self.contact_url else ""
        return f"Gaugehouse/{__version__}{contact}"


class ApiSettings(DatabaseSettings):
    """What template.yaml sets for the API."""

    model_config = ConfigDict(defer_build=False)

    public_read: bool = False  # whether reading needs no key
    schedules_state: Literal["ENABLED", "DISABLED"] = "ENABLED"  # where they do not run, nothing is next
    maintenance_function: str = Field(min_length=1)  # does what the API is asked to do
    import_dead_letter_queue_url: str = Field(min_length=1)
    failed_events_queue_url: str = Field(min_length=1)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Variables that are empty count as not set.

    Raises: ConfigurationInvalid, naming every variable that is missing or wrong.
    """
    return _read(Settings, environment)


def read_api_settings(environment: Mapping[str, str]) -> ApiSettings:
    """Read the API's settings, as `read_settings` does. Raises: ConfigurationInvalid."""
    return _read(ApiSettings, environment)


def read_database_settings(environment: Mapping[str, str]) -> DatabaseSettings:
    """Read only what leads to the database. Raises: ConfigurationInvalid."""
    return _read(DatabaseSettings, environment)


def _read(model: type[Model], environment: Mapping[str, str]) -> Model:
    try:
        return model.model_validate({name: value for name, value in environment.items() if value})
    except ValidationError as error:
        raise ConfigurationInvalid(f"environment: {faults_of(error, root='variables')}") from error
