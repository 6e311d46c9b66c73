"""The bell, the list and the settings of news, each for its own person alone."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import Role, User
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.notifications import queries
from contentlib.notifications.models import How, Notification, NotificationChoice
from contentlib.notifications.service import tell
from tests import factories
from tests.notifications.conftest import with_mail
from tests.notifications.telling import news
from tests.statements import statements

SignIn = Callable[[User], FlaskClient]


def words(text: str) -> str:
    return text.replace("\xa0", " ")


def test_news_stands_on_the_list_in_the_readers_words(sign_in: SignIn, seller: User) -> None:
    news(seller, asset="Frete <b>")
    browser = sign_in(seller)
    page = words(browser.get("/notifications").text)
    assert "Ana Souza (Acme) leu “Frete &lt;b&gt;”: 3 min 10 s, até a p. 7 de 9, 2ª visita" in page
    browser.post("/me/look", data={"language": "en"})
    page = words(browser.get("/notifications").text)
    assert "read “Frete &lt;b&gt;”: 3 min 10 s, up to p. 7 of 9, visit no. 2" in page


def test_what_is_counted_leads_to_how_it_is_counted(sign_in: SignIn, seller: User) -> None:
    news(seller)
    news(seller, "request.delivered")
    browser = sign_in(seller)
    for page in ("/notifications", "/notifications/latest"):
        assert browser.get(page).text.count('href="/counting"') == 1
    assert browser.get("/counting").status_code == 200


def test_the_list_goes_by_the_days_of_its_reader(sign_in: SignIn, seller: User) -> None:
    seller.timezone = "America/Sao_Paulo"
    with time_machine.travel("2026-11-27T15:00:00+00:00", tick=False) as clock:
        # Half past eleven in the evening, in UTC the day after.
        for moment in ("2026-11-25T12:00:00+00:00", "2026-11-27T02:30:00+00:00"):
            clock.move_to(moment)
            news(seller)
        clock.move_to("2026-11-27T15:00:00+00:00")
        news(seller)
        page = sign_in(seller).get("/notifications").text
    headings = re.findall(r"<h2 class=\"card-heading\">(.*?)</h2>", page)
    assert headings == ["Hoje", "Ontem", "quarta-feira, 25 de novembro de 2026"]


def test_the_bell_counts_what_was_not_seen(sign_in: SignIn, seller: User) -> None:
    browser = sign_in(seller)
    assert "bell-count" not in browser.get("/").text
    first = news(seller)
    news(seller)
    page = browser.get("/").text
    assert ">2</span>" in page
    assert "Notificações, 2 novas" in page
    browser.post(f"/notifications/{first.id}/seen")
    assert "Notificações, 1 nova" in browser.get("/").text


def test_the_count_costs_a_page_one_question_of_an_index(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    for _ in range(3):
        news(seller)
    browser = sign_in(seller)
    with statements() as asked:
        browser.get("/me")
    about_news = [statement for statement in asked if "notification" in statement]
    assert len(about_news) == 1
    if db.engine.dialect.name == "sqlite":
        plan = db.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {about_news[0].replace('?', '1')}"
        )
        assert "ix_notification_unseen" in str(plan.all())


def test_opening_marks_as_seen_and_leads_on(sign_in: SignIn, seller: User) -> None:
    told = news(seller)
    answer = sign_in(seller).post(f"/notifications/{told.id}/open")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/deals/1#reading")
    assert told.seen_at is not None
    before = told.seen_at
    sign_in(seller).post(f"/notifications/{told.id}/open")
    assert told.seen_at == before


def test_who_lost_access_to_what_it_is_about_finds_nothing_there(
    sign_in: SignIn, seller: User
) -> None:
    deal = factories.deal(factories.user("seller", team="South"))
    told = tell(seller.id, "retro.due", key="k", address=f"/deals/{deal.id}", facts={"deal": "X"})
    assert told is not None
    db.session.commit()
    answer = sign_in(seller).post(f"/notifications/{told.id}/open", follow_redirects=True)
    assert answer.status_code == 404


def test_nobody_reads_or_marks_the_news_of_others(
    sign_in: SignIn, seller: User, manager: User
) -> None:
    told = news(seller)
    browser = sign_in(manager)
    assert "Ana Souza" not in browser.get("/notifications").text
    assert "Ana Souza" not in browser.get("/notifications/latest").text
    for step in ("open", "seen"):
        assert browser.post(f"/notifications/{told.id}/{step}").status_code == 404
    browser.post("/notifications/seen", data={"up_to": told.id})
    assert told.seen_at is None


def test_marking_all_leaves_what_came_after_the_page(sign_in: SignIn, seller: User) -> None:
    first, second = news(seller), news(seller)
    page = sign_in(seller).get("/notifications").text
    assert f'name="up_to" value="{second.id}"' in page
    third = news(seller)
    sign_in(seller).post("/notifications/seen", data={"up_to": second.id})
    assert [bool(told.seen_at) for told in (first, second, third)] == [True, True, False]


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 40])
def test_marking_all_up_to_nonsense_marks_nothing(
    sign_in: SignIn, seller: User, up_to: str
) -> None:
    told = news(seller)
    assert sign_in(seller).post("/notifications/seen", data={"up_to": up_to}).status_code == 303
    assert told.seen_at is None


def test_a_long_list_has_pages_and_stays_where_one_was(sign_in: SignIn, seller: User) -> None:
    for number in range(51):
        last = news(seller, asset=f"Caso {number:02}")
    browser = sign_in(seller)
    assert "Caso 00" not in browser.get("/notifications").text
    assert "Caso 00" in browser.get("/notifications?page=2").text
    answer = browser.post(f"/notifications/{last.id}/seen", data={"page": "2", "show": "unseen"})
    assert answer.headers["Location"] == "/notifications?show=unseen&page=2"
    assert "Caso 50" not in browser.get("/notifications?show=unseen").text


def test_the_panel_shows_what_was_told_last(sign_in: SignIn, seller: User) -> None:
    assert "Nada de novo" in sign_in(seller).get("/notifications/latest").text
    for number in range(7):
        news(seller, asset=f"Caso {number}")
    panel = sign_in(seller).get("/notifications/latest").text
    assert "Caso 6" in panel
    assert "Caso 0" not in panel
    assert "<!doctype" not in panel.lower()


def test_news_of_a_kind_or_with_facts_of_another_version_breaks_no_page(
    sign_in: SignIn, seller: User
) -> None:
    news(seller, "removed.kind", x=1)
    db.session.add(
        Notification(user_id=seller.id, kind="buyer.read", key="o", address="/", facts={"old": 1})
    )
    db.session.add(
        Notification(user_id=seller.id, kind="../layouts/app", key="p", address="/", facts={})
    )
    db.session.commit()
    for path in ("/notifications", "/notifications/latest"):
        assert sign_in(seller).get(path).text.count("criada por outra versão") >= 3


def test_a_way_out_of_this_site_is_neither_told_nor_followed(sign_in: SignIn, seller: User) -> None:
    with pytest.raises(ValueError, match="no path"):
        tell(seller.id, "retro.due", key="k", address="//evil.example", facts={})
    row = Notification(
        user_id=seller.id, kind="retro.due", key="k", address="https://evil.example", facts={}
    )
    db.session.add(row)
    db.session.commit()
    assert sign_in(seller).post(f"/notifications/{row.id}/open").status_code == 404


def test_the_same_news_is_told_once(seller: User, manager: User) -> None:
    for _ in range(2):
        for person in (seller, manager):
            tell(person.id, "retro.due", key="retro:1", address="/", facts={"deal": "X"})
    assert queries.unseen_count(seller.id) == queries.unseen_count(manager.id) == 1


def test_a_person_says_how_each_kind_reaches_them(sign_in: SignIn, seller: User) -> None:
    browser = sign_in(seller)
    wanted = {"buyer.read": "digest", "request.comment": "never", "share.gone": "instant"}
    assert browser.post("/me/notifications", data=wanted).status_code == 303
    ways = queries.ways_of(seller.id)
    assert (ways["buyer.read"], ways["request.comment"]) == (How.DIGEST, How.NEVER)
    # Only what differs from the usual way is a choice of theirs.
    kept = db.session.scalars(select(NotificationChoice.kind)).all()
    assert sorted(kept) == ["buyer.read", "request.comment"]
    page = browser.get("/me/notifications").text
    assert re.search(r'name="buyer.read" value="digest" checked', page)
    browser.post("/me/notifications", data={"buyer.read": "instant"})
    assert queries.ways_of(seller.id)["buyer.read"] is How.INSTANT
    assert queries.ways_of(seller.id)["request.comment"] is How.NEVER


def test_a_way_that_is_none_is_refused_and_changes_nothing(sign_in: SignIn, seller: User) -> None:
    forged = {"buyer.read": "never", "request.comment": "by pigeon"}
    assert sign_in(seller).post("/me/notifications", data=forged).status_code == 422
    assert queries.ways_of(seller.id)["buyer.read"] is How.INSTANT


@pytest.mark.parametrize("role", list(Role))
def test_settings_show_what_can_concern_a_person(sign_in: SignIn, role: Role) -> None:
    page = sign_in(factories.user(role)).get("/me/notifications").text
    assert ('name="retro.due"' in page) == (role is not Role.MARKETER)
    assert ('name="flag.raised"' in page) == (role in (Role.MARKETER, Role.ADMIN))
    assert 'name="buyer.read"' in page


def test_settings_say_whether_e_mail_is_set_up_and_to_admins_how(
    app: Flask,
    sign_in: SignIn,
    seller: User,
    admin: User,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "CONTENTLIB_MAIL_URL" in sign_in(admin).get("/me/notifications").text
    page = sign_in(seller).get("/me/notifications").text
    assert "O e-mail não está configurado" in page
    assert "CONTENTLIB_MAIL_URL" not in page
    monkeypatch.setitem(app.extensions, "settings", with_mail(settings, "file:/tmp/x"))
    page = sign_in(seller).get("/me/notifications").text
    assert "não está configurado" not in page
    assert seller.email in page


def test_what_is_old_is_told_with_its_day(sign_in: SignIn, seller: User) -> None:
    with time_machine.travel("2025-01-02T15:00:00+00:00", tick=False) as clock:
        news(seller)
        clock.shift(timedelta(days=400))
        assert "quinta-feira, 2 de janeiro de 2025" in sign_in(seller).get("/notifications").text
