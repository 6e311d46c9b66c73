"""Where a request came from is believed only as far as our own proxies say it."""

import pytest
from flask import Flask, request

from contentlib.core.config import Settings
from contentlib.core.errors import ContentlibError
from contentlib.sharing.visits.caller import facts_of, lies_in, network_of, rightmost

PROXIES = ["10.0.0.0/8", "2001:db8:1::/48"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.2", ["6.6.6.6", "198.51.100.1", "10.0.0.7"], "198.51.100.1"),
        ("10.0.0.2", ["6.6.6.6", "nonsense"], "10.0.0.2"),
        ("10.0.0.2", [], "10.0.0.2"),
        ("2001:db8:1::5", ["2001:db8:9::7"], "2001:db8:9::7"),
        ("::ffff:10.0.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("", ["198.51.100.1"], ""),
    ],
)
def test_the_rightmost_address_that_is_no_proxy_of_ours_counts(
    peer: str, forwarded: list[str], address: str
) -> None:
    assert rightmost(peer, forwarded, PROXIES) == address
    assert rightmost(peer, forwarded, []) == peer


def test_only_the_network_of_an_address_is_kept() -> None:
    assert network_of("203.0.113.77") == "203.0.113.0/24"
    assert network_of("2001:db8:9:8:7::1") == "2001:db8:9::/48"
    assert network_of("::ffff:203.0.113.77") == "203.0.113.0/24"
    assert network_of("nonsense") == ""


def test_no_fact_of_a_request_holds_its_address(app: Flask) -> None:
    headers = {
        "User-Agent": "x" * 900,
        "X-Forwarded-For": "198.51.100.44",
        "Sec-Purpose": "prefetch",
        "Referer": "https://mail.example/inbox?message=secret",
    }
    with app.test_request_context(headers=headers, environ_base={"REMOTE_ADDR": "203.0.113.77"}):
        facts = facts_of(request)
    assert facts["network"] == "203.0.113.0/24"
    assert facts["purpose"] == "prefetch"
    assert facts["referrer"] == "mail.example"
    assert len(facts["agent"]) == 300
    assert not any(word in str(facts) for word in ("203.0.113.77", "198.51.100", "secret"))


def test_offices_are_known_by_their_networks() -> None:
    assert lies_in("203.0.113.77", ["203.0.113.64/26"])
    assert not lies_in("203.0.113.7", ["203.0.113.64/26"])


@pytest.mark.parametrize("name", ["trusted_proxies", "office_networks"])
def test_a_network_that_is_none_is_a_sentence_at_the_start(name: str) -> None:
    with pytest.raises((ValueError, ContentlibError), match="is not a network"):
        Settings(_env_file=None, **{name: ["our office"]})
