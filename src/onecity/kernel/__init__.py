"""The kernel: ids, clock, actor and policy, audit, events, jobs, errors, crypto, files, packs, slots.

Owns what every hub needs and none may do its own way. Refuses to know any word of the city.
"""
