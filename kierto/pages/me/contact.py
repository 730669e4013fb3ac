"""One's own e-mail address and phone number: seen, changed, removed; both ends confirm (contact-both-ends)."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kierto.actor import Actor
from kierto.errors import NotFound
from kierto.messages.ways import reaches
from kierto.pages.me.contact_forms import CodeForm, EmailForm, PhoneForm
from kierto.pages.me.views import asking
from kierto.people.queries import myself
from kierto.policy import CHANGE_OWN_CONTACT, SEE_OWN_PAGE
from kierto.settings import Settings
from kierto.sign_in import contacts, queries
from kierto.sign_in.actions import Device
from kierto.sign_in.models import Channel, ContactChange
from kierto.sign_in.rules import CHANGE_LASTS
from kierto.web.guard import requires
from kierto.words import gettext

pages = Blueprint("me_contact", __name__)


def _channel(name: str) -> Channel:
    """The address's kind in the URL; anything else is no page."""
    if name not in tuple(Channel):
        raise NotFound
    return Channel(name)


@pages.get("/me/contact")
@requires(SEE_OWN_PAGE, of=asking)
def show(me: Actor) -> str:
    """Both addresses, and what is under way with each."""
    person = myself(me)
    return render_template(
        "pages/me/contact.html",
        person=person,
        changes=queries.own_changes(me),
        channels=tuple(Channel),
        silent=queries.is_silent(person),
        sms=reaches(_settings(), Channel.SMS),
    )


@pages.get("/me/contact/<channel>")
@requires(SEE_OWN_PAGE, of=asking)
def change(me: Actor, channel: str) -> Response:
    """Where the new address is written."""
    return _change(me, _channel(channel), _form(_channel(channel)))


@pages.post("/me/contact/<channel>")
@requires(CHANGE_OWN_CONTACT, of=asking)
def ask(me: Actor, channel: str) -> ResponseReturnValue:
    """Send a code to the new address, and a link to the old one."""
    which = _channel(channel)
    form = _form(which)
    if form.validate_on_submit():
        with form.refusals():
            contacts.change_contact(
                me,
                which,
                form.address.data or "",
                Device(request.remote_addr or "", request.user_agent.string),
                _settings().secret_key,
                sms=reaches(_settings(), Channel.SMS),
            )
        if not form.refused:
            return redirect(url_for(".code", channel=channel), HTTPStatus.SEE_OTHER)
    return _change(me, which, form)


@pages.get("/me/contact/<channel>/code")
@requires(SEE_OWN_PAGE, of=asking)
def code(me: Actor, channel: str) -> ResponseReturnValue:
    """Where the code is typed that went to the new address; where no change is under way, one begins."""
    change = queries.own_changes(me).get(_channel(channel))
    if change is None or change.new_confirmed_at is not None:
        return redirect(url_for(".show"))
    return _code(me, change, CodeForm())


@pages.post("/me/contact/<channel>/code")
@requires(CHANGE_OWN_CONTACT, of=asking)
def enter_code(me: Actor, channel: str) -> ResponseReturnValue:
    """Confirm the new address with its code; a wrong one is counted."""
    change = queries.own_changes(me).get(_channel(channel))
    if change is None or change.new_confirmed_at is not None:
        return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)
    form = CodeForm()
    if form.validate_on_submit():
        with form.refusals():
            done = contacts.confirm_new(me, change, form.code.data or "", _settings().secret_key)
        if not form.refused and done.right:
            flash(_done(done.changed))
            return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)
        if not form.refused:
            form.code.errors = [_wrong(done.left)]
    return _code(me, change, form)


@pages.post("/me/contact/<channel>/remove")
@requires(CHANGE_OWN_CONTACT, of=asking)
def remove(me: Actor, channel: str) -> ResponseReturnValue:
    """Ask the address itself whether it may go."""
    which = _channel(channel)
    contacts.remove_contact(me, which)
    if which is Channel.SMS and (queries.is_silent(myself(me)) or not reaches(_settings(), which)):
        flash(gettext("We cannot send a link to this number. Call your coordinator: they remove it together with you."))
    else:
        flash(gettext("We sent a link there. When you open it and say yes, the address is removed."))
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)


@pages.post("/me/contact/<channel>/stop")
@requires(CHANGE_OWN_CONTACT, of=asking)
def stop(me: Actor, channel: str) -> ResponseReturnValue:
    """Let it be after all."""
    change = queries.own_changes(me).get(_channel(channel))
    if change is not None:
        contacts.stop_change(me, change)
        flash(gettext("The change is stopped. Everything is as before."))
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)


def _form(channel: Channel) -> EmailForm | PhoneForm:
    return EmailForm() if channel is Channel.EMAIL else PhoneForm()


def _change(me: Actor, channel: Channel, form: EmailForm | PhoneForm) -> Response:
    old = queries.address_at(myself(me), channel)
    return form.page("pages/me/contact_change.html", channel=channel, old=old, days=CHANGE_LASTS.days)


def _code(me: Actor, change: ContactChange, form: CodeForm) -> Response:
    old = queries.address_at(myself(me), change.channel)
    return form.page("pages/me/contact_code.html", change=change, old=old)


def _done(changed: bool) -> str:
    if changed:
        return gettext("Done. From now on we use the new one.")
    return gettext("The new one is confirmed. The change still needs your yes at the old one.")


def _wrong(left: int) -> str:
    if left > 0:
        return gettext("This is not the code. Look at the message again. Tries left: %(left)s.", left=left)
    return gettext("No code can be tried any more. Begin the change again, or call us.")


def _settings() -> Settings:
    settings: Settings = current_app.config["KIERTO"]
    return settings
