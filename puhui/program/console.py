"""`puhui`: the program's commands."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from puhui.config import environment

if TYPE_CHECKING:
    from puhui.program.postgres import Embedded

Command: TypeAlias = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puhui.config.settings")
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return 130
    except expected_failures() as error:
        print(f"puhui {options.command}: {error}", file=sys.stderr)
        return 1


def expected_failures() -> tuple[type[Exception], ...]:
    """What an operator can mend: told in a sentence, without a traceback."""
    from django.core.exceptions import ImproperlyConfigured
    from psycopg import OperationalError

    from puhui.program.backup.archive import BackupRefused
    from puhui.program.checks import Unsafe
    from puhui.program.database import MigrationRefused
    from puhui.program.installation import InstallationRefused
    from puhui.program.postgres import EmbeddedError
    from puhui.program.web import PortTaken

    return (
        ImproperlyConfigured, OperationalError, EmbeddedError, Unsafe, MigrationRefused, InstallationRefused, PortTaken,
        BackupRefused,
    )  # fmt: skip


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="puhui", description="普惠: a county's inclusive finance, one program."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Command, help_text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.set_defaults(run=run)
        return command

    whole = add("up", up, "everything: database, web, live stream, two workers; Ctrl-C ends it")
    whole.add_argument(
        "--lan",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="a demo for the phones in this room: open to the local network, its address as a code to scan",
    )
    add("serve", serve, "the web alone")
    add("stream", stream, "the live stream alone")
    add("work", work, "one worker; run two or more")
    add("migrate", migrate, "bring the database's tables up to date").add_argument(
        "--quiet", action="store_true"
    )
    init = add("init", begin, "make this installation a real county, for good")
    init.add_argument("--county", required=True, metavar="NAME")
    made_up = add("demo", demo, "fill a new installation with a made-up county")
    made_up.add_argument("--scale", choices=("small", "county"), default="small")
    made_up.add_argument(
        "--live",
        action="store_true",
        help="let invented people act in the running demo; Ctrl-C ends it",
    )
    divisions = add("import-divisions", import_divisions, "load townships and villages")
    divisions.add_argument("townships", type=Path, metavar="TOWNSHIPS.csv")
    divisions.add_argument("villages", type=Path, metavar="VILLAGES.csv")
    add("create-admin", create_admin, "make an administrator and print the one-time credential")
    copy = add("backup", backup, "take a proved copy; from then on every change is kept beside it")
    copy.add_argument("folder", type=Path, metavar="DIR")
    copy.add_argument(
        "--keep", type=int, default=0, metavar="N", help="remove all but the newest N copies"
    )
    back = add("restore", restore, "bring a copy back into an empty place; it sends nothing yet")
    back.add_argument("folder", type=Path, metavar="DIR")
    back.add_argument("--to", metavar="TIME", help="as it was then, e.g. '2026-11-22 14:05'")
    arming = add("arm", arm, "let an installation that was brought back send messages again")
    arming.add_argument(
        "--drop", action="store_true", help="first park what was waiting when it was brought back"
    )
    export = add("export-journal", export_journal, "write the sealed journal to a file")
    export.add_argument("file", type=Path, metavar="FILE")
    verify = add(
        "verify-journal", verify_journal, "check an exported journal against a key and a head"
    )
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument("--key", required=True, metavar="PUB")
    verify.add_argument("--head", required=True, metavar="HEAD")
    add("check", check, "what is unsafe here, and how to mend it")
    return top


# -- the program that stays ---------------------------------------------------------------------


def up(options: argparse.Namespace) -> int:
    from puhui.program import lan
    from puhui.program.up import run

    if options.lan is not None:
        lan.open_to(options.lan or lan.own_address())
    return run()


def serve(options: argparse.Namespace) -> int:
    from django.conf import settings

    from puhui.program import alarms, database, web
    from puhui.program.supervisor import Supervisor

    with database.for_command():
        web.collect_static(environment.data_folder() / "static")
        _require_safe()
        web.require_free([settings.PUHUI_BIND])
        supervisor = Supervisor(web.children(), watch=alarms.watch)
        supervisor.end_on_signals()
        supervisor.run()
    return 0


def stream(options: argparse.Namespace) -> int:
    from django.conf import settings

    from puhui.program import database, web
    from puhui.program.stream import run

    with database.for_command():
        web.require_free([settings.PUHUI_STREAM_BIND])
        run()
    return 0


def work(options: argparse.Namespace) -> int:
    from puhui.program import database, worker

    os.environ.setdefault("PUHUI_STATEMENT_SECONDS", str(worker.STATEMENT_SECONDS))
    with database.for_command():
        _require_safe()
        worker.run()
    return 0


def _require_safe() -> None:
    import django

    from puhui.program import checks, installation

    checks.require_durable(os.environ["DATABASE_URL"])
    django.setup()
    installation.require_ready()


@contextmanager
def _inside() -> Iterator[Embedded | None]:
    """A command within a running or stopped installation."""
    import django

    from puhui.program import database

    with database.for_command() as embedded:
        django.setup()
        yield embedded


# -- commands that end --------------------------------------------------------------------------


def migrate(options: argparse.Namespace) -> int:
    import django

    from puhui.program import database

    with database.for_command(create=True):
        app_url = os.environ["DATABASE_URL"]
        os.environ["DATABASE_URL"] = database.owner_url()
        django.setup()
        database.migrate(app_url, verbosity=0 if options.quiet else 1)
    return 0


def begin(options: argparse.Namespace) -> int:
    from puhui.program import database, installation

    with database.for_command(create=True):
        installation.prepare()
        installation.begin_county(options.county)
    print(f"{options.county}: this installation is a county now, for good")
    return 0


def demo(options: argparse.Namespace) -> int:
    from puhui.program import database, installation

    if options.live:
        return _play()
    with database.for_command(create=True):
        installation.prepare()
        installation.require_unsettled()
        from puhui.demo import build

        build.run(options.scale, show_progress)
        database.count_rows_anew()
    return 0


def _play() -> int:
    """The live mode, in a demo that is running."""
    with _inside():
        from puhui.demo import live
        from puhui.kernel.installation import is_demo

        if not is_demo():
            print("the live mode plays in a demo only", file=sys.stderr)
            return 1
        print("invented residents and banks act now; Ctrl-C ends it", flush=True)
        try:
            live.run()
        except KeyboardInterrupt:
            print()
    return 0


def import_divisions(options: argparse.Namespace) -> int:
    with _inside():
        from puhui.kernel.actor import SYSTEM
        from puhui.parties import actions

        report = actions.import_divisions(
            options.townships.read_bytes(), options.villages.read_bytes(), by=SYSTEM
        )
    for error in report.errors:
        print(f"{error.file}:{error.line} {error.field}: {error.sentence}", file=sys.stderr)
    if report.error_count:
        print(f"{report.error_count} errors, nothing was loaded", file=sys.stderr)
        return 1
    print(f"{report.rows} rows: {report.created} new, {report.changed} changed")
    return 0


def create_admin(options: argparse.Namespace) -> int:
    with _inside():
        from puhui.access import actions
        from puhui.kernel.actor import SYSTEM

        made = actions.create_admin(by=SYSTEM)
    print(f"login {made.login}, one-time password {made.password} (shown only now)")
    return 0


def backup(options: argparse.Namespace) -> int:
    with _inside() as embedded:
        from puhui.program.backup import taking

        print(taking.run(options.folder, embedded, options.keep))
    return 0


def restore(options: argparse.Namespace) -> int:
    from puhui.program.backup import archive, restoring

    print(restoring.run(options.folder, archive.parse_moment(options.to) if options.to else None))
    return 0


def arm(options: argparse.Namespace) -> int:
    with _inside():
        from puhui.kernel.actor import SYSTEM
        from puhui.kernel.command import Refused
        from puhui.notices import actions

        try:
            dropped = actions.resume_sending(drop=options.drop, by=SYSTEM)
        except Refused:
            print("nothing is held: messages leave as they should")
            return 0
    print(f"armed; {dropped} waiting messages were parked" if options.drop else "armed")
    return 0


def export_journal(options: argparse.Namespace) -> int:
    with _inside():
        from puhui.kernel import journal
        from puhui.kernel.crypto import ring

        head = journal.export(options.file)
        key = ring().journal_public_key
    if head is None:
        print("nothing is sealed yet")
        return 0
    print(json.dumps(head.as_dict()))
    print(key, file=sys.stderr)
    return 0


def verify_journal(options: argparse.Namespace) -> int:
    from puhui.program import verify_journal as verifier

    return verifier.main([str(options.file), "--key", options.key, "--head", options.head])


def check(options: argparse.Namespace) -> int:
    from django.conf import settings

    from puhui.program import checks, database

    with database.for_command():
        findings = checks.everything(os.environ["DATABASE_URL"], settings.PUHUI_KEYS)
    for finding in findings:
        print(finding)
    print(f"{len(findings)} to mend" if findings else "all safe")
    return 1 if findings else 0


def show_progress(done: int, total: int, what: str) -> None:
    """A bar on a terminal, a line at the end elsewhere."""
    full = 30 * done // max(total, 1)
    if sys.stderr.isatty():
        end = "\n" if done >= total else ""
        print(
            f"\r\033[K[{'#' * full}{'.' * (30 - full)}] {done}/{total} {what}",
            end=end,
            file=sys.stderr,
            flush=True,
        )
    elif done >= total:
        print(f"{done}/{total} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
