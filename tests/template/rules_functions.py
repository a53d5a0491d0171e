"""Rules for functions, the layer, logs and parameters."""

import json
import re
from collections.abc import Iterator

from gaugehouse.runtime.settings import (
    ApiSettings,
    DatabaseSettings,
    Settings,
    read_api_settings,
    read_settings,
)
from tests.template.parsed import (
    PROJECT_ROOT,
    Template,
    branches,
    environment,
    functions,
    of_type,
    target,
)

RUNTIME = "python3.13"

# What the code of each function reads, and nothing more.
DATABASE = {"DATABASE_HOST", "DATABASE_SECRET_ARN", "POWERTOOLS_LOG_LEVEL", "POWERTOOLS_SERVICE_NAME"}
EVERYWHERE = DATABASE | {"DATABASE_ROLE", "IMPORT_QUEUE_URL", "IMPORT_MAX_IN_FLIGHT"}
AGENCY = {"MCFCD_BASE_URL", "MCFCD_DOWNLOAD_INTERVAL_SECONDS", "CONTACT_URL"}
TIPS = {"MCFCD_TIPS_PATH", "MCFCD_TIPS_METHOD"}
USGS = {
    f"USGS_{name}" for name in ("SERVICE", "BASE_URL", "LEGACY_BASE_URL", "API_KEY_SECRET_ARN", "PARAMETERS")
}
AREA = {f"USGS_{name}" for name in ("SITES", "STATES", "BOUNDING_BOX", "WHOLE_NETWORK")}
VARIABLES = {
    "PollerFunction": EVERYWHERE | AGENCY | TIPS | USGS | AREA,
    "FoprImporterFunction": EVERYWHERE | AGENCY | USGS | {"DOCUMENT_BUCKET", "IMPORT_RETRY_DELAYS_SECONDS"},
    "MaintenanceFunction": EVERYWHERE | {"IMPORT_RETRY_DELAYS_SECONDS"},
    "ApiFunction": DATABASE
    | {
        "DATABASE_ROLE",
        "DATABASE_STATEMENT_SECONDS",
        "FAILED_EVENTS_QUEUE_URL",
        "IMPORT_DEAD_LETTER_QUEUE_URL",
        "MAINTENANCE_FUNCTION",
        "PUBLIC_READ",
        "SCHEDULES_STATE",
    },
    "SchemaFunction": DATABASE | {"DATABASE_OWNER"},
}


OWNERS_SECRET = {"Fn::GetAtt": ["Database", "MasterUserSecret.SecretArn"]}
# Written by AWS itself: the database, and the HTTP API's access log.
AWS_LOGS = {"DatabaseLogGroup", "ApiAccessLogGroup"}
# The settings that a function reads, where they are not the common ones.
READS: dict[str, type[DatabaseSettings]] = {"SchemaFunction": DatabaseSettings, "ApiFunction": ApiSettings}


def runtime_is_the_one_we_build_for(template: Template) -> Iterator[str]:
    """Functions and layer share the runtime and the processor: the layer carries compiled wheels."""
    architecture = [{"Ref": "Architecture"}]
    for name, function in functions(template).items():
        if function["Runtime"] != RUNTIME or function["Architectures"] != architecture:
            yield f"{name} does not run on {RUNTIME} and the chosen processor"
    for name, layer in of_type(template, "Serverless::LayerVersion").items():
        build = template["Resources"][name]["Metadata"]
        makefile = (PROJECT_ROOT / layer["ContentUri"] / "Makefile").read_text()
        for_ours = "--python-version 3.13 " in makefile and f"PYTHON ?= {RUNTIME}" in makefile
        if build["BuildMethod"] != "makefile" or not for_ours or layer["CompatibleRuntimes"] != [RUNTIME]:
            yield f"{name} is not built for {RUNTIME}"
        if f"ARCHITECTURE ?= {template['Parameters']['Architecture']['Default']}\n" not in makefile:
            yield f"{name} is built for another processor than functions have by default"
        if layer["CompatibleArchitectures"] != architecture or [build["BuildArchitecture"]] != architecture:
            yield f"{name} is not built for the chosen processor"


def code_is_where_the_template_says(template: Template) -> Iterator[str]:
    """A handler that is not there is found by the first invocation only."""
    for name, function in functions(template).items():
        module, handler = function["Handler"].split(".")
        source = PROJECT_ROOT / function["CodeUri"] / f"{module}.py"
        if not source.is_file() or f"def {handler}(" not in source.read_text():
            yield f"{name} has no {source.relative_to(PROJECT_ROOT)} with {handler}"
    for name, layer in of_type(template, "Serverless::LayerVersion").items():
        if not (PROJECT_ROOT / layer["ContentUri"] / "gaugehouse" / "__init__.py").is_file():
            yield f"{name} has no package gaugehouse in {layer['ContentUri']}"


def limits_are_explicit(template: Template) -> Iterator[str]:
    """Lambda's own defaults are 3 s and 128 MB, and a global would hide what each function needs."""
    for name, function in of_type(template, "Serverless::Function").items():
        yield from (
            f"{name} has no {key} of its own" for key in ("Timeout", "MemorySize") if key not in function
        )


def logs_are_json_and_end(template: Template) -> Iterator[str]:
    """Each function has a log group of its own, with retention, and logs JSON at the chosen level."""
    groups = of_type(template, "Logs::LogGroup")
    used: list[str] = []
    for name, function in functions(template).items():
        logging = function["LoggingConfig"]
        used.append(target(logging.get("LogGroup")))
        if logging.get("LogFormat") != "JSON":
            yield f"{name} does not log JSON"
        # Without a level of its own, Lambda drops everything below INFO, whatever the logger lets through.
        if (
            {"Ref": "LogLevel"}
            != logging.get("ApplicationLogLevel")
            != environment(function)["POWERTOOLS_LOG_LEVEL"]
        ):
            yield f"{name} and Lambda disagree on the log level"
    if sorted([*used, *AWS_LOGS]) != sorted(groups):
        yield f"functions log to {sorted(used)}, log groups are {sorted(groups)}"
    for name, group in groups.items():
        if not group.get("RetentionInDays"):
            yield f"{name} is kept for ever"


def tracing_is_lambdas_own(template: Template) -> Iterator[str]:
    """Powertools' Tracer would more than double the layer."""
    for name, function in functions(template).items():
        if function.get("Tracing") != "Active":
            yield f"{name} is not traced"


def environment_is_what_the_code_reads(template: Template) -> Iterator[str]:
    """A variable that is missing stops a function; one too many is a right or a secret too many."""
    for name, function in functions(template).items():
        known = {field.upper() for field in READS.get(name, Settings).model_fields}
        variables = set(environment(function))
        if variables != VARIABLES[name]:
            yield f"{name}: unlike its table: {sorted(variables ^ VARIABLES[name])}"
        unread = {variable for variable in variables - known if not variable.startswith("POWERTOOLS_")}
        if unread:
            yield f"{name}: no setting reads {sorted(unread)}"
    for name, function in functions(template).items():
        reads = READS.get(name, Settings)
        required = {field.upper() for field, info in reads.model_fields.items() if info.is_required()}
        if missing := (required | DATABASE) - set(environment(function)):
            yield f"{name} lacks {sorted(missing)}"


def defaults_agree_with_the_settings(template: Template) -> Iterator[str]:
    """The same default stands in the code, for whoever runs it without the template."""
    parameters = template["Parameters"]
    required = {name.upper(): "x" for name, field in Settings.model_fields.items() if field.is_required()}
    required["DATABASE_SECRET_ARN"] = "x"
    wired = {
        variable: str(parameters[value["Ref"]]["Default"])
        for function in functions(template).values()
        for variable, value in environment(function).items()
        if isinstance(value, dict) and "Default" in parameters.get(value.get("Ref"), {})
    }
    in_template, in_code = read_settings(wired | required), read_settings(required)
    needed = {name.upper(): "x" for name, field in ApiSettings.model_fields.items() if field.is_required()}
    needed["DATABASE_SECRET_ARN"] = "x"
    api_in_template, api_in_code = read_api_settings(wired | needed), read_api_settings(needed)
    for theirs, ours in ((in_template, in_code), (api_in_template, api_in_code)):
        for name in type(ours).model_fields:
            told, coded = getattr(theirs, name), getattr(ours, name)
            if told != coded:
                yield f"{name.upper()} is {told} in the template and {coded} in the code"


def secrets_come_by_arn(template: Template) -> Iterator[str]:
    """No secret's content is in the template or in an environment."""
    if "{{resolve:" in json.dumps(template):
        yield "a dynamic reference would put a secret into the stack"
    for name, function in functions(template).items():
        for variable, value in environment(function).items():
            secretive = re.search(r"SECRET|PASSWORD|TOKEN|API_KEY", variable)
            arns = [one for one in branches(value) if "Ref" in one or one == OWNERS_SECRET]
            if secretive and (not variable.endswith("_ARN") or arns != branches(value)):
                yield f"{name}: {variable} is not the ARN of a secret"


def parameters_are_used_and_described(template: Template) -> Iterator[str]:
    """A parameter that changes nothing misleads who sets it; the deployment shows them in groups."""
    body = json.dumps([template["Globals"], template["Resources"], template["Conditions"]])
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]
    if sorted(grouped) != sorted(template["Parameters"]):
        yield f"not in exactly one group: {sorted(set(grouped) ^ set(template['Parameters']))}"
    for name, parameter in template["Parameters"].items():
        if json.dumps({"Ref": name}) not in body and f"${{{name}}}" not in body:
            yield f"{name} is not used"
        if not parameter.get("Description"):
            yield f"{name} is not described"


RULES = (
    runtime_is_the_one_we_build_for,
    code_is_where_the_template_says,
    limits_are_explicit,
    logs_are_json_and_end,
    tracing_is_lambdas_own,
    environment_is_what_the_code_reads,
    defaults_agree_with_the_settings,
    secrets_come_by_arn,
    parameters_are_used_and_described,
)
