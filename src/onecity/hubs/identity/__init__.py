"""统一身份: who someone is, which post they hold, for whom they may act, and whether they are signed in.

Owns organisations (time-valid, five levels), accounts of residents, enterprises and staff, posts, roles scoped by
organisation and area, mandates with their source, login and sessions, the three separated administrators.
Refuses to own: kinship and population (registers), divisions and addresses (basemap), consents (exchange), work items
(process). It never stores a bare citizen number or mobile number.
"""
