"""News reaches a mailbox as its reader wants it: once, though servers refuse, stall and return."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select

from contentlib import jobs
from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.jobs.models import Job, JobState
from contentlib.notifications import letters, service
from contentlib.notifications.models import How, Notification
from tests import factories
from tests.notifications.telling import html, news, plain, work
from tests.real.smtp import HANGS_UP, SAYS_NOTHING, Ways

Clock = time_machine.Traveller
pytestmark = pytest.mark.usefixtures("clock")


def job_of(told: Notification) -> Job:
    return db.session.scalars(
        select(Job).where(Job.kind == service.MAIL, Job.key == str(told.id))
    ).one()


def choose(person: User, kind: str, how: How) -> None:
    service.choose_ways(person, {kind: how})
    db.session.commit()


def test_news_is_mailed_at_once_with_the_way_to_it(app: Flask, mail: Ways, seller: User) -> None:
    told = news(seller, asset="Frete & prazo <1 dia")
    work(app)
    (came,) = mail.taken
    said = "Ana Souza (Acme) leu “Frete & prazo <1 dia”: 3 min 10 s, até a p. 7 de 9, 2ª visita"
    assert came["To"] == seller.email
    assert came["Subject"].replace("\xa0", " ") == said
    assert came["Message-ID"] == f"<notification-{told.id}@firm.example>"
    assert came["List-Unsubscribe"] == "<http://localhost/me/notifications>"
    assert said in plain(came).replace("\xa0", " ")
    assert f"http://localhost/deals/1?news={told.id}#reading" in plain(came)
    assert f'href="http://localhost/deals/1?news={told.id}#reading"' in html(came)
    assert "Frete &amp; prazo &lt;1 dia" in html(came)
    assert "<img" not in html(came)
    assert told.mailed_at is not None
    assert job_of(told).state == JobState.DONE


def test_a_letter_that_counts_leads_to_how_it_is_counted_and_no_other(
    app: Flask, mail: Ways, seller: User
) -> None:
    choose(seller, "request.delivered", How.INSTANT)
    for kind in ("buyer.read", "request.delivered"):
        news(seller, kind)
    work(app)
    counted, other = (came for came in mail.taken)
    for words in (plain(counted), html(counted)):
        assert "http://localhost/counting" in words
    for words in (plain(other), html(other)):
        assert "/counting" not in words


def test_a_letter_is_in_the_language_of_its_reader(app: Flask, mail: Ways, seller: User) -> None:
    seller.language = "en"
    news(seller)
    work(app)
    assert mail.taken[0]["Subject"].startswith("Ana Souza (Acme) read “Caso Fintech”: ")
    assert 'lang="en"' in html(mail.taken[0])


def test_names_with_line_ends_write_no_header(app: Flask, mail: Ways, seller: User) -> None:
    news(seller, reader="Ana\r\nBcc: all@firm.example", asset="Caso\n\nOi")
    work(app)
    (came,) = mail.taken
    assert came["Bcc"] is None
    assert came["Subject"].startswith("Ana Bcc: all@firm.example (Acme) leu “Caso Oi”")


def test_a_job_that_runs_twice_sends_once(app: Flask, mail: Ways, seller: User) -> None:
    told = news(seller)
    work(app)
    jobs.enqueue(service.MAIL, str(told.id), {"notification": told.id})
    db.session.commit()
    work(app)
    assert len(mail.came) == 1


def test_what_was_seen_in_the_product_is_not_mailed(app: Flask, mail: Ways, seller: User) -> None:
    service.mark_seen(news(seller))
    db.session.commit()
    work(app)
    assert mail.came == []


def test_who_can_no_longer_enter_is_told_nothing(app: Flask, mail: Ways, seller: User) -> None:
    told = news(seller)
    seller.active = False
    db.session.commit()
    work(app)
    assert mail.came == []
    assert service.tell(seller.id, "buyer.read", key="later", address="/", facts={}) is None
    assert db.session.scalars(select(Notification)).all() == [told]


def test_never_means_never(app: Flask, mail: Ways, seller: User) -> None:
    choose(seller, "buyer.read", How.NEVER)
    news(seller)
    assert db.session.scalars(select(Job).where(Job.kind == service.MAIL)).all() == []


def test_news_that_was_to_come_at_once_is_not_mailed_to_who_wants_none_by_then(
    app: Flask, mail: Ways, seller: User
) -> None:
    news(seller)
    choose(seller, "buyer.read", How.NEVER)
    work(app)
    assert mail.came == []


def test_where_no_server_is_named_nothing_is_queued(app: Flask, seller: User) -> None:
    news(seller)
    service.send_letter(to="a@acme.example", language="pt", template="x", key="x", facts={})
    kinds = (service.MAIL, service.DIGEST, service.LETTER)
    assert db.session.scalars(select(Job).where(Job.kind.in_(kinds))).all() == []


# What a server may do while a letter is handed over, after which it returns to its senses.
FAULTS = {
    "refuses for now": ("RCPT", "451 4.7.1 try later"),
    "has no room": ("END", "452 4.3.1 full"),
    "is shutting down": ("HELLO", "421 shutting down"),
    "does not know us": ("MAIL", "550 not yours"),
    "stalls at once": ("HELLO", SAYS_NOTHING),
    "stalls in the middle": ("DATA", SAYS_NOTHING),
    "hangs up": ("RCPT", HANGS_UP),
}


@pytest.mark.parametrize(("command", "says"), FAULTS.values(), ids=FAULTS)
def test_nothing_is_lost_and_nothing_doubled_when_a_server_returns(
    app: Flask, mail: Ways, clock: Clock, seller: User, command: str, says: str | None
) -> None:
    mail.says[command] = says
    told = [news(seller) for _ in range(3)]
    work(app)
    assert mail.taken == []
    for one in told:
        job = job_of(one)
        assert (job.state, job.attempts, one.mailed_at) == (JobState.QUEUED, 0, None)
        assert job.last_error
    clock.shift(timedelta(hours=1))
    work(app)
    del mail.says[command]
    # However often it was put off, the next time it is taken.
    for _hour in range(2):
        clock.shift(timedelta(hours=1))
        work(app)
    ids = sorted(message["Message-ID"] for message in mail.taken)
    assert ids == sorted(f"<notification-{one.id}@firm.example>" for one in told)
    assert all(one.mailed_at for one in told)


def test_a_silent_server_is_asked_once_and_not_once_a_letter(
    app: Flask, mail: Ways, clock: Clock, seller: User
) -> None:
    mail.says["HELLO"] = SAYS_NOTHING
    for _ in range(5):
        news(seller)
    work(app)
    assert mail.connections == 1
    clock.shift(timedelta(seconds=30))
    work(app)
    assert mail.connections == 2


def test_a_letter_whose_last_line_was_not_answered_comes_again_under_the_same_id(
    app: Flask, mail: Ways, clock: Clock, seller: User
) -> None:
    """Nobody can know whether such a letter was taken: SMTP has no way to ask.

    So it is sent again rather than lost, under an id by which mail programs show it once.
    """
    mail.says["END"] = HANGS_UP
    news(seller)
    work(app)
    del mail.says["END"]
    clock.shift(timedelta(hours=1))
    work(app)
    assert len(mail.came) == 2
    assert len({letter.message["Message-ID"] for letter in mail.came}) == 1
    clock.shift(timedelta(hours=1))
    work(app)
    assert len(mail.came) == 2


def test_an_address_that_nobody_has_is_given_up_with_its_reason(
    app: Flask, mail: Ways, seller: User, admin: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    mail.says["RCPT"] = "550 5.1.1 no such user"
    refused = news(seller)
    work(app)
    job = job_of(refused)
    assert job.state == JobState.DEAD
    assert "550 5.1.1 no such user" in (job.last_error or "")
    assert "550 5.1.1 no such user" in sign_in(admin).get("/admin/health").text
    del mail.says["RCPT"]
    other = news(seller)
    work(app)
    assert [message["Message-ID"] for message in mail.taken] == [
        f"<notification-{other.id}@firm.example>"
    ]


def test_after_three_days_a_letter_is_given_up_and_a_person_may_send_it_yet(
    app: Flask,
    mail: Ways,
    clock: Clock,
    seller: User,
    admin: User,
    sign_in: Callable[[User], FlaskClient],
) -> None:
    mail.says["HELLO"] = "421 not today"
    job = job_of(news(seller))
    for _half_day in range(7):
        work(app)
        assert job.state == JobState.QUEUED
        clock.shift(timedelta(hours=12))
    work(app)
    assert job.state == JobState.DEAD
    assert "Not taken for 3 days" in (job.last_error or "")
    mail.says.clear()
    clock.shift(timedelta(hours=1))
    sign_in(admin).post(f"/admin/jobs/{job.id}/retry")
    work(app)
    assert len(mail.taken) == 1


TEMPLATES = {
    "email/code.txt": "Code for {{ facts.name }}\n\n{{ facts.code }}\n{{ link('/s') }}",
    "email/code.html": "<p>{{ facts.name }}: {{ facts.code }}</p>",
}


@pytest.fixture
def code_letter(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Send letters that no package of the product has: a code to somebody outside."""
    loader = ChoiceLoader([DictLoader(TEMPLATES), app.jinja_env.loader or DictLoader({})])
    kept = app.jinja_env.overlay(autoescape=True, loader=loader)
    monkeypatch.setitem(app.extensions, letters.KEPT, kept)

    def send(code: str) -> None:
        facts = {"name": "Ana & filhos", "code": code}
        service.send_letter(
            to="ana@acme.example", language="pt", template="code", key="code:1", facts=facts
        )
        db.session.commit()

    return send


def test_a_letter_goes_to_somebody_outside_and_its_words_are_not_kept(
    app: Flask, mail: Ways, code_letter: Callable[[str], None]
) -> None:
    code_letter("481516")
    work(app)
    (came,) = mail.taken
    assert (came["To"], came["Subject"]) == ("ana@acme.example", "Code for Ana & filhos")
    assert plain(came) == "481516\nhttp://localhost/s\n"
    assert "Ana &amp; filhos" in html(came)
    job = db.session.scalars(select(Job).where(Job.kind == service.LETTER)).one()
    assert job.state == JobState.DONE
    assert "481516" not in str(job.payload)


def test_of_two_letters_with_one_key_the_later_is_sent_and_another_one_afterwards(
    app: Flask, mail: Ways, code_letter: Callable[[str], None]
) -> None:
    code_letter("1")
    code_letter("2")
    work(app)
    assert [plain(message)[0] for message in mail.taken] == ["2"]
    code_letter("3")
    work(app)
    assert [plain(message)[0] for message in mail.taken] == ["2", "3"]
    assert len({message["Message-ID"] for message in mail.taken}) == 2


def test_a_letter_that_was_put_off_is_the_same_letter(
    app: Flask, mail: Ways, clock: Clock, code_letter: Callable[[str], None]
) -> None:
    mail.says["END"] = HANGS_UP
    code_letter("1")
    work(app)
    del mail.says["END"]
    clock.shift(timedelta(minutes=5))
    work(app)
    assert len(mail.came) == 2
    assert len({letter.message["Message-ID"] for letter in mail.came}) == 1


def test_people_without_an_address_get_no_letter(app: Flask, mail: Ways) -> None:
    person = factories.user("seller")
    person.email = "x@no-address.invalid"
    news(person)
    work(app)
    assert mail.connections == 0
