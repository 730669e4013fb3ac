"""What the crawl must know of endpoints: no pages, mere presses, and how forms are filled in wrongly."""

NO_PAGES = {
    "static": "files",
    "calendars.public_feed": "a calendar",
    "health.health": "JSON",
    "units.template": "a file",
    "meetings.back": "leads to the meeting",
    "meetings.back_from_seat": "leads to the meeting",
    "practices.back_to_practice": "leads to the practice",
    "practices.back_to_unit": "leads to the unit",
    "rounds.back": "leads to the round",
}
PRESSES = {
    "demo.enter",
    "jobs.stop",
    "meetings.answer",
    "meetings.give_up",
    "meetings.take",
    "rounds.open_for_booking",
    "sign_in.enter",
    "sign_in.leave",
}
"""What a button does by itself: there is nothing to fill in."""

MISTAKES: dict[str, dict[str, str]] = {
    "practices.agree": {"experts": "0", "workers": ""},
    "practices.answer": {},
    "practices.edit": {"title": "", "start_doing": ""},
    "practices.new": {"title": ""},
    "rounds.book_unit": {"day": "1.1.2020", "time": "25"},
    "rounds.choose": {"order_": "x"},
    "rounds.new": {"name_fi": "", "minutes": "-5", "until_on": "1.1.2020"},
    "units.import_units": {},
}
"""How a person fills a form in wrongly: fields by the beginning of their names; the others are left as they are."""
