"""Rules about persons and what they are in organisations."""

from kierto.errors import Rule
from kierto.words import N_

EXPERT_APPROVED = Rule(
    "expert-approved", N_("Only an approved expert is given a seat. Ask your coordinator to approve you first.")
)
PERSON_REACHED_ONCE = Rule(
    "person-reached-once", N_("Somebody already uses this e-mail address or phone number. Give another one.")
)
EXPERT_ONCE = Rule("expert-once", N_("This person is in the organisation’s register of experts already."))
