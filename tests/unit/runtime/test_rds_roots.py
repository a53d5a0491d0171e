"""The root certificates of Amazon RDS in the layer: what they are, and that they outlive us."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from gaugehouse.runtime.database_login import RDS_ROOTS

ROOTS = x509.load_pem_x509_certificates(RDS_ROOTS.read_bytes())
NAME = re.compile(r"Amazon RDS ([a-z]+-[a-z]+-\d) Root CA (RSA2048|RSA4096|ECC384) G1")


def name_of(root: x509.Certificate) -> str:
    return str(root.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


@pytest.mark.parametrize("root", ROOTS, ids=name_of)
def test_it_is_a_root_of_rds_that_signed_itself(root: x509.Certificate) -> None:
    assert NAME.fullmatch(name_of(root))
    assert root.subject == root.issuer
    root.verify_directly_issued_by(root)
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert root.not_valid_after_utc > datetime.now(UTC) + timedelta(days=365 * 10)


def test_each_region_has_the_three_kinds() -> None:
    found: dict[str, set[str]] = {}
    for root in ROOTS:
        named = NAME.fullmatch(name_of(root))
        assert named is not None
        found.setdefault(named[1], set()).add(named[2])

    assert all(kinds == {"RSA2048", "RSA4096", "ECC384"} for kinds in found.values())
    assert {"us-west-2", "us-east-1", "us-east-2", "us-west-1", "ca-central-1"} <= set(found)
    assert len(found) == 27
