"""Rules for the dashboard's files: CloudFront alone reads them, and browsers hear what they may do."""

from collections.abc import Iterator
from typing import Any

from tests.template.parsed import Template, listed, of_type, target

NEEDED_HEADERS = (
    "ContentSecurityPolicy",
    "ContentTypeOptions",
    "FrameOptions",
    "ReferrerPolicy",
    "StrictTransportSecurity",
)
FORBIDDEN_SOURCES = ("'unsafe-inline'", "'unsafe-eval'", " * ", "http:")


def only_cloudfront_reads_the_dashboard(template: Template) -> Iterator[str]:
    """The bucket answers this one distribution, and that asks it with a signature."""
    for name, distribution in _distributions(template):
        for origin in distribution["Origins"]:
            bucket = target(origin["DomainName"])
            if target(origin.get("OriginAccessControlId", "")) not in of_type(
                template, "CloudFront::OriginAccessControl"
            ):
                yield f"{name} asks {bucket} without a signature"
            if _readers(template, bucket) != [name]:
                yield f"{bucket} is read by {_readers(template, bucket)}, not by {name} alone"


def browsers_are_told_what_a_page_may_do(template: Template) -> Iterator[str]:
    """Over TLS only, compressed, and with headers that allow nothing inline and nobody else."""
    policies = of_type(template, "CloudFront::ResponseHeadersPolicy")
    for name, distribution in _distributions(template):
        behaviour = distribution["DefaultCacheBehavior"]
        if behaviour["ViewerProtocolPolicy"] != "redirect-to-https":
            yield f"{name} answers without TLS"
        if not behaviour.get("Compress"):
            yield f"{name} does not compress"
        if target(behaviour.get("ResponseHeadersPolicyId", "")) not in policies:
            yield f"{name} sends no headers of ours"
        chosen = [each["MinimumProtocolVersion"] for each in listed(distribution["ViewerCertificate"])
                  if "AcmCertificateArn" in each]  # fmt: skip
        if chosen != ["TLSv1.2_2021"]:
            yield f"{name} speaks {chosen} with a certificate of yours"
    for name, policy in policies.items():
        headers = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        yield from (f"{name} lacks {header}" for header in NEEDED_HEADERS if header not in headers)
        yield from (f"{name}: {fault}" for fault in _policy_faults(headers))


def only_the_dashboard_asks_across_origins(template: Template) -> Iterator[str]:
    """A browser that shows any other page may not ask the API with what its user has."""
    pages = of_type(template, "CloudFront::Distribution")
    for name, api in of_type(template, "Serverless::HttpApi").items():
        allowed = listed(api.get("CorsConfiguration", {}).get("AllowOrigins", []))
        if not any(target(origin) in pages for origin in allowed):
            yield f"{name} does not answer the dashboard"
        ours = {*pages, str({"Fn::Join": ["", ["https://", {"Ref": "DashboardDomain"}]]})}
        if others := [origin for origin in allowed if target(origin) not in ours]:
            yield f"{name} answers the pages of {others}"


def _policy_faults(headers: dict[str, Any]) -> Iterator[str]:
    said = str(headers.get("ContentSecurityPolicy", {}).get("ContentSecurityPolicy", {}).get("Fn::Sub", ""))
    if "default-src 'self'" not in said or "frame-ancestors 'none'" not in said:
        yield "its policy lets others in"
    yield from (f"its policy allows {source.strip()}" for source in FORBIDDEN_SOURCES if source in said)


def _distributions(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, distribution in of_type(template, "CloudFront::Distribution").items():
        yield name, distribution["DistributionConfig"]


def _readers(template: Template, bucket: str) -> list[str]:
    """Name who may read a bucket: the distribution that each statement of its policy lets in."""
    return [
        target(statement.get("Condition", {}).get("StringEquals", {}).get("aws:SourceArn", "everybody"))
        for policy in of_type(template, "S3::BucketPolicy").values()
        if target(policy["Bucket"]) == bucket
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]


RULES = (
    only_cloudfront_reads_the_dashboard,
    browsers_are_told_what_a_page_may_do,
    only_the_dashboard_asks_across_origins,
)
