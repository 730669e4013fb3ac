"""Which of one's places in registers an own page is about: most people have one, some have several."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto.actor import Actor
from kierto.errors import NotFound
from kierto.experts import queries
from kierto.pages.me.views import asking
from kierto.policy import SEE_OWN_PAGE
from kierto.web.guard import requires
from kierto.words import gettext

pages = Blueprint("me_registers", __name__, url_prefix="/me")


@pages.get("/availability")
@requires(SEE_OWN_PAGE, of=asking)
def availability(me: Actor) -> ResponseReturnValue:
    return _which(me, "availability", gettext("When I can come"))


@pages.get("/limits")
@requires(SEE_OWN_PAGE, of=asking)
def limits(me: Actor) -> ResponseReturnValue:
    return _which(me, "limits", gettext("My limits"))


@pages.get("/themes")
@requires(SEE_OWN_PAGE, of=asking)
def themes(me: Actor) -> ResponseReturnValue:
    return _which(me, "themes", gettext("What my experience is about"))


@pages.get("/needs")
@requires(SEE_OWN_PAGE, of=asking)
def needs(me: Actor) -> ResponseReturnValue:
    return _which(me, "needs", gettext("What is arranged for me"))


@pages.get("/consents")
@requires(SEE_OWN_PAGE, of=asking)
def consents(me: Actor) -> ResponseReturnValue:
    return _which(me, "consents", gettext("My consents"))


def _which(me: Actor, page: str, title: str) -> ResponseReturnValue:
    """Straight to the only one; else the choice.

    Raises:
        NotFound: the person is in no register.
    """
    registers = queries.own_registers(me)
    if page != "consents":
        registers = [one for one in registers if one.expert.state in queries.IN_REGISTER]
    if not registers:
        raise NotFound
    if len(registers) == 1:
        return redirect(f"/me/{page}/{registers[0].expert.ref}")
    return render_template("pages/me/registers.html", registers=registers, page=page, page_title=title)
