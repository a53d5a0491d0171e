"""Write the CloudFormation that SAM makes of a template: `transform.py TEMPLATE OUTPUT`. Works offline."""

import json
import sys
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform


class NoManagedPolicies:
    """Stands for the list of AWS's managed policies, which SAM would otherwise ask IAM for.

    The template names none; a name would reach cfn-lint as it stands.
    """

    def load(self) -> dict[str, str]:
        """Return no policies."""
        return {}


def main() -> int:
    """Transform the file named first into the file named second. Exit code 1 if SAM refuses it."""
    source, target = map(Path, sys.argv[1:])
    template = as_packaged(yaml_parse(source.read_text()))
    try:
        transformed = transform(template, {}, NoManagedPolicies())
    except InvalidDocumentException as error:
        print("\n".join(str(cause.message) for cause in error.causes))
        return 1
    target.write_text(json.dumps(transformed, indent=1))
    return 0


def as_packaged(template: dict[str, Any]) -> dict[str, Any]:
    """Point code at a bucket, as `sam package` does: the transform takes no folders."""
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        for name in ("CodeUri", "ContentUri"):
            if name in properties:
                properties[name] = "s3://packaged/code.zip"
    return template


if __name__ == "__main__":
    sys.exit(main())
