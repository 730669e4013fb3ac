"""The pages, one topic for what a person comes to do."""

from flask import Flask

from kierto.pages.admin.events import pages as admin_events
from kierto.pages.admin.fees import pages as fees
from kierto.pages.admin.index import pages as admin
from kierto.pages.admin.organisations import pages as admin_organisations
from kierto.pages.admin.people import pages as admin_people
from kierto.pages.admin.providers import pages as admin_providers
from kierto.pages.admin.queue import pages as admin_queue
from kierto.pages.admin.settings import pages as admin_settings
from kierto.pages.admin.vocabulary import pages as admin_vocabulary
from kierto.pages.answer.views import pages as answer
from kierto.pages.apply.steps import pages as application
from kierto.pages.apply.views import pages as apply
from kierto.pages.calendars.views import pages as calendars
from kierto.pages.demo.views import pages as demo
from kierto.pages.desk.views import pages as desk
from kierto.pages.experts.deciding import pages as experts_deciding
from kierto.pages.experts.merging import pages as experts_merging
from kierto.pages.experts.views import pages as experts
from kierto.pages.health.views import pages as health
from kierto.pages.imports.views import pages as imports
from kierto.pages.jobs.views import pages as jobs
from kierto.pages.me.availability import pages as me_availability
from kierto.pages.me.busy import pages as me_busy
from kierto.pages.me.consents import pages as me_consents
from kierto.pages.me.contact import pages as me_contact
from kierto.pages.me.data import pages as me_data
from kierto.pages.me.identities import pages as me_identities
from kierto.pages.me.profile import pages as me_profile
from kierto.pages.me.registers import pages as me_registers
from kierto.pages.me.roles import pages as me_roles
from kierto.pages.me.secrets import pages as me_secrets
from kierto.pages.me.sessions import pages as me_sessions
from kierto.pages.me.views import pages as me
from kierto.pages.meetings.companions import pages as companions
from kierto.pages.meetings.deciding import pages as meetings_deciding
from kierto.pages.meetings.editing import pages as meetings_editing
from kierto.pages.meetings.facilitating import pages as facilitating
from kierto.pages.meetings.happened import pages as meetings_happened
from kierto.pages.meetings.listing import pages as meetings_listing
from kierto.pages.meetings.recording import pages as recording
from kierto.pages.meetings.seats import pages as meetings_seats
from kierto.pages.meetings.views import pages as meetings
from kierto.pages.meetings.visiting import pages as visiting
from kierto.pages.passes.making import pages as making_passes
from kierto.pages.passes.views import pages as passes
from kierto.pages.practices.views import pages as practices
from kierto.pages.rounds.booking import pages as booking
from kierto.pages.rounds.choosing import pages as rounds_choosing
from kierto.pages.rounds.ending import pages as rounds_ending
from kierto.pages.rounds.swapping import pages as swapping
from kierto.pages.rounds.turns import pages as rounds_turns
from kierto.pages.rounds.views import pages as rounds
from kierto.pages.sign_in.calls import pages as calls
from kierto.pages.sign_in.confirming import pages as confirming
from kierto.pages.sign_in.single_sign_on import pages as single_sign_on
from kierto.pages.sign_in.views import pages as sign_in
from kierto.pages.staff.administrators import pages as administrators
from kierto.pages.staff.invitations import pages as invitations
from kierto.pages.staff.organisations import pages as organisation_people
from kierto.pages.staff.units import pages as staff
from kierto.pages.start.views import pages as start
from kierto.pages.statements.feedback import pages as feedback
from kierto.pages.statements.own import pages as own_statements
from kierto.pages.statements.views import pages as statements
from kierto.pages.units.editing import pages as units_editing
from kierto.pages.units.retiring import pages as units_retiring
from kierto.pages.units.views import pages as units

TOPICS = (
    start,
    calendars,
    units,
    imports,
    units_editing,
    units_retiring,
    rounds,
    rounds_choosing,
    rounds_ending,
    rounds_turns,
    booking,
    swapping,
    jobs,
    meetings_listing,
    meetings,
    meetings_editing,
    meetings_deciding,
    meetings_happened,
    companions,
    facilitating,
    recording,
    visiting,
    meetings_seats,
    practices,
    me,
    apply,
    application,
    me_profile,
    me_registers,
    me_availability,
    me_busy,
    me_secrets,
    me_consents,
    me_contact,
    me_sessions,
    me_identities,
    sign_in,
    single_sign_on,
    confirming,
    calls,
    passes,
    answer,
    making_passes,
    admin,
    admin_organisations,
    admin_providers,
    admin_vocabulary,
    admin_people,
    administrators,
    invitations,
    me_roles,
    organisation_people,
    staff,
    desk,
    experts,
    experts_deciding,
    experts_merging,
    admin_events,
    admin_queue,
    admin_settings,
    me_data,
    statements,
    own_statements,
    feedback,
    fees,
    health,
)
"""Every topic there is in any installation."""


def set_up(app: Flask) -> None:
    """Register every topic."""
    for topic in TOPICS:
        app.register_blueprint(topic)
    if app.config["KIERTO"].demo:
        app.register_blueprint(demo)
