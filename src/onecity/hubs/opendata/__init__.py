"""数据开放: what the public may read of the city's data, checked before it leaves.

Owns open datasets, their release check and secrecy review, snapshots for download and row API, keys, feedback, uses, counts.
Refuses to own the data (`catalog`), to read them around the exchange, and to open anything nobody has signed for.
"""
