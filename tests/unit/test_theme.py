"""Kierto's colours can be read: WCAG 2.2 contrast, counted from the stylesheet itself, in light and in dark."""

import re
from pathlib import Path

import pytest

import kierto

CSS = (Path(kierto.__file__).parent / "static" / "css" / "theme.css").read_text()
LIGHT, DARK = CSS.split("@media screen and (prefers-color-scheme: dark)")
COLOURS = ("accent", "neutral", "brand1")
GROUNDS = ("background-default", "background-tinted", "surface-default", "surface-tinted", "surface-hover")
TEXTS = ("text-subtle", "text-default")
READABLE, SEEN = 4.5, 3.0


def variables(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


SCHEMES = {"light": variables(LIGHT), "dark": variables(LIGHT) | variables(DARK)}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("colour", COLOURS)
def test_text_is_readable_on_every_ground(scheme: str, colour: str) -> None:
    theme = SCHEMES[scheme]
    for ground in GROUNDS:
        for text in TEXTS:
            for own in {colour, "neutral"}:
                pair = theme[f"ds-color-{colour}-{text}"], theme[f"ds-color-{own}-{ground}"]
                assert contrast(*pair) >= READABLE, f"{text} on {own} {ground}"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("colour", COLOURS)
def test_buttons_are_readable_in_every_state(scheme: str, colour: str) -> None:
    theme = SCHEMES[scheme]
    for state in ("default", "hover", "active"):
        pair = theme[f"ds-color-{colour}-base-contrast-default"], theme[f"ds-color-{colour}-base-{state}"]
        assert contrast(*pair) >= READABLE, state


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("colour", COLOURS)
def test_borders_of_what_one_uses_are_seen(scheme: str, colour: str) -> None:
    theme = SCHEMES[scheme]
    for ground in GROUNDS:
        for border in ("border-default", "border-strong"):
            pair = theme[f"ds-color-{colour}-{border}"], theme[f"ds-color-neutral-{ground}"]
            assert contrast(*pair) >= SEEN, f"{border} on {ground}"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_start_pages_hero_is_readable(scheme: str) -> None:
    theme = SCHEMES[scheme]
    assert contrast(theme["k-hero-text"], theme["k-hero"]) >= READABLE
