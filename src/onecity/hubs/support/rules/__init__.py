"""Pure decisions of this hub: texts, quiet hours, numbers, files. No Django, no clock, no reading or writing."""
