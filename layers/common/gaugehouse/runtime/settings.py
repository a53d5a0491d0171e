"""The settings of a function: one frozen object, read once from its environment."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, NonNegativeFloat, ValidationError

from gaugehouse import __version__
from gaugehouse.domain.errors import ConfigurationInvalid
from gaugehouse.runtime.validation import faults_of


def _split(text: object) -> object:
    return [word.strip() for word in text.split(",")] if isinstance(text, str) else text


def _without_slash(text: object) -> object:
    return text.rstrip("/") if isinstance(text, str) else text


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]


class Settings(BaseModel):
    """What template.yaml sets. Each field is the environment variable of the same name in capitals.

    Secrets are not here: they come by ARN.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", str_strip_whitespace=True, alias_generator=str.upper
    )

    database_secret_arn: str = Field(min_length=1)
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


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Variables that are empty count as not set.

    Raises: ConfigurationInvalid, naming every variable that is missing or wrong.
    """
    try:
        return Settings.model_validate({name: value for name, value in environment.items() if value})
    except ValidationError as error:
        raise ConfigurationInvalid(f"environment: {faults_of(error, root='variables')}") from error
