"""Any amount of invented data, for measuring: the same seed on the same day gives the same data.

Rows go into the tables in bulk, past the actions, so everything that the actions would have kept true is kept true
here: constraints, counters, states, days and times.
"""
