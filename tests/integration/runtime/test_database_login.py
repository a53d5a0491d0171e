"""How functions come into the database: whom they are there, and which servers they believe."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from psycopg.conninfo import conninfo_to_dict

from gaugehouse.domain.errors import ConfigurationInvalid
from gaugehouse.runtime import database_login
from gaugehouse.runtime.database import Database
from gaugehouse.runtime.database_login import RDS_ROOTS, SecretLogin, TokenLogin
from gaugehouse.runtime.settings import read_database_settings
from gaugehouse.store.connection import connect
from tests.integration.conftest import Cloud

SSL_REQUEST = bytes.fromhex("0000000804d2162f")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of a server that no authority knows, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "somebody")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls_port(certificate: Path, database_url: str) -> Iterator[int]:
    """A server that speaks TLS with that certificate, before the test's database, which has none."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    told = conninfo_to_dict(database_url)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=_bridge, args=(plain, context, told), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def _bridge(plain: socket.socket, context: ssl.SSLContext, told: dict[str, Any]) -> None:
    assert plain.recv(8) == SSL_REQUEST
    plain.sendall(b"S")
    try:
        client = context.wrap_socket(plain, server_side=True)
    except (ssl.SSLError, ConnectionError):
        return  # it did not believe us
    server = socket.create_connection((told["host"], int(told["port"])))
    for source, sink in ((client, server), (server, client)):
        threading.Thread(target=_copy, args=(source, sink), daemon=True).start()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while content := source.recv(65_536):
            sink.sendall(content)
    except (OSError, ValueError):
        pass
    finally:
        sink.close()


def secret_with(aws: Callable[[str], Any], cloud: Cloud, **changed: Any) -> None:
    """Change entries of the database's secret; None removes one."""
    secrets = aws("secretsmanager")
    secret = json.loads(secrets.get_secret_value(SecretId=cloud.secret_arn)["SecretString"]) | changed
    kept = {name: value for name, value in secret.items() if value is not None}
    secrets.put_secret_value(SecretId=cloud.secret_arn, SecretString=json.dumps(kept))


def login_of(aws: Callable[[str], Any], cloud: Cloud, **environment: str) -> SecretLogin:
    settings = read_database_settings({"DATABASE_SECRET_ARN": cloud.secret_arn, **environment})
    return SecretLogin(aws("secretsmanager"), settings)


def test_a_server_whose_certificate_is_not_of_rds_is_not_believed(
    aws: Callable[[str], Any], cloud: Cloud, tls_port: int
) -> None:
    secret_with(aws, cloud, port=tls_port, sslmode=None)

    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        connect(login_of(aws, cloud).ask(), application_name="test")


def test_one_whose_root_is_in_the_bundle_is(
    aws: Callable[[str], Any],
    cloud: Cloud,
    tls_port: int,
    certificate: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bundle = tmp_path / "with-ours.pem"
    own = certificate.read_text().partition("-----BEGIN CERTIFICATE")
    bundle.write_text(RDS_ROOTS.read_text() + own[1] + own[2])
    monkeypatch.setitem(database_login.VERIFIED, "sslrootcert", str(bundle))
    secret_with(aws, cloud, port=tls_port, sslmode=None)

    with connect(login_of(aws, cloud).ask(), application_name="test") as conn:
        assert conn.pgconn.ssl_in_use


def test_the_session_is_the_functions_role(aws: Callable[[str], Any], cloud: Cloud) -> None:
    database = Database(login_of(aws, cloud, DATABASE_ROLE="gaugehouse_poller"), application_name="test")

    conn = database.connection()

    assert conn.execute("SELECT current_user").fetchone() == ("gaugehouse_poller",)
    assert conn.execute("SHOW statement_timeout").fetchone() == ("1min",)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("DROP TABLE gauges")
    conn.close()


def test_the_secret_that_rds_manages_names_no_place(aws: Callable[[str], Any], cloud: Cloud) -> None:
    secrets = aws("secretsmanager")
    whole = json.loads(secrets.get_secret_value(SecretId=cloud.secret_arn)["SecretString"])
    managed = {name: whole[name] for name in ("username", "password", "sslmode")}
    secrets.put_secret_value(SecretId=cloud.secret_arn, SecretString=json.dumps(managed))

    with pytest.raises(ConfigurationInvalid, match="needs host") as refused:
        login_of(aws, cloud).ask()
    place = {"HOST": whole["host"], "PORT": str(whole["port"]), "NAME": whole["dbname"]}
    login = login_of(aws, cloud, **{f"DATABASE_{name}": value for name, value in place.items()})

    assert whole["password"] not in str(refused.value)
    connect(login.ask(), application_name="test").close()


def test_what_a_secret_says_is_read_again_when_it_is_refused(aws: Callable[[str], Any], cloud: Cloud) -> None:
    login = login_of(aws, cloud)
    login.ask()
    told = conninfo_to_dict(str(login.known()))
    secret_with(aws, cloud, password="rotated since")  # what is known still works, and is not asked again
    database = Database(login, application_name="test")
    database.connection().close()

    login = login_of(aws, cloud)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(login.ask(), application_name="test")
    secret_with(aws, cloud, password=told["password"])

    Database(login, application_name="test").connection().close()


def test_where_a_login_is_refused_the_next_one_is_used(aws: Callable[[str], Any], cloud: Cloud) -> None:
    """RDS refuses the owner's password once it counts the owner among the members of rds_iam (ADR 0007)."""
    right = login_of(aws, cloud)
    right.ask()
    secret_with(aws, cloud, password="refused")
    wrong = login_of(aws, cloud)

    class Second:
        def known(self) -> str | None:
            return None

        def ask(self) -> str:
            return str(right.known())

    Database(wrong, Second(), application_name="test").connection().close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        Database(wrong, application_name="test").connection()


def test_who_makes_a_role_counts_as_its_member(conn: psycopg.Connection) -> None:
    """Why the schema function may also come as the owner by IAM: pg_hba's `+rds_iam` means every member."""
    conn.execute("CREATE ROLE of_iam; CREATE ROLE maker CREATEROLE")
    try:
        conn.execute("SET ROLE maker; CREATE ROLE made; RESET ROLE; GRANT of_iam TO made")
        assert conn.execute("SELECT pg_has_role('maker', 'of_iam', 'MEMBER')").fetchone() == (True,)
    finally:
        conn.execute("DROP ROLE IF EXISTS made; DROP ROLE maker; DROP ROLE of_iam")


def test_a_token_is_made_for_each_connection(aws: Callable[[str], Any]) -> None:
    """As RDS wants it: a signed address without its scheme, of host, port and user, for 15 minutes."""
    settings = read_database_settings(
        {"DATABASE_HOST": "db.example.org", "DATABASE_ROLE": "gaugehouse_poller", "DATABASE_PORT": "5433"}
    )
    login = TokenLogin(aws("rds"), settings, user="gaugehouse_poller")

    told = conninfo_to_dict(login.ask())

    assert login.known() is None
    assert (told["host"], str(told["port"]), told["user"]) == ("db.example.org", "5433", "gaugehouse_poller")
    assert (told["dbname"], told["sslmode"], told["sslrootcert"]) == (
        "gaugehouse",
        "verify-full",
        str(RDS_ROOTS),
    )
    token = urlsplit(f"https://{told['password']}")
    query = parse_qs(token.query)
    assert token.netloc == "db.example.org:5433"
    assert (query["Action"], query["DBUser"], query["X-Amz-Expires"]) == (
        ["connect"],
        ["gaugehouse_poller"],
        ["900"],
    )
    assert "/rds-db/" in query["X-Amz-Credential"][0]
    assert query["X-Amz-Signature"]
