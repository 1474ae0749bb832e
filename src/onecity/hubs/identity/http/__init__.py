"""HTTP routes of this hub: parse, call the api, present."""
