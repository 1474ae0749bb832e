"""共享交换: who may use which data for what, and the proof of every single use.

Owns: interfaces over resources, requests, grants, consents, live sources, the gateway, metering, the proof log.
Refuses to own: the data (catalog, registers), the meaning of a purpose (the matter's own hub).
"""
