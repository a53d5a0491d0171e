"""Ways to break the dashboard's resources, by the rule that must notice: rule, place, new value, words."""

from typing import Any

from tests.template.places import REMOVE, Path, of

CONFIG = ("DashboardDistribution", "DistributionConfig")
BEHAVIOUR = (*CONFIG, "DefaultCacheBehavior")
SECURITY = ("DashboardHeaders", "ResponseHeadersPolicyConfig", "SecurityHeadersConfig")
ALLOWED = ("DashboardBucketPolicy", "PolicyDocument", "Statement", 1, "Condition")
PRIVATE, TOLD = "only_cloudfront_reads_the_dashboard", "browsers_are_told_what_a_page_may_do"
CORS = "only_the_dashboard_asks_across_origins"
LAX = {"Fn::Sub": "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'"}

MUTATIONS: list[tuple[str, Path, Any, str]] = [
    (CORS, of("HttpApi", "CorsConfiguration"), REMOVE, "does not answer the dashboard"),
    (CORS, of("HttpApi", "CorsConfiguration", "AllowOrigins"), ["*"], "the pages of ['*']"),
    (PRIVATE, of(*CONFIG, "Origins", 0, "OriginAccessControlId"), REMOVE, "without a signature"),
    (PRIVATE, of(*ALLOWED), {}, "read by ['everybody']"),
    (TOLD, of(*BEHAVIOUR, "ViewerProtocolPolicy"), "allow-all", "without TLS"),
    (TOLD, of(*BEHAVIOUR, "Compress"), False, "compress"),
    (TOLD, of(*BEHAVIOUR, "ResponseHeadersPolicyId"), REMOVE, "no headers"),
    (TOLD, of(*CONFIG, "ViewerCertificate", "Fn::If", 1, "MinimumProtocolVersion"), "TLSv1", "TLSv1'"),
    (TOLD, of(*SECURITY, "ReferrerPolicy"), REMOVE, "lacks ReferrerPolicy"),
    (TOLD, of(*SECURITY, "ContentSecurityPolicy", "ContentSecurityPolicy"), LAX, "allows 'unsafe-inline'"),
    (TOLD, of(*SECURITY, "ContentSecurityPolicy", "ContentSecurityPolicy"), {}, "lets others in"),
]
