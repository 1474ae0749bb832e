"""资源目录: what data the city has, who answers for it, and the data themselves.

Owns: resources with the national fields, arrivals and their checks, quarantine, versions, corrections（校核）.
Refuses to own: who may use the data for what (exchange), the meaning of persons and firms (registers).
"""
