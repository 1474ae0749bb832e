"""Pure decisions of this hub: the signed payload, states, fields, masking. No Django, no clock, no reading or
writing.
"""
