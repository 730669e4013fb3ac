from datetime import timedelta

from kierto.messages.rules import WAITS, wait_after


def test_waits_grow_from_a_minute_to_six_hours() -> None:
    assert WAITS[0] == timedelta(minutes=1)
    assert WAITS[-1] == timedelta(hours=6)
    assert list(WAITS) == sorted(WAITS)


def test_a_message_is_given_up_after_about_two_days() -> None:
    attempts = 1
    waited = timedelta(0)
    while wait := wait_after(attempts):
        waited += wait
        attempts += 1
    assert timedelta(days=1, hours=18) < waited < timedelta(days=2, hours=6)
