"""义务教育入学一件事: a child enrols in school without a single paper.

Owns the rules per district and year, schools with seats, rounds, candidates, draws and published lists.
Refuses applications, people's data, certificates and to-do lists: they live in the hubs and are used by their front doors.
"""
