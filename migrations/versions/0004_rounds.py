"""Rounds in full: days of interest, swaps, moves, fees, busy times."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stops", schema=None) as batch_op:
        batch_op.add_column(sa.Column("round_ended", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.drop_index(batch_op.f("uq_stops_meeting"))
        batch_op.create_index(batch_op.f("ix_stops_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_stops_organisation_id_id"), ["organisation_id", "id"])

    op.create_table(
        "busy_spans",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_busy_spans_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_busy_spans_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_spans")),
    )
    with op.batch_alter_table("busy_spans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_busy_spans_person_id_starts_at"), ["person_id", "starts_at"], unique=False)

    op.create_table(
        "fee_rates",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("fee_cents", sa.Integer(), nullable=False),
        sa.Column("cancellation_cents", sa.Integer(), nullable=False),
        sa.Column("late_hours", sa.Integer(), server_default="24", nullable=False),
        sa.Column("travel_paid", sa.Boolean(), nullable=False),
        sa.Column("paid_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "fee_cents >= 0 AND cancellation_cents >= 0 AND late_hours >= 0", name=op.f("ck_fee_rates_sums")
        ),
        sa.CheckConstraint("year BETWEEN 2000 AND 2200", name=op.f("ck_fee_rates_year")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_fee_rates_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_rates")),
    )
    with op.batch_alter_table("fee_rates", schema=None) as batch_op:
        batch_op.create_index("uq_fee_rates", ["organisation_id", "year"], unique=True)

    op.create_table(
        "former_meetings",
        sa.Column("stop_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "meeting_id"],
            ["meetings.organisation_id", "meetings.id"],
            name=op.f("fk_former_meetings_organisation_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "stop_id"],
            ["stops.organisation_id", "stops.id"],
            name=op.f("fk_former_meetings_organisation_id_stop_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_former_meetings_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_meetings")),
    )
    with op.batch_alter_table("former_meetings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_meetings_stop_id"), ["stop_id"], unique=False)

    op.create_table(
        "stop_swaps",
        sa.Column("asking_stop_id", sa.Integer(), nullable=False),
        sa.Column("asked_stop_id", sa.Integer(), nullable=False),
        sa.Column("asking_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hosts_anyway", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("asked", "done", "declined", "withdrawn", name="swapstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=10), nullable=False),
        sa.CheckConstraint("asking_stop_id <> asked_stop_id", name=op.f("ck_stop_swaps_two")),
        sa.ForeignKeyConstraint(["answered_by"], ["persons.id"], name=op.f("fk_stop_swaps_answered_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["persons.id"], name=op.f("fk_stop_swaps_asked_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "asked_stop_id"],
            ["stops.organisation_id", "stops.id"],
            name=op.f("fk_stop_swaps_organisation_id_asked_stop_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "asking_stop_id"],
            ["stops.organisation_id", "stops.id"],
            name=op.f("fk_stop_swaps_organisation_id_asking_stop_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_stop_swaps_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_swaps")),
        sa.UniqueConstraint("ref", name=op.f("uq_stop_swaps_ref")),
    )
    with op.batch_alter_table("stop_swaps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stop_swaps_asked_stop_id"), ["asked_stop_id"], unique=False)
        batch_op.create_index(
            "uq_stop_swaps_asking",
            ["asking_stop_id"],
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )

    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("co_unit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("remote_link", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("dial_in", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("interest_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("mix_released", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("override_reason", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("happened", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("asked_happened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reminded_week_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reminded_day_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("warned_mix_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("visitors_unit_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_meetings_co_unit_id_starts_at"), ["co_unit_id", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_meetings_interest_until"), ["interest_until"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_meetings_organisation_id_co_unit_id"),
            "units",
            ["organisation_id", "co_unit_id"],
            ["organisation_id", "id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_meetings_organisation_id_visitors_unit_id"),
            "units",
            ["organisation_id", "visitors_unit_id"],
            ["organisation_id", "id"],
        )
        batch_op.create_check_constraint(batch_op.f("ck_meetings_two_units"), "co_unit_id <> unit_id")

    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("interest_days", sa.Integer(), server_default="7", nullable=False))
        batch_op.add_column(sa.Column("ended_because", sa.String(length=500), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_rounds_interest"), "interest_days >= 0")

    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.add_column(sa.Column("interested_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("asked_first", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("companions", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("fee_cents", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cancellation_cents", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("travel_paid", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("paid_by", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("fee_declined", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(
            sa.Column(
                "answered",
                sa.Enum(
                    "signed_in",
                    "link",
                    "paper_pass",
                    "phone",
                    "told",
                    "paper",
                    name="answered",
                    native_enum=False,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("answered_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("call_wanted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("agreed_starts_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_seats_state_offered_until"), ["state", "offered_until"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_seats_answered_by"), "persons", ["answered_by"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_seats_companions"), "companions BETWEEN 0 AND 9")
        batch_op.create_check_constraint(batch_op.f("ck_seats_fee"), "fee_cents >= 0 AND cancellation_cents >= 0")


def downgrade() -> None:
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_seats_companions"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_seats_fee"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_seats_answered_by"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_seats_state_offered_until"))
        batch_op.drop_column("agreed_starts_at")
        batch_op.drop_column("call_wanted_at")
        batch_op.drop_column("answered_at")
        batch_op.drop_column("answered_by")
        batch_op.drop_column("answered")
        batch_op.drop_column("fee_declined")
        batch_op.drop_column("paid_by")
        batch_op.drop_column("travel_paid")
        batch_op.drop_column("cancellation_cents")
        batch_op.drop_column("fee_cents")
        batch_op.drop_column("companions")
        batch_op.drop_column("asked_first")
        batch_op.drop_column("interested_since")

    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_rounds_interest"), type_="check")
        batch_op.drop_column("ended_because")
        batch_op.drop_column("interest_days")

    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_meetings_two_units"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_meetings_organisation_id_visitors_unit_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_meetings_organisation_id_co_unit_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_meetings_interest_until"))
        batch_op.drop_index(batch_op.f("ix_meetings_co_unit_id_starts_at"))
        batch_op.drop_column("visitors_unit_id")
        batch_op.drop_column("warned_mix_at")
        batch_op.drop_column("reminded_day_at")
        batch_op.drop_column("reminded_week_at")
        batch_op.drop_column("asked_happened_at")
        batch_op.drop_column("happened")
        batch_op.drop_column("override_reason")
        batch_op.drop_column("mix_released")
        batch_op.drop_column("interest_until")
        batch_op.drop_column("dial_in")
        batch_op.drop_column("remote_link")
        batch_op.drop_column("co_unit_id")

    with op.batch_alter_table("stop_swaps", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stop_swaps_asking", sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'")
        )
        batch_op.drop_index(batch_op.f("ix_stop_swaps_asked_stop_id"))

    op.drop_table("stop_swaps")
    with op.batch_alter_table("former_meetings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_meetings_stop_id"))

    op.drop_table("former_meetings")
    with op.batch_alter_table("fee_rates", schema=None) as batch_op:
        batch_op.drop_index("uq_fee_rates")

    op.drop_table("fee_rates")
    with op.batch_alter_table("busy_spans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_busy_spans_person_id_starts_at"))

    op.drop_table("busy_spans")

    with op.batch_alter_table("stops", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_stops_organisation_id_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_stops_meeting_id"))
        batch_op.create_index(batch_op.f("uq_stops_meeting"), ["meeting_id"], unique=True)
        batch_op.drop_column("round_ended")
