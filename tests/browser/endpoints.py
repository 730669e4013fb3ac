"""What the crawl must know of endpoints: no pages, mere presses, and how forms are filled in wrongly."""

NO_PAGES = {
    "static": "files",
    "calendars.public_feed": "a calendar",
    "health.health": "JSON",
    "imports.file_of_experts": "a file",
    "imports.file_of_hours": "a file",
    "imports.file_of_units": "a file",
    "meetings.back": "leads to the meeting",
    "meetings.back_from_seat": "leads to the meeting",
    "making_passes.end_of_expert": "leads to the pass",
    "making_passes.end_own": "leads to the pass",
    "making_passes.own_paper": "shown right after making it: test_paper_pass.py looks at it",
    "making_passes.paper_of_expert": "the same for an expert",
    "passes.back": "leads to the meetings",
    "passes.back_from_seat": "leads to the meetings",
    "passes.show": "opened with digits: test_paper_pass.py looks at it",
    "practices.back_to_practice": "leads to the practice",
    "practices.back_to_unit": "leads to the unit",
    "rounds.back": "leads to the round",
}
PRESSES = {
    "demo.enter",
    "jobs.save",
    "jobs.stop",
    "meetings.answer",
    "meetings.give_up",
    "meetings.take",
    "making_passes.end_of_expert",
    "making_passes.end_own",
    "passes.answer",
    "passes.close",
    "passes.give_up",
    "rounds.open_for_booking",
    "sign_in.enter",
    "sign_in.leave",
}
"""What a button does by itself: there is nothing to fill in."""

MISTAKES: dict[str, dict[str, str]] = {
    "making_passes.digits_of_expert": {"digits": "12"},
    "making_passes.of_expert": {"digits": "1111", "again": "1112"},
    "making_passes.own": {"digits": "1234", "again": "1234"},
    "making_passes.own_digits": {"digits": ""},
    "passes.ask": {"digits": "12"},
    "practices.agree": {"experts": "0", "workers": ""},
    "practices.answer": {},
    "practices.edit": {"title": "", "start_doing": ""},
    "practices.new": {"title": ""},
    "rounds.book_unit": {"day": "1.1.2020", "time": "25"},
    "rounds.choose": {"order_": "x"},
    "rounds.new": {"name_fi": "", "minutes": "-5", "until_on": "1.1.2020"},
    "imports.import_experts": {},
    "imports.import_hours": {},
    "imports.import_units": {},
}
"""How a person fills a form in wrongly: fields by the beginning of their names; the others are left as they are."""
