"""The first day of a real city: one workbook, judged row by row, written by the hubs it belongs to.

Owns: the template of the workbook, the judgement across hubs, the one transaction over all of them.
Refuses: demonstration accounts, a second run on a city that has people, and to write anything while a row is wrong.
"""
