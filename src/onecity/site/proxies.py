"""Who asked, when a reverse proxy stands in front.

Owns: `X-Forwarded-For` and `X-Forwarded-Proto`, believed from the proxies of TRUSTED_PROXIES alone, and the Secure mark of
cookies that travel over HTTPS. Refuses: both headers from anybody else; they are removed, so that nothing reads them.
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

__all__ = ["TrustedProxies", "asker"]

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")
LONGEST_CHAIN = 50
Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]


def asker(direct: str, forwarded: str, trusted: Networks) -> str:
    """Address of whoever asked: the last of the chain that is none of ours. A chain that cannot be read is not believed.

    `direct`: the address of the connection; `forwarded`: X-Forwarded-For, nearest last.
    """
    here = _address(direct)
    if here is None or not _ours(here, trusted):
        return direct
    found = here
    for part in reversed(forwarded.split(",")[-LONGEST_CHAIN:]):
        said = _address(part)
        if said is None:
            break
        found = said
        if not _ours(said, trusted):
            break
    return str(found)


def _address(text: str) -> Address | None:
    """An address as proxies write it: `[v6]:port` and `v4:port` lose the port, a v4 inside v6 is the v4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _ours(address: Address, trusted: Networks) -> bool:
    return any(address in network for network in trusted)


class TrustedProxies:
    """First of all middleware: from here on REMOTE_ADDR is who asked, and `is_secure` says how."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer
        self.trusted: Networks = [ip_network(text) for text in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        direct, said = request.META.get("REMOTE_ADDR", ""), {key: request.META.pop(key, "") for key in FORWARDED}
        here = _address(direct)
        if here is not None and _ours(here, self.trusted):
            request.META["REMOTE_ADDR"] = asker(direct, said["HTTP_X_FORWARDED_FOR"], self.trusted)
            if said["HTTP_X_FORWARDED_PROTO"].rpartition(",")[2].strip().lower() == "https":
                request.META["wsgi.url_scheme"] = "https"
        response = self.answer(request)
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response
