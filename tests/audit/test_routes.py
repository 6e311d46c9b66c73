"""Every way to change something, walked: it is written down, or it is told here why it is not."""

import io
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select

from contentlib import jobs
from contentlib.accounts.invitations import one_time_link
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.audit.models import AuditEntry
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.feedback.models import Flag, Suggestion
from contentlib.finding.models import Pin, Synonym
from contentlib.importing.models import ImportRun
from contentlib.jobs.models import JobState
from contentlib.jobs.worker import Worker
from contentlib.library import taxonomy, versions
from contentlib.library.care.custody import CustodyStep
from contentlib.library.care.verdicts import ScanState
from contentlib.library.models import Asset, Blob
from contentlib.requests import service as requests
from contentlib.sharing.models import Follows
from tests import factories
from tests.importing.bundled import zipped
from tests.importing.test_pages import CRM, fields
from tests.library.dying import content
from tests.library.dying import send as send_in_parts
from tests.library.test_pages import facts_of
from tests.library.test_pages import send as send_file
from tests.sharing.buyers import link_to
from tests.sharing.rows import sent

PASSWORD = "correct horse battery"

# What changes nothing that anybody would have to answer for, and why.
HISTORY = "deals have an append-only history of their own"
LEDGER = "the ledger of use is append-only itself"
OWN = "concerns nobody but the person who does it"
BUNDLE = "only says what is to become of files; what does become is written down"
LINK = "the link itself says who made it, when and for whom"
BUYER = "done by a buyer, who is nobody here; kept as a hit of the link"
UPLOAD = "only bytes on their way; what becomes of them is written down when they are there"
SAID = "what was said tells itself by whom and when, and is kept when it is taken back"
STEPS = "a request keeps its own steps and comments"
LOG = "the log of searches, which names nobody"
NOT_WRITTEN = {
    "accounts.look": OWN,
    "accounts.preferences": OWN,
    "deals.answer_by_link": HISTORY,
    "deals.answer_retro": HISTORY,
    "deals.close": HISTORY,
    "deals.copied": LEDGER,
    "deals.download": LEDGER,
    "deals.edit": HISTORY,
    "deals.explain_outcome": LEDGER,
    "deals.move": HISTORY,
    "deals.new": HISTORY,
    "deals.new_contact": HISTORY,
    "deals.note_outcome": LEDGER,
    "deals.opened": LEDGER,
    "deals.record_use": LEDGER,
    "deals.merge_touch": "only shows again what was there",
    "deals.reopen": HISTORY,
    "deals.split_touch": "the row itself says who said it and when",
    "deals.record_use_page": LEDGER,
    "deals.undo_outcome": LEDGER,
    "deals.skip_retro": HISTORY,
    "deals.undo_use": LEDGER,
    "prep.copied": LEDGER,
    "prep.dismiss": OWN,
    "prep.followed": OWN,
    "prep.opened": OWN,
    "prep.pin": OWN,
    "prep.send_to_me": OWN,
    "prep.undo": OWN,
    "feedback.attach_win": SAID,
    "feedback.change_comment": SAID,
    "feedback.explain_rating": OWN,
    "feedback.flag": SAID,
    "feedback.put_comment_back": SAID,
    "feedback.put_suggestion_back": SAID,
    "feedback.put_win_back": SAID,
    "feedback.rate": OWN,
    "feedback.say": SAID,
    "feedback.settle": SAID,
    "feedback.suggest": SAID,
    "feedback.take_comment_back": SAID,
    "feedback.take_rating_back": OWN,
    "feedback.unsettle": SAID,
    "feedback.withdraw_flag": SAID,
    "feedback.withdraw_suggestion": SAID,
    "feedback.withdraw_win": SAID,
    "finding.log_click": LOG,
    "finding.log_search": LOG,
    "finding.remove": OWN,
    "finding.rename": OWN,
    "finding.restore": OWN,
    "finding.save": OWN,
    "finding.saved_seen": OWN,
    "finding.set_alert": OWN,
    "importing.add_part": UPLOAD,
    "importing.begin_bundle": BUNDLE,
    "importing.begin_bundled": UPLOAD,
    "importing.bundle_arrived": BUNDLE,
    "importing.bundle_rules": BUNDLE,
    "importing.cancel_upload": UPLOAD,
    "importing.columns": "takes nothing in yet",
    "importing.discard_bundle": "removes what took nothing in",
    "importing.finish_bundled": UPLOAD,
    "importing.resume_bundle": "goes on with what was written down when it began",
    "importing.save_all": BUNDLE,
    "importing.save_row": BUNDLE,
    "importing.save_rows": BUNDLE,
    "importing.send_archive": UPLOAD,
    "importing.stop_bundle": "pauses what was written down when it began",
    "importing.discard": "removes what took nothing in",
    "importing.resume": "goes on with what was written down when it began",
    "importing.upload": "takes nothing in yet",
    "library.add_part": UPLOAD,
    "library.address_of_part": UPLOAD,
    "library.begin_upload": UPLOAD,
    "library.cancel_upload": UPLOAD,
    "library.scan_again": "asks the scanner once more; what it finds is written down",
    "library.read_again": "makes again what follows from the bytes",
    "notifications.all_seen": OWN,
    "notifications.follow": OWN,
    "notifications.preferences": OWN,
    "notifications.seen": OWN,
    "requests.assign": STEPS,
    "requests.comment": STEPS,
    "requests.create": "the request itself says who asked and when",
    "requests.drop_draft": OWN,
    "requests.join": "the request itself says who waits and since when",
    "requests.leave": OWN,
    "requests.link_draft": STEPS,
    "requests.move": STEPS,
    "requests.one_seen": OWN,
    "requests.seen": OWN,
    "shared.elsewhere": BUYER,
    "shared.enter": BUYER,
    "sharing.sent": LEDGER,
    "sharing.share": LINK,
    "security.forgot_password": "a link that is mailed is written down, but nobody is in",
    "security.logout": "ends the person's own session",
    "visits.seen": "a page reports about itself; what follows is in the ledger",
    "security.verify": "the password once more, by somebody who is in",
}


@cache
def hashed() -> str:
    return str(hash_password(PASSWORD))


def newest(kind: Any) -> int:
    return db.session.scalars(select(kind.id).order_by(kind.id.desc())).first() or 0


class World:
    """An installation in which every step can be taken, and who takes it."""

    def __init__(self, app: Flask, sign_in: Callable[[User], FlaskClient]) -> None:
        taxonomy.seed()
        self.app = app
        self.sign_in = sign_in
        self.admin = factories.user("admin", name="Ana")
        self.admin.password = hashed()
        self.asset = factories.asset("One", owner=self.admin)
        self.draft = factories.draft("Two", owner=self.admin)
        db.session.commit()
        self.browser = sign_in(self.admin)

    def post(self, address: str, **data: Any) -> None:
        answer = self.browser.post(address, data=data)
        assert answer.status_code < 400, (address, answer.status_code, answer.text[-3000:])

    def version(self, asset: Asset | None = None) -> str:
        """Add a version and return its address."""
        asset = asset or self.asset
        row = versions.add_link_version(asset, url="https://firm.example/2", by=self.admin)
        db.session.commit()
        return f"/assets/{asset.id}/versions/{row.number}"

    def file(self) -> Asset:
        """Send a file and return the draft that it became."""
        assert (
            send_file(self.browser, content("um caso"), "caso.pdf", key="first").status_code == 201
        )
        return db.session.scalars(select(Asset).order_by(Asset.id.desc()).limit(1)).one()

    def word(self) -> str:
        tag = taxonomy.add_term(taxonomy.Tag, "Frete")
        taxonomy.add_term(taxonomy.Tag, "Prazo")
        db.session.commit()
        return f"/admin/taxonomy/tag/{tag.id}"

    def synonym(self) -> str:
        self.post("/search/terms/synonyms", words="frete, carreto")
        return f"/search/terms/synonyms/{newest(Synonym)}"

    def pin(self) -> str:
        for asset in (self.draft, self.asset):
            self.post("/search/terms/pins", words="frete", asset=asset.id)
        return f"/search/terms/pins/{newest(Pin)}"

    def request(self) -> str:
        row = requests.ask(title="Caso de frete", by=self.admin)
        db.session.commit()
        return f"/requests/{row.id}"

    def run(self) -> str:
        """Bring an import to where it can be started."""
        data = {"kind": "deals", "file": (io.BytesIO(CRM.encode()), "crm.csv")}
        self.browser.post("/imports", data=data, content_type="multipart/form-data")
        run = db.session.scalars(select(ImportRun)).one()
        given = fields(self.browser.get(f"/imports/{run.id}/columns").text)
        self.post(f"/imports/{run.id}/columns", **given, currency="USD", create_missing="y")
        self.work()
        return f"/imports/{run.id}"

    def bundle(self) -> str:
        """Send a ZIP file of materials and have it looked at."""
        data = {"archive": (io.BytesIO(zipped({"Casos/Caso.pdf": content("caso")})), "casos.zip")}
        self.browser.post("/imports/files/archive", data=data, content_type="multipart/form-data")
        self.work()
        return f"/imports/files/{newest(ImportRun)}"

    def work(self) -> None:
        Worker(self.app, lease_seconds=60).drain()


def demo_door(world: World) -> None:
    world.app.config["DEMO"] = True
    try:
        world.app.test_client().post(f"/demo/sign-in/{world.admin.id}")
    finally:
        world.app.config["DEMO"] = False


def set_password(world: World) -> None:
    with world.app.test_request_context():
        link = one_time_link(world.admin)
    db.session.commit()
    new = {"password": "another horse", "password_confirm": "another horse"}
    world.app.test_client().post(link, data=new)


def sign_in(world: World) -> None:
    who = {"email": world.admin.email, "password": PASSWORD}
    world.app.test_client().post("/sign-in", data=who)


def retry(world: World) -> None:
    job = jobs.enqueue("test.nobody", "x")
    job.state = JobState.DEAD
    db.session.commit()
    world.post(f"/admin/jobs/{job.id}/retry")


def complete(world: World) -> None:
    draft = world.draft
    own = {"title": "Título", "type": "one_pager", "language": "pt"}
    named = {f"draft-{draft.id}-{name}": value for name, value in own.items()}
    world.post("/assets/complete", **facts_of(draft), **named, id=draft.id, chosen=draft.id)


def change_of_file(world: World) -> None:
    asset = world.file()
    world.post(
        f"/assets/{asset.id}/versions/new",
        file=(io.BytesIO(content("outro caso")), "caso.pdf"),
        is_major="minor",
        change="minor",
    )


def keep_both(world: World) -> None:
    world.file()
    sha256 = db.session.scalars(select(Blob.sha256)).one()
    world.post("/assets/upload/again", sha256=sha256, file_name="b.pdf", key="second")


def archived(world: World) -> str:
    world.post(f"/assets/{world.asset.id}/archive")
    return f"/assets/{world.asset.id}/restore"


def published_twice(world: World) -> str:
    world.post(f"{world.version()}/publish")
    return f"/assets/{world.asset.id}/versions/1/roll-back"


def rolled_back(world: World) -> str:
    world.post(published_twice(world), reason="Engano")
    return f"/assets/{world.asset.id}/undo-roll-back"


def submitted(world: World) -> str:
    """Send for approval what somebody else has made."""
    by = factories.user("marketer")
    row = versions.add_link_version(world.asset, url="https://firm.example/3", by=by)
    db.session.commit()
    address = f"/assets/{world.asset.id}/versions/{row.number}"
    world.post(f"{address}/submit")
    return address


def held(world: World) -> str:
    """Put a material under legal hold; return what ends it."""
    world.post(f"/assets/{world.asset.id}/hold", reason="Processo 12")
    return f"/assets/{world.asset.id}/holds/{newest(CustodyStep)}/end"


def to_be_removed(world: World) -> str:
    """Have an archived material removed; return what undoes it."""
    archived(world)
    world.post(f"/assets/{world.asset.id}/remove", reason="Antigo")
    return f"/assets/{world.asset.id}/removals/{newest(CustodyStep)}/undo"


def version_removed(world: World) -> None:
    draft = world.file()
    world.post(f"/assets/{draft.id}/versions/1/remove", reason="Pessoal")


def released(world: World) -> None:
    draft = world.file()
    db.session.scalars(select(Blob)).one().scan = ScanState.QUARANTINED
    db.session.commit()
    world.post(f"/assets/{draft.id}/versions/1/release-file", reason="Alarme falso")


def imported(world: World) -> str:
    address = world.run()
    world.post(f"{address}/run")
    world.work()
    return address


def shared(world: World) -> str:
    """Make a link for a buyer; return where it is seen to."""
    return f"/links/{link_to(world.asset, by=world.admin).id}"


def left_behind(world: World) -> str:
    """Make a link that stays with a version, release another; return where the link is seen to."""
    link = link_to(world.asset, by=world.admin, follows=Follows.PINNED)
    world.post(f"{world.version()}/publish")
    return f"/links/{link.id}"


def person(world: World) -> dict[str, str]:
    return {"email": "new@firm.example", "name": "New", "role": "seller", "team": "", "active": "y"}


def suggested(world: World) -> str:
    """Suggest a change of a material; return where it is decided."""
    world.post(f"/assets/{world.asset.id}/suggest", note="O logotipo é o antigo.", key="s")
    return f"/assets/{world.asset.id}/suggestions/{newest(Suggestion)}"


def taken_up(world: World) -> None:
    """Say that a version has what somebody suggested."""
    address = suggested(world)
    world.version()
    world.post(f"{address}/accept")


def flagged(world: World) -> str:
    """Flag a material; return where that is answered."""
    world.post(f"/assets/{world.asset.id}/feedback/flags", reason="Velho", key="f")
    return f"/assets/{world.asset.id}/feedback/flags/{newest(Flag)}"


OBJECTION = {
    "title": "Caro",
    "heard_as": "está caro",
    "answer": "Quanto custa o atraso?",
    "key": "k",
}
SCRIPT = {"title": "Ligação", "channel": "call", "text": "Olá", "key": "k"}
LINK = {"title": "Página", "url": "https://firm.example/x", "type": "article", "key": "k"}


# Each takes its step on a world of its own; the last thing it does is what the route does.
def consent_of(world: World) -> str:
    """Return where it is noted what a person of a deal said."""
    deal = factories.deal(world.admin)
    contact = deals.add_contact(deal.company, name="Ana")
    deals.change_deal(deal, by=world.admin, contacts=[contact])
    db.session.commit()
    return f"/deals/{deal.id}/contacts/{contact.id}/consent"


WRITTEN: dict[str, tuple[Action, Callable[[World], object]]] = {
    "accounts.demo_sign_in": (Action.SIGNED_IN, demo_door),
    "accounts.new_link": (
        Action.LINK_MADE,
        lambda w: w.post(f"/admin/people/{w.admin.id}/link"),
    ),
    "accounts.new_person": (
        Action.PERSON_ADDED,
        lambda w: w.post("/admin/people/new", **person(w)),
    ),
    "accounts.person": (
        Action.PERSON_CHANGED,
        lambda w: w.post(f"/admin/people/{factories.user().id}", **person(w)),
    ),
    "admin.audit_csv": (Action.AUDIT_EXPORTED, lambda w: w.post("/admin/audit.csv")),
    "admin.retry": (Action.JOB_RETRIED, retry),
    "feedback.accept_suggestion": (Action.SUGGESTION_ACCEPTED, taken_up),
    "feedback.reject_suggestion": (
        Action.SUGGESTION_REJECTED,
        lambda w: w.post(f"{suggested(w)}/reject", reason="Fica como está"),
    ),
    "feedback.resolve_flag": (
        Action.FLAG_RESOLVED,
        lambda w: w.post(f"{flagged(w)}/resolve", answer="Vale até dezembro"),
    ),
    "finding.add_pin": (Action.PIN_ADDED, World.pin),
    "finding.add_synonym": (Action.SYNONYM_ADDED, World.synonym),
    "finding.change_pin": (Action.PIN_CHANGED, lambda w: w.post(w.pin(), words="carga")),
    "finding.change_synonym": (
        Action.SYNONYM_CHANGED,
        lambda w: w.post(w.synonym(), words="frete, carga"),
    ),
    "finding.move_pin": (Action.PIN_MOVED, lambda w: w.post(f"{w.pin()}/up")),
    "finding.remove_pin": (Action.PIN_REMOVED, lambda w: w.post(f"{w.pin()}/remove")),
    "finding.remove_synonym": (
        Action.SYNONYM_REMOVED,
        lambda w: w.post(f"{w.synonym()}/remove"),
    ),
    "finding.restore_pin": (
        Action.PIN_ADDED,
        lambda w: w.post(f"/search/terms/pins/restore?words=frete&asset={w.asset.id}"),
    ),
    "finding.restore_synonym": (
        Action.SYNONYM_ADDED,
        lambda w: w.post("/search/terms/synonyms/restore?word=frete&word=carga"),
    ),
    "importing.start": (Action.IMPORT_STARTED, lambda w: w.post(f"{w.run()}/run")),
    "importing.start_bundle": (
        Action.IMPORT_STARTED,
        lambda w: w.post(f"{w.bundle()}/run"),
    ),
    "importing.undo_bundle": (
        Action.IMPORT_UNDONE,
        lambda w: (sent := w.bundle(), w.post(f"{sent}/run"), w.work(), w.post(f"{sent}/undo")),
    ),
    "importing.undo": (Action.IMPORT_UNDONE, lambda w: w.post(f"{imported(w)}/undo")),
    "library.add_word": (
        Action.TERM_ADDED,
        lambda w: w.post("/admin/taxonomy/tag", name_pt="Frete", name_en="Freight"),
    ),
    "library.approve": (
        Action.VERSION_APPROVED,
        lambda w: w.post(f"{submitted(w)}/approve", note="Bom"),
    ),
    "library.archive": (Action.ASSET_ARCHIVED, archived),
    "library.become_version": (
        Action.VERSION_ADDED,
        lambda w: w.post(f"/assets/{w.file().id}/instead", of=w.asset.id),
    ),
    "library.complete": (Action.ASSET_CHANGED, complete),
    "library.end_hold": (Action.ASSET_FREED, lambda w: w.post(held(w), reason="Encerrado")),
    "library.place_hold": (Action.ASSET_HELD, held),
    "library.release_file": (Action.FILE_RELEASED, released),
    "library.remove_asset": (Action.REMOVAL_ASKED, to_be_removed),
    "library.remove_version": (Action.REMOVAL_ASKED, version_removed),
    "library.undo_removal": (Action.REMOVAL_UNDONE, lambda w: w.post(to_be_removed(w))),
    "library.edit": (
        Action.ASSET_CHANGED,
        lambda w: w.post(f"/assets/{w.asset.id}/edit", **facts_of(w.asset, title="Other")),
    ),
    "library.finish_upload": (
        Action.ASSET_CREATED,
        lambda w: send_in_parts(w.browser, "parts", lambda _line: None),
    ),
    "library.keep_both": (Action.ASSET_CREATED, keep_both),
    "library.move_down": (Action.TERM_MOVED, lambda w: w.post(f"{w.word()}/down")),
    "library.move_up": (
        Action.TERM_MOVED,
        lambda w: (moved := w.word(), w.post(f"{moved}/down"), w.post(f"{moved}/up")),
    ),
    "library.new_link": (Action.ASSET_CREATED, lambda w: w.post("/assets/new/link", **LINK)),
    "library.new_objection": (
        Action.ASSET_CREATED,
        lambda w: w.post("/assets/new/objection", **OBJECTION),
    ),
    "library.new_script": (
        Action.ASSET_CREATED,
        lambda w: w.post("/assets/new/script", **SCRIPT),
    ),
    "library.new_version": (Action.VERSION_ADDED, change_of_file),
    "library.publish": (
        Action.VERSION_PUBLISHED,
        lambda w: w.post(f"/assets/{w.draft.id}/publish"),
    ),
    "library.publish_version": (
        Action.VERSION_PUBLISHED,
        lambda w: w.post(f"{w.version()}/publish"),
    ),
    "library.receive": (Action.ASSET_CREATED, World.file),
    "library.reinstate_word": (
        Action.TERM_REINSTATED,
        lambda w: (
            retired := w.word(),
            w.post(f"{retired}/retire"),
            w.post(f"{retired}/reinstate"),
        ),
    ),
    "library.reject": (
        Action.VERSION_REJECTED,
        lambda w: w.post(f"{submitted(w)}/reject", reason="Falta a fonte"),
    ),
    "library.rename_word": (
        Action.TERM_RENAMED,
        lambda w: w.post(f"{w.word()}/name", name_pt="Carga", name_en="Load"),
    ),
    "library.restore": (Action.ASSET_RESTORED, lambda w: w.post(archived(w))),
    "library.retire_word": (Action.TERM_RETIRED, lambda w: w.post(f"{w.word()}/retire")),
    "library.rewrite": (
        Action.VERSION_ADDED,
        lambda w: w.post(f"/assets/{w.asset.id}/rewrite", **LINK),
    ),
    "library.roll_back": (
        Action.VERSION_ROLLED_BACK,
        lambda w: w.post(published_twice(w), reason="Engano"),
    ),
    "library.submit": (Action.VERSION_SUBMITTED, submitted),
    "library.undo_roll_back": (Action.VERSION_PUBLISHED, lambda w: w.post(rolled_back(w))),
    "library.verify": (
        Action.ASSET_VERIFIED,
        lambda w: w.post(f"/assets/{w.asset.id}/verify", next_review="2027-03-01"),
    ),
    "requests.accept": (Action.REQUEST_ACCEPTED, lambda w: w.post(f"{w.request()}/accept")),
    "requests.decline": (
        Action.REQUEST_DECLINED,
        lambda w: w.post(f"{w.request()}/decline", reason="Já existe"),
    ),
    "requests.merge": (
        Action.REQUEST_MERGED,
        lambda w: w.post(f"{w.request()}/merge", into=w.request().rpartition("/")[2]),
    ),
    "requests.deliver": (
        Action.REQUEST_DELIVERED,
        lambda w: w.post(f"{w.request()}/deliver", asset=w.asset.id),
    ),
    "security.change_password": (
        Action.PASSWORD_SET,
        lambda w: w.post(
            "/me/password",
            password=PASSWORD,
            new_password="another horse",
            new_password_confirm="another horse",
        ),
    ),
    "sharing.change_expiry": (
        Action.SHARE_CHANGED,
        lambda world: world.post(f"{shared(world)}/expiry", expires_on="2027-01-01"),
    ),
    "sharing.replace": (
        Action.SHARE_CHANGED,
        lambda world: world.post(
            f"{shared(world)}/items/1/replace", asset=factories.asset("Three").id
        ),
    ),
    "sharing.renew": (
        Action.SHARE_CHANGED,
        lambda world: world.post(f"{left_behind(world)}/items/1/renew"),
    ),
    "sharing.revoke": (
        Action.SHARE_REVOKED,
        lambda world: world.post(f"{shared(world)}/revoke"),
    ),
    "sharing.undo": (
        Action.SHARE_REVOKED,
        lambda world: world.post(f"/links/undo?link={shared(world).rpartition('/')[2]}"),
    ),
    "security.login": (Action.SIGNED_IN, sign_in),
    "security.reset_password": (Action.PASSWORD_SET, set_password),
    "deals.consent": (
        Action.CONSENT_CHANGED,
        lambda w: w.post(consent_of(w), consent="given", since="2026-01-05", source="E-mail"),
    ),
    "visits.erase_reader": (
        Action.READER_ERASED,
        lambda w: w.post(f"/links/{sent(w.admin, w.asset).link.id}/erase"),
    ),
}


def changing_routes(app: Flask) -> set[str]:
    harmless = {"GET", "HEAD", "OPTIONS"}
    return {
        rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) - harmless
    }


def test_every_way_to_change_something_is_named_here(app: Flask) -> None:
    assert set(WRITTEN) & set(NOT_WRITTEN) == set()
    assert set(WRITTEN) | set(NOT_WRITTEN) == changing_routes(app)


@pytest.fixture
def world(app: Flask, sign_in: Callable[[User], FlaskClient]) -> World:
    return World(app, sign_in)


@pytest.mark.parametrize("endpoint", WRITTEN)
def test_it_is_written_down_with_who_did_it_and_kept(world: World, endpoint: str) -> None:
    action, step = WRITTEN[endpoint]
    asked: list[str] = []

    def hear() -> None:
        asked.append(str(request.endpoint))

    world.app.before_request_funcs[None].insert(0, hear)
    try:
        step(world)
    finally:
        world.app.before_request_funcs[None].remove(hear)
    assert endpoint in asked
    # What a view had not committed is gone after this.
    db.session.rollback()
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()
    made = [entry for entry in entries if entry.surface == "web"]
    assert made, [entry.action for entry in db.session.scalars(select(AuditEntry))]
    assert made[-1].actor_id == world.admin.id
    assert made[-1].request_id


SECRET = re.compile(r"password|hash|token|argon2", re.IGNORECASE)


@pytest.mark.parametrize("endpoint", ["security.change_password", "security.login"])
def test_no_secret_is_written_down(world: World, endpoint: str) -> None:
    WRITTEN[endpoint][1](world)
    db.session.rollback()
    for details in db.session.scalars(select(AuditEntry.details)):
        assert not SECRET.search(details)
        assert PASSWORD not in details
