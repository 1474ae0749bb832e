"""无证明城市 — certificates that are data: issued once, shown from a phone, checked by anybody, ended by their issuer.

Owns: certificate types, certificates, their signatures and seals, showing, checking, status. Refuses to own: why a
certificate
is issued (the deciding hub knows) and who a person is (`identity` and `registers` know).
"""
