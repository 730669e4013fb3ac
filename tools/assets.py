"""Fetches the front-end packages named in package-lock.json and copies what pages need to kierto/static/vendor/."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "kierto" / "static" / "vendor"

# The stylesheet of the components and its theme's variables, both minified as shipped; the letters; their licences.
FILES = {
    "@digdir/designsystemet-css/dist/src/index.css": "designsystemet/designsystemet.css",
    "@digdir/designsystemet-css/dist/theme/designsystemet.css": "designsystemet/theme.css",
    "@digdir/designsystemet-css/LICENSE": "designsystemet/LICENSE",
    "@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2": "figtree/figtree.woff2",
    "@fontsource-variable/figtree/LICENSE": "figtree/LICENSE",
}


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
    """Replace kierto/static/vendor/ by the named files."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        place = VENDOR / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGES / source, place)


if __name__ == "__main__":
    main()
