"""Fetches the front-end packages named in package-lock.json and copies what pages need to kierto/static/vendor/."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "kierto" / "static" / "vendor"

DESIGN = "@digdir/designsystemet-css"
FIGTREE = "@fontsource-variable/figtree"

# Of the design system only what pages use: the whole would double what a phone loads. A check compares this with the
# classes in templates/.
COMPONENTS = (
    "alert",
    "breadcrumbs",
    "button",
    "card",
    "error-summary",
    "field",
    "fieldset",
    "heading",
    "input",
    "label",
    "link",
    "list",
    "skip-link",
    "table",
    "tag",
    "validation-message",
)
FILES = {
    f"{DESIGN}/LICENSE": "designsystemet/LICENSE",
    f"{FIGTREE}/files/figtree-latin-wght-normal.woff2": "figtree/figtree.woff2",
    f"{FIGTREE}/LICENSE": "figtree/LICENSE",
}
STYLESHEET = "designsystemet/designsystemet.css"


def main() -> None:
    fetch()
    copy()


def fetch() -> None:
    """Run `npm ci`: exactly the locked files, checked against their hashes, none of their scripts run."""
    command = npm()
    environ = dict(os.environ, PATH=os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")]))
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    done = subprocess.run(
        [*command, "ci", *options], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"npm ci failed: {done.stderr}")


def npm() -> list[str]:
    """The machine's npm, else the one that requirements/node.txt brought beside this Python."""
    beside = Path(sys.executable).parent
    found = shutil.which("npm") or shutil.which("npm", path=str(beside))
    if found is None:
        sys.exit(f"There is no npm here: install it, or run {beside}/pip install -r requirements/node.txt.")
    return [found]


def copy() -> None:
    """Replace kierto/static/vendor/ by what is named above."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        place = VENDOR / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGES / source, place)
    (VENDOR / STYLESHEET).write_text(stylesheet(PACKAGES / DESIGN / "dist"))


def stylesheet(dist: Path) -> str:
    """Theme, base and components, in the layers that the package's own index.css puts them in."""
    base = (dist / "src" / "base.css").read_text()
    components = "".join((dist / "src" / f"{name}.css").read_text() for name in COMPONENTS)
    return "\n".join(
        (
            "@layer ds.theme, ds.base, ds.components;",
            (dist / "theme" / "designsystemet.css").read_text(),
            f"@layer ds.base{{{base}}}",
            f"@layer ds.components{{{components}}}",
            (dist / "src" / "data-size-workaround.css").read_text(),
        )
    )


if __name__ == "__main__":
    main()
