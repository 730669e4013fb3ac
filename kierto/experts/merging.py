"""Two places in one register that turn out to be one person's, made one. `seats.merging` is the verb."""

from sqlalchemy import delete, select, update

from kierto.actor import Actor
from kierto.database import session
from kierto.events.actions import record
from kierto.events.catalogue.experts import ExpertMerged, ExpertMergedAway
from kierto.experts.models import (
    TOLD,
    Application,
    AvailableHours,
    Consent,
    ExpertMunicipality,
    ExpertNeeds,
    ExpertTheme,
)
from kierto.people.models import Expert, ExpertState

STATES = (
    ExpertState.APPROVED,
    ExpertState.PAUSED,
    ExpertState.APPLIED,
    ExpertState.LEFT,
    ExpertState.DECLINED,
    ExpertState.WITHDRAWN,
)
"""Of two states the one that stays comes first: who was approved once is not asked to wait again."""

_ONCE = (
    *("municipality", "home_base", "own_words", "training", "fee_wish", "earliest_start", "longest_minutes"),
    *("most_meetings", "most_euros", "inducted_on", "undertaking_on", "contract_until", "decision_words"),
)
"""What the one that stays takes over where it has nothing itself."""

_WHOLE = (ExpertNeeds, AvailableHours, ExpertMunicipality)
"""Taken over only when the one that stays has none: mixed they would say what nobody said."""

_ADDED = tuple(model for model in TOLD if model not in (ExpertTheme, *_WHOLE))
"""Taken over beside what the one that stays has."""


def merge_experts(actor: Actor, kept: Expert, gone: Expert) -> None:
    """Put everything of `gone` into `kept`, in the same organisation, and delete `gone`. The persons are locked."""
    record(actor, gone, ExpertMergedAway(into_expert_id=kept.id))
    record(actor, kept, ExpertMerged(other_expert_id=gone.id))
    for name in _ONCE:
        if getattr(kept, name) is None:
            setattr(kept, name, getattr(gone, name))
    kept.languages = list(dict.fromkeys([*kept.languages, *gone.languages]))
    kept.call_wished = kept.call_wished or gone.call_wished
    kept.created_at = min(kept.created_at, gone.created_at)
    if STATES.index(gone.state) < STATES.index(kept.state):
        kept.state, kept.decided_at = gone.state, gone.decided_at
    for model in (Consent, Application, *_ADDED):
        session.execute(update(model).where(model.expert_id == gone.id).values(expert_id=kept.id))
    _move_themes(kept, gone)
    for whole in _WHOLE:
        if session.scalar(select(whole.id).where(whole.expert_id == kept.id).limit(1)) is not None:
            session.execute(delete(whole).where(whole.expert_id == gone.id))
        else:
            session.execute(update(whole).where(whole.expert_id == gone.id).values(expert_id=kept.id))
    session.delete(gone)
    session.flush()


def _move_themes(kept: Expert, gone: Expert) -> None:
    """The consents have come along, so each theme keeps the consent that it was told with (theme-consent)."""
    own = select(ExpertTheme.theme_id).where(ExpertTheme.expert_id == kept.id)
    session.execute(
        delete(ExpertTheme).where(ExpertTheme.expert_id == gone.id, ExpertTheme.theme_id.in_(own)),
        execution_options={"synchronize_session": False},
    )
    session.execute(update(ExpertTheme).where(ExpertTheme.expert_id == gone.id).values(expert_id=kept.id))
