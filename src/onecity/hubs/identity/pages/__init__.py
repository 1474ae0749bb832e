"""Screens of this hub: login and its steps, one's own account, the administrators' pages. They call the api only."""
