"""Use, freshness and a standing verification decide between equals, and never beat better words."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.finding import preferences
from contentlib.library.models import Asset
from contentlib.search import Engine
from contentlib.usage import service as usage
from contentlib.usage.models import Action
from tests.finding.corpus import add_asset, days_from_now, index_everything
from tests.finding.test_understood import titles

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def preferring(
    app: Flask, engine: Engine, sign_in: SignIn, seller: User, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., list[str]]]:
    """Search for a word with some of the preferences on."""
    settings = app.extensions["settings"]

    def found(*parts: str, words: str = "zarcão") -> list[str]:
        index_everything(engine)
        changed = settings.model_copy(update={"search_boosts": [*parts]})
        monkeypatch.setitem(app.extensions, "settings", changed)
        app.extensions.pop(preferences.KEPT, None)
        return titles(sign_in(seller).get(f"/search?q={words}").text)

    yield found
    app.extensions.pop(preferences.KEPT, None)


def add(marketer: User, name: str, days_old: int = 500, **facts: object) -> Asset:
    return add_asset(
        marketer, f"Zarcão {name}", published_at=now() - timedelta(days=days_old), **facts
    )


def use(asset: Asset, by: User, *, times: int) -> None:
    for number in range(times):
        usage.record(
            Action.SENT_OUTSIDE,
            asset_id=asset.id,
            version_id=asset.published_version_id,
            actor_id=by.id,
            idempotency_key=f"{asset.id}-{number}",
            occurred_at=now() - timedelta(hours=number),
        )
    db.session.commit()


def test_of_equals_the_one_that_is_used_comes_first(
    preferring: Callable[..., list[str]], seller: User, marketer: User
) -> None:
    used = add(marketer, "azul")
    add(marketer, "verde", days_old=499)
    use(used, seller, times=4)
    assert preferring("used") == ["Zarcão azul", "Zarcão verde"]
    assert preferring() == ["Zarcão verde", "Zarcão azul"]


def test_of_equals_the_verified_one_comes_first(
    preferring: Callable[..., list[str]], marketer: User
) -> None:
    add(marketer, "azul")
    add(marketer, "verde", days_old=499, review_due=days_from_now(-1))
    assert preferring("verified") == ["Zarcão azul", "Zarcão verde"]
    assert preferring() == ["Zarcão verde", "Zarcão azul"]


def test_freshness_outweighs_a_verification_that_lapsed(
    preferring: Callable[..., list[str]], marketer: User
) -> None:
    add(marketer, "azul", days_old=900)
    add(marketer, "verde", days_old=1, review_due=days_from_now(-1))
    assert preferring("verified") == ["Zarcão azul", "Zarcão verde"]
    assert preferring("verified", "fresh") == ["Zarcão verde", "Zarcão azul"]


def test_all_together_never_beat_better_words(
    preferring: Callable[..., list[str]], seller: User, marketer: User
) -> None:
    better = add(marketer, "e gergelim", review_due=days_from_now(-1))
    everything = add_asset(marketer, "Zarcão novo", ("gergelim",), published_at=now())
    use(everything, seller, times=6)
    assert preferring("used", "fresh", "verified", words="zarcão gergelim") == [
        better.title,
        everything.title,
    ]
