"""Pure decisions of the base map: reading addresses, comparing them, placing them in catchments."""
