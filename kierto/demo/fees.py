"""What the demo's organisations pay experts: rates decided for each year of the story, this year's among them."""

from kierto.actor import Actor
from kierto.demo.places import COAST, HELSINKI
from kierto.units.fees import Rates, set_rates
from kierto.units.models import Organisation

RATES = {
    HELSINKI: Rates(
        fee_cents=70_00,
        cancellation_cents=35_00,
        late_hours=24,
        travel_paid=True,
        paid_by="Helsingin kaupunki, palkanlaskenta",
    ),
    COAST: Rates(
        fee_cents=62_50,
        cancellation_cents=0,
        late_hours=24,
        travel_paid=True,
        paid_by="Länsi-Uudenmaan hyvinvointialue / Västra Nylands välfärdsområde",
    ),
}


def decide(coordinator: Actor, organisation: Organisation, key: str, year: int) -> None:
    """A coordinator decides the year's rates."""
    set_rates(coordinator, organisation, year, RATES[key])
