"""流程: every human task of every hub, the paths between them, the legal clocks and the decision tables.

Owns definitions, instances, tokens, work items, their history, the working calendar and decision tables.
Refuses to know what a matter is about: it keeps a reference, and other hubs describe it through the slot `desk.item`.
"""
