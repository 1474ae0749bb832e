"""同义词: the bureau's page of words that mean the same to those who search."""

import re
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import SynonymGroup
from onecity.hubs.catalog.errors import SynonymsUnknown
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.ui.pages import render

__all__ = ["synonyms"]

_BETWEEN = re.compile(r"[\s,，、;；/]+")


@require_http_methods(["GET", "POST"])
def synonyms(request: HttpRequest) -> HttpResponse:
    """The list, with a form to add a group and one beside each own group to withdraw it; each group leads to a search."""
    given, fault = request.POST, ""
    if request.method == "POST":
        try:
            messages.success(request, _changed(request))
            return HttpResponseRedirect(request.get_full_path())
        except CityError as error:
            fault = " ".join(part for part in (str(error.text), str(error.hint)) if part)
    text = request.GET.get("q", "")[:60]
    found = [(one, _search(one)) for one in api.synonym_groups(text)]
    context = {
        "q": text, "own": [one for one in found if one[0].id], "house": [one for one in found if not one[0].id], "fault": fault,
        "words": given.get("words", "")[:300], "source": given.get("source", "")[:120],
    }  # fmt: skip
    return render(request, "catalog/synonyms.html", context, status=422 if fault else 200)


def _changed(request: HttpRequest) -> str:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = request.POST
    if "withdraw" not in given:
        words = [word for word in _BETWEEN.split(given.get("words", "")[:300]) if word]
        api.add_synonyms(actor, words=words, source=given.get("source", ""))
        return _("已加入，检索立即按新的同义词查找")
    if not (given["withdraw"].isascii() and given["withdraw"].isdecimal() and len(given["withdraw"]) < 16):
        raise SynonymsUnknown
    api.withdraw_synonyms(actor, group=int(given["withdraw"]), reason=given.get("reason", "")[:500])
    return _("已停用，检索不再按这组词查找")


def _search(one: SynonymGroup) -> str:
    return f"{reverse('catalog.search')}?{urlencode({'q': one.words[0]})}"
