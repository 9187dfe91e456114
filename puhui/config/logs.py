"""Logs: one JSON object a line, with nothing personal in it.

Numbers that could be somebody's (identity, phone, bank card, sign-in code), Chinese text and
quoted values are removed from every string; an exception shows its type, where it happened and
its scrubbed message, never a local variable. Errors of the database show only their code and
the names of table and constraint, since their texts quote rows.
"""

import logging
import logging.handlers
import re
import sys
import traceback
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

GONE = "[…]"
UUID = r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
NUMBERS = r"(?<![0-9A-Za-z])\+?\d(?:[ -]?\d){2,}[Xx]?(?![0-9A-Za-z])|\d{11,}[Xx]?"
CHINESE = "[㐀-鿿豈-﫿\U00020000-\U0003ffff]+"
PERSONAL = re.compile(f"(?P<kept>{UUID})|{NUMBERS}|{CHINESE}", re.IGNORECASE)
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")
COUNTS = frozenset(
    {
        "pid",
        "port",
        "rows",
        "count",
        "milliseconds",
        "seconds",
        "status",
        "code",
        "signal",
        "bytes",
        "version",
    }
)

Trouble = tuple[type[BaseException], BaseException, TracebackType | None]


def scrub(text: str) -> str:
    """`text` without long numbers and Chinese; identifiers of the UUID kind stay."""
    return PERSONAL.sub(lambda match: match["kept"] or GONE, text)


def scrub_value(key: str, value: Any) -> Any:
    """A field's value as it may be printed; anything unknown is printed by its type only."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if key in COUNTS or -1000 < value < 1000 else GONE
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [scrub_value(key, item) for item in value]
    if isinstance(value, dict):
        return {str(name): scrub_value(str(name), item) for name, item in value.items()}
    return type(value).__name__


def describe(error: BaseException) -> dict[str, Any]:
    """An exception without its values: type, scrubbed message, places, cause."""
    told: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    diagnosis = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        told |= {
            "sqlstate": diagnosis.sqlstate,
            "table": diagnosis.table_name,
            "constraint": diagnosis.constraint_name,
        }
    elif not type(error).__module__.startswith(("psycopg", "django.db")):
        told["message"] = scrub(QUOTED.sub(GONE, str(error)))[:500]
    told["at"] = [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-12:]
    ]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        told["cause"] = describe(cause)
    return told


def scrub_event(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Scrub every field; runs before the time is added, which may stay."""
    trouble = event.pop("exc_info", None)
    if trouble is True:
        trouble = sys.exc_info()
    if isinstance(trouble, BaseException):
        trouble = (type(trouble), trouble, trouble.__traceback__)
    kept = {name: event.pop(name) for name in ("_record", "_from_structlog") if name in event}
    for name in ("stack_info", "stack"):
        event.pop(name, None)
    clean: EventDict = {key: scrub_value(key, value) for key, value in event.items()}
    if trouble and trouble[1] is not None:
        clean["exception"] = describe(trouble[1])
    clean.update(kept)
    return clean


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]


class JsonFormatter(structlog.stdlib.ProcessorFormatter):
    """Lines of the standard library's loggers, Django's among them."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=_shared(),
            processors=[
                scrub_event,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None
        return super().format(record)


def configure_structlog() -> None:
    logging.raiseExceptions = False  # a line that cannot be written would be shown with its values
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class PrivateFile(logging.handlers.WatchedFileHandler):
    """A log file in a folder of mode 0700, both made with the first line; logrotate may move it."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        super().__init__(self.folder / "puhui.log", encoding="utf-8", delay=True)

    def _open(self) -> TextIOWrapper:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return super()._open()


def settings_for(folder: Path) -> dict[str, Any]:
    """Every line to standard error and to `folder`/puhui.log."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
            "file": {"()": PrivateFile, "folder": str(folder), "formatter": "json"},
        },
        "root": {"handlers": ["stderr", "file"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.db.backends": {"level": "WARNING"},
            "_granian": {"handlers": [], "propagate": True},
            "granian.access": {"level": "CRITICAL"},
            "psycopg": {"level": "ERROR"},
            "psycopg.pool": {"level": "ERROR"},
        },
    }
