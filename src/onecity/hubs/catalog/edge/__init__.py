"""The agent of a front machine（前置机）: code that runs without Django, away from the hub."""
