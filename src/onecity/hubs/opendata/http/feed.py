"""DCAT-AP feed, Atom feed of changes, sitemap, robots.txt."""

from collections.abc import Iterator
from itertools import chain
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from onecity.hubs.opendata import api
from onecity.hubs.opendata.api import budgeted, fresh, unchanged
from onecity.hubs.opendata.contracts import DatasetView
from onecity.hubs.opendata.edge.feed import page_at, size_of, turtle_page
from onecity.hubs.opendata.rules.dcat import MEDIA, feed
from onecity.kernel.clock import now

__all__ = ["atom", "catalog", "robots", "sitemap"]

_SITEMAP = 5_000


def base() -> str:
    """Address of this portal without slash at the end."""
    return settings.BASE_URL.rstrip("/")


@require_safe
@budgeted
def catalog(request: HttpRequest, form: str) -> HttpResponse | StreamingHttpResponse:
    """A page of the DCAT-AP feed; `after` is the key behind which it begins, `size` at most 1,000. hydra:next leads on."""
    if form not in MEDIA:
        return HttpResponse("not found", status=404, content_type="text/plain")
    after, size = request.GET.get("after", "")[:60], size_of(request.GET.get("size", ""))
    if held := unchanged(request, None, api.generation()):
        return held
    if form == "ttl":
        total = api.total_open()
        body = turtle_page(base(), after, size, total, api.turtle_pieces(after, size + 1), now().isoformat())
        return fresh(request, HttpResponse(body, content_type=MEDIA[form]))
    views = api.catalogue_pages(after, size + 1)
    return fresh(request, StreamingHttpResponse(_page(form, after, size, views), content_type=MEDIA[form]))


def _page(form: str, after: str, size: int, views: Iterator[DatasetView]) -> Iterator[bytes]:
    """The last key of a page must be known before its head is written, so the datasets of one page are read beforehand."""
    held = list(views)
    following = held[size - 1].key if len(held) > size else ""
    page = page_at(base(), form, after, following, size, api.total_open(), now().isoformat())
    known = {topic.key: topic for topic in api.topics()}
    licences = {row["key"]: row for row in api.licences()}
    for piece in feed(form, page, held[:size], known, licences):
        yield piece.encode()


@require_safe
@budgeted
def atom(request: HttpRequest) -> HttpResponse:
    """The fifty newest changes as Atom (RFC 4287)."""
    if held := unchanged(request, None, api.generation()):
        return held
    entries = "".join(_entry(view) for view in api.recent(50))
    here = f"{base()}/open/changes.atom"
    body = (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>公共数据开放更新</title>'
        f'<id>{escape(here)}</id><link rel="self" href="{escape(here)}"/><updated>{now().isoformat()}</updated>{entries}</feed>'
    )
    return fresh(request, HttpResponse(body, content_type="application/atom+xml; charset=utf-8"))


def _entry(view: DatasetView) -> str:
    address = escape(f"{base()}/open/datasets/{view.key}")
    return (
        f'<entry><title>{escape(view.title)} v{view.version}</title><id>{address}#v{view.version}</id><link href="{address}"/>'
        f"<updated>{view.changed_at.isoformat()}</updated><author><name>{escape(view.provider_name)}</name></author>"
        f"<summary>{escape(view.abstract)}</summary></entry>"
    )


@require_safe
@budgeted
def sitemap(request: HttpRequest, number: int = 0) -> HttpResponse | StreamingHttpResponse:
    """sitemap.xml is an index when there are many datasets; each part holds 5,000 addresses."""
    total = api.total_open()
    parts = -(-total // _SITEMAP)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    if not number and parts > 1:
        inside = "".join(f"<sitemap><loc>{base()}/open/sitemap-{n}.xml</loc></sitemap>" for n in range(1, parts + 1))
        body = f'{head}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</sitemapindex>'
        return HttpResponse(body, content_type="application/xml")
    page = max(1, number)
    return StreamingHttpResponse(_addresses(head, page), content_type="application/xml")


def _addresses(head: str, number: int) -> Iterator[str]:
    yield f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    if number == 1:
        yield f"<url><loc>{base()}/open/</loc></url>"
    after = ""
    for _ in range(1, number):
        for view in chain(api.catalogue_pages(after, _SITEMAP)):
            after = view.key
    for view in api.catalogue_pages(after, _SITEMAP):
        yield f"<url><loc>{escape(base())}/open/datasets/{view.key}</loc><lastmod>{view.changed_at.date().isoformat()}</lastmod></url>"
    yield "</urlset>"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may walk: pages of datasets, not combinations of filters, not the desks."""
    lines = (
        "User-agent: *", "Allow: /open/", "Disallow: /open/datasets?*", "Disallow: /open/datasets/*/data.", "Disallow: /open/v1/",
        "Disallow: /api/",
        "Disallow: /desk/", "Disallow: /brain/", "Crawl-delay: 2", f"Sitemap: {base()}/open/sitemap.xml", "",
    )  # fmt: skip
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
