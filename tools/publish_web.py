"""Bring the dashboard to a stack: `make publish-web STACK=name`.

The files of web/ go into the stack's bucket, with a config.json that names the stack's API; what is not in
web/ any more is deleted there, and CloudFront forgets what it kept. Credentials and region are the AWS CLI's.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaugehouse_local.home import WEB
from gaugehouse_local.static_files import kind_of

API = "/api/v1"
CONFIG = "config.json"
NEEDED_OUTPUTS = ("ApiUrl", "DashboardUrl", "DashboardBucketName", "DashboardDistributionId")
# Names carry no version, so a browser asks each time whether a file is still the one that it has (304, and no
# bytes): it never runs the page of one publication with what is vendored for another.
ASK_EACH_TIME = "no-cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What was done. Paths are those of the web page, without a slash in front."""

    uploaded: tuple[str, ...]
    deleted: tuple[str, ...]


def main() -> None:
    """Publish to the named stack, and say what was done."""
    if len(sys.argv) != 2:
        sys.exit("Name the stack: make publish-web STACK=gaugehouse-prod")
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    stack = sys.argv[1]
    try:
        found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
        if missing := [name for name in NEEDED_OUTPUTS if name not in outputs]:
            sys.exit(f"Stack {stack} has no output {', '.join(missing)}: deploy this release first")
        done = publish(WEB, outputs, s3=boto3.client("s3"), cloudfront=boto3.client("cloudfront"))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"Not published, or not all of it: {error}. Mend that, then publish again.")
    print(f"{outputs['DashboardUrl']}: {len(done.uploaded)} files, {len(done.deleted)} old ones deleted")


def publish(web: Path, outputs: Mapping[str, str], *, s3: Any, cloudfront: Any) -> Publication:
    """Upload all files, index.html last: none may see it before what it names. Then delete and invalidate."""
    bucket = outputs["DashboardBucketName"]
    names = sorted(
        (file.relative_to(web).as_posix() for file in web.rglob("*") if file.is_file()),
        key=lambda name: (name == "index.html", name),
    )
    for name in names:
        content = (web / name).read_bytes()
        if name == CONFIG:
            content = json.dumps({"api": outputs["ApiUrl"] + API}).encode()
        s3.put_object(
            Bucket=bucket,
            Key=name,
            Body=content,
            ContentType=kind_of(web / name),
            CacheControl=ASK_EACH_TIME,
        )
    old = sorted(set(_kept(s3, bucket)) - set(names))
    for name in old:
        s3.delete_object(Bucket=bucket, Key=name)
    cloudfront.create_invalidation(
        DistributionId=outputs["DashboardDistributionId"],
        InvalidationBatch={
            "Paths": {"Quantity": 1, "Items": ["/*"]},
            "CallerReference": f"publish-web-{time.time_ns()}",
        },
    )
    return Publication(uploaded=tuple(names), deleted=tuple(old))


def _kept(s3: Any, bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (item["Key"] for item in page.get("Contents", ()))


if __name__ == "__main__":
    main()
