"""Demonstrations and browser stories: a stage (a throw-away instance), visitors (browser windows), and what is played on it.

Needs Playwright and Chromium, which come with the development packages; the running product never imports this package.
"""
