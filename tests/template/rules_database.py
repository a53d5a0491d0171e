"""Rules for the stack's own database and network, and for the order in which a deployment changes them."""

from collections.abc import Iterator
from typing import Any

from gaugehouse.store.migrate import digest_of, load_migrations
from tests.template.parsed import Template, functions, of_type
from tests.template.rules_rights import OWNER

SAFE: dict[str, Any] = {
    "StorageEncrypted": True,
    "MasterUsername": OWNER,
    "ManageMasterUserPassword": True,
    "EnableIAMDatabaseAuthentication": True,
    "PubliclyAccessible": False,
    "CopyTagsToSnapshot": True,
    "EngineVersion": "18",
    "DeletionProtection": {"Ref": "DatabaseDeletionProtection"},
    "BackupRetentionPeriod": {"Ref": "DatabaseBackupDays"},
    "MultiAZ": {"Ref": "DatabaseMultiAz"},
}


def the_database_is_safe(template: Template) -> Iterator[str]:
    """Encrypted, private, backed up, over TLS only, with a password that nobody knows."""
    for name, database in of_type(template, "RDS::DBInstance").items():
        for key, value in SAFE.items():
            if database.get(key) != value:
                yield f"{name}: {key} is {database.get(key)}"
        if template["Resources"][name].get("DeletionPolicy") != "Snapshot":
            yield f"{name} goes with its stack"
        parameters = of_type(template, "RDS::DBParameterGroup")["DatabaseParameters"]["Parameters"]
        if parameters.get("rds.force_ssl") != "1":
            yield f"{name} answers without TLS"
        if parameters.get("max_connections") != {"Ref": "DatabaseMaxConnections"}:
            yield f"{name} takes connections of which nobody counted how many"


def the_schema_comes_first(template: Template) -> Iterator[str]:
    """A function of this release never meets the schema of the last: it waits for the migrations.

    A deployment migrates when the digest of the migrations has changed, so the template has to carry it.
    """
    [(resource, properties)] = [
        (name, resource["Properties"])
        for name, resource in template["Resources"].items()
        if resource["Type"] == "Custom::Schema"
    ]
    if properties.get("Migrations") != (digest := digest_of(load_migrations())):
        yield f"{resource}: the migrations' digest is {digest}: run make digest"
    owner = properties.get("ServiceToken", {}).get("Fn::GetAtt", [None])[0]
    for name in functions(template):
        waits = template["Resources"][name].get("DependsOn") == resource
        if waits == (name == owner):
            yield f"{name} {'waits for itself' if waits else 'may run before the schema is there'}"
    if properties.get("ServiceTimeout", 3600) <= functions(template).get(owner, {}).get("Timeout", 900):
        yield f"{resource}: CloudFormation gives up before the function can answer"


def the_network_is_closed(template: Template) -> Iterator[str]:
    """Nobody comes in but the functions to the database, and nothing has a public address."""
    for name, group in of_type(template, "EC2::SecurityGroup").items():
        if "SecurityGroupIngress" in group:
            yield f"{name} lets somebody in"
        if not group.get("SecurityGroupEgress"):
            yield f"{name} lets everything out"
    doors = of_type(template, "EC2::SecurityGroupIngress").values()
    if [(door["FromPort"], "SourceSecurityGroupId" in door) for door in doors] != [(5432, True)]:
        yield "more than the functions come to the database"
    for name, subnet in of_type(template, "EC2::Subnet").items():
        if subnet.get("MapPublicIpOnLaunch"):
            yield f"{name} gives public addresses"


RULES = (the_database_is_safe, the_schema_comes_first, the_network_is_closed)
