"""一网通办: items, bundles（一件事）, forms, applications, decisions, results, ratings.

Owns what a resident asks of the city and how far it has come. Refuses to own the data it shows (the departments do, through
`exchange`), the tasks people do for it (`process`), the certificate that results (`credential`), and the rules of any single
matter (packs supply them through `ports.Decider`).
"""
