"""Attachments in the page: preview with watermark, turn, download."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header

from onecity.hubs.support import api
from onecity.kernel.actor import Actor, ActorKind

__all__ = ["content", "preview"]


def preview(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """GET shows, POST turns by a quarter."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        api.rotate_attachment(actor, attachment_id=attachment_id, by=270 if request.POST.get("way") == "back" else 90)
        return HttpResponseRedirect(reverse("support.attachment", args=[attachment_id]))
    found = api.attachment(actor, attachment_id)
    limits = api.attachment_limits()
    return render(
        request, "support/attachment.html",
        {
            "base": "ui/desk.html" if actor.kind is ActorKind.STAFF else "ui/portal.html", "file": found,
            "href": reverse("support.attachment_file", args=[attachment_id]), "size": f"{found.size / 1024:,.0f} KB",
            "limits": limits, "largest": limits.largest // 1024 // 1024,
        },
    )  # fmt: skip


def content(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """The bytes: watermarked for the page, the original with `?download=1`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    download = request.GET.get("download") == "1"
    file = api.attachment_content(actor, attachment_id, preview=not download)
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(download, file.name) or "inline"
    response["Cache-Control"] = "private, no-store"
    # The preview stands in a frame of our own page; scripts inside a file stay powerless.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    return response
