"""The row API on the portal's own address: the same answers as in the gateway process, for who has no other address."""

from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onecity.hubs.opendata import api
from onecity.hubs.opendata.api import fresh, rest_of_window, slowed, unchanged
from onecity.hubs.opendata.edge.allowance import DAY, MINUTE
from onecity.hubs.opendata.errors import BadQuery, Slowly
from onecity.kernel.clock import CITY_ZONE, wall_now
from onecity.kernel.errors import CityError
from onecity.kernel.http_status import status_of
from onecity.kernel.problems import problem_response

__all__ = ["rows"]


@require_safe
def rows(request: HttpRequest, key: str) -> HttpResponse:
    """GET /open/v1/<dataset>/rows with a key in X-Api-Key (or `key=`)."""
    try:
        return _answered(request, key)
    except Slowly as error:
        return slowed(request, error)
    except CityError as error:
        answer: HttpResponse = problem_response(request, error)
        answer.status_code = status_of(error)
        answer["Cache-Control"] = "no-store"
        return answer


def _answered(request: HttpRequest, key: str) -> HttpResponse:
    shelf, tables = api.web_tables()
    held = shelf.key(request.headers.get("X-Api-Key", "") or request.GET.get("key", ""))
    for seconds, limit in ((MINUTE, held.per_minute), (DAY, held.per_day)):
        if not api.spend(f"key:{held.id}:{seconds}", limit, seconds):
            raise Slowly(data={"limit": limit, "seconds": seconds, "retry_after": rest_of_window()})
    facts = shelf.dataset(key, held.account, wall_now().astimezone(CITY_ZONE).date())
    if same := unchanged(request, facts.as_of, facts.version):
        return same
    try:
        asked = request.META.get("QUERY_STRING", "").encode("latin-1", "replace").decode("utf-8")
        pairs = parse_qsl(asked, keep_blank_values=True, errors="strict", max_num_fields=30)
    except (ValueError, UnicodeError):
        raise BadQuery() from None
    body, media, query = tables.answer(facts, pairs)
    if query.single and not api.spend(f"single:{held.id}:{key}", max(1, held.per_minute // 2)):
        api.report_crawl(f"key:{held.id}", key)
        raise Slowly(text="正在逐条枚举数据，已放慢并记录", data={"retry_after": rest_of_window()})
    api.count_use(key, "api")
    api.count_key(held.id)
    answer = fresh(request, HttpResponse(body, content_type=media))
    answer["Vary"] = "X-Api-Key"
    answer["Cache-Control"] = "private, no-cache"
    return answer
