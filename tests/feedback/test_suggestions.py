"""Suggested changes: nobody's words change a material until an editor makes a version of them."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import Invalid
from contentlib.feedback import suggestions
from contentlib.feedback.models import Suggestion, SuggestionState
from contentlib.library import service, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.uploads import service as uploads
from contentlib.storage import object_key
from contentlib.storage.current import current_storage
from tests import factories
from tests.feedback.conftest import TEXT, next_version
from tests.feedback.told import last_news, news_of
from tests.library.test_release import asking_for

SignIn = Callable[[User], FlaskClient]
BETTER = TEXT.replace("dois dias", "48 horas")


def suggest(browser: FlaskClient, asset: Asset, text: str = BETTER, **more: str) -> Suggestion:
    form = {"words-subject": "", "words-text": text, "note": "Soa melhor.", "key": "k"} | more
    answer = browser.post(f"/assets/{asset.id}/suggest", data=form)
    assert answer.status_code == 303, answer.text
    return db.session.scalars(select(Suggestion).order_by(Suggestion.id.desc())).first()


def accept(browser: FlaskClient, row: Suggestion, text: str = BETTER, onto: int = 1, **more: str):
    form = {"onto": onto, "words-subject": "", "words-text": text} | more
    return browser.post(f"/assets/{row.asset_id}/suggestions/{row.id}/accept", data=form)


def test_a_suggestion_changes_nothing_and_shows_its_difference_to_everybody(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User, owner: User
) -> None:
    row = suggest(sign_in(seller), asset)
    assert len(asset.versions) == 1
    page = sign_in(colleague).get(f"/assets/{asset.id}/suggestions/{row.id}").text
    assert "<del>" in page
    assert "48 horas" in page
    assert "Aceitar" not in page
    assert news_of(owner) == ["suggestion.new"]
    assert "48 horas" not in sign_in(colleague).get(f"/assets/{asset.id}").text


def test_accepting_makes_a_version_by_the_release_path_that_credits_who_suggested_it(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User, owner: User
) -> None:
    row = suggest(sign_in(seller), asset)
    answer = accept(sign_in(owner), row)
    assert answer.location == f"/assets/{asset.id}/versions/2"
    version = asset.latest_version
    assert version.body["text"] == BETTER
    assert version.change_note == f"Sugerido por {seller.name}: Soa melhor."
    # Sellers see it when it is published, as every other version.
    assert asset.published_version.number == 1
    assert (row.state, row.taken_up) == (SuggestionState.ACCEPTED, version)
    assert last_news(seller).facts["decision"] == "accepted"
    service.publish(asset, by=owner, today=firm_today())
    db.session.commit()
    page = sign_in(colleague).get(f"/assets/{asset.id}/feedback").text
    assert seller.name in page
    assert "Na versão 2" in page


def test_accepting_and_publishing_is_one_step_where_nobody_else_must_approve(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    row = suggest(sign_in(seller), asset)
    accept(sign_in(owner), row, then="publish")
    assert asset.published_version.body["text"] == BETTER


def test_an_approval_that_is_needed_is_needed_for_a_suggestion_too(
    app: Flask, asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    row = suggest(sign_in(seller), asset)
    with asking_for(app, "other"):
        page = sign_in(owner).get(f"/assets/{asset.id}/suggestions/{row.id}").text
        assert "Aceitar e publicar" not in page
        answer = accept(sign_in(owner), row, then="publish")
        assert answer.status_code == 409
        assert BETTER in answer.text
    db.session.refresh(row)
    assert (row.state, len(asset.versions)) == (SuggestionState.OPEN, 1)


@pytest.mark.parametrize("role", ["seller", "manager"])
def test_only_who_edits_decides_not_even_the_owner_who_does_not(
    asset: Asset, sign_in: SignIn, seller: User, role: str
) -> None:
    row, person = suggest(sign_in(seller), asset), factories.user(role)
    asset.owner = person
    db.session.commit()
    assert accept(sign_in(person), row).status_code == 404
    answer = sign_in(person).post(
        f"/assets/{asset.id}/suggestions/{row.id}/reject", data={"reason": "Não"}
    )
    assert answer.status_code == 404
    assert row.state is SuggestionState.OPEN


def test_a_rejection_needs_a_reason_that_only_its_author_and_editors_read(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User, owner: User
) -> None:
    row = suggest(sign_in(seller), asset)
    address = f"/assets/{asset.id}/suggestions/{row.id}"
    assert sign_in(owner).post(f"{address}/reject", data={"reason": " "}).status_code == 422
    sign_in(owner).post(f"{address}/reject", data={"reason": "O prazo é outro."})
    assert last_news(seller).facts["decision"] == "rejected"
    for person, status in ((seller, 200), (owner, 200), (colleague, 404)):
        assert sign_in(person).get(address).status_code == status
    assert "O prazo é outro." in sign_in(seller).get(f"/assets/{asset.id}/feedback").text
    assert "O prazo é outro." not in sign_in(colleague).get(f"/assets/{asset.id}/feedback").text


def test_two_who_decide_at_once_decide_once(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    row = suggest(sign_in(seller), asset)
    accept(sign_in(owner), row)
    assert accept(sign_in(owner), row, onto=2).status_code == 409
    assert len(asset.versions) == 2


def test_a_suggestion_from_an_older_version_says_so_and_fits_where_others_lines_changed(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    row = suggest(sign_in(seller), asset)
    next_version(asset, TEXT.replace("amanhã", "hoje"))
    page = sign_in(owner).get(f"/assets/{asset.id}/suggestions/{row.id}").text
    assert "Foi feita a partir da versão 1; o material está na versão 2." in page
    assert "As duas mudanças são compatíveis." in page
    both = BETTER.replace("amanhã", "hoje")
    assert both.splitlines()[1] in page
    assert both.splitlines()[2] in page
    accept(sign_in(owner), row, text=both, onto=2)
    assert asset.latest_version.body["text"] == both


def test_a_conflict_is_shown_and_nothing_is_lost_until_somebody_has_put_both_together(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    row = suggest(sign_in(seller), asset)
    next_version(asset, TEXT.replace("dois dias", "um dia"))
    browser = sign_in(owner)
    page = browser.get(f"/assets/{asset.id}/suggestions/{row.id}").text
    assert "Os dois mudaram as mesmas linhas" in page
    assert "48 horas" in page
    assert "um dia" in page
    both = TEXT.replace("dois dias", "24 horas")
    refused = accept(browser, row, text=both, onto=2)
    assert refused.status_code == 422
    assert "24 horas" in refused.text
    assert len(asset.versions) == 2
    accept(browser, row, text=both, onto=2, both="y")
    assert asset.latest_version.body["text"] == both


def test_a_version_made_while_an_editor_was_looking_is_not_overwritten(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    row = suggest(sign_in(seller), asset)
    next_version(asset, TEXT.replace("amanhã", "hoje"))
    answer = accept(sign_in(owner), row, onto=1)
    assert answer.status_code == 409
    assert "versão 2" in answer.text
    assert row.state is SuggestionState.OPEN
    assert len(asset.versions) == 2


def test_an_objection_keeps_its_proof_and_its_breath(
    owner: User, sign_in: SignIn, seller: User
) -> None:
    card = factories.draft("Caro", owner=owner, type="objection")
    proof = factories.asset("Prova", owner=owner)
    versions.add_objection_version(card, **factories.OBJECTION, proof=proof, by=owner)
    service.publish(card, by=owner, today=firm_today())
    db.session.commit()
    words = {
        "words-heard_as": "está caro\npesa no orçamento",
        "words-answer": "Quanto custa hoje cada atraso?",
        "words-question": factories.OBJECTION["question"],
        "words-avoid": "",
        "key": "k",
    }
    long = words | {"words-answer": "palavra " * 36}
    refused = sign_in(seller).post(f"/assets/{card.id}/suggest", data=long)
    assert refused.status_code == 422
    assert "palavra palavra" in refused.text
    sign_in(seller).post(f"/assets/{card.id}/suggest", data=words)
    row = db.session.scalars(select(Suggestion)).one()
    form = words | {"onto": card.latest_version.number}
    sign_in(owner).post(f"/assets/{card.id}/suggestions/{row.id}/accept", data=form)
    body = card.latest_version.body
    assert body["heard_as"] == ["está caro", "pesa no orçamento"]
    assert (body["answer"], body["avoid"]) == ("Quanto custa hoje cada atraso?", "")
    assert body["proof_asset_id"] == proof.id


def markdown(owner: User, text: str) -> Asset:
    factories.taxonomy.seed()
    arrived = uploads.take_in(current_storage(), BytesIO(text.encode()), "guia.md", limit=10**6)
    row = uploads.new_draft(arrived, by=owner)
    factories.change(row, **factories.axes())
    service.publish(row, by=owner, today=firm_today())
    db.session.commit()
    return row


def test_the_words_of_a_markdown_file_are_changed_into_a_file_of_the_next_version(
    owner: User, sign_in: SignIn, seller: User
) -> None:
    guide = markdown(owner, "# Guia\n\nO frete sai em dois dias.\n")
    page = sign_in(seller).get(f"/assets/{guide.id}/suggest").text
    assert "O frete sai em dois dias." in page
    better = "# Guia\n\nO frete sai em 48 horas."
    row = suggest(sign_in(seller), guide, better)
    accept(sign_in(owner), row, text=better)
    version = guide.latest_version
    assert (version.number, version.file_name) == (2, "guia.md")
    with current_storage().open(object_key(version.blob_sha256)) as file:
        assert file.read().decode() == f"{better}\n"


def test_about_other_files_a_note_is_left_and_taken_up_by_a_version_made_since(
    owner: User, sign_in: SignIn, seller: User
) -> None:
    link = factories.asset("Caso", owner=owner)
    assert sign_in(seller).post(f"/assets/{link.id}/suggest", data={"key": "a"}).status_code == 422
    note = {"note": "O logotipo é o antigo.", "page": "4", "key": "b"}
    sign_in(seller).post(f"/assets/{link.id}/suggest", data=note)
    row = db.session.scalars(select(Suggestion)).one()
    assert (row.page, row.words) == (4, None)
    address = f"/assets/{link.id}/suggestions/{row.id}/accept"
    assert sign_in(owner).post(address).status_code == 409
    versions.add_link_version(link, url="https://firm.example/new", by=owner)
    db.session.commit()
    assert sign_in(owner).post(address).status_code == 303
    assert row.taken_up.number == 2


def test_words_that_are_as_they_were_are_no_suggestion(
    asset: Asset, sign_in: SignIn, seller: User
) -> None:
    form = {"words-subject": "", "words-text": TEXT.replace("\n", " \r\n"), "key": "k"}
    answer = sign_in(seller).post(f"/assets/{asset.id}/suggest", data=form)
    assert answer.status_code == 422
    with pytest.raises(Invalid):
        suggestions.suggest(
            asset.published_version, by=seller, today=firm_today(), given={"text": TEXT}
        )


def test_the_same_form_sent_twice_suggests_once(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    browser = sign_in(seller)
    assert suggest(browser, asset).id == suggest(browser, asset).id
    assert news_of(owner) == ["suggestion.new"]


def test_what_is_taken_back_is_gone_for_others_and_comes_back_by_undo(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    row = suggest(sign_in(seller), asset)
    address = f"/assets/{asset.id}/suggestions/{row.id}"
    assert sign_in(owner).post(f"{address}/withdraw").status_code == 404
    sign_in(seller).post(f"{address}/withdraw")
    assert sign_in(owner).get(address).status_code == 404
    assert accept(sign_in(owner), row).status_code == 404
    sign_in(seller).post(f"{address}/put-back")
    assert sign_in(owner).get(address).status_code == 200
