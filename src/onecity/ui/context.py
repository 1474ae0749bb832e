"""Template context processor: `frame` in every template that is rendered with a request."""

from typing import Any

from django.http import HttpRequest

from onecity.ui.pages import frame_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """City, footer, navigation, visitor, elder mode."""
    return {"frame": frame_of(request)}
