"""What is recorded of own data, retention, statements and feedback, and of looking after the queue."""

from dataclasses import dataclass
from datetime import datetime

from kierto.events.catalogue.base import EventData
from kierto.words import N_


@dataclass(frozen=True)
class PersonExported(EventData):
    kind = "person.exported"
    sentence = N_("Somebody took a copy of their own data.")


@dataclass(frozen=True)
class PersonErased(EventData):
    kind = "person.erased"
    sentence = N_("Somebody’s data was erased.")


@dataclass(frozen=True)
class RetentionChanged(EventData):
    kind = "retention.changed"
    sentence = N_("A kind of data is now kept for %(months)s months.")
    months: int


@dataclass(frozen=True)
class RetentionAnnounced(EventData):
    kind = "retention.announced"
    sentence = N_("Somebody was told that their data will be deleted.")
    told = True
    person_id: int
    deleted_at: datetime


@dataclass(frozen=True)
class RetentionPutOff(EventData):
    kind = "retention.put_off"
    sentence = N_("Somebody asked to have their data kept longer.")


@dataclass(frozen=True)
class RetentionDeleted(EventData):
    kind = "retention.deleted"
    sentence = N_("An expert’s data was deleted, because its time had come.")


@dataclass(frozen=True)
class StatementChanged(EventData):
    kind = "statement.changed"
    sentence = N_("The organisation’s own text in its statement was changed.")
    language: str


@dataclass(frozen=True)
class FeedbackSent(EventData):
    kind = "feedback.sent"
    sentence = N_("Feedback on accessibility came.")
    told = True


@dataclass(frozen=True)
class FeedbackAnswered(EventData):
    kind = "feedback.answered"
    sentence = N_("Feedback on accessibility was answered.")
    told = True


@dataclass(frozen=True)
class MessageRetried(EventData):
    kind = "message.retried"
    sentence = N_("A message that had not left was sent again.")
