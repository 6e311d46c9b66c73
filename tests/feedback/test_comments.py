"""Commenting on a material: threads, changes of mind, and who is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import Conflict, Invalid
from contentlib.feedback import comments
from contentlib.feedback.models import Comment
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from tests import factories
from tests.feedback.told import last_news, news_of

SignIn = Callable[[User], FlaskClient]
PART = {"HX-Request": "true"}


def all_comments() -> list[Comment]:
    return list(db.session.scalars(select(Comment).order_by(Comment.id)))


def say(asset: Asset, by: User, text: str = "O prazo mudou.", **more: object) -> Comment:
    row = comments.say(asset.published_version, text, by=by, today=firm_today(), **more)
    db.session.commit()
    return row


def test_a_comment_is_said_without_javascript_and_read_by_colleagues(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User
) -> None:
    address = f"/assets/{asset.id}/feedback"
    form = {"text": "O prazo mudou.", "key": "a", "quote": "dois dias", "page": "3"}
    answer = sign_in(seller).post(f"{address}/comments", data=form)
    assert (answer.status_code, answer.location) == (303, f"{address}#feedback-comments")
    page = sign_in(colleague).get(address).text
    assert "O prazo mudou." in page
    assert "“dois dias”" in page
    assert "p. 3" in page


def test_the_page_of_the_material_asks_for_the_part_and_links_to_the_page(
    asset: Asset, sign_in: SignIn, seller: User
) -> None:
    text = sign_in(seller).get(f"/assets/{asset.id}").text
    assert f'hx-get="/assets/{asset.id}/feedback"' in text
    assert f'<a href="/assets/{asset.id}/feedback">' in text
    part = sign_in(seller).get(f"/assets/{asset.id}/feedback", headers=PART).text
    assert "<html" not in part
    assert "Comentários" in part


def test_the_same_form_sent_twice_says_it_once(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    browser = sign_in(seller)
    for _ in range(2):
        answer = browser.post(
            f"/assets/{asset.id}/feedback/comments", data={"text": "Oi", "key": "k"}, headers=PART
        )
        assert answer.status_code == 200
    assert len(all_comments()) == 1
    assert news_of(owner) == ["comment.new"]


def test_an_answer_to_an_answer_stands_in_the_same_thread(
    asset: Asset, seller: User, colleague: User
) -> None:
    first = say(asset, seller)
    second = comments.answer(first, "Também vi.", by=colleague, today=firm_today())
    third = comments.answer(second, "Obrigado.", by=seller, today=firm_today())
    assert {second.parent_id, third.parent_id} == {first.id}


def test_owner_and_participants_are_told_once_and_nobody_of_their_own(
    asset: Asset, seller: User, colleague: User, owner: User
) -> None:
    first = say(asset, seller)
    assert (news_of(owner), news_of(seller)) == (["comment.new"], [])
    comments.answer(first, "Também vi.", by=colleague, today=firm_today())
    assert news_of(seller) == ["comment.new"]
    assert news_of(colleague) == []
    comments.answer(first, "Vou mudar.", by=owner, today=firm_today())
    assert news_of(colleague) == ["comment.new"]
    assert news_of(owner) == ["comment.new"] * 2


def test_who_is_spoken_to_and_keeps_the_material_is_told_once_as_spoken_to(
    asset: Asset, seller: User, owner: User
) -> None:
    say(asset, seller, "@Olga Dona, o prazo mudou.")
    assert news_of(owner) == ["comment.mention"]
    told = last_news(owner)
    assert told.facts == {
        "asset": "Retomada do frete",
        "who": seller.name,
        "text": "@Olga Dona, o prazo mudou.",
    }
    assert told.address == f"/assets/{asset.id}/feedback#comment-{all_comments()[0].id}"


def test_changing_a_comment_tells_only_who_is_newly_spoken_to(
    asset: Asset, seller: User, colleague: User, owner: User
) -> None:
    row = say(asset, seller, "@Olga Dona")
    comments.change(row, "@Olga Dona e @Caio Colega", by=seller, today=firm_today())
    assert news_of(owner) == ["comment.mention"]
    assert news_of(colleague) == ["comment.mention"]


def test_nobody_is_told_of_a_material_that_they_may_not_see(
    owner: User, seller: User, marketer: User
) -> None:
    draft = factories.draft("Rascunho", owner=owner)
    row = comments.say(
        draft.latest_version, f"@{seller.name} @{marketer.name}", by=owner, today=firm_today()
    )
    assert row.id
    assert news_of(seller) == []
    assert news_of(marketer) == ["comment.mention"]


def test_who_has_left_is_told_nothing(asset: Asset, seller: User, colleague: User) -> None:
    colleague.active = False
    say(asset, seller, "@Caio Colega")
    assert news_of(colleague) == []


def test_a_comment_is_changed_for_a_quarter_of_an_hour_and_its_words_before_are_kept(
    asset: Asset, seller: User
) -> None:
    row = say(asset, seller, "O praso mudou.")
    comments.change(row, "O prazo mudou.", by=seller, today=firm_today())
    assert (row.text, [one.text for one in row.before]) == ("O prazo mudou.", ["O praso mudou."])
    row.said_at = now() - timedelta(minutes=16)
    with pytest.raises(Conflict):
        comments.change(row, "Tarde demais.", by=seller, today=firm_today())
    with pytest.raises(Conflict):
        comments.take_back(row, by=seller)


def test_nobody_changes_or_takes_back_what_another_said(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User, owner: User
) -> None:
    row = say(asset, seller)
    address = f"/assets/{asset.id}/feedback/comments/{row.id}"
    for person in (colleague, owner):
        for act in ("change", "take-back", "put-back"):
            answer = sign_in(person).post(f"{address}/{act}", data={"text": "Outro"})
            assert answer.status_code == 404
    assert (row.text, row.removed_at) == ("O prazo mudou.", None)


def test_what_is_taken_back_is_gone_for_all_and_comes_back_by_undo(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User
) -> None:
    row, browser = say(asset, seller, "Segredo"), sign_in(seller)
    address = f"/assets/{asset.id}/feedback/comments/{row.id}"
    answer = browser.post(f"{address}/take-back", headers=PART).text
    assert f"{address}/put-back" in answer
    assert "Segredo" not in sign_in(colleague).get(f"/assets/{asset.id}/feedback").text
    browser.post(f"{address}/put-back", headers=PART)
    assert "Segredo" in sign_in(colleague).get(f"/assets/{asset.id}/feedback").text


def test_a_comment_that_was_answered_keeps_its_place_without_its_words(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User
) -> None:
    row = say(asset, seller, "Segredo")
    comments.answer(row, "Também vi.", by=colleague, today=firm_today())
    comments.take_back(row, by=seller)
    db.session.commit()
    page = sign_in(colleague).get(f"/assets/{asset.id}/feedback").text
    assert "Segredo" not in page
    assert "Este comentário foi retirado." in page
    assert "Também vi." in page


def test_keepers_settle_a_thread_and_an_answer_opens_it_again(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User, owner: User
) -> None:
    row = say(asset, seller)
    address = f"/assets/{asset.id}/feedback/comments/{row.id}"
    assert sign_in(colleague).post(f"{address}/settle").status_code == 404
    assert sign_in(owner).post(f"{address}/settle", headers=PART).status_code == 200
    assert row.resolved_by_id == owner.id
    comments.answer(row, "Ainda não.", by=colleague, today=firm_today())
    assert row.resolved_at is None


def test_a_seller_who_owns_a_material_settles_its_threads(
    app: Flask, asset: Asset, sign_in: SignIn, seller: User, colleague: User
) -> None:
    row = say(asset, colleague)
    asset.owner = seller
    db.session.commit()
    address = f"/assets/{asset.id}/feedback/comments/{row.id}/settle"
    assert sign_in(seller).post(address).status_code == 303


def test_what_is_refused_loses_nothing_that_was_typed(
    asset: Asset, sign_in: SignIn, seller: User
) -> None:
    text = "muito longo " * 500
    form = {"text": text, "key": "a", "form": "comment", "quote": "dois dias"}
    answer = sign_in(seller).post(f"/assets/{asset.id}/feedback/comments", data=form)
    assert answer.status_code == 422
    assert text in answer.text
    assert "dois dias" in answer.text
    assert "mais de 5000 caracteres" in answer.text
    assert all_comments() == []


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\u202e\u200b"])
def test_saying_nothing_is_refused(asset: Asset, seller: User, text: str) -> None:
    with pytest.raises(Invalid):
        say(asset, seller, text)


def test_people_are_offered_who_may_see_the_material(
    asset: Asset, owner: User, sign_in: SignIn, seller: User, colleague: User
) -> None:
    address = f"/assets/{asset.id}/feedback/people"
    assert "Caio Colega" in sign_in(seller).get(f"{address}?name=cai").text
    assert "Caio Colega" in sign_in(seller).get(f"{address}?name=colega").text
    assert "Caio Colega" not in sign_in(seller).get(f"{address}?name=aio").text
    draft = factories.draft("Rascunho", owner=owner)
    hidden = f"/assets/{draft.id}/feedback/people?name="
    assert sign_in(seller).get(hidden).status_code == 404
    assert "Caio Colega" not in sign_in(owner).get(hidden).text
    assert "Olga Dona" in sign_in(owner).get(hidden).text


def test_of_two_people_of_one_name_each_is_called_by_the_address(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User
) -> None:
    twin = factories.user("seller", name="Caio Colega")
    text = sign_in(seller).get(f"/assets/{asset.id}/feedback/people?name=caio").text
    assert f'data-value="{twin.email}"' in text
    assert f'data-value="{colleague.email}"' in text
