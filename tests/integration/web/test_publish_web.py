"""`make publish-web`: the dashboard in a stack's bucket, against a local AWS."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from gaugehouse_local.aws import LocalAws
from gaugehouse_local.clients import local_client
from tests.real_files import PROJECT_ROOT

STACK, BUCKET = "gaugehouse-test", "gaugehouse-test-dashboard"
API = "https://abc123.execute-api.us-west-2.amazonaws.com"
ORIGIN = {
    "Id": "Files",
    "DomainName": f"{BUCKET}.s3.us-west-2.amazonaws.com",
    "S3OriginConfig": {"OriginAccessIdentity": ""},
}


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """An account with a bucket, a distribution, and a stack that has them."""
    aws = LocalAws()
    try:
        aws.client("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
        )
        made = local_client("cloudfront", aws.endpoint).create_distribution(
            DistributionConfig={
                "CallerReference": "1",
                "Comment": "",
                "Enabled": True,
                "Origins": {"Quantity": 1, "Items": [ORIGIN]},
                "DefaultCacheBehavior": {"TargetOriginId": "Files", "ViewerProtocolPolicy": "https-only"},
            }
        )
        outputs = {
            "ApiUrl": API,
            "DashboardUrl": "https://d1.cloudfront.net",
            "DashboardBucketName": BUCKET,
            "DashboardDistributionId": made["Distribution"]["Id"],
        }
        cloudformation = local_client("cloudformation", aws.endpoint)
        for name, told in {STACK: outputs, "another-product": {"Website": "x"}}.items():
            cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(_template(told)))
        yield aws
    finally:
        for name in (STACK, "another-product"):
            local_client("cloudformation", aws.endpoint).delete_stack(StackName=name)
        for item in aws.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", []):
            aws.client("s3").delete_object(Bucket=BUCKET, Key=item["Key"])
        aws.client("s3").delete_bucket(Bucket=BUCKET)
        aws.close()


def _template(outputs: dict[str, str]) -> dict[str, Any]:
    return {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }


def publishes(aws: LocalAws, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as make does."""
    environment = {
        **os.environ,
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_ACCESS_KEY_ID": "publisher",
        "AWS_SECRET_ACCESS_KEY": "publisher",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_ENDPOINT_URL": aws.endpoint,
    }
    return subprocess.run(
        [sys.executable, "-m", "tools.publish_web", *arguments],
        cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_the_bucket_has_the_page_and_nothing_else(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.put_object(Bucket=BUCKET, Key="js/long-gone.js", Body=b"")

    done = publishes(aws, STACK)

    web = PROJECT_ROOT / "web"
    files = {file.relative_to(web).as_posix() for file in web.rglob("*") if file.is_file()}
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"https://d1.cloudfront.net: {len(files)} files, 1 old ones deleted\n"
    assert {item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"]} == files
    config = s3.get_object(Bucket=BUCKET, Key="config.json")
    assert json.loads(config["Body"].read()) == {"api": f"{API}/api/v1"}
    module = s3.get_object(Bucket=BUCKET, Key="js/main.js")
    assert (module["ContentType"], module["CacheControl"]) == ("text/javascript; charset=utf-8", "no-cache")
    font = s3.head_object(Bucket=BUCKET, Key="vendor/public-sans/public-sans-latin.woff2")
    assert (font["ContentType"], font["CacheControl"]) == ("font/woff2", "no-cache")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Name the stack: make publish-web STACK=gaugehouse-prod"),
        (["another-product"], "has no output ApiUrl, DashboardUrl"),
        (["nobody"], "Not published, or not all of it: "),
    ],
)
def test_what_cannot_be_published_is_told(arguments: list[str], says: str, aws: LocalAws) -> None:
    done = publishes(aws, *arguments)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
