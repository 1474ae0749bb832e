"""Where a request comes from, as far as its address tells. Refuses to locate people: 本机, 内网 or half an address."""

from ipaddress import IPv6Address, ip_address

__all__ = ["network_of", "place_of"]


def network_of(address: str) -> str:
    """What login failures are counted by: an IPv4 address, the /64 of an IPv6 address, or the text cut to 64 signs."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return address.strip()[:64]
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> 64 << 64)) + "/64"
    return str(found)


def place_of(address: str) -> str:
    """The origin as shown to its owner beside the last login."""
    try:
        found = ip_address(address.removesuffix("/64"))
    except ValueError:
        return "未知位置"
    if found.is_loopback:
        return "本机"
    if found.is_private:
        return f"内网 {address}"
    return (
        ".".join([*address.split(".")[:2], "*", "*"]) if found.version == 4 else ":".join(address.split(":")[:3]) + ":*"
    )
