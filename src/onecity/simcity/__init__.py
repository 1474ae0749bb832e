"""The synthetic city: owns invention of residents, firms, departments' copies and the truth kept aside.

It refuses to decide anything for the platform and to write any hub's table: what it makes enters by front doors.
"""
