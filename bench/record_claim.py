"""Writes bench/claim.sql: the statements that the program issues for one claim over REST.

Run in a county of its own by `python -m bench record`; values that differ from claim to claim
become pgbench variables, the rest stay as they were.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from datetime import datetime
from typing import Any
from uuid import UUID

from bench.shapes import SCRIPT, recorded

HEAD = """\
-- The statements of one claim over REST, as the program issues them: written by bench/record_claim.py,
-- and tests/figures/test_claim_statements.py compares their shapes with those of a real claim.
-- bench/claim.py gives :scope :bank :bank_ref :officer :officer_id :resident :key_hash :first :count and :n.
\\set n :n + 1
\\set ref :first + :n % :count
\\set a random(100000000000, 999999999999)
\\set b random(100000000000, 999999999999)
"""
NEW_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def call(bank: dict[str, str], demand: str, key: str) -> tuple[str, bytes]:
    """One claim through the whole web stack of this process."""
    from puhui.config.wsgi import application

    statuses: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": f"/api/v1/bank/demands/{demand}/claim",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": "2",
        "HTTP_X_API_KEY": bank["key"],
        "HTTP_X_OFFICER": bank["officer"],
        "HTTP_IDEMPOTENCY_KEY": key,
        "wsgi.input": io.BytesIO(b"{}"),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
    }
    body = b"".join(application(environ, lambda status, _headers: statuses.append(status)))
    return statuses[0], body


def literal(value: Any) -> str:
    from psycopg import sql

    if isinstance(value, list):
        return "'{" + ",".join(_element(one) for one in value) + "}'"
    if isinstance(value, bytes | memoryview):
        return rf"'\x{bytes(value).hex()}'"
    if isinstance(value, UUID):
        return f"'{value}'"
    text = sql.Literal(value).as_string(None)
    if isinstance(value, datetime):  # within CASE nothing else says what it is
        return text
    return re.sub(r"'::\w+(?: with time zone)?$", "'", text.strip())


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes | memoryview):
        return rf'"\\x{bytes(value).hex()}"'
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def filled(statement: str, values: Any) -> str:
    """The statement with its values in place."""
    if isinstance(values, dict):
        return re.sub(r"%\((\w+)\)s", lambda found: literal(values[found[1]]), statement)
    rest = iter(values or ())
    return re.sub(r"%s", lambda _found: literal(next(rest)), statement)


def script(statements: list[tuple[str, Any]], known: dict[str, str], since: str) -> str:
    """claim.sql: the statements in their transaction, with what varies as variables.

    Identifiers that are younger than `since` were made by this claim.
    """
    texts = [" ".join(filled(statement, values).split()) for statement, values in statements]
    text = ";\n".join([texts[0], "BEGIN", *texts[1:], "COMMIT"]) + ";\n"
    for value, name in known.items():
        text = text.replace(value, name)
    for number, fresh in enumerate(dict.fromkeys(NEW_ID.findall(text))):
        if fresh > since:
            text = text.replace(fresh, f"01970000-{number:04x}-7000-8000-:a")
    return HEAD + text


def main() -> None:
    """Claim once and write what was recorded; the plan comes from bench/claim.py."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puhui.config.settings")
    django.setup()
    from django.db import connection

    from puhui.kernel.crypto import new_id, token_hash
    from puhui.program.database import close_pool

    plan = json.loads(sys.argv[1])
    bank = plan["bank"]
    for number, demand in enumerate(plan["demands"]):  # the last one, with everything warm
        connection.ensure_connection()
        since = str(new_id())
        with recorded() as statements:
            status, body = call(bank, demand, f"record-{number}")
        assert status.startswith("201"), body
    engagement = json.loads(body)["engagement_ref"]
    known = {
        token_hash(bank["key"]).hex(): ":key_hash",
        f"{bank['ref']}:{bank['officer']}": ":scope",
        plan["bank_id"]: ":bank",
        plan["officer_id"]: ":officer_id",
        plan["resident_id"]: ":resident",
        bank["officer"]: ":officer",
        bank["ref"]: ":bank_ref",
        f"record-{len(plan['demands']) - 1}": "record-:a-:b",
        plan["demands"][-1]: ":ref",
        f"'{engagement}'": "':b'",
    }
    SCRIPT.write_text(script(statements, known, since), "utf-8")
    close_pool()


if __name__ == "__main__":
    main()
