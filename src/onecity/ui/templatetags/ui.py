"""The one library pages load: `{% load ui %}` brings filters, parts, lists, figures and blocks."""

from django import template

from onecity.ui.templatetags import ui_blocks, ui_figures, ui_formats, ui_lists, ui_parts

register = template.Library()

for _library in (ui_formats.register, ui_parts.register, ui_blocks.register, ui_lists.register, ui_figures.register):
    register.tags.update(_library.tags)
    register.filters.update(_library.filters)
