"""House rules that a program can check: sizes, first lines, what no file may say, what templates may not hold."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PROGRAMS = sorted(
    path for folder in ("kierto", "migrations", "tests", "tools") for path in (ROOT / folder).rglob("*.py")
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 40
LISTS_OF_TABLES = tuple(f"migrations/versions/{name}.py" for name in ("0001_tables", "0003_registers", "0004_rounds"))
"""Written by Alembic: the length is the tables'."""

UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME")) + r")\b")
IGNORED = re.compile(r"# (?:type: " + r"ignore|no" + r"qa)(.*)")
# Put together here, so that this file does not find itself.
REGISTRIES = ("pypi" + r"\.", "python" + r"hosted\.", "registry" + r"\.(npm|yarn)")
PLACES = ("/" + "work/", r"\.\./" + "shared", "/" + "root/")
ELSEWHERE = re.compile("|".join((*REGISTRIES, *PLACES)))


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


def committed() -> list[Path]:
    """Every file that goes into the repository, text or not."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", named(PROGRAMS))
def test_a_program_is_short_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    if str(path.relative_to(ROOT)) in LISTS_OF_TABLES:
        return
    assert text.count("\n") < MOST_LINES
    long = [one.name for one in functions(tree) if (one.end_lineno or 0) - one.lineno + 1 > MOST_LINES_OF_A_FUNCTION]
    assert long == []
    is_test = path.name.startswith("test_")
    assert is_test or not text.strip() or ast.get_docstring(tree), "the first line says what the module is for"


def test_nothing_is_left_unfinished_and_nothing_names_this_machine() -> None:
    found = []
    for path in committed():
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, start=1):
            if UNFINISHED.search(line) or ELSEWHERE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_every_ignore_names_its_rule_and_its_reason() -> None:
    bare = []
    for path in PROGRAMS:
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            ignored = IGNORED.search(line)
            if ignored and not re.fullmatch(r"(\[[a-z, -]+\]|: [A-Z0-9, ]+?)\s+(#|-)\s+\S.{5,}", ignored[1]):
                bare.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert bare == []


@pytest.mark.parametrize("path", named(TEMPLATES))
def test_a_template_keeps_to_the_policy(path: Path) -> None:
    text = path.read_text()
    markup = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    for form in re.findall(r'<form[^>]*method="post".*?</form>', markup, re.DOTALL):
        assert "csrf_token()" in form or "hidden_tag()" in form, "a form that changes something carries its token"
    if not {"mail", "own_data.html"} & set(path.parts):  # read elsewhere, where no style sheet of ours is
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", markup)
    assert not re.search(r"<script(?![^>]*\ssrc=)|javascript:", markup)
    assert "|safe" not in markup
