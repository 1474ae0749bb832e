"""How Django forms are drawn: label, hint, error, source line, and a summary of errors on top.

Set `FORM_RENDERER = "onecity.ui.forms.Renderer"`. A form may carry `sources: Mapping[field name, Source]`; the
source line then stands under the field. Refuses to validate anything.
"""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Django's own renderer with our form and field templates."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
