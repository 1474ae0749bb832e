"""Pure decisions of this hub: no Django, no clock, no database. Each gets what it judges and the day it judges by."""
