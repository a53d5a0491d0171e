"""What a CloudFront headers policy adds to every answer, as far as it means anything on this machine."""

from typing import Any

from gaugehouse_local.properties import Properties

HEADERS_POLICY = "AWS::CloudFront::ResponseHeadersPolicy"


def page_headers(policy: Properties) -> dict[str, str]:
    """Return the headers by name, but HSTS: it means nothing over plain HTTP. Raises: TemplateInvalid."""
    config = policy.group("ResponseHeadersPolicyConfig")
    security = config.group("SecurityHeadersConfig")
    policies = {
        "content-security-policy": security.group("ContentSecurityPolicy").text("ContentSecurityPolicy", ""),
        "x-content-type-options": "nosniff" if "ContentTypeOptions" in security.names() else "",
        "x-frame-options": security.group("FrameOptions").text("FrameOption", ""),
        "referrer-policy": security.group("ReferrerPolicy").text("ReferrerPolicy", ""),
    }
    custom: list[dict[str, Any]] = config.group("CustomHeadersConfig").value("Items") or []
    others = {str(item["Header"]).lower(): str(item["Value"]) for item in custom}
    return {name: value for name, value in policies.items() if value} | others
