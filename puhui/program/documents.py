"""Documents that are written from the code: the diagrams of the lifecycles."""

from __future__ import annotations

from pathlib import Path

HEAD = """# Lifecycles

Written from the tables in `puhui/*/lifecycle.py` by `make docs`; a test keeps the two alike.
Who may make a move, which clocks it starts and which it stops stand in the table under each diagram.
"""


def lifecycles() -> str:
    """The page of all lifecycles, diagrams and tables."""
    from puhui.content.lifecycle import ENTRY
    from puhui.kernel.lifecycle import mermaid
    from puhui.market.lifecycle import DEMAND, ENGAGEMENT, INTEGRITY

    parts = [HEAD]
    for one in (DEMAND, ENGAGEMENT, INTEGRITY, ENTRY):
        parts.append(f"\n## {one.entity}\n\n```mermaid\n{mermaid(one)}\n```\n")
        parts.append("\n| move | from | to | who | starts | stops |\n|---|---|---|---|---|---|\n")
        parts.extend(
            f"| {m.name} | {', '.join(m.sources) or '(new)'} | {m.target} | {m.who}"
            f" | {', '.join(m.starts)} | {', '.join(m.stops)} |\n"
            for m in one.moves
        )
    return "".join(parts)


def write(folder: Path) -> None:
    (folder / "lifecycles.md").write_text(lifecycles(), encoding="utf-8")


def main() -> None:
    """Write the documents; needs no database and no keys, only the code."""
    import django
    from django.conf import settings

    contexts = (
        "kernel",
        "files",
        "parties",
        "content",
        "access",
        "consent",
        "notices",
        "catalogue",
        "market",
        "outreach",
        "oversight",
    )
    settings.configure(INSTALLED_APPS=[f"puhui.{name}" for name in contexts], USE_TZ=True)
    django.setup()
    write(Path(__file__).resolve().parents[2] / "docs")


if __name__ == "__main__":
    main()
