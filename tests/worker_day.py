"""What a worker does with what was recorded: events to messages, messages out."""

from datetime import timedelta

from flask import Flask

from kierto.worker.delivery import Delivery, FanOut


def messages_sent(app: Flask) -> None:
    """Every message that is due leaves."""
    fan_out = FanOut()
    while fan_out.step():
        pass
    Delivery(app.config["KIERTO"], timedelta(minutes=5)).run(lambda: True)
