"""Behind a proxy: who asked is believed from trusted proxies alone."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from onecity.site.configuration import ConfigurationError, read
from onecity.site.proxies import TrustedProxies, asker

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")]


@pytest.mark.parametrize(
    ("direct", "forwarded", "who"),
    [
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.5", "6.6.6.6, 198.51.100.7, 10.0.0.9", "198.51.100.7"),
        ("10.0.0.5", "10.0.0.7, 10.0.0.9", "10.0.0.7"),
        ("10.0.0.5", "198.51.100.7, garbage", "10.0.0.5"),
        ("10.0.0.5", "<script>", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.7:5123", "198.51.100.7"),
        ("10.0.0.5", "[2001:db9::1]:443", "2001:db9::1"),
        ("::ffff:10.0.0.5", "198.51.100.7", "198.51.100.7"),
        ("2001:db8::1", "198.51.100.7", "198.51.100.7"),
        ("", "1.2.3.4", ""),
    ],
)
def test_who_asked(direct: str, forwarded: str, who: str) -> None:
    assert asker(direct, forwarded, TRUSTED) == who


def _seen(settings: Any, trusted: tuple[str, ...], direct: str) -> tuple[HttpRequest, HttpResponse]:
    settings.TRUSTED_PROXIES = trusted
    kept: list[HttpRequest] = []

    def answer(request: HttpRequest) -> HttpResponse:
        kept.append(request)
        response = HttpResponse("")
        response.set_cookie("session", "x")
        return response

    request = RequestFactory().get(
        "/", REMOTE_ADDR=direct, HTTP_X_FORWARDED_FOR="198.51.100.7", HTTP_X_FORWARDED_PROTO="https"
    )
    response = TrustedProxies(answer)(request)
    return kept[0], response


def test_a_trusted_proxy_names_the_asker_and_https_marks_cookies(settings: Any) -> None:
    request, response = _seen(settings, ("10.0.0.0/8",), "10.0.0.5")
    assert request.META["REMOTE_ADDR"] == "198.51.100.7"
    assert request.is_secure()
    assert response.cookies["session"]["secure"]


@pytest.mark.parametrize(("trusted", "direct"), [((), "10.0.0.5"), (("10.0.0.0/8",), "203.0.113.9")])
def test_anybody_else_is_not_believed(settings: Any, trusted: tuple[str, ...], direct: str) -> None:
    request, response = _seen(settings, trusted, direct)
    assert request.META["REMOTE_ADDR"] == direct
    assert not request.is_secure()
    assert not response.cookies["session"]["secure"]
    assert "HTTP_X_FORWARDED_FOR" not in request.META


def test_the_setting_takes_addresses_and_networks_and_refuses_the_rest(tmp_path: Any) -> None:
    home = {"ONECITY_HOME": str(tmp_path)}
    assert read(home).trusted_proxies == ()
    assert read(home | {"TRUSTED_PROXIES": "10.0.0.5, 10.1.0.0/16"}).trusted_proxies == ("10.0.0.5", "10.1.0.0/16")
    for wrong in ("proxy.local", "10.0.0.5/8", "0.0.0.0/0", "::/0"):
        with pytest.raises(ConfigurationError, match="TRUSTED_PROXIES"):
            read(home | {"TRUSTED_PROXIES": wrong})
