"""Template tags and filters of the design system; pages load them all with `{% load ui %}`."""
