"""A list leaving as a file: asked for by POST, a large one only after its reason was asked, sent as an attachment.

Owns: the question for the reason and the headers of the answer. Refuses: to write the file or to leave the trace — the caller's
`write` does both behind its front door.
"""

from collections.abc import Callable
from typing import Protocol
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from onecity.ui.pages import render

__all__ = ["ExportFile", "send_export"]

SHORTEST_REASON = 4


class ExportFile(Protocol):
    """What `write` gives back."""

    @property
    def name(self) -> str:
        """File name with ending."""
        ...

    @property
    def content(self) -> bytes:
        """The bytes."""
        ...

    @property
    def media_type(self) -> str:
        """IANA media type."""
        ...


def send_export(
    request: HttpRequest, *, title: str, rows: int, ask_above: int, write: Callable[[str], ExportFile], back: str
) -> HttpResponse:
    """The file, or the page that asks why when more than `ask_above` rows would leave. `back` is the list's address.

    `write` receives the reason ("" for a small list); its CityErrors pass through.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    reason = request.POST.get("reason", "").strip()[:500]
    if rows > ask_above and len(reason) < SHORTEST_REASON:
        asked = {"title": title, "rows": rows, "limit": ask_above, "reason": reason, "back": back}
        return render(request, "ui/export_reason.html", asked, status=422 if "reason" in request.POST else 200)
    made = write(reason)
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name)}"
    answer["Cache-Control"] = "no-store"
    return answer
