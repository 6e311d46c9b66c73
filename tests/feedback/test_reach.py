"""What was said of a material exists for whoever sees the material, and for nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.feedback import comments, flags, suggestions, wins
from contentlib.library import service, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from tests import factories
from tests.feedback.conftest import script

SignIn = Callable[[User], FlaskClient]
HIDING = {
    "draft": lambda asset: setattr(asset, "status", "draft"),
    "archived": service.archive,
    "expired": lambda asset: setattr(asset, "valid_until", firm_today() - timedelta(days=1)),
}


def everything(asset: Asset, by: User) -> dict[str, int]:
    """Say something of each kind; return the numbers of the rows by kind."""
    version, told = asset.published_version, {"by": by, "today": firm_today()}
    rows = {
        "comments": comments.say(version, "Segredo um", **told),
        "suggestions": suggestions.suggest(version, note="Segredo dois", **told),
        "flags": flags.raise_flag(version, reason="Segredo três", **told),
        "wins": wins.attach(version, factories.deal(by), "Segredo quatro", **told),
    }
    db.session.commit()
    return {kind: row.id for kind, row in rows.items()}


def addresses(asset_id: int, rows: dict[str, int]) -> list[tuple[str, str]]:
    at = f"/assets/{asset_id}"
    acts = [
        (f"comments/{rows['comments']}", ("change", "take-back", "put-back", "settle", "unsettle")),
        (f"flags/{rows['flags']}", ("withdraw", "resolve")),
        (f"wins/{rows['wins']}", ("withdraw", "put-back")),
    ]
    return [
        *(("GET", f"{at}/{page}") for page in ("feedback", "feedback/mark", "feedback/people")),
        ("GET", f"{at}/suggest"),
        ("GET", f"{at}/suggestions/{rows['suggestions']}"),
        *(("POST", f"{at}/feedback/{kind}") for kind in ("comments", "flags", "wins", "rating")),
        ("POST", f"{at}/suggest"),
        ("POST", f"{at}/suggestions/{rows['suggestions']}/withdraw"),
        ("POST", f"{at}/suggestions/{rows['suggestions']}/put-back"),
        *(("POST", f"{at}/feedback/{row}/{act}") for row, each in acts for act in each),
    ]


@pytest.mark.parametrize("hide", HIDING)
def test_with_a_material_all_that_was_said_of_it_disappears(
    asset: Asset, sign_in: SignIn, seller: User, owner: User, hide: str
) -> None:
    rows = everything(asset, seller)
    HIDING[hide](asset)
    db.session.commit()
    form = {"text": "x", "reason": "x", "note": "x", "helps": "yes", "answer": "x"}
    for method, address in addresses(asset.id, rows):
        answer = sign_in(seller).open(address, method=method, data=form)
        assert answer.status_code == 404, address
        assert "Segredo" not in answer.text
    assert "Segredo um" in sign_in(owner).get(f"/assets/{asset.id}/feedback").text


def test_absent_and_hidden_answer_alike(asset: Asset, sign_in: SignIn, seller: User) -> None:
    service.archive(asset)
    db.session.commit()
    hidden = sign_in(seller).get(f"/assets/{asset.id}/feedback", headers={"Accept": "*/*"})
    absent = sign_in(seller).get("/assets/999999/feedback", headers={"Accept": "*/*"})
    assert (hidden.status_code, absent.status_code) == (404, 404)


def test_what_was_said_of_one_material_is_not_reached_by_another(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    rows, other = everything(asset, seller), script("Outro roteiro", owner)
    for method, address in addresses(other.id, rows):
        if any(str(number) in address.split("/") for number in rows.values()) and rows:
            numbered = address.split("/")[-2].isdigit() or "suggestions" in address
            if numbered:
                answer = sign_in(owner).open(address, method=method, data={"text": "x"})
                assert answer.status_code == 404, address


def test_what_quotes_a_version_that_sellers_never_saw_is_for_its_keepers(
    asset: Asset, sign_in: SignIn, seller: User, owner: User, marketer: User
) -> None:
    draft = versions.add_script_version(asset, channel="call", text="Lançamento", by=owner)
    db.session.commit()
    comments.say(draft, "Segredo da versão 2", by=owner, today=firm_today(), quote="Lançamento")
    db.session.commit()
    address = f"/assets/{asset.id}/feedback"
    for path in (address, f"{address}/mark"):
        text = sign_in(seller).get(path).text
        assert "Segredo da versão 2" not in text
        assert "Lançamento" not in text
    assert "Segredo da versão 2" in sign_in(marketer).get(address).text
    assert sign_in(seller).get(f"{address}?v=2").status_code == 404
    service.publish(asset, by=owner, today=firm_today(), version=draft)
    db.session.commit()
    assert "Segredo da versão 2" in sign_in(seller).get(address).text


@pytest.mark.parametrize("role", ["seller", "manager"])
def test_the_export_is_for_those_who_decide(
    asset: Asset, sign_in: SignIn, role: str, seller: User, owner: User
) -> None:
    everything(asset, seller)
    address = f"/assets/{asset.id}/feedback.csv"
    assert sign_in(factories.user(role)).get(address).status_code == 404
    text = sign_in(owner).get(address).text
    for word in ("um", "dois", "três", "quatro"):
        assert f"Segredo {word}" in text


def test_the_words_of_content_that_was_removed_for_good_are_gone_from_what_was_said(
    app: Flask, asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    told = {"by": seller, "today": firm_today()}
    comments.say(asset.published_version, "Veja", quote="O frete sai", **told)
    row = suggestions.suggest(
        asset.published_version,
        given={"subject": "", "text": "O frete sai em 48 horas"},
        **told,
    )
    db.session.commit()
    version = asset.published_version
    version.body, version.removed_at = None, version.created_at
    db.session.commit()
    for address in (f"/assets/{asset.id}/feedback", f"/assets/{asset.id}/suggestions/{row.id}"):
        text = sign_in(owner).get(address).text
        assert "O frete sai" not in text, address
    assert "O frete sai" not in sign_in(owner).get(f"/assets/{asset.id}/feedback.csv").text
