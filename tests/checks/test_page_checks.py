"""The checking client finds what it is there to find."""

import pytest

from tests.html import faults

GOOD = """<!doctype html>
<html lang="fi"><head><meta charset="utf-8"><title>Kokoukset – Kierto</title><script src="/a.js" defer></script></head>
<body><main id="main"><h1>Kokoukset</h1><h2>Seuraavat</h2><ul><li><a href="/x">Kallio</a></li></ul>
<form method="post" action="/y"><label for="day">Päivä</label><input id="day" name="day" aria-describedby="hint">
<p id="hint">Esimerkiksi 24.1.</p><fieldset><legend>Tulen</legend><label><input type="radio" name="a"> Kyllä</label>
</fieldset><button type="submit">Lähetä</button></form></main></body></html>"""


def test_a_good_page_has_no_faults() -> None:
    assert faults(GOOD, "fi") == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ('lang="fi"', 'lang="sv"', "lang is sv"),
        ("Kokoukset – Kierto", " – Kierto", "no title"),
        ("<h2>Seuraavat</h2>", "<h1>Seuraavat</h1>", "2 <h1>"),
        ("<h2>Seuraavat</h2>", "<h3>Seuraavat</h3>", "level 3 follows one of level 1"),
        ("<h2>Seuraavat</h2>", "<h2> </h2>", "empty <h2>"),
        ('<main id="main">', '<main id="main"></main><main>', "2 <main>"),
        ('<label for="day">Päivä</label>', "", "no label"),
        ('<label for="day">Päivä</label>', '<label for="dey">Päivä</label>', "for=dey leads to nothing"),
        ('id="hint"', 'id="day"', "duplicate-id"),
        ('id="hint"', "", "aria-describedby=hint leads to nothing"),
        ("Kallio</a>", "</a>", "no name"),
        ('href="/x"', 'href="#x"', "place that is not there"),
        ('href="/x"', 'href=""', "link to nowhere"),
        ('href="/x"', 'href="/x" onclick="go()"', "inline onclick"),
        ('href="/x"', 'href="/x" style="color: red"', "inline style"),
        ("<h2>", "<style>h2 {}</style><h2>", "inline <style>"),
        ("<h2>", "<script>go()</script><h2>", "inline <script>"),
        ('src="/a.js"', 'src="https://elsewhere.example/a.js"', "from elsewhere"),
        ("<h2>", '<img src="/x.png"><h2>', "img-missing-alt"),
        ("<legend>Tulen</legend>", "", "no legend"),
        ("<li>", "<p>", "<p> in <ul>"),
        ("</h2>", "</h2><p><div>x</div></p>", "unexpected-end-tag"),
        ("Seuraavat", "<div>x</div>", "words only"),
        ("Lähetä", '<a href="/z">x</a>', "<a> in <button>"),
        ("</form>", "", "end-tag"),
    ],
)
def test_a_fault_is_found(good: str, bad: str, fault: str) -> None:
    assert good in GOOD
    found = faults(GOOD.replace(good, bad, 1), "fi")
    assert any(fault in one for one in found), found
