"""数字底板: the ground everything stands on: divisions through time, addresses, catchments, outlines.

Owns place names, codes, addresses and who serves which place. Refuses to know who lives there.
"""
