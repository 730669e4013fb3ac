"""The wheel, installed where there is no checkout, runs from an empty folder."""

import re
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.running import Site, plain_environ, served

ROOT = Path(__file__).parent.parent.parent


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, env=plain_environ(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment that has Kierto from the wheel, and borrows what it needs from this one.

    Nothing is fetched. A folder named in a `.pth` file has its own such files ignored, so the checkout that is
    installed here stays unseen.
    """
    folder = tmp_path_factory.mktemp("installed")
    run([sys.executable, "-m", "venv", "--without-pip", str(folder)], folder)
    python = folder / "bin" / "python"
    (site,) = (folder / "lib").glob("python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], folder)
    return folder / "bin"


@pytest.fixture(scope="module")
def site(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Kierto, started with no settings in an empty folder."""
    folder = tmp_path_factory.mktemp("empty")
    assert run([str(installed / "kierto"), "upgrade"], folder).startswith("The database was upgraded from empty")
    with served([str(installed / "kierto"), "serve"], folder, plain_environ()) as site:
        yield site


def fetch(url: str, language: str = "en") -> str:
    with urlopen(Request(url, headers={"Accept-Language": language}), timeout=10) as answer:  # noqa: S310 - our own
        body: bytes = answer.read()
        return body.decode()


def test_it_holds_what_kierto_runs_on_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    outside = {name for name in names if not name.startswith(("kierto/", "kierto-"))}
    assert outside == set()
    for kind in ("kierto/templates/layouts/", "kierto/migrations/", "kierto/static/vendor/", "/licenses/LICENSE"):
        assert any(kind in name for name in names), kind
    assert [name for name in names if re.search(r"__pycache__|\.sqlite|/instance/|secret-key", name)] == []


def test_it_holds_the_translations(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for language in ("fi", "sv"):
        assert f"kierto/translations/{language}/LC_MESSAGES/messages.mo" in names


def test_it_is_the_wheel_that_runs(installed: Path, tmp_path: Path) -> None:
    said = run([str(installed / "python"), "-c", "import kierto; print(kierto.__file__)"], tmp_path)
    assert Path(said).is_relative_to(installed.parent)


def test_health_answers(site: Site) -> None:
    assert '"version"' in fetch(f"{site.url}/health")


def test_the_start_page_answers_with_all_it_loads(site: Site) -> None:
    page = fetch(site.url)
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert any("vendor" in path for path in loaded)
    for path in loaded:
        assert fetch(site.url + path), path


def test_it_speaks_finnish_and_swedish(site: Site) -> None:
    english = "Skip to the content"
    assert english in fetch(site.url, "en")
    for language in ("fi", "sv"):
        page = fetch(site.url, language)
        assert f'<html lang="{language}"' in page
        assert english not in page


def test_its_instance_stays_in_the_folder(site: Site) -> None:
    kept = {path.name for path in (site.folder / "instance").iterdir()}
    assert {"kierto.sqlite", "secret-key", "encryption-keys"} <= kept
