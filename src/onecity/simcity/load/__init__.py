"""Getting the finished city into the hubs, one file a hub, through front doors only.

Owns the order and the shapes the front doors want. Refuses: to know a table of any hub.
"""
