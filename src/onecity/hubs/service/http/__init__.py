"""HTTP face of the service hub: parse, call the api, present."""
