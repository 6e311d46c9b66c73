"""Marketers' work on materials in the browser, from a file on a disk to what sellers see."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.library import service, taxonomy, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, Status
from contentlib.usage.models import UsageEvent
from tests import factories
from tests.library.test_jobs import blob_of, pdf, work

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def browser(sign_in: SignIn, marketer: User) -> FlaskClient:
    taxonomy.seed()
    db.session.commit()
    return sign_in(marketer)


def send(browser: FlaskClient, content: bytes, name: str, key: str = "k1") -> TestResponse:
    return browser.post(
        "/assets/upload",
        data={"file": (BytesIO(content), name)},
        headers={"HX-Request": "true", "Idempotency-Key": key},
    )


def only_asset() -> Asset:
    return db.session.scalars(select(Asset)).one()


def facts_of(asset: Asset, **changed: object) -> dict[str, object]:
    return {
        "title": asset.title,
        "type": asset.type.key,
        "language": asset.language,
        "stages": ["proposal"],
        "personas": ["champion"],
        "audience": "shareable",
        "owner": str(asset.owner_id),
        "deputy": "",
        "review_due": "2099-01-01",
        **changed,
    }


def test_a_file_becomes_a_draft_and_one_form_publishes_it_to_sellers(
    browser: FlaskClient, sign_in: SignIn, seller: User
) -> None:
    answer = send(browser, pdf("O custo do atraso"), "caso_vertice.pdf")
    assert answer.status_code == 201
    asset = only_asset()
    assert asset.title in answer.text
    assert sign_in(seller).get(f"/assets/{asset.id}").status_code == 404
    form = facts_of(asset, title="Caso Vértice", tags="payback, frete", then="publish")
    answer = browser.post(f"/assets/{asset.id}/edit", data=form, follow_redirects=True)
    assert asset.status is Status.PUBLISHED
    assert [tag.key for tag in asset.tags] == ["frete", "payback"]
    work("library.extract", blob_of(asset).sha256)
    assert "O custo do atraso" in sign_in(seller).get(f"/assets/{asset.id}").text


def test_several_drafts_are_completed_and_published_together(browser: FlaskClient) -> None:
    for number in (1, 2):
        send(browser, pdf(f"Caso {number}"), f"caso{number}.pdf", key=f"k{number}")
    drafts = list(db.session.scalars(select(Asset).order_by(Asset.id)))
    ids = [draft.id for draft in drafts]
    form: dict[str, object] = facts_of(drafts[0]) | {"id": ids, "chosen": ids}
    for draft in drafts:
        form |= {
            f"draft-{draft.id}-title": f"Título {draft.id}",
            f"draft-{draft.id}-type": "one_pager",
            f"draft-{draft.id}-language": "pt",
        }
    refused = browser.post("/assets/complete", data=form | {"stages": [], "then": "publish"})
    assert refused.status_code == 422
    assert {draft.status for draft in drafts} == {Status.DRAFT}
    again = "/assets/complete?" + "&".join(f"id={draft.id}" for draft in drafts)
    for _ in range(2):
        assert browser.post(again, data=form | {"then": "publish"}).status_code in (302, 303)
    assert {draft.status for draft in drafts} == {Status.PUBLISHED}
    assert drafts[0].title == f"Título {drafts[0].id}"


def test_a_draft_that_is_not_ticked_stays_as_it_was(browser: FlaskClient) -> None:
    for number in (1, 2):
        send(browser, pdf(f"Caso {number}"), f"caso{number}.pdf", key=f"k{number}")
    left, taken = db.session.scalars(select(Asset).order_by(Asset.id))
    own = {"title": "Título", "type": "one_pager", "language": "pt"}
    form: dict[str, object] = facts_of(taken) | {"id": [left.id, taken.id], "then": "publish"}
    form |= {f"draft-{taken.id}-{name}": value for name, value in own.items()}
    nothing = browser.post("/assets/complete", data=form)
    assert nothing.status_code == 422
    assert "Escolha ao menos um material." in nothing.text
    browser.post("/assets/complete", data=form | {"chosen": taken.id})
    assert (left.status, taken.status) == (Status.DRAFT, Status.PUBLISHED)
    assert not left.stages


def test_sending_twice_under_one_key_makes_one_draft(browser: FlaskClient) -> None:
    for _ in range(2):
        assert send(browser, pdf("Um caso"), "caso.pdf").status_code == 201
    assert db.session.scalar(select(func.count(Asset.id))) == 1


def test_known_bytes_are_named_and_can_be_kept_twice(browser: FlaskClient) -> None:
    send(browser, pdf("Um caso"), "caso.pdf", key="k1")
    first = only_asset()
    answer = send(browser, pdf("Um caso"), "outro nome.pdf", key="k2")
    assert f"/assets/{first.id}" in answer.text
    assert only_asset() is first
    sha256 = blob_of(first).sha256
    for _ in range(2):
        browser.post(
            "/assets/upload/again",
            data={"sha256": sha256, "file_name": "outro nome.pdf", "key": "k3"},
        )
    assert db.session.scalar(select(func.count(Asset.id))) == 2


def test_a_file_of_the_same_name_can_become_a_new_version_instead(browser: FlaskClient) -> None:
    send(browser, pdf("Primeira"), "caso.pdf", key="k1")
    first = only_asset()
    answer = send(browser, pdf("Segunda"), "caso.pdf", key="k2")
    draft = db.session.scalars(select(Asset).where(Asset.id != first.id)).one()
    assert f"/assets/{draft.id}/instead" in answer.text
    browser.post(f"/assets/{draft.id}/instead", data={"of": first.id})
    assert only_asset() is first
    assert [version.number for version in first.versions] == [1, 2]


def test_a_refused_file_says_why_in_the_readers_language(browser: FlaskClient) -> None:
    answer = send(browser, b"MZ\x90\x00program", "setup.exe")
    assert answer.status_code == 415
    assert "toast" in answer.headers["HX-Trigger"]
    assert db.session.scalar(select(func.count(Asset.id))) == 0


def test_a_plain_form_sends_several_files_and_says_which_failed(browser: FlaskClient) -> None:
    files = [(BytesIO(pdf("Um")), "um.pdf"), (BytesIO(b""), "vazio.pdf")]
    answer = browser.post("/assets/upload", data={"file": files}, follow_redirects=True)
    assert "vazio.pdf" in answer.text
    assert only_asset().title == "Um"


def test_sellers_keep_the_published_version_until_the_next_is_published(
    browser: FlaskClient, marketer: User
) -> None:
    asset = factories.asset(owner=marketer)
    browser.post(
        f"/assets/{asset.id}/rewrite",
        data={"title": asset.title, "url": "https://firm.example/2", "change_note": "Novo"},
    )
    assert [version.number for version in asset.versions] == [1, 2]
    assert asset.published_version is asset.versions[0]
    browser.post(f"/assets/{asset.id}/publish")
    assert asset.published_version is asset.versions[1]
    browser.post(f"/assets/{asset.id}/versions/1/publish")
    assert asset.published_version is asset.versions[0]


def test_archiving_can_be_undone_on_the_page_it_leads_to(
    browser: FlaskClient, marketer: User
) -> None:
    asset = factories.asset(owner=marketer)
    assert "Os vendedores veem esta" in browser.get(f"/assets/{asset.id}").text
    page = browser.post(f"/assets/{asset.id}/archive", follow_redirects=True)
    assert f"/assets/{asset.id}/restore" in page.text
    assert "Os vendedores veem esta" not in page.text
    assert "Publicada" in page.text
    browser.post(f"/assets/{asset.id}/restore")
    assert asset.status is Status.PUBLISHED


def test_still_true_needs_a_day_that_exists(browser: FlaskClient, marketer: User) -> None:
    asset = factories.asset(owner=marketer)
    for day in ("2026-02-30", "", "ontem"):
        answer = browser.post(f"/assets/{asset.id}/verify", data={"next_review": day})
        assert answer.status_code == 422
    next_review = firm_today().replace(year=firm_today().year + 1, day=1).isoformat()
    browser.post(f"/assets/{asset.id}/verify", data={"next_review": next_review})
    assert asset.review_due is not None
    assert asset.review_due.isoformat() == next_review


def test_an_objection_is_written_and_answered_in_one_breath(browser: FlaskClient) -> None:
    card = {"heard_as": "está caro\nnão temos verba", "answer": "palavra " * 36}
    refused = browser.post("/assets/new/objection", data=card)
    assert refused.status_code == 422
    assert "está caro" in refused.text
    browser.post("/assets/new/objection", data=card | {"answer": "Quanto custa cada atraso?"})
    asset = only_asset()
    assert asset.title == "“Está caro”"
    page = browser.get(f"/assets/{asset.id}").text
    assert "Quanto custa cada atraso?" in page
    assert "“não temos verba”" in page


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("script", {"title": "Retomada", "channel": "call", "text": "Oi"}),
        ("objection", {"heard_as": "está caro", "answer": "Depende."}),
        ("link", {"title": "Vídeo", "url": "https://firm.example/v"}),
    ],
)
def test_a_text_sent_twice_is_made_once(
    browser: FlaskClient, path: str, form: dict[str, str]
) -> None:
    for _ in range(2):
        assert browser.post(f"/assets/new/{path}", data=form | {"key": "k"}).status_code == 303
    asset = only_asset()
    for _ in range(2):
        browser.post(f"/assets/{asset.id}/rewrite", data=form | {"key": "k2", "title": "x"})
    assert [version.number for version in asset.versions] == [1, 2]


def test_a_script_shows_its_merge_fields(browser: FlaskClient) -> None:
    text = "Oi, {{ contato.nome }}, tudo bem na {{empresa}}?"
    browser.post(
        "/assets/new/script", data={"title": "Retomada", "channel": "whatsapp", "text": text}
    )
    page = browser.get(f"/assets/{only_asset().id}").text
    assert re.findall(r'data-script-field="([\w.]+)"', page) == ["contato.nome", "empresa"]


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_people_write_is_shown_and_never_executed(
    browser: FlaskClient, marketer: User, hostile: str
) -> None:
    asset = factories.draft(hostile, owner=marketer, summary=hostile)
    versions.add_script_version(
        asset,
        channel="email",
        subject=hostile,
        text=f"**{hostile}** {{{{contato.nome}}}}",
        change_note=hostile,
        by=marketer,
    )
    service.publish(asset, by=marketer, today=firm_today())
    db.session.commit()
    for path in (f"/assets/{asset.id}", f"/assets/{asset.id}/edit", "/assets"):
        page = browser.get(path).text
        assert hostile not in page
        assert "alert(1)" in page


def test_an_answer_is_shown_as_it_is_copied_with_the_marks_of_each_channel(
    browser: FlaskClient,
) -> None:
    card = {"heard_as": "está caro", "answer": "**Quanto** custa na {{empresa}}?", "then": "draft"}
    browser.post("/assets/new/objection", data=card)
    page = browser.get(f"/assets/{only_asset().id}").text
    assert 'id="answer">Quanto custa na [empresa]?</p>' in page
    assert 'id="whatsapp" dir="auto">*Quanto* custa na [empresa]?</div>' in page
    assert "<p><strong>Quanto</strong> custa na [empresa]?</p></div>" in page
    assert 'data-copy-rich="Quanto custa na [empresa]?"' in page


def test_looking_at_a_page_writes_nothing(browser: FlaskClient, marketer: User) -> None:
    asset = factories.asset(owner=marketer)
    browser.get(f"/assets/{asset.id}")
    assert db.session.scalar(select(func.count(UsageEvent.id))) == 0


@pytest.mark.parametrize(
    "query",
    ["", "?status=overdue", "?status=nonsense&sort=nonsense&page=999&owner=x", "?words=%25_%00"],
)
def test_the_list_of_materials_understands_any_address(
    browser: FlaskClient, marketer: User, query: str
) -> None:
    factories.asset(owner=marketer)
    assert browser.get(f"/assets{query}").status_code == 200


def test_the_order_of_due_reviews_stays_in_its_tab(browser: FlaskClient) -> None:
    due = browser.get("/assets?status=due&sort=review").text
    assert 'href="/assets?status=draft"' in due
    assert 'href="/assets?status=draft&amp;sort=title"' in browser.get("/assets?sort=title").text


def test_the_list_narrows_by_state_type_and_title(browser: FlaskClient, marketer: User) -> None:
    factories.draft("Rascunho secreto", owner=marketer)
    factories.asset("Caso público", owner=marketer)
    assert "Rascunho secreto" not in browser.get("/assets?status=published").text
    assert "Caso público" not in browser.get("/assets?status=draft").text
    assert "Caso público" in browser.get("/assets?words=PUBLICO&type=case_study").text
