"""What a row of the table of permissions is, and the groups of the cast that its rows name.

A row is a method, an address and, in its brackets, the cast's thing that it is tried with. Whoever is not named gets
the last status. 404: there is nothing to see for them; 403: they see it, but it is not theirs to do; 302 and 303: done,
or sent to where it is; 422: it is theirs to do, and the empty form that the test sends is not enough.
"""

from dataclasses import dataclass

COORDINATOR = ("coordinator",)
EXPERTS = ("expert", "other_expert", "third_expert")
# What belongs to an organisation is seen by those who work or act in it; a decision-maker sees reports.
INSIDE = ("coordinator", "host", "other_host", "staff", "worker", *EXPERTS)
ITS_UNIT = ("coordinator", "host", "staff")
ITS_HOST = ("coordinator", "host")
COORDINATORS = ("coordinator", "neighbour")
ADMINISTRATOR = ("administrator",)
SIGNED_IN = (*INSIDE, "applicant", "decision_maker", "neighbour", "administrator", "outsider")


@dataclass(frozen=True)
class Row:
    """`statuses` are tried in their order: the first group that has the person counts."""

    method: str
    address: str
    statuses: dict[int, tuple[str, ...]]
    others: int

    def expected(self, name: str) -> int:
        return next((status for status, names in self.statuses.items() if name in names), self.others)


PUBLIC: dict[int, tuple[str, ...]] = {}
