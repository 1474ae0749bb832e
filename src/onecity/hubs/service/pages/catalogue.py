"""Finding a service, and "do I qualify?" — both without logging in."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from onecity.hubs.service import api

__all__ = ["answers_in", "detail", "guide", "index"]


def answers_in(request: HttpRequest, *, post: bool = False) -> dict[str, str]:
    """Answers of the guide travel as `q_<question>`; at most ten are looked at."""
    given = request.POST if post else request.GET
    found = [(name[2:], value) for name, value in given.items() if name.startswith("q_") and isinstance(value, str)]
    return dict(found[:10])


def index(request: HttpRequest) -> HttpResponse:
    """All 一件事, narrowed by `q`."""
    words = request.GET.get("q", "").strip()[:60]
    found = [
        view
        for view in api.bundles()
        if _matches(words, view.name + view.summary + "".join(i.name for i in view.items))
    ]
    return render(request, "service/catalogue.html", {"bundles": found, "words": words})


def _matches(words: str, text: str) -> bool:
    """Any two neighbouring characters of the words in the text (孩子上学 finds 义务教育入学 through 孩子)."""
    if len(words) < 2:
        return words in text
    return any(words[i : i + 2] in text for i in range(len(words) - 1))


def detail(request: HttpRequest, bundle: str) -> HttpResponse:
    """What the service is, what it saves, what it rests on."""
    return render(request, "service/bundle.html", {"bundle": api.bundle(bundle)})


def guide(request: HttpRequest, bundle: str) -> HttpResponse:
    """The questions one by one; then what follows from the answers. Plain GET: the way back keeps the answers."""
    answers = answers_in(request)
    outcome = api.guide(bundle, answers, request.GET.get("area", "")[:15])
    context = {
        "bundle": api.bundle(bundle),
        "outcome": outcome,
        "answers": outcome.answers,
        "back": _back(outcome.answers),
    }
    return render(request, "service/guide.html", context)


def _back(answers: Mapping[str, str]) -> str | None:
    """Query of the question before; None at the first."""
    if not answers:
        return None
    return "?" + urlencode({f"q_{name}": value for name, value in list(answers.items())[:-1]})
