"""The live component page and the switches of the frame, without any hub mounted."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_hubs(settings: Any) -> None:
    settings.ROOT_URLCONF = "onecity.ui.tests.urls"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith(("onecity.hubs", "whitenoise"))]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"


COMPONENT_PAGES = ["ui.components", "ui.components.portal", "ui.components.desk", "ui.components.brain"]


@pytest.mark.parametrize("name", COMPONENT_PAGES)
def test_component_pages_open(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'id="main"' in text
    assert 'href="#main"' in text


def test_broken_form_lists_its_errors_on_top(client: Client) -> None:
    text = client.post(reverse("ui.components.form"), {}).content.decode()
    assert "error-summary" in text
    assert text.index("error-summary") < text.index('id="id_name"')


def test_elder_mode_is_remembered_and_shown(client: Client) -> None:
    answer = client.post(reverse("ui.elder"), {"elder": "on", "next": "/components"})
    assert answer.status_code == 302
    assert answer["Location"] == "/components"
    assert 'data-elder="on"' in client.get(reverse("ui.components")).content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_elder_switch_never_leads_to_a_stranger(client: Client, target: str) -> None:
    assert client.post(reverse("ui.elder"), {"elder": "on", "next": target})["Location"] == "/"


def test_language_switch_changes_the_page_s_language(client: Client) -> None:
    client.post(reverse("ui.language"), {"language": "en", "next": "/components"})
    assert '<html lang="en"' in client.get(reverse("ui.components")).content.decode()


def test_an_unknown_address_says_cause_remedy_phone_and_code(client: Client) -> None:
    answer = client.get("/no-such-page-anywhere")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "您可以" in text
    assert "12345" in text
    assert "错误代码" in text


def test_footer_carries_what_the_law_asks(client: Client) -> None:
    text = client.get(reverse("ui.components")).content.decode()
    for words in ("主办单位", "ICP备案", "公安备案", "网站标识码", "长者版"):
        assert words in text
