"""HTTP routes of the process hub: parse, call the api, present."""
