"""The schema function as CloudFormation calls it: it always gets one answer, and the right one."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from gaugehouse.domain.errors import AnswerRefused, MigrationRefused
from gaugehouse.store import migrate as migrations
from gaugehouse.store.connection import connect
from gaugehouse.store.migrate import load_migrations, migrate
from gaugehouse.store.roles import FUNCTION_ROLES
from tests.integration.conftest import Cloud
from tests.integration.runtime.conftest import Handle
from tests.integration.store.history import runs
from tests.real_files import PROJECT_ROOT

EVENT: dict[str, Any] = json.loads((PROJECT_ROOT / "events" / "schema_create.json").read_text())
NEWEST = len(load_migrations())


@dataclass(frozen=True, slots=True)
class Deployment:
    """CloudFormation's side: where it waits for the answer, and what it got."""

    server: HTTPServer
    answers: list[dict[str, Any]]
    run: Callable[..., dict[str, Any]]


@pytest.fixture
def deployment(schema: Handle, httpserver: HTTPServer) -> Deployment:
    """Runs the function for CloudFormation."""
    answers: list[dict[str, Any]] = []

    def take(request: Request) -> Response:
        assert request.headers.get("content-type", "") == "", "S3 signed an empty content type"
        assert len(request.data) <= 4096
        answers.append(json.loads(request.data))
        return Response()

    httpserver.expect_request("/answer", method="PUT").respond_with_handler(take)

    def run(request_type: str = "Create", seconds_left: float = 300) -> dict[str, Any]:
        event = {
            **EVENT,
            "RequestType": request_type,
            "ResponseURL": httpserver.url_for("/answer?X-Amz-Signature=a"),
        }
        told: dict[str, Any] = schema(event, seconds=seconds_left)
        return told

    return Deployment(httpserver, answers, run)


def only(answers: list[dict[str, Any]]) -> dict[str, Any]:
    [answer] = answers
    assert {name: answer[name] for name in ("StackId", "RequestId", "LogicalResourceId")} == {
        name: EVENT[name] for name in ("StackId", "RequestId", "LogicalResourceId")
    }
    assert answer["PhysicalResourceId"] == "gaugehouse-schema"
    return answer


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations of another release: those that the test puts there."""
    monkeypatch.setattr(migrations.load_migrations, "__defaults__", (tmp_path,))
    return tmp_path


class TestAnEmptyDatabase:
    """The first deployment."""

    @pytest.fixture
    def database_url(self, empty_database_url: str) -> str:
        """Nothing in it."""
        return empty_database_url

    def test_is_migrated(self, deployment: Deployment, conn: psycopg.Connection) -> None:
        deployment.run("Create")

        answer = only(deployment.answers)
        assert (answer["Status"], answer["Data"]) == (
            "SUCCESS",
            {"applied": NEWEST, "schema_version": NEWEST, "roles_admitted": 0},
        )
        assert [run.status for run in runs(conn, "migrate")] == ["succeeded"]

    def test_a_failing_migration_fails_the_deployment_with_its_message(
        self, deployment: Deployment, conn: psycopg.Connection, release: Path
    ) -> None:
        (release / "0001_bad.sql").write_text("CREATE TABLE half (id int); SELECT no_such_column FROM half;")

        with pytest.raises(psycopg.errors.UndefinedColumn):
            deployment.run("Create")

        answer = only(deployment.answers)
        assert answer["Status"] == "FAILED"
        assert 'column "no_such_column" does not exist' in answer["Reason"]
        assert conn.execute("SELECT to_regclass('half')").fetchone() == (None,)

    def test_cloudformation_hears_before_the_time_is_up(
        self, deployment: Deployment, conn: psycopg.Connection, release: Path
    ) -> None:
        (release / "0001_slow.sql").write_text("CREATE TABLE half (id int); SELECT pg_sleep(60);")

        with pytest.raises(psycopg.errors.QueryCanceled):
            deployment.run("Create", seconds_left=16)

        answer = only(deployment.answers)
        assert (answer["Status"], answer["Reason"].split(";")[0]) == (
            "FAILED",
            "the migrations did not end in the schema function's time",
        )
        assert conn.execute("SELECT to_regclass('half')").fetchone() == (None,)

    def test_nothing_is_done_when_the_stack_is_deleted(
        self, deployment: Deployment, conn: psycopg.Connection
    ) -> None:
        deployment.run("Delete")

        assert only(deployment.answers)["Status"] == "SUCCESS"
        assert conn.execute("SELECT to_regclass('schema_migrations')").fetchone() == (None,)


def test_a_rollback_to_an_older_release_leaves_the_newer_schema(
    deployment: Deployment, conn: psycopg.Connection
) -> None:
    conn.execute(
        "INSERT INTO schema_migrations (version, name, sha256) VALUES (%s, 'newer', 'x')", (NEWEST + 1,)
    )

    deployment.run("Update")

    answer = only(deployment.answers)
    assert answer["Status"] == "SUCCESS"
    assert f"{NEWEST + 1:04d}_newer" in answer["Reason"]


def test_an_edited_migration_fails_the_deployment(deployment: Deployment, conn: psycopg.Connection) -> None:
    conn.execute("UPDATE schema_migrations SET sha256 = 'x' WHERE version = 2")

    with pytest.raises(MigrationRefused):
        deployment.run("Update")

    assert "0002_gauges was edited after it landed" in only(deployment.answers)["Reason"]


def test_a_database_that_cannot_be_reached_fails_the_deployment(
    deployment: Deployment, aws: Callable[[str], Any], cloud: Cloud
) -> None:
    secrets = aws("secretsmanager")
    original = secrets.get_secret_value(SecretId=cloud.secret_arn)["SecretString"]
    secrets.put_secret_value(
        SecretId=cloud.secret_arn, SecretString=json.dumps({**json.loads(original), "port": 1})
    )
    try:
        with pytest.raises(psycopg.OperationalError):
            deployment.run("Create")
    finally:
        secrets.put_secret_value(SecretId=cloud.secret_arn, SecretString=original)

    answer = only(deployment.answers)
    assert answer["Status"] == "FAILED"
    assert json.loads(original)["password"] not in answer["Reason"]


def test_an_answer_that_is_refused_for_a_moment_is_given_again(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gaugehouse.runtime.custom_resource.time.sleep", lambda _: None)
    for _ in range(2):
        deployment.server.expect_oneshot_request("/answer").respond_with_data(status=503)

    deployment.run("Update")

    assert only(deployment.answers)["Status"] == "SUCCESS"


def test_an_answer_that_nobody_takes_fails_the_run_and_hides_the_address(
    schema: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gaugehouse.runtime.custom_resource.time.sleep", lambda _: None)
    event = {**EVENT, "ResponseURL": "http://127.0.0.1:1/?X-Amz-Signature=secret"}

    with pytest.raises(AnswerRefused) as refused:
        schema(event)

    assert "secret" not in str(refused.value)


def test_by_hand_it_answers_whoever_invoked_it(schema: Handle) -> None:
    assert schema({"task": "migrate"}) == {
        "applied": 0,
        "schema_version": NEWEST,
        "roles_admitted": 0,
    }


def test_where_the_server_knows_iam_the_functions_come_in_by_it_alone(
    empty_database_url: str, schema: Handle, conn: psycopg.Connection
) -> None:
    conn.execute("CREATE ROLE rds_iam")
    try:
        answer = schema({"task": "migrate"})
        members = conn.execute(
            "SELECT member::regrole::text FROM pg_auth_members WHERE roleid = 'rds_iam'::regrole ORDER BY 1"
        ).fetchall()
        may_log_in = conn.execute(
            "SELECT rolname, rolpassword IS NULL FROM pg_authid "
            "WHERE rolname LIKE 'gaugehouse_%' AND rolcanlogin ORDER BY 1"
        ).fetchall()
    finally:
        for role in ("poller", "importer", "maintenance", "api", "reader"):
            conn.execute(f"ALTER ROLE gaugehouse_{role} NOLOGIN")
        conn.execute("DROP ROLE rds_iam")

    names = sorted(FUNCTION_ROLES)
    assert answer["roles_admitted"] == len(FUNCTION_ROLES)
    assert members == [(name,) for name in names]
    assert may_log_in == [(name, True) for name in names]
    with connect(empty_database_url, application_name="test") as empty:
        assert migrate(empty).applied == NEWEST, "another database of the server finds the roles there"
