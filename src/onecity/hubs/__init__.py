"""The city's organs. Each hub is entered only by its front door: `api`, `contracts`, `events`, `errors`, `ports`.

A hub calls front doors below it in the order of `DESIGN`; facts travel up as events. No hub imports another hub's
models, and no table points at another hub's table.
"""
