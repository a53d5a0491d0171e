"""What the parameters and resources of a template are called on this machine."""

import re
from collections.abc import Mapping
from typing import Any, Final

from gaugehouse_local.errors import TemplateInvalid
from gaugehouse_local.intrinsics import Resolver

ACCOUNT_ID = "123456789012"  # the account that moto plays
REGION: Final = "us-west-2"
PARTITION = "aws"
QUEUE, BUCKET = "AWS::SQS::Queue", "AWS::S3::Bucket"
HTTP_API = "AWS::Serverless::HttpApi"
DISTRIBUTION = "AWS::CloudFront::Distribution"
# The property that names a resource, for those that can be named. The others get a name from stack and id.
NAME_PROPERTIES = {
    "AWS::Serverless::Function": "FunctionName",
    "AWS::Serverless::LayerVersion": "LayerName",
    "AWS::Logs::LogGroup": "LogGroupName",
    QUEUE: "QueueName",
    BUCKET: "BucketName",
}
ARN_FORMS = {
    "AWS::Serverless::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::Serverless::LayerVersion": "lambda:{region}:{account}:layer:{name}:1",
    "AWS::Logs::LogGroup": "logs:{region}:{account}:log-group:{name}:*",
    QUEUE: "sqs:{region}:{account}:{name}",
    BUCKET: "s3:::{name}",
}


class PhysicalNames:
    """Answers `Ref` and `Fn::GetAtt` for one template and its parameters."""

    def __init__(
        self,
        template: Mapping[str, Any],
        *,
        parameters: Mapping[str, str],
        endpoint: str,
        http_url: str,
        stack_name: str,
    ) -> None:
        """`endpoint` is the URL of the local AWS, `http_url` that of its HTTP API; no slash at their ends.

        Raises: TemplateInvalid.
        """
        self._resources: Mapping[str, Any] = template["Resources"]
        self._endpoint = endpoint
        self._http_url = http_url
        self._stack_name = stack_name
        self._values = _pseudo_parameters(stack_name) | _parameter_values(template, parameters)
        self.resolver = Resolver(self, template.get("Conditions", {}), template.get("Mappings", {}))

    def ref(self, name: str) -> object:
        """Value of `Ref`: a parameter's value, a queue's URL, a layer's ARN, or else the resource's name."""
        if name in self._values:
            return self._values[name]
        if name not in self._resources:
            raise KeyError(f"the template has no parameter or resource {name}")
        kind = self._resources[name]["Type"]
        if kind == QUEUE:
            return f"{self._endpoint}/{ACCOUNT_ID}/{self.name(name)}"
        return self.arn(name) if kind == "AWS::Serverless::LayerVersion" else self.name(name)

    def attribute(self, name: str, attribute: str) -> object:
        """Value of `Fn::GetAtt`."""
        if name not in self._resources:
            raise KeyError(f"the template has no resource {name}")
        kind = self._resources[name]["Type"]
        if attribute == "Arn" and kind in ARN_FORMS:
            return self.arn(name)
        if kind == QUEUE and attribute in ("QueueName", "QueueUrl"):
            return self.name(name) if attribute == "QueueName" else self.ref(name)
        if kind == HTTP_API and attribute == "ApiEndpoint":
            return self._http_url
        if kind == DISTRIBUTION and attribute == "DomainName":  # here the dashboard stands beside the API
            return self._http_url.partition("://")[2]
        raise KeyError(f"the local stack does not know {attribute} of {kind}")

    def name(self, logical_id: str) -> str:
        """The physical name of a resource."""
        resource = self._resources[logical_id]
        name_property = NAME_PROPERTIES.get(resource["Type"], "")
        given = resource.get("Properties", {}).get(name_property)
        if given is not None:
            return str(self.resolver.resolve(given, f"{logical_id}.{name_property}"))
        if resource["Type"] == BUCKET:  # bucket names are lower case, and unique in all the world
            return f"{self._stack_name}-{logical_id}-{ACCOUNT_ID}".lower()
        return f"{self._stack_name}-{logical_id}"

    def arn(self, logical_id: str) -> str:
        """The ARN of a function, layer, log group, queue or bucket."""
        form = ARN_FORMS[self._resources[logical_id]["Type"]]
        rest = form.format(region=REGION, account=ACCOUNT_ID, name=self.name(logical_id))
        return f"arn:{PARTITION}:{rest}"


def _pseudo_parameters(stack_name: str) -> dict[str, object]:
    return {
        "AWS::AccountId": ACCOUNT_ID,
        "AWS::Partition": PARTITION,
        "AWS::Region": REGION,
        "AWS::StackId": f"arn:{PARTITION}:cloudformation:{REGION}:{ACCOUNT_ID}:stack/{stack_name}/local",
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": "amazonaws.com",
    }


def _parameter_values(template: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, object]:
    declared: Mapping[str, Any] = template.get("Parameters", {})
    unknown = sorted(set(given) - set(declared))
    if unknown:
        raise TemplateInvalid(f"the template has no parameter {', '.join(unknown)}")
    return {name: _parameter_value(name, declared[name], given) for name in declared}


def _parameter_value(name: str, declaration: Mapping[str, Any], given: Mapping[str, str]) -> object:
    value = given.get(name, declaration.get("Default"))
    if value is None:
        raise TemplateInvalid(f"parameter {name} has no default and was not given")
    text = str(value)
    allowed = declaration.get("AllowedValues")
    if allowed is not None and text not in [str(choice) for choice in allowed]:
        raise TemplateInvalid(f"parameter {name}: {text!r} is none of {', '.join(map(str, allowed))}")
    pattern = declaration.get("AllowedPattern")
    if pattern is not None and re.fullmatch(pattern, text) is None:
        why = declaration.get("ConstraintDescription", f"must match {pattern}")
        raise TemplateInvalid(f"parameter {name}: {text!r} {why}")
    if declaration.get("Type") == "CommaDelimitedList" or str(declaration.get("Type", "")).startswith(
        "List<"
    ):
        return [part.strip() for part in text.split(",")] if text else []
    return text
