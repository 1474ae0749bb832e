"""Screens of the process hub: the desk's lists with the opened item, the working calendar. They call the api."""
