"""What the planner intends to do with a statement."""

from collections.abc import Iterator
from typing import Any

import psycopg

Plan = dict[str, Any]


def explain(
    conn: psycopg.Connection, statement: str, parameters: Any = None, *, analyze: bool = False
) -> Plan:
    """The plan of a statement, as PostgreSQL tells it in JSON; with `analyze` also what happened."""
    option = "ANALYZE, " if analyze else ""
    rows = conn.execute(f"EXPLAIN ({option}FORMAT JSON) {statement}".encode(), parameters, prepare=False)
    [(explained,)] = rows.fetchall()
    plan: Plan = explained[0]["Plan"]
    return plan


def nodes(plan: Plan) -> Iterator[Plan]:
    """Every node of a plan."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def scans(plan: Plan) -> list[tuple[str, str]]:
    """How each table is read, by table."""
    return sorted(
        (node["Relation Name"], node["Node Type"]) for node in nodes(plan) if "Relation Name" in node
    )


def ways_of(plan: Plan, tables: str) -> set[str]:
    """The ways in which tables whose name begins so are read."""
    return {way for table, way in scans(plan) if table.startswith(tables)}


def tables_of(plan: Plan, tables: str) -> set[str]:
    """Which tables whose name begins so are read."""
    return {table for table, _ in scans(plan) if table.startswith(tables)}
