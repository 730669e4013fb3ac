"""axe-core's judgement of a page: WCAG 2.2 A and AA, and its best practices."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR = ["color-contrast", "link-in-text-block"]
"""The rules that light and dark can answer differently: nothing else depends on a page's colours."""

LAYOUT = ["target-size", "scrollable-region-focusable"]
"""The rules that a narrow window can answer differently."""

_RUN = """
async (options) => {
  const found = await axe.run(document, { resultTypes: ["violations"], ...options });
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${node.target.join(" ")} ${node.html.slice(0, 160)}`),
  );
}
"""


@cache
def _source() -> str:
    return SOURCE.read_text()


def findings(page: Page, rules: list[str] | None = None, *, without: Sequence[str] = ()) -> list[str]:
    """What axe finds on the page as it is now; `rules` limits it to those, `without` leaves some out.

    The source is evaluated from outside the page, so that the page's own content security policy stays in force.
    """
    if not page.evaluate("() => typeof axe !== 'undefined'"):
        page.evaluate(_source())
    only: dict[str, Any] = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    left_out = {rule: {"enabled": False} for rule in without}
    found: list[str] = page.evaluate(_RUN, {"runOnly": only, "rules": left_out})
    return found
