"""The start page, and what Kierto is in more words."""

from flask import Blueprint, render_template

from kierto.practices import queries as practices
from kierto.seats import listing
from kierto.web.guard import actor, public

pages = Blueprint("start", __name__)

MEETINGS, PRACTICES = 5, 3


@pages.get("/")
@public
def index() -> str:
    """What rotating meetings are, what comes next, what spreads, and two ways in."""
    return render_template(
        "pages/start/index.html",
        meetings=listing.listed(actor(), listing.Filters(), MEETINGS),
        practices=practices.spreading(actor(), limit=PRACTICES),
    )


@pages.get("/about")
@public
def about() -> str:
    """What to do and whom to call, for people with experience and for units."""
    return render_template("pages/start/about.html")
