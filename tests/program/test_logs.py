"""G2: nothing personal in a log line, whatever goes wrong."""

import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.db import DatabaseError, connection

from puhui.config.logs import GONE, JsonFormatter, PrivateFile, scrub

IDENTITY, PHONE, CODE, NAME = "370523198807150414", "13805461234", "482913", "王秀兰"
PLANTED = (IDENTITY, PHONE, CODE, NAME, "0546", "198807")


@pytest.fixture
def lines() -> Any:
    """What a logger of the standard library and of structlog would write."""
    written: list[str] = []

    class Catch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Catch()
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("puhui.planted")
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)


def clean(lines: list[str]) -> dict[str, Any]:
    (line,) = lines
    for planted in PLANTED:
        assert planted not in line
    told: dict[str, Any] = json.loads(line)
    return told


@pytest.mark.parametrize(
    "text",
    [
        IDENTITY,
        "37052319880715041X",
        f"id={IDENTITY};",
        PHONE,
        "138 0546 1234",
        "138-0546-1234",
        "+86 13805461234",
        f"验证码{CODE}",
        CODE,
        "4821",
        "48291375",
        NAME,
        f"/residents/{PHONE}/",
        f"x{IDENTITY}y",
        "6222 0213 0405 1234 567",
    ],
)
def test_g2_numbers_and_names_are_removed(text: str) -> None:
    left = scrub(text)
    assert GONE in left
    assert not any(planted in left for planted in (*PLANTED, "4821", "1234", "6222"))


@pytest.mark.parametrize(
    "text",
    [
        "0190a6f0-1234-7abc-8def-0123456789ab",
        "demand D7K3-QF",
        "took 12 ms",
        "/bank/demands/D7K3QF",
    ],
)
def test_references_and_small_numbers_stay(text: str) -> None:
    assert scrub(text) == text


def test_g2_standard_logger(lines: list[str]) -> None:
    logging.getLogger("puhui.planted").error("code %s for %s", CODE, NAME)
    assert clean(lines)["event"] == f"code {GONE} for {GONE}"


def test_g2_structured_fields(lines: list[str]) -> None:
    log = structlog.get_logger("puhui.planted")
    log.error("x", phone=PHONE, number=int(PHONE), inner={"name": NAME, "code": [CODE]}, count=5000)
    told = clean(lines)
    assert told["phone"] == GONE
    assert told["number"] == GONE
    assert told["count"] == 5000


def test_g2_unknown_objects_show_their_type_only(lines: list[str]) -> None:
    class Person:
        def __repr__(self) -> str:
            return NAME

    structlog.get_logger("puhui.planted").error("x", who=Person())
    assert clean(lines)["who"] == "Person"


def test_g2_exceptions_show_no_values_and_no_variables(lines: list[str]) -> None:
    def deep(secret: str) -> None:
        raise ValueError(f"bad value {secret!r} of {NAME}, phone {PHONE}, 'Wang Xiulan'")

    try:
        deep(IDENTITY)
    except ValueError:
        logging.getLogger("puhui.planted").exception("it broke")
    told = clean(lines)
    assert told["exception"]["type"] == "builtins.ValueError"
    assert told["exception"]["message"].startswith("bad value […]")
    assert told["exception"]["at"][-1].endswith(" deep")
    assert "Xiulan" not in lines[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT %s::text::integer",
        "WITH one AS (SELECT %s AS name) SELECT name::text::date FROM one",
    ],
)
def test_g2_database_errors_show_their_code_only(lines: list[str], statement: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, [f"{NAME} Wang Xiulan {IDENTITY}"])
    except DatabaseError as error:
        structlog.get_logger("puhui.planted").error("query failed", exc_info=error)
    told = clean(lines)
    assert told["exception"]["sqlstate"].startswith("22")
    assert "message" not in told["exception"]
    assert "Xiulan" not in lines[0]


@pytest.mark.django_db(transaction=True)
def test_g2_a_broken_rule_names_the_rule_and_not_the_row(lines: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE planted (name text CONSTRAINT planted_once UNIQUE)")
        try:
            cursor.execute("INSERT INTO planted VALUES (%s)", ["Wang Xiulan"])
            with pytest.raises(DatabaseError) as caught:
                cursor.execute("INSERT INTO planted VALUES (%s)", ["Wang Xiulan"])
        finally:
            cursor.execute("DROP TABLE planted")
    structlog.get_logger("puhui.planted").error("x", exc_info=caught.value)
    told = clean(lines)["exception"]
    assert (told["sqlstate"], told["constraint"]) == ("23505", "planted_once")
    assert "Xiulan" not in lines[0]


def test_g2_the_log_file_is_private_and_scrubbed(folder: Path) -> None:
    logger = logging.getLogger("puhui.planted.file")
    handler = PrivateFile(str(folder / "log"))
    handler.setFormatter(JsonFormatter())
    logger.addHandler(handler)
    logger.error("code %s for %s", CODE, NAME)
    logger.removeHandler(handler)
    handler.close()
    assert (folder / "log").stat().st_mode & 0o077 == 0
    clean((folder / "log" / "puhui.log").read_text().splitlines())


def test_g2_a_line_that_cannot_be_written_is_not_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(JsonFormatter())
    too_many_places = "code %s %s"
    handler.handle(logging.LogRecord("puhui", logging.ERROR, "", 0, too_many_places, (CODE,), None))
    told = capsys.readouterr()
    assert CODE not in told.err + told.out + handler.stream.getvalue()
