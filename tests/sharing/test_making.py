"""A seller makes links in the browser, sends them, and takes them back."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.audit import Action as Decided
from contentlib.audit.models import AuditEntry
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, Audience
from contentlib.sharing import sending, tokens
from contentlib.sharing.models import Follows, ShareLink
from contentlib.usage.models import Action, UsageEvent
from contentlib.usage.queries import counting
from tests import factories
from tests.sharing.buyers import buyer, link_to, path_of

SignIn = Callable[[User], FlaskClient]


def links() -> list[ShareLink]:
    return list(db.session.scalars(select(ShareLink).order_by(ShareLink.id)))


def shared() -> list[UsageEvent]:
    counted = counting().where(UsageEvent.action == Action.SHARED).order_by(UsageEvent.id)
    return list(db.session.scalars(counted))


def form(**more: object) -> dict[str, object]:
    """Return the form as it stands, with what somebody typed into it."""
    usual = {"language": "pt", "gate": "none", "follows": "latest"}
    return usual | {"expires_on": (firm_today() + timedelta(days=90)).isoformat()} | more


def test_each_recipient_gets_a_link_of_their_own(app: Flask, sign_in: SignIn, seller: User) -> None:
    case, deal = factories.asset("Caso Vértice"), factories.deal(seller)
    ana = deals.add_contact(deal.company, name="Ana Souza", email="Ana@acme.example")
    deal.contacts.append(ana)
    db.session.commit()
    made = sign_in(seller).post(
        "/share",
        data=form(
            asset=case.id, deal=deal.id, contacts=[ana.id], others="Bia <bia@acme.example>\nCaio"
        ),
        follow_redirects=True,
    )
    assert made.status_code == 200
    rows = links()
    assert [(row.recipient_name, row.recipient_email) for row in rows] == [
        ("Ana Souza", "ana@acme.example"),
        ("Bia", "bia@acme.example"),
        ("Caio", None),
    ]
    assert rows[0].contact_id == ana.id
    assert len({row.token_hash for row in rows}) == 3
    for row in rows:
        assert f"http://localhost{path_of(row)}" in made.text
        assert buyer(app).get(path_of(row)).status_code == 200


def test_what_is_copied_is_what_is_shown_in_the_language_of_the_buyer(
    sign_in: SignIn, seller: User
) -> None:
    case = factories.asset("*Caso* <b>Vértice</b>")
    link = link_to(case, by=seller, language="en", note="See page 4 & <script>alert(1)</script>")
    page = sign_in(seller).get(f"/links/{link.id}").text
    assert "<script>alert(1)" not in page
    shown = re.findall(r'<pre class="share-message-words">(.*?)</pre>', page, re.DOTALL)
    copied = re.findall(r'data-copy="([^"]*)"', page)
    assert len(shown) == 2
    for words in shown:
        assert words.replace("&#39;", "'") in [text.replace("&#39;", "'") for text in copied]
    assert "Hello Ana," in shown[0]
    assert "https://wa.me/?text=Hello%20Ana" in page
    assert "mailto:ana@acme.example?subject=" in page


def test_several_materials_are_a_kit_in_the_order_that_was_typed(
    sign_in: SignIn, seller: User
) -> None:
    first, second = factories.asset("First"), factories.asset("Second")
    sign_in(seller).post(
        "/share",
        data=form(
            asset=[first.id, second.id],
            title="For the board",
            **{f"place_{first.id}": 2, f"place_{second.id}": 1},
        ),
    )
    (link,) = links()
    assert [item.asset_id for item in link.items] == [second.id, first.id]
    assert link.title == "For the board"
    assert link.recipient_name == ""


def test_taking_a_link_along_is_a_use_and_twice_is_one(sign_in: SignIn, seller: User) -> None:
    deal = factories.deal(seller)
    link = link_to(factories.asset("A"), factories.asset("B"), by=seller, deal=deal)
    browser = sign_in(seller)
    assert shared() == []
    for _ in range(2):
        answer = browser.post(
            f"/links/{link.id}/sent?channel=whatsapp", headers={"HX-Request": "true"}
        )
        assert answer.status_code == 204
    events = shared()
    assert len(events) == 2
    assert {(event.share_link_id, event.deal_id, event.channel) for event in events} == {
        (link.id, deal.id, "whatsapp")
    }
    assert {event.stage_id for event in events} == {deal.stage_id}
    assert link.sent_at == events[0].occurred_at


def test_links_for_two_people_within_a_minute_are_two_uses(seller: User) -> None:
    case = factories.asset()
    for name in ("one", "two"):
        link = link_to(case, by=seller, note=name)
        sending.mark_sent(link, by=seller, channel="", today=firm_today())
    assert len(shared()) == 2


def test_a_slip_is_taken_back_whole(app: Flask, sign_in: SignIn, seller: User) -> None:
    link = link_to(factories.asset(), by=seller)
    browser = sign_in(seller)
    browser.post(f"/links/{link.id}/sent")
    assert len(shared()) == 1
    browser.post(f"/links/undo?link={link.id}")
    assert shared() == []
    assert buyer(app).get(path_of(link)).status_code == 404
    assert browser.post(f"/links/{link.id}/sent").status_code == 409


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"audience": Audience.INTERNAL}, "uso interno"),
        ({"valid_until": "past"}, "expirou"),
        ({"status": "draft"}, "não está publicado"),
    ],
)
def test_what_cannot_be_sent_says_why(
    sign_in: SignIn, marketer: User, facts: dict[str, object], why: str
) -> None:
    case = factories.asset("Tabela interna")
    if "audience" in facts:
        case.audience = Audience.INTERNAL
    elif "valid_until" in facts:
        case.valid_until = firm_today() - timedelta(days=1)
    else:
        case.status = case.status.DRAFT
    db.session.commit()
    browser = sign_in(marketer)
    assert why in browser.get(f"/share?asset={case.id}").text
    answer = browser.post("/share", data=form(asset=case.id, note="Nada se perde"))
    assert answer.status_code == 422
    assert why in answer.text
    assert "Nada se perde" in answer.text
    assert links() == []


def test_a_material_that_expired_a_second_ago_is_not_sent_from_an_open_dialog(
    sign_in: SignIn, seller: User
) -> None:
    case = factories.asset("Oferta")
    browser = sign_in(seller)
    assert browser.get(f"/share?asset={case.id}").status_code == 200
    case.valid_until = firm_today() - timedelta(days=1)
    db.session.commit()
    answer = browser.post("/share", data=form(asset=case.id))
    assert answer.status_code == 422
    assert links() == []
    # Nor is it copied from its card.
    assert browser.post(f"/assets/{case.id}/copied").status_code == 404


def test_a_link_whose_material_has_gone_is_not_sent(sign_in: SignIn, seller: User) -> None:
    case = factories.asset()
    link = link_to(case, by=seller)
    case.valid_until = firm_today() - timedelta(days=1)
    db.session.commit()
    assert sign_in(seller).post(f"/links/{link.id}/sent").status_code == 409
    assert shared() == []


def test_a_seller_of_another_team_knows_nothing_of_a_link(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    other, mate = factories.user("seller", team="South"), factories.user("seller", team="North")
    deal = factories.deal(seller)
    of_deal, own = (
        link_to(factories.asset(), by=seller, deal=deal),
        link_to(factories.asset(), by=seller),
    )
    stranger, colleague = sign_in(other), sign_in(mate)
    for link in (of_deal, own):
        for path in ("", "/preview"):
            assert stranger.get(f"/links/{link.id}{path}").status_code == 404
        for path in ("/sent", "/revoke", "/expiry", "/items/1/replace"):
            assert stranger.post(f"/links/{link.id}{path}").status_code == 404
        stranger.post(f"/links/undo?link={link.id}")
        assert link.revoked_at is None
        assert "Ana Souza" not in stranger.get(f"/links/made?link={link.id}").text
    assert stranger.get(f"/deals/{deal.id}/links").status_code == 404
    foreign = form(asset=own.items[0].asset_id, deal=deal.id)
    assert stranger.post("/share", data=foreign).status_code == 404
    assert "Ana Souza" not in stranger.get(f"/assets/{of_deal.items[0].asset_id}/links").text
    assert colleague.get(f"/links/{of_deal.id}").status_code == 200
    assert colleague.get(f"/links/{own.id}").status_code == 404
    assert buyer(app).get(path_of(of_deal)).status_code == 200


def test_a_revoked_link_is_dead_at_once_and_that_is_written_down(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    link = link_to(factories.asset(), by=seller)
    assert buyer(app).get(path_of(link)).status_code == 200
    sign_in(seller).post(f"/links/{link.id}/revoke")
    assert buyer(app).get(path_of(link)).status_code == 404
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == Decided.SHARE_REVOKED)
    ).one()
    assert entry.actor_id == seller.id
    assert "ana@acme.example" not in entry.details


def test_an_expired_link_lives_again_with_more_time_but_a_revoked_one_does_not(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    link = link_to(factories.asset(), by=seller)
    link.expires_at = now() - timedelta(seconds=1)
    db.session.commit()
    assert buyer(app).get(path_of(link)).status_code == 404
    browser, day = sign_in(seller), (firm_today() + timedelta(days=7)).isoformat()
    assert browser.post(f"/links/{link.id}/expiry", data={"expires_on": day}).status_code == 303
    assert buyer(app).get(path_of(link)).status_code == 200
    for wrong in ("", "soon", "2020-01-01", "9999-12-31"):
        answer = browser.post(f"/links/{link.id}/expiry", data={"expires_on": wrong})
        assert answer.status_code == 422, wrong
    browser.post(f"/links/{link.id}/revoke")
    answer = browser.post(f"/links/{link.id}/expiry", data={"expires_on": day})
    assert answer.status_code == 409


def test_the_same_link_for_somebody_else_begins_with_all_its_facts(
    sign_in: SignIn, seller: User
) -> None:
    old = link_to(
        factories.asset("Um"), factories.asset("Dois"), by=seller, title="Kit", note="Leia"
    )
    browser = sign_in(seller)
    page = browser.get(f"/share?again={old.id}").text
    assert "Leia" in page
    assert "Ana Souza" not in page
    browser.post(
        "/share",
        data=form(
            asset=[item.asset_id for item in old.items], again=old.id, title="Kit", others="Bia"
        ),
    )
    new = links()[-1]
    assert new.recipient_name == "Bia"
    assert [item.asset_id for item in new.items] == [item.asset_id for item in old.items]
    assert new.token_hash != old.token_hash


def test_after_the_key_was_lost_the_page_says_to_make_a_new_link(
    sign_in: SignIn, seller: User
) -> None:
    link = link_to(factories.asset(), by=seller)
    link.token_hash = tokens.hash_of(tokens.token_of(link.seed, "another key"))
    db.session.commit()
    page = sign_in(seller).get(f"/links/{link.id}")
    assert page.status_code == 200
    assert "Crie um novo link" in page.text
    assert sign_in(seller).get(f"/links/{link.id}/preview").status_code == 302


def test_lists_tell_links_by_how_they_stand(sign_in: SignIn, seller: User) -> None:
    made = {}
    for name in ("Ativa", "Vencida", "Revogada"):
        made[name] = link_to(factories.asset(), by=seller)
        made[name].recipient_name = name
    made["Vencida"].expires_at = made["Revogada"].revoked_at = now() - timedelta(hours=1)
    db.session.commit()
    browser = sign_in(seller)
    for state, name in (("active", "Ativa"), ("expired", "Vencida"), ("revoked", "Revogada")):
        page = browser.get(f"/links?show={state}").text
        assert [other for other in made if f">{other}</a>" in page] == [name]
    assert all(f">{name}</a>" in browser.get("/links?show=all").text for name in made)


def test_what_is_typed_wrong_is_told_and_nothing_typed_is_lost(
    sign_in: SignIn, seller: User
) -> None:
    case = factories.asset()
    browser = sign_in(seller)
    wrong: list[dict[str, object]] = [
        {"others": "ana@"},
        {"expires_on": "2020-01-01"},
        {"gate": "listed", "allowed": ""},
        {"gate": "listed", "allowed": "not a domain!"},
        {"most_opens": "0"},
        {"most_opens": "many"},
        {"is_watermarked": "y", "others": "Only a name"},
        {"language": "xx"},
        {"contacts": "7"},
    ]
    for facts in wrong:
        answer = browser.post("/share", data=form(asset=case.id, note="Fica aqui", **facts))
        assert answer.status_code == 422, facts
        assert "Fica aqui" in answer.text, facts
    for odd in ({"asset": "x"}, {"asset": case.id, "deal": "999999"}):
        assert browser.post("/share", data=form(**odd)).status_code in (404, 422)
    assert links() == []


def test_a_watermark_takes_the_file_away(sign_in: SignIn, seller: User) -> None:
    case = factories.asset()
    sign_in(seller).post(
        "/share",
        data=form(asset=case.id, others="ana@acme.example", is_watermarked="y", may_download="y"),
    )
    (link,) = links()
    assert link.is_watermarked
    assert not link.may_download


def test_who_releases_a_version_sees_which_links_follow_it(
    sign_in: SignIn, seller: User, marketer: User
) -> None:
    case = factories.asset()
    link_to(case, by=seller)
    link_to(case, by=seller, follows=Follows.PINNED)
    browser = sign_in(marketer)
    page = browser.get(f"/assets/{case.id}/links/live").text
    assert "Ana Souza" in page
    assert sign_in(seller).get(f"/assets/{case.id}/links/live").status_code == 404


def test_the_people_of_a_deal_come_as_soon_as_it_is_chosen(
    sign_in: SignIn, seller: User, case: Asset
) -> None:
    deal, other = factories.deal(seller), factories.deal(factories.user("seller", team="South"))
    ana = deals.add_contact(deal.company, name="Ana <Souza>", email="ana@acme.example")
    bia = deals.add_contact(deal.company, name="Bia", email="bia@acme.example")
    deal.contacts += [ana, bia]
    db.session.commit()
    browser = sign_in(seller)
    part = browser.get(f"/share/whom?asset={case.id}&deal={deal.id}&contacts={bia.id}").text
    assert "<!doctype" not in part
    assert f'name="deal" value="{deal.id}"' in part
    assert "Ana &lt;Souza&gt;" in part
    ticked = re.findall(r"<input[^>]* checked[^>]*>", part)
    assert [f'value="{bia.id}"' in box for box in ticked] == [True]
    nobody = browser.get("/share/whom?deal=").text
    assert "Bia" not in nobody
    assert 'id="share-people"' in nobody
    assert browser.get(f"/share/whom?deal={other.id}").status_code == 404


def test_a_deal_without_people_says_so(sign_in: SignIn, seller: User) -> None:
    deal = factories.deal(seller, company="Nova")
    assert "ainda não tem contatos" in sign_in(seller).get(f"/share/whom?deal={deal.id}").text
