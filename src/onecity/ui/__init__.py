"""The face of the house: base templates, components, tokens, template tags, form rendering, map and chart modules.

Owns how a page looks and reads in every state. Knows no hub: pages hand it plain contracts (`onecity.ui.contracts`).
"""
