"""The house tests itself: sizes, names, floors, templates."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOM = Path(__file__).parents[2]
HOUSE = ROOM / "puhui"
VAGUE = {"utils", "helpers", "services", "common", "manager", "misc"}
LONGEST_FUNCTION, LONGEST_FILE = 60, 400


def _modules() -> list[Path]:
    return sorted(p for p in HOUSE.rglob("*.py") if "migrations" not in p.parts)


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_functions_and_files_stay_short() -> None:
    long = []
    for path in _modules():
        source = path.read_text(encoding="utf-8")
        if source.count("\n") > LONGEST_FILE:
            long.append(f"{path.relative_to(ROOM)}: {source.count(chr(10))} lines")
        for one in _functions(ast.parse(source)):
            length = (one.end_lineno or 0) - one.lineno + 1
            if length > LONGEST_FUNCTION:
                long.append(f"{path.relative_to(ROOM)}:{one.lineno} {one.name}: {length} lines")
    assert long == []


def test_no_module_has_a_name_that_hides_what_is_inside() -> None:
    assert [p for p in HOUSE.rglob("*") if p.stem in VAGUE] == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOM))
        for path in _modules()
        if (tree := ast.parse(path.read_text(encoding="utf-8"))).body
        and ast.get_docstring(tree) is None
        and path.name not in ("__init__.py", "apps.py")
    ]
    assert silent == []


def test_floors_and_private_rooms_are_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOM, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_template_is_unused() -> None:
    sources = [p.read_text(encoding="utf-8") for p in [*_modules(), *HOUSE.rglob("*.html")]]
    everything = "\n".join(sources)
    unused = []
    for path in sorted(HOUSE.rglob("templates/**/*.html")):
        name = path.as_posix().split("/templates/")[1]
        if f'"{name}"' not in everything and f"'{name}'" not in everything:
            stem = name.rsplit("/", 1)[0]
            if not re.search(rf"f\"{re.escape(stem)}/[^\"]*\{{", everything):
                unused.append(name)
    assert unused == []


def test_the_project_speaks_of_itself_alone() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOM, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    machine = re.compile(r"(^|[^a-zA-Z.])/(work|farm|root/\.pyenv)/")
    registry = re.compile(
        r"^ *(registry|url) = \"https?://|\"resolved\": *\"https?://|^--(extra-)?index-url"
    )
    found = []
    for name in listed:
        path = ROOM / name
        if path.suffix in {".png", ".webp", ".ttf", ".woff2", ".otf"} or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if machine.search(line) or registry.search(line):
                found.append(f"{name}:{number}")
    assert found == []


@pytest.mark.parametrize("path", sorted((ROOM / "docs").glob("*.md")), ids=lambda p: p.name)
def test_links_of_the_documents_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"
