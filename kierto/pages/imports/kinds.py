"""What the page of each import says: which columns its file has, how their headers are written, an example."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kierto.experts import importing as experts
from kierto.units import importing as units
from kierto.units import importing_hours as hours
from kierto.units.table import Column
from kierto.words import N_, current


class Explained(NamedTuple):
    """A column as people are told of it: its meaning, examples of two rows."""

    column: str
    meaning: str
    examples: tuple[str, str]
    yes_or_no: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of import. `above`: where its things are listed, and what that page is called."""

    kind: str
    address: str
    title: str
    lead: str
    above: tuple[str, str]
    columns: tuple[Column, ...]
    explained: tuple[Explained, ...]
    file_name: str

    def rows(self, *, example: bool) -> Iterator[list[str]]:
        """The header and, in an example, two rows under it."""
        yield [self.header(one.column) for one in self.explained]
        for row in (0, 1) if example else ():
            yield [one.examples[row] for one in self.explained]

    def header(self, column: str) -> str:
        """As it is written in the file of a reader of this language."""
        return self._column(column).headers[current()]

    def needs(self, column: str) -> bool:
        return self._column(column).required

    def _column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


UNITS = Kind(
    kind=units.KIND,
    address="/units/import",
    title=N_("Import units from a file"),
    lead=N_("One row for each unit. A unit with the same Finnish name is changed, others are added."),
    above=("/units/", N_("Units")),
    columns=units.IMPORT.columns,
    explained=(
        Explained("name_fi", N_("Name in Finnish"), ("Kallion terveysasema", "Malmin sairaala")),
        Explained("name_sv", N_("Name in Swedish"), ("Berghälls hälsostation", "")),
        Explained("name_en", N_("Name in English"), ("", "")),
        Explained("service", N_("Kind of service, from the list below"), ("terveysasema", "osasto")),
        Explained("street_address", N_("Street address"), ("Toinen linja 4 C", "Talvelantie 6")),
        Explained("municipality", N_("Municipality"), ("Helsinki", "Helsinki")),
        Explained(
            "arrival_fi",
            N_("How to find the place, in Finnish"),
            ("Ovi B, 2. kerros", ""),
        ),
        Explained("arrival_sv", N_("How to find the place, in Swedish"), ("", "")),
        Explained("step_free", N_("One gets in without steps"), ("kyllä", "ei"), True),
        Explained("lift", N_("Lift"), ("kyllä", ""), True),
        Explained("accessible_wc", N_("Accessible toilet"), ("kyllä", ""), True),
        Explained("induction_loop", N_("Induction loop"), ("ei", ""), True),
        Explained("parking", N_("Parking for disabled people"), ("", "kyllä"), True),
        Explained("quiet_room", N_("Quiet room for a break"), ("", ""), True),
    ),
    file_name="units",
)

HOURS = Kind(
    kind=hours.KIND,
    address="/units/hosting-hours/import",
    title=N_("Import hosting hours from a file"),
    lead=N_("One row for each time of the week. The rows of a unit replace all the hours that it had."),
    above=("/units/", N_("Units")),
    columns=hours.IMPORT.columns,
    explained=(
        Explained("unit", N_("Name of the unit in any language"), ("Kallion terveysasema",) * 2),
        Explained(
            "weekday",
            N_("Day of the week: a name, long or short, or a number; 1 is Monday"),
            ("ti", "to"),
        ),
        Explained("from", N_("When the time begins"), ("9.00", "12.00")),
        Explained("to", N_("When the time ends"), ("11.30", "16.00")),
    ),
    file_name="hosting-hours",
)

EXPERTS = Kind(
    kind=experts.KIND,
    address="/experts/import",
    title=N_("Import experts from a file"),
    lead=N_("One row for each person. They go into your register as approved experts."),
    above=("/experts/", N_("Experts")),
    columns=experts.IMPORT.columns,
    explained=(
        Explained(
            "name",
            N_("Name, or the columns for first and last name"),
            ("Maija Mallikas", "Olli Esimerkki"),
        ),
        Explained("email", N_("E-mail address"), ("maija@example.fi", "")),
        Explained("phone", N_("Phone number"), ("040 123 4567", "041 765 4321")),
        Explained("municipality", N_("Municipality where the person lives"), ("Helsinki", "Porvoo")),
        Explained("languages", N_("Languages, with commas between"), ("suomi, ruotsi", "suomi")),
        Explained(
            "home_base",
            N_("The body that supports the expert"),
            ("Mallila ry", ""),
        ),
        Explained("training", N_("Training as an expert"), ("Kokemusasiantuntijakoulutus 2024", "")),
        Explained("inducted_on", N_("Day of the induction"), ("2.9.2024", "")),
        Explained(
            "undertaking_on",
            N_("Day of the undertaking of secrecy"),
            ("2.9.2024", ""),
        ),
        Explained("contract_until", N_("Last day of the contract"), ("31.12.2028", "")),
        Explained(
            "consent_on",
            N_("Day on which the person consented on paper to being in the register"),
            ("2.9.2024", ""),
        ),
        Explained("same_person", N_("Only if we ask: “yes” or “no”"), ("", "")),
    ),
    file_name="experts",
)
