"""What a request tells of its caller: enough to tell machines from people, and no address."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from flask import Request, current_app

from contentlib.core.config import Settings

LONGEST = 300
# Headers by the name under which they are kept; each is cut, none names a person.
HEADERS = {
    "agent": "User-Agent",
    "language": "Accept-Language",
    "accept": "Accept",
    "site": "Sec-Fetch-Site",
    "mode": "Sec-Fetch-Mode",
    "dest": "Sec-Fetch-Dest",
    "by_hand": "Sec-Fetch-User",
    "moz": "X-Moz",
    "via": "Via",
    "range": "Range",
}
Address = IPv4Address | IPv6Address


def address_of(request: Request) -> str:
    """Return the address that a request came from.

    Anybody can write any address into `X-Forwarded-For`, so it is believed only as far as the
    proxies of this installation wrote it: read from the right, the first address that is none of
    theirs is the caller's. Without trusted proxies the header means nothing.
    """
    said = request.headers.getlist("X-Forwarded-For")
    forwarded = [part.strip() for line in said for part in line.split(",")]
    return rightmost(request.remote_addr or "", forwarded, _settings().trusted_proxies)


def rightmost(peer: str, forwarded: list[str], trusted: list[str]) -> str:
    """Return the last address on the way here that is not a trusted proxy's own.

    What a trusted proxy forwards is believed; what is no address ends the way.
    """
    here = peer
    for said in reversed(forwarded):
        if not lies_in(here, trusted):
            return here
        if _address(said) is None:
            return here
        here = said
    return here


def lies_in(address: str, networks: list[str]) -> bool:
    """Tell whether an address belongs to one of some networks."""
    known = _address(address)
    if known is None:
        return False
    return any(known in ip_network(network, strict=False) for network in networks)


def network_of(address: str) -> str:
    """Return an address without what tells one household from the next: /24, or /48 of IPv6."""
    known = _address(address)
    if known is None:
        return ""
    return str(ip_network(f"{known}/{24 if known.version == 4 else 48}", strict=False))


def facts_of(request: Request) -> dict[str, Any]:
    """Return how a request was made, as `Hit.facts` keeps it; what was not said is left out."""
    address = address_of(request)
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose")
    facts = {
        "method": request.method,
        "network": network_of(address),
        "office": lies_in(address, _settings().office_networks),
        # Browsers tell some of the facts below only where nobody can listen.
        "secure": request.is_secure or request.host.partition(":")[0] in ("127.0.0.1", "localhost"),
        "purpose": (purpose or "")[:LONGEST],
        "referrer": urlsplit(request.referrer or "").hostname or "",
    }
    facts |= {name: request.headers.get(header, "")[:LONGEST] for name, header in HEADERS.items()}
    return {name: value for name, value in facts.items() if value not in ("", None, False)}


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
