"""Registers: what organisations, units and experts need, sign-in, consents, statements, retention."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "needs", "themes", "own_words", "participants", "export", name="read", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_readings_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_readings_person_id_at"), ["person_id", "at"], unique=False)

    op.create_table(
        "sign_in_attempts",
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempts_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_attempts_subject_hash_at"), ["subject_hash", "at"], unique=False)

    op.create_table(
        "accessibility_feedback",
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("page", sa.String(length=300), nullable=True),
        sa.Column("reply_to", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=4000), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["persons.id"], name=op.f("fk_accessibility_feedback_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_feedback")),
        sa.UniqueConstraint("ref", name=op.f("uq_accessibility_feedback_ref")),
    )
    with op.batch_alter_table("accessibility_feedback", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accessibility_feedback_organisation_id_answered_at_due_on"),
            ["organisation_id", "answered_at", "due_on"],
            unique=False,
        )

    op.create_table(
        "contact_changes",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Enum("email", "sms", name="channel", native_enum=False, length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("old_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_contact_changes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_changes")),
    )
    with op.batch_alter_table("contact_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_changes_person_id"), ["person_id"], unique=False)

    op.create_table(
        "identities",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_identities_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identities_person_id"), ["person_id"], unique=False)
        batch_op.create_index("uq_identities", ["issuer", "subject"], unique=True)

    op.create_table(
        "identity_providers",
        sa.Column("name_fi", sa.String(length=200), nullable=False),
        sa.Column("name_sv", sa.String(length=200), nullable=True),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("client_id", sa.String(length=200), nullable=False),
        sa.Column("client_secret", sa.LargeBinary(), nullable=False),
        sa.Column("strong", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_identity_providers_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_providers")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_identity_providers_organisation_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_identity_providers_ref")),
    )
    op.create_table(
        "paper_passes",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("digits_hash", sa.String(length=64), nullable=False),
        sa.Column("wrong_digits", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["persons.id"], name=op.f("fk_paper_passes_made_by")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_paper_passes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_passes")),
        sa.UniqueConstraint("ref", name=op.f("uq_paper_passes_ref")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_paper_passes_token_hash")),
    )
    with op.batch_alter_table("paper_passes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_passes_person_id"), ["person_id"], unique=False)

    op.create_table(
        "retention_notices",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "experts_left",
                "applications_declined",
                "messages",
                "readings",
                "feedback",
                name="datakind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_retention_notices_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_retention_notices_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_notices")),
    )
    with op.batch_alter_table("retention_notices", schema=None) as batch_op:
        batch_op.create_index("uq_retention_notices", ["organisation_id", "person_id", "kind"], unique=True)

    op.create_table(
        "retentions",
        sa.Column(
            "kind",
            sa.Enum(
                "experts_left",
                "applications_declined",
                "messages",
                "readings",
                "feedback",
                name="datakind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 240", name=op.f("ck_retentions_months")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_retentions_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retentions")),
    )
    with op.batch_alter_table("retentions", schema=None) as batch_op:
        batch_op.create_index("uq_retentions", ["organisation_id", "kind"], unique=True)

    op.create_table(
        "sign_in_requests",
        sa.Column("channel", sa.Enum("email", "sms", name="channel", native_enum=False, length=32), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("issuer", sa.String(length=300), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column(
            "identified",
            sa.Enum("not", "weakly", "strongly", name="identified", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_sign_in_requests_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_requests")),
    )
    with op.batch_alter_table("sign_in_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_requests_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_requests_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_requests_person_id"), ["person_id"], unique=False)

    op.create_table(
        "statements",
        sa.Column(
            "kind",
            sa.Enum("privacy", "accessibility", name="statementkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.String(length=20000), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_statements_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
    )
    with op.batch_alter_table("statements", schema=None) as batch_op:
        batch_op.create_index("uq_statements", ["organisation_id", "kind", "language"], unique=True)

    op.create_table(
        "applications",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("assisted_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["assisted_by"], ["persons.id"], name=op.f("fk_applications_assisted_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "expert_id"],
            ["experts.organisation_id", "experts.id"],
            name=op.f("fk_applications_organisation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_applications_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_applications_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_applications_organisation_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_applications_ref")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_applications_token_hash")),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applications_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "available_hours",
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.Time(), nullable=False),
        sa.Column("until_at", sa.Time(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_available_hours_in_order")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_available_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "expert_id"],
            ["experts.organisation_id", "experts.id"],
            name=op.f("fk_available_hours_organisation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_available_hours_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_available_hours")),
    )
    with op.batch_alter_table("available_hours", schema=None) as batch_op:
        batch_op.create_index("uq_available_hours", ["expert_id", "weekday", "from_at"], unique=True)

    op.create_table(
        "away_dates",
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_away_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "expert_id"],
            ["experts.organisation_id", "experts.id"],
            name=op.f("fk_away_dates_organisation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_away_dates_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away_dates")),
    )
    with op.batch_alter_table("away_dates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_away_dates_expert_id_from_on"), ["expert_id", "from_on"], unique=False)

    op.create_table(
        "blocked_dates",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=10), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_blocked_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["units.organisation_id", "units.id"],
            name=op.f("fk_blocked_dates_organisation_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_blocked_dates_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_dates")),
        sa.UniqueConstraint("ref", name=op.f("uq_blocked_dates_ref")),
    )
    with op.batch_alter_table("blocked_dates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blocked_dates_unit_id_from_on"), ["unit_id", "from_on"], unique=False)

    op.create_table(
        "consents",
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column(
            "to", sa.Enum("register", "themes", "needs", name="consentto", native_enum=False, length=32), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "given",
            sa.Enum("self", "beside", "phone", "paper", name="consentgiven", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "expert_id"],
            ["experts.organisation_id", "experts.id"],
            name=op.f("fk_consents_organisation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_consents_organisation_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["persons.id"], name=op.f("fk_consents_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_expert_id"), ["expert_id"], unique=False)

    op.create_table(
        "expert_municipalities",
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "expert_id"],
            ["experts.organisation_id", "experts.id"],
            name=op.f("fk_expert_municipalities_organisation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_expert_municipalities_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_municipalities")),
    )
    with op.batch_alter_table("expert_municipalities", schema=None) as batch_op:
        batch_op.create_index("uq_expert_municipalities", ["expert_id", "municipality"], unique=True)

    op.create_table(
        "expert_needs",
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "expert_id"],
            ["experts.organisation_id", "experts.id"],
            name=op.f("fk_expert_needs_organisation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_expert_needs_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_needs")),
    )
    with op.batch_alter_table("expert_needs", schema=None) as batch_op:
        batch_op.create_index("uq_expert_needs", ["expert_id"], unique=True)

    op.create_table(
        "expert_themes",
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "expert_id"],
            ["experts.organisation_id", "experts.id"],
            name=op.f("fk_expert_themes_organisation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_expert_themes_organisation_id")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_expert_themes_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_themes")),
    )
    with op.batch_alter_table("expert_themes", schema=None) as batch_op:
        batch_op.create_index("uq_expert_themes", ["expert_id", "theme_id"], unique=True)

    op.create_table(
        "experts_not_the_same",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_experts_not_the_same_in_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "one_id"],
            ["experts.organisation_id", "experts.id"],
            name=op.f("fk_experts_not_the_same_organisation_id_one_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "other_id"],
            ["experts.organisation_id", "experts.id"],
            name=op.f("fk_experts_not_the_same_organisation_id_other_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_experts_not_the_same_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts_not_the_same")),
    )
    with op.batch_alter_table("experts_not_the_same", schema=None) as batch_op:
        batch_op.create_index("uq_experts_not_the_same", ["one_id", "other_id"], unique=True)

    op.create_table(
        "hosting_hours",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.Time(), nullable=False),
        sa.Column("until_at", sa.Time(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_hosting_hours_in_order")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_hosting_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["units.organisation_id", "units.id"],
            name=op.f("fk_hosting_hours_organisation_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_hosting_hours_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosting_hours")),
    )
    with op.batch_alter_table("hosting_hours", schema=None) as batch_op:
        batch_op.create_index("uq_hosting_hours", ["unit_id", "weekday", "from_at"], unique=True)

    op.create_table(
        "invitations",
        sa.Column(
            "role",
            sa.Enum(
                "coordinator",
                "host_contact",
                "staff",
                "expert",
                "decision_maker",
                name="role",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(coalesce(role, '') IN ('staff', 'host_contact')) = (unit_id IS NOT NULL)",
            name=op.f("ck_invitations_unit_of_staff"),
        ),
        sa.CheckConstraint("(email IS NULL) <> (phone IS NULL)", name=op.f("ck_invitations_one_address")),
        sa.CheckConstraint(
            "(role IS NULL) = (organisation_id = 0)", name=op.f("ck_invitations_administrators_outside")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["persons.id"], name=op.f("fk_invitations_created_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["units.organisation_id", "units.id"],
            name=op.f("fk_invitations_organisation_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("ref", name=op.f("uq_invitations_ref")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitations_organisation_id_unit_id"), ["organisation_id", "unit_id"], unique=False
        )

    op.create_table(
        "joining_links",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["persons.id"], name=op.f("fk_joining_links_created_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["units.organisation_id", "units.id"],
            name=op.f("fk_joining_links_organisation_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_joining_links_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joining_links")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_joining_links_organisation_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_joining_links_ref")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_joining_links_token_hash")),
    )
    with op.batch_alter_table("joining_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_joining_links_unit_id"), ["unit_id"], unique=False)

    op.drop_table("sign_in_links")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_events_at"), ["at"], unique=False)

    with op.batch_alter_table("experts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("municipality", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("languages", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("home_base", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("own_words", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("training", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("fee_wish", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("earliest_start", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("longest_minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("most_meetings", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("most_euros", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("inducted_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("undertaking_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("contract_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("call_wished", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("decision_words", sa.String(length=500), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_experts_organisation_id_state"), ["organisation_id", "state"], unique=False
        )

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.alter_column("person_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.drop_constraint(batch_op.f("fk_messages_organisation_id"), type_="foreignkey")

    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bilingual", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(
            sa.Column(
                "expert_word",
                sa.Enum(
                    "kokemusasiantuntija",
                    "kokemustoimija",
                    "vertaistoimija",
                    name="expertword",
                    native_enum=False,
                    length=32,
                ),
                server_default="kokemusasiantuntija",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("mail_domains", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("phone", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("email", sa.String(length=254), nullable=True))
        batch_op.add_column(sa.Column("weak_reading_reason", sa.String(length=500), nullable=True))
        batch_op.create_index("uq_organisations_name", ["name_fi"], unique=True)

    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folded", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("email_proved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("phone_proved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folded", sa.String(length=800), server_default="", nullable=False))
        batch_op.add_column(sa.Column("arrival_fi", sa.String(length=1000), server_default="", nullable=False))
        batch_op.add_column(sa.Column("arrival_sv", sa.String(length=1000), nullable=True))
        batch_op.add_column(sa.Column("arrival_en", sa.String(length=1000), nullable=True))
        batch_op.add_column(sa.Column("languages", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("step_free", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("lift", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("accessible_wc", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("induction_loop", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("parking", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("quiet_room", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("access_fi", sa.String(length=500), server_default="", nullable=False))
        batch_op.add_column(sa.Column("access_sv", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("access_en", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("retired_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_units_organisation_id_municipality"), ["organisation_id", "municipality"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_units_organisation_id_successor_id"),
            "units",
            ["organisation_id", "successor_id"],
            ["organisation_id", "id"],
        )
    _fold_what_is_there()


def _fold_what_is_there() -> None:
    """Lists search by a folded text, which rows of before do not have yet."""
    connection = op.get_bind()
    tables = {"persons": ("name",), "units": ("name_fi", "name_sv", "name_en", "street_address", "municipality")}
    for name, columns in tables.items():
        table = sa.table(name, *(sa.column(column) for column in ("id", "folded", *columns)))
        for row in connection.execute(sa.select(table.c.id, *(table.c[column] for column in columns))).all():
            text = " ".join(part for part in row[1:] if part)
            text = " ".join(unicodedata.normalize("NFC", text).casefold().replace("-", " ").split())
            connection.execute(sa.update(table).where(table.c.id == row[0]).values(folded=text[:200]))


def downgrade() -> None:
    # What goes to an address instead of a person has no place in the earlier table.
    op.execute(sa.text("DELETE FROM messages WHERE person_id IS NULL"))
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_units_organisation_id_successor_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_units_organisation_id_municipality"))
        batch_op.drop_column("successor_id")
        batch_op.drop_column("retired_on")
        batch_op.drop_column("access_en")
        batch_op.drop_column("access_sv")
        batch_op.drop_column("access_fi")
        batch_op.drop_column("quiet_room")
        batch_op.drop_column("parking")
        batch_op.drop_column("induction_loop")
        batch_op.drop_column("accessible_wc")
        batch_op.drop_column("lift")
        batch_op.drop_column("step_free")
        batch_op.drop_column("languages")
        batch_op.drop_column("arrival_en")
        batch_op.drop_column("arrival_sv")
        batch_op.drop_column("arrival_fi")
        batch_op.drop_column("folded")

    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.drop_column("erased_at")
        batch_op.drop_column("phone_proved_at")
        batch_op.drop_column("email_proved_at")
        batch_op.drop_column("folded")

    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index("uq_organisations_name")
        batch_op.drop_column("weak_reading_reason")
        batch_op.drop_column("email")
        batch_op.drop_column("phone")
        batch_op.drop_column("mail_domains")
        batch_op.drop_column("expert_word")
        batch_op.drop_column("bilingual")

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_messages_organisation_id"), "organisations", ["organisation_id"], ["id"]
        )
        batch_op.alter_column("person_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("urgent")

    with op.batch_alter_table("experts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_experts_organisation_id_state"))
        batch_op.drop_column("decision_words")
        batch_op.drop_column("call_wished")
        batch_op.drop_column("contract_until")
        batch_op.drop_column("undertaking_on")
        batch_op.drop_column("inducted_on")
        batch_op.drop_column("most_euros")
        batch_op.drop_column("most_meetings")
        batch_op.drop_column("longest_minutes")
        batch_op.drop_column("earliest_start")
        batch_op.drop_column("fee_wish")
        batch_op.drop_column("training")
        batch_op.drop_column("own_words")
        batch_op.drop_column("home_base")
        batch_op.drop_column("languages")
        batch_op.drop_column("municipality")
        batch_op.drop_column("decided_at")

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_at"))
        batch_op.drop_index(batch_op.f("ix_events_actor_id"))

    op.create_table(
        "sign_in_links",
        sa.Column("person_id", sa.INTEGER(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.INTEGER(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_sign_in_links_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_links")),
    )
    with op.batch_alter_table("joining_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_joining_links_unit_id"))

    op.drop_table("joining_links")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_organisation_id_unit_id"))

    op.drop_table("invitations")
    with op.batch_alter_table("hosting_hours", schema=None) as batch_op:
        batch_op.drop_index("uq_hosting_hours")

    op.drop_table("hosting_hours")
    with op.batch_alter_table("experts_not_the_same", schema=None) as batch_op:
        batch_op.drop_index("uq_experts_not_the_same")

    op.drop_table("experts_not_the_same")
    with op.batch_alter_table("expert_themes", schema=None) as batch_op:
        batch_op.drop_index("uq_expert_themes")

    op.drop_table("expert_themes")
    with op.batch_alter_table("expert_needs", schema=None) as batch_op:
        batch_op.drop_index("uq_expert_needs")

    op.drop_table("expert_needs")
    with op.batch_alter_table("expert_municipalities", schema=None) as batch_op:
        batch_op.drop_index("uq_expert_municipalities")

    op.drop_table("expert_municipalities")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_expert_id"))

    op.drop_table("consents")
    with op.batch_alter_table("blocked_dates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blocked_dates_unit_id_from_on"))

    op.drop_table("blocked_dates")
    with op.batch_alter_table("away_dates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_away_dates_expert_id_from_on"))

    op.drop_table("away_dates")
    with op.batch_alter_table("available_hours", schema=None) as batch_op:
        batch_op.drop_index("uq_available_hours")

    op.drop_table("available_hours")
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applications_expires_at"))

    op.drop_table("applications")
    with op.batch_alter_table("statements", schema=None) as batch_op:
        batch_op.drop_index("uq_statements")

    op.drop_table("statements")
    with op.batch_alter_table("sign_in_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_requests_person_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_requests_expires_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_requests_address"))

    op.drop_table("sign_in_requests")
    with op.batch_alter_table("retentions", schema=None) as batch_op:
        batch_op.drop_index("uq_retentions")

    op.drop_table("retentions")
    with op.batch_alter_table("retention_notices", schema=None) as batch_op:
        batch_op.drop_index("uq_retention_notices")

    op.drop_table("retention_notices")
    with op.batch_alter_table("paper_passes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_passes_person_id"))

    op.drop_table("paper_passes")
    op.drop_table("identity_providers")
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.drop_index("uq_identities")
        batch_op.drop_index(batch_op.f("ix_identities_person_id"))

    op.drop_table("identities")
    with op.batch_alter_table("contact_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_changes_person_id"))

    op.drop_table("contact_changes")
    with op.batch_alter_table("accessibility_feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accessibility_feedback_organisation_id_answered_at_due_on"))

    op.drop_table("accessibility_feedback")
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempts_subject_hash_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_attempts_at"))

    op.drop_table("sign_in_attempts")
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_readings_person_id_at"))
        batch_op.drop_index(batch_op.f("ix_readings_at"))

    op.drop_table("readings")
