"""Every constraint that carries a rule is provoked, on both databases, and becomes that rule's refusal."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kierto.database import session, writing
from kierto.database.constraints import ruled
from kierto.errors import Refused
from tests.cast import Cast
from tests.refusals import refused
from tests.tables import import_models

import_models()

# A constraint → what breaks it, and nothing before it, among the cast's rows.
PROVOKED = {
    "uq_persons_email": "UPDATE persons SET email = 'sama@kierto.test'",
    "uq_persons_phone": "UPDATE persons SET phone = '+358401234567'",
    "uq_units_name": "UPDATE units SET name_fi = 'Kallion terveysasema'",
    "ck_meetings_seat_capacity": "UPDATE meetings SET seats_taken = seats + 1",
    "ck_meetings_ends_later": "UPDATE meetings SET ends_at = starts_at",
    "ck_meetings_mix_fits": "UPDATE meetings SET mix_experts = seats",
    "ck_practices_from_meeting": "UPDATE practices SET agreed_experts = 0",
    "uq_practice_texts": "UPDATE practice_texts SET practice_id = (SELECT min(id) FROM practices)",
    "uq_adoptions_unit": "UPDATE adoptions SET unit_id = (SELECT min(id) FROM units)",
    "uq_organisations_name": "UPDATE organisations SET name_fi = 'Sama'",
    "uq_experts": "UPDATE experts SET person_id = (SELECT min(id) FROM persons)",
    "uq_identities": "INSERT INTO identities (person_id, issuer, subject, created_at) "
    "SELECT id, 'https://sama.kierto.test', 'sama', created_at FROM persons",
    "ck_hosting_hours_in_order": "INSERT INTO hosting_hours (organisation_id, unit_id, weekday, from_at, until_at) "
    "SELECT organisation_id, id, 1, '12:00:00.000000', '12:00:00.000000' FROM units",
    "ck_blocked_dates_in_order": "INSERT INTO blocked_dates (organisation_id, unit_id, ref, from_on, until_on) "
    "SELECT organisation_id, id, ref, '2027-02-02', '2027-02-01' FROM units",
    "ck_available_hours_in_order": "INSERT INTO available_hours "
    "(organisation_id, expert_id, weekday, from_at, until_at) "
    "SELECT organisation_id, id, 1, '12:00:00.000000', '12:00:00.000000' FROM experts",
    "ck_away_dates_in_order": "INSERT INTO away_dates (organisation_id, expert_id, from_on, until_on) "
    "SELECT organisation_id, id, '2027-02-02', '2027-02-01' FROM experts",
    "ck_retentions_months": "INSERT INTO retentions (organisation_id, kind, months, changed_at) "
    "SELECT id, 'messages', 0, created_at FROM organisations",
    "ck_rounds_ends_later": "UPDATE rounds SET until_on = from_on",
    "ck_rounds_mix_fits": "UPDATE rounds SET mix_staff = seats",
    "uq_stops_unit": "UPDATE stops SET unit_id = (SELECT min(id) FROM units) WHERE organisation_id = 1",
    "ck_meetings_two_units": "UPDATE meetings SET co_unit_id = unit_id",
    "ck_seats_fee": "UPDATE seats SET fee_cents = -1",
    "ck_stop_swaps_two": "INSERT INTO stop_swaps "
    "(organisation_id, ref, asking_stop_id, asked_stop_id, asking_starts_at, asked_starts_at, state, asked_at) "
    "SELECT organisation_id, ref, id, id, '2027-02-02', '2027-02-02', 'asked', '2027-02-01' FROM stops",
    "uq_stop_swaps_asking": "INSERT INTO stop_swaps "
    "(organisation_id, ref, asking_stop_id, asked_stop_id, asking_starts_at, asked_starts_at, state, asked_at) "
    "SELECT asked.organisation_id, asked.ref, asking.id, asked.id, '2027-02-02', '2027-02-02', 'asked', '2027-02-01' "
    "FROM stops AS asked JOIN stops AS asking ON asking.organisation_id = asked.organisation_id "
    "AND asking.id = (SELECT min(id) FROM stops) AND asked.id <> asking.id",
    "uq_fee_rates": "INSERT INTO fee_rates "
    "(organisation_id, year, fee_cents, cancellation_cents, travel_paid, paid_by) "
    "SELECT organisation_id, 2027, 0, 0, true, 'sama' FROM units",
    "ck_busy_spans_in_order": "INSERT INTO busy_spans (person_id, starts_at, ends_at, uploaded_at) "
    "SELECT id, '2027-02-02', '2027-02-01', '2027-02-01' FROM persons",
    "uq_seats_person": "UPDATE seats SET person_id = (SELECT min(id) FROM persons)",
}
# Constraints without a rule guard against faults of ours, which people must not read as their own.
FAULTS = {
    "a foreign key": "UPDATE units SET service_id = 1000",
    "two organisations mixed": "UPDATE seats SET organisation_id = (SELECT max(id) FROM organisations)",
    "a unit of a coordinator": "UPDATE members SET unit_id = (SELECT min(id) FROM units) WHERE role = 'coordinator'",
    "an expert among the members": "UPDATE members SET role = 'expert', unit_id = NULL",
    "one role twice": "UPDATE members SET person_id = 1, role = 'coordinator', unit_id = NULL WHERE id < 4",
    "fewer than no seats": "UPDATE meetings SET seats_taken = -1",
    "nothing where something must be": "UPDATE units SET name_fi = NULL",
}


def test_every_constraint_with_a_rule_is_provoked() -> None:
    assert set(PROVOKED) == set(ruled())


@pytest.mark.parametrize("constraint", PROVOKED)
def test_a_broken_constraint_speaks_its_rule(app: Flask, constraint: str) -> None:
    with pytest.raises(Refused) as refused, writing():
        session.execute(text(PROVOKED[constraint]))
    assert refused.value.rule == ruled()[constraint]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_ours_is_no_refusal(app: Flask, fault: str) -> None:
    with pytest.raises(IntegrityError), writing():
        session.execute(text(FAULTS[fault]))


def test_what_a_broken_constraint_undid_is_undone(cast: Cast) -> None:
    with refused("unit-named-once"):
        cast.unit.load().municipality = "Espoo"
        session.flush()
        session.execute(text(PROVOKED["uq_units_name"]))
    with writing():
        assert cast.unit.load().municipality == "Helsinki"
