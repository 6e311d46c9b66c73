"""A firm in which every kind of page has something to show: rows through the product's services."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import delete, select

from contentlib import receiving
from contentlib.accounts.invitations import one_time_link
from contentlib.accounts.models import User
from contentlib.antivirus.errors import TOO_LARGE
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.ids import new_token
from contentlib.deals import outcomes, use
from contentlib.deals import service as deals
from contentlib.deals.models import Consent, Deal, Outcome, Retro, Verdict
from contentlib.deals.retros import answers, invitations
from contentlib.finding import pins, saving
from contentlib.finding import service as finding
from contentlib.finding.criteria import read_criteria
from contentlib.finding.receipts import Receipt
from contentlib.importing import service as importing
from contentlib.importing.kinds import KINDS
from contentlib.importing.models import ImportRun, State
from contentlib.jobs import queue
from contentlib.jobs.models import Job
from contentlib.jobs.worker import Worker
from contentlib.library import service as library
from contentlib.library import versions
from contentlib.library.care import holds, quarantine, removal
from contentlib.library.care.verdicts import ScanState
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, AssetVersion, Blob
from contentlib.library.release import service as releasing
from contentlib.library.taxonomy import Stage, get_term
from contentlib.library.uploads import service as uploads
from contentlib.notifications.models import Notification
from contentlib.notifications.service import tell
from contentlib.requests import service as requests
from contentlib.requests import working
from contentlib.requests.models import State as RequestState
from contentlib.sharing import sending as links
from contentlib.sharing import service as sharing
from contentlib.sharing.models import Follows, Gate, ShareItem, ShareLink
from contentlib.sharing.opposing import note_consent
from contentlib.sharing.recipients import Recipient
from contentlib.sharing.touches import service as touches
from contentlib.sharing.visits import settling
from contentlib.sharing.visits.models import PageTime, Visit, VisitClass, What
from contentlib.sharing.visits.noting import note_hit
from contentlib.storage import receive
from contentlib.storage.current import current_storage
from contentlib.usage import service as usage
from contentlib.usage.models import Action
from tests import factories
from tests.browser import talk
from tests.extraction import files, videos
from tests.notifications.telling import FACTS
from tests.sharing.buyers import link_to, path_of
from tests.sharing.rows import BROWSER, past_visit, read_on, sent

MP4 = videos.film(videos.mvhd(), videos.box(b"trak", videos.tkhd(1920, 1080)))
SECRET = "segredo"
TABLE = """external_id,title,company,amount,opened_at,stage,outcome,closed_at,owner_email
a-1,Rota do sul,Rodonorte,1054,2026-01-20,proposal,won,2026-03-01,
a-2,Armazém novo,Isdom,4514,2026-01-25,proposal,,,ana@firm.example
a-3,Sem valor,Isdom,muito,2026-01-25,proposal,,,
a-4,Data errada,Isdom,10,2026-13-25,proposal,,,
"""
# How far each import of the firm has come; the last two wait for a worker or were laid aside.
IMPORTS = ("mapping", "checked", "done", "undone", "running", "stuck")


# What buyers read on deals like the open one.
READ_THERE = ("ROI em uma página", "Visita ao pátio")


def titled(title: str) -> Asset:
    """Return a material by its title."""
    return db.session.scalars(select(Asset).where(Asset.title == title)).one()


def furnish(app: Flask, folder: Path) -> dict[str, Any]:
    """Fill the firm, let the worker do its part, and return ids and tokens by name."""
    with app.app_context():
        known = _written() | _files(folder) | _reviewed(folder) | _deals()
        known |= _in_safekeeping(folder)
        _prepared(known)
        known |= _imports(app) | _kept() | _requests()
        known["read_link"] = _readings(known)
        known |= talk.said(person_of, known)
        person = factories.user("seller", name="Caio Convidado")
        link = _inside_a_request(app, person)
        known |= _shared(known)
        known |= {"person": person.id, "token": link.rpartition("/")[2]}
        _told(known)
        _missed_searches()
        _pinned(known["link"])
        db.session.commit()
        Worker(app, lease_seconds=60).drain()
        _scanned(known)
        Worker(app, lease_seconds=60).drain()
        known |= _unfinished(folder)
        known["sending"] = _sending(app)
        return known


def _sending(app: Flask) -> str:
    """Begin to send a file, as an admin."""
    upload = receiving.begin(
        current_storage(),
        app.extensions["settings"],
        by=person_of("admin"),
        key="begun",
        file_name="filme.mp4",
        size=10**6,
        aim={},
    )
    db.session.commit()
    return upload.id


def person_of(role: str) -> User:
    """Return the person of a role who signs in in these tests."""
    return db.session.scalars(select(User).where(User.email == f"{role}@firm.example")).one()


def _inside_a_request(app: Flask, person: User) -> str:
    with app.test_request_context():
        return one_time_link(person)


def _written() -> dict[str, int]:
    author, due = person_of("marketer"), firm_today() - timedelta(days=3)
    link = factories.asset("Frete que chega", owner=author, summary="Para quem perde entregas.")
    overdue = factories.asset("Tabela do ano passado", owner=author, review_due=due)
    expired = factories.asset("Oferta de verão", owner=author)
    factories.change(expired, valid_until=due)
    archived = factories.asset("Não se usa mais", owner=author)
    library.archive(archived)
    script = factories.draft("Primeira ligação", owner=author, type="script")
    fields = "Oi, {{contato.nome}}. Aqui é **{{eu.nome}}**."
    versions.add_script_version(script, channel="whatsapp", text=fields, by=author)
    card = factories.draft("Está caro", owner=author, type="objection")
    versions.add_objection_version(
        card,
        **factories.OBJECTION,
        proof=link,
        by=author,
    )
    for row in (script, card):
        library.publish(row, by=author, today=firm_today())
    versions.add_link_version(link, url="https://firm.example/novo", by=author, change_note="Novo")
    rows = {"link": link, "overdue": overdue, "expired": expired, "archived": archived}
    rows |= {"script": script, "objection": card}
    factories.draft(f"Um rascunho {'de título comprido ' * 4}", owner=author)
    rows["bare"] = library.create_asset(title="Quase nada", type=card.type, by=author)
    db.session.commit()
    return {name: row.id for name, row in rows.items()}


def _files(folder: Path) -> dict[str, int]:
    """Publish a file of every family, as if it had been uploaded."""
    sheet = "A conta do atraso"
    (folder / "notas.md").write_text(f"# {sheet}\n\n- [Prova](https://firm.example)\n\n> Dito.\n")
    (folder / "nota.txt").write_text("Uma nota curta sobre o frete.")
    (folder / "pagina.html").write_text("<!doctype html><title>Oi</title><p>Uma página.")
    (folder / "filme.mp4").write_bytes(MP4)
    paths = {
        "pdf": files.pdf(folder / "caso.pdf", "Capa", "A conta do atraso", "Retorno"),
        "locked": files.pdf(folder / "fechado.pdf", "Dentro", password=SECRET),
        "slides": files.pptx(folder / "apresentacao.pptx"),
        "letter": files.word(folder / "carta.docx"),
        "sheet": files.workbook(folder / "calculadora.xlsx"),
        "picture": files.picture(folder / "foto.png"),
        "video": folder / "filme.mp4",
        "markdown": folder / "notas.md",
        "text": folder / "nota.txt",
        "html": folder / "pagina.html",
    }
    return {name: _published_file(name, path).id for name, path in paths.items()}


def _add_file(row: Asset, path: Path, by: User) -> AssetVersion:
    with path.open("rb") as stream:
        arrived = uploads.take_in(current_storage(), stream, path.name, limit=10**7)
    return uploads.add_version(row, arrived, by=by)


def _published_file(name: str, path: Path) -> Asset:
    author = person_of("marketer")
    row = factories.draft(f"Material {name}", owner=author)
    _add_file(row, path, author)
    library.publish(row, by=author, today=firm_today())
    db.session.commit()
    return row


def _reviewed(folder: Path) -> dict[str, int]:
    """Add a material whose new version the marketer approves, and one whose last was taken back."""
    author, approver = person_of("admin"), person_of("marketer")
    old = "Cada entrega atrasada custa 74 reais.", "O projeto se pagou em nove meses.", "Retorno"
    new = "Cada entrega atrasada custa 81 reais.", "O projeto se pagou em sete meses.", "Fontes"
    review = _published_file("review", files.pdf(folder / "conta.pdf", *old))
    releasing.name_approver(review, approver, by=author)
    fresh = _add_file(review, files.pdf(folder / "conta-nova.pdf", *new, "Retorno"), author)
    fresh.change_note, fresh.is_major = "Custos de novembro e a fonte de cada um.", True
    releasing.submit(fresh, by=author)
    returned = factories.asset("Tabela de fretes", owner=approver)
    versions.add_link_version(returned, url="https://firm.example/tabela-2", by=approver)
    library.publish(returned, by=approver, today=firm_today())
    releasing.roll_back(returned, returned.versions[0], by=author, reason="Preço do Sul errado.")
    refused = versions.add_link_version(returned, url="https://firm.example/3", by=approver)
    releasing.submit(refused, by=approver)
    releasing.reject(refused, by=author, reason="Falta a coluna do Norte.")
    db.session.commit()
    return {"review": review.id, "returned": returned.id}


def _in_safekeeping(folder: Path) -> dict[str, int]:
    """Add files that nobody gets, and materials that are held, to be removed, or removed."""
    admin = person_of("admin")
    paths = {
        name: files.pdf(folder / f"{name}.pdf", f"Um caso: {name}", "Segunda folha")
        for name in ("found", "unscanned", "let_go", "held", "going", "gone")
    }
    rows = {name: _published_file(name, path) for name, path in paths.items()}
    holds.place(rows["held"], by=admin, reason="Processo 0001234-56.2026.8.26.0100")
    holds.place(rows["held"], by=person_of("manager"), reason="Auditoria de preços")
    factories.change(rows["held"], retain_until=firm_today() + timedelta(days=900))
    why = "Contrato encerrado, nada disto vale mais."
    for name in ("going", "gone"):
        library.archive(rows[name])
        asked = removal.ask(
            rows[name], by=admin, reason=why, today=firm_today(), grace=timedelta(days=7)
        )
    removal.carry_out(asked, firm_today())
    db.session.commit()
    return {name: row.id for name, row in rows.items()}


def _scanned(known: dict[str, Any]) -> None:
    """Take verdicts down, after the worker has read what it found clean."""
    admin = person_of("admin")
    shas = {name: db.session.get_one(Asset, known[name]).versions[-1].blob_sha256 for name in SCANS}
    for name in ("found", "let_go"):
        quarantine.judge(str(shas[name]), "Pdf.Exploit.Agent-36129", "ClamAV 1.4.3/27500")
    let_go = db.session.get_one(Blob, shas["let_go"])
    quarantine.release(let_go, by=admin, reason="Fomos nós que fizemos esse PDF.")
    unscanned = db.session.get_one(Blob, shas["unscanned"])
    unscanned.scan = ScanState.WAITING
    quarantine.not_scanned(unscanned.sha256, TOO_LARGE)
    db.session.commit()


SCANS = ("found", "unscanned", "let_go")


def _deals() -> dict[str, int]:
    manager, seller = person_of("manager"), person_of("seller")
    soon = firm_today() + timedelta(days=5)
    running = factories.deal(manager, 84_000_37, title="Rodonorte", company="Rodonorte")
    mine = factories.deal(seller, 1_200_00, title="Orla Distribuição", expected_close=soon)
    won, lost = factories.deal(manager, 9_000_00), factories.deal(manager, 5_000_00)
    _note_a_use(running, manager)
    _note_a_use(won, manager)
    _note_a_use(mine, seller)
    ana = deals.add_contact(running.company, name="Ana Souza", email="ana.souza@acme.example")
    rui = deals.add_contact(mine.company, name="Rui Prado", email="rui.prado@orla.example")
    deals.change_deal(running, by=manager, contacts=[ana])
    deals.change_deal(mine, by=seller, contacts=[rui])
    for person, consent in ((ana, Consent.GIVEN), (rui, Consent.OPPOSED)):
        said = {"on": firm_today(), "source": "E-mail", "today": firm_today()}
        note_consent(person, consent, by=manager, **said)
    deals.move_to_stage(running, get_term(Stage, "negotiation"), by=manager)
    deals.close_won(won, by=manager)
    rows = answers.asked(won)
    said = answers.Answers(
        {row.asset.id: Verdict.HELPED for row in rows}, rows[0].asset.id, "Um vídeo.", "Nada."
    )
    answers.answer(won, said, by=manager)
    reason = outcomes.get_loss_reason("price")
    deals.close_lost(lost, by=manager, reason=reason, note="Achou caro.", competitor="Outra")
    settled = _settled(manager)
    links = {"retro_link": _asked(seller, used=False), "retro_link_used": _asked(seller, used=True)}
    db.session.commit()
    return links | {
        "settled": settled.id,
        "open": running.id,
        "mine": mine.id,
        "won": won.id,
        "lost": lost.id,
        "company": running.company_id,
        "opposed": rui.id,
    }


def _prepared(known: dict[str, Any]) -> None:
    """Give the open deal a competitor, more to suggest, and a buyer who has read something."""
    manager, author = person_of("manager"), person_of("marketer")
    deal = db.session.get_one(Deal, known["open"])
    deals.change_deal(deal, by=manager, competitor="Outra")
    for title, kind in [("Contra a Outra", "battlecard"), ("ROI em uma página", "one_pager")]:
        factories.asset(title, owner=author, type=kind, stage="negotiation")
    for title in ("Visita ao pátio", "Um dia de entregas"):
        factories.asset(title, owner=author, type="video", stage="negotiation")
    for number, seller in enumerate([manager] * 5):
        won = factories.deal(seller, stage="negotiation", company="Rodonorte")
        _note_a_use(won, seller)
        deals.close_won(won, by=seller)
        for title in READ_THERE[: 2 if number < 3 else 1]:
            read_on(won, titled(title), days_before=1 / 24)
    _read_by_ana(deal, db.session.get_one(Asset, known["pdf"]), manager)
    db.session.commit()


def _read_by_ana(deal: Deal, asset: Asset, by: User) -> None:
    token, seconds = new_token(), (20, 95, 40)
    link = ShareLink(seed=token, token_hash=token, deal_id=deal.id, by_id=by.id, language="pt")
    link.recipient_name = "Ana Souza"
    version = asset.published_version_id
    link.items = [ShareItem(position=1, asset_id=asset.id, version_id=version)]
    db.session.add(link)
    db.session.flush()
    visit = Visit(key=new_token(), link_id=link.id, visitor="ana", visit_class=VisitClass.HUMAN)
    scan = Visit(key=new_token(), link_id=link.id, visitor="x", visit_class=VisitClass.SCANNER)
    db.session.add_all([visit, scan])
    db.session.flush()
    for page, spent in enumerate(seconds, 1):
        db.session.add(PageTime(visit_id=visit.id, position=1, page=page, active_ms=spent * 1000))


def _settled(by: User) -> Deal:
    """Close a deal whose answers were changed once, and can be changed no more."""
    deal = factories.deal(by, 7_000_00, title="Armazém Azul")
    _note_a_use(deal, by)
    deals.close_won(deal, by=by)
    (row, *_rest) = answers.asked(deal)
    for verdict in (Verdict.SHOWN, Verdict.HELPED):
        said = answers.answer(deal, answers.Answers({row.asset.id: verdict}), by=by)
    said.answered_at -= timedelta(days=9)
    return deal


def _asked(seller: User, *, used: bool) -> str:
    """Let a seller be asked by a link what helped on a deal; return its token."""
    deal = factories.deal(seller, 48_000_00, title="Orla Sul" if used else "Orla Norte")
    for number, title in enumerate(("Frete que chega", "Tabela do ano passado", "Está caro")):
        row = db.session.scalars(select(Asset).where(Asset.title == title)).one()
        told = use.Use("meeting")
        key = f"asked-{deal.id}-{number}"
        use.note_use(deal, [row], told, by=seller, key=key, zone="America/Sao_Paulo")
    if used:
        deals.close_won(deal, by=seller)
    else:
        deals.close_as_told(deal, Outcome.LOST, closed_at=now(), source="import")
    row, token = invitations.invite(deal)
    if used:
        missed = answers.Answers({}, missing="Um caso do agronegócio\nO diretor pediu números.")
        answers.answer(deal, missed, by=seller)
        invitations.use(row)
    return token


def _note_a_use(deal: Deal, by: User) -> None:
    row = db.session.scalars(select(Asset).where(Asset.title == "Frete que chega")).one()
    told = use.Use("whatsapp", note="Pediu um caso parecido.")
    use.note_use(deal, [row], told, by=by, key=f"seed-{deal.id}", zone="America/Sao_Paulo")
    usage.record(
        Action.OPENED,
        asset_id=row.id,
        version_id=row.published_version_id,
        actor_id=by.id,
        idempotency_key=f"seed-opened-{deal.id}",
    )


def _readings(known: dict[str, int]) -> int:
    """Let buyers read: twice who the link was for, once somebody else, and machines before them."""
    deal = db.session.get_one(Deal, known["open"])
    case = db.session.get_one(Asset, known["pdf"])
    ana = min(deal.contacts, key=lambda one: one.id)
    facts = {"recipient_name": ana.name, "recipient_email": ana.email, "contact_id": ana.id}
    link = sent(person_of("manager"), case, deal=deal, ago=timedelta(days=3), **facts).link
    scanner = past_visit(link, [], ago=timedelta(days=3), visitor="mail", agent="curl/8.7.1")
    note_hit(link, What.TRAP, visit=scanner, facts=BROWSER)
    settling.settle([scanner.id])
    past_visit(link, [9_000, 66_000, 21_000], ago=timedelta(days=2, hours=5))
    past_visit(link, [3_000, 38_000, 700], ago=timedelta(hours=20))
    elsewhere = {"visitor": "elsewhere", "network": "192.0.2.0/24"}
    past_visit(link, [14_000, 5_000, 2_000], ago=timedelta(hours=3), **elsewhere)
    for number, (title, email, person) in enumerate(
        (
            ("Webinar: frete sem surpresa", ana.email, "7781"),
            ("E-book: a conta do atraso", "ana@pessoal.example", "7781"),
        )
    ):
        touches.note_touch(
            source="RD Station",
            external_id=f"touch-{number}",
            email=email,
            person=person,
            kind="webinar" if number == 0 else "e-book",
            title=title,
            occurred_at=now() - timedelta(days=9 + number),
        )
    touches.split(ana, "email:compras@acme.example", by=person_of("manager"))
    db.session.commit()
    return link.id


def _imports(app: Flask) -> dict[str, int]:
    """Begin one import for each state and lead those that a worker finishes to it."""
    runs = {name: _begun(name) for name in IMPORTS}
    steps = {"checked": importing.check, "done": importing.start, "undone": _undo}
    waiting = [name for name in IMPORTS if name != "mapping"]
    for step, apply in steps.items():
        for name in waiting:
            apply(runs[name])
        db.session.commit()
        Worker(app, lease_seconds=60).drain()
        waiting = [name for name in waiting if name not in (step, "running", "stuck")]
    return {f"import_{name}": run.id for name, run in runs.items()}


def _undo(run: ImportRun) -> None:
    importing.undo(run, by_id=run.by_id)


def _begun(name: str) -> ImportRun:
    content, key = TABLE.replace("a-", f"{name}-").encode(), f"imports/{name}"
    received = receive(current_storage(), BytesIO(content), limit=10**6)
    current_storage().put(key, received.path)
    run = importing.begin(
        KINDS["deals"],
        BytesIO(content),
        file_name=f"negocios-{name}.csv",
        size=len(content),
        storage_key=key,
        by_id=person_of("manager").id,
    )
    if name != "mapping":
        columns = run.mapping["columns"]
        importing.map_columns(
            run, KINDS["deals"], columns=columns, values={}, currency="BRL", create_missing=True
        )
    return run


def _kept() -> dict[str, int]:
    """Keep searches, in some of which something is new; the admin's is visited as no page."""
    for role in ("seller", "marketer"):
        for name, asked in (
            ("Tudo sobre frete", {"q": ["frete"]}),
            ("Propostas para campeões", {"stage": ["proposal"], "persona": ["champion"]}),
        ):
            row = saving.save(person_of(role), read_criteria(asked), name=name, alert=True)
            row.seen_at -= timedelta(days=30)
    quiet = read_criteria({"q": ["preço -tabela"], "type": ["video"]})
    saving.save(person_of("seller"), quiet, name="Vídeos de preço", alert=False)
    mine = saving.save(person_of("admin"), quiet, name="Vídeos de preço", alert=True)
    db.session.commit()
    return {"saved": mine.id}


def _requests() -> dict[str, int]:
    """Ask marketing for something in every state."""
    seller, manager, author = (person_of(role) for role in ("seller", "manager", "marketer"))
    mine = select(Deal).where(Deal.owner_id == seller.id, Deal.outcome == Outcome.OPEN)
    deal = db.session.scalars(mine.order_by(Deal.id)).first()
    filters = {"stage": ["proposal"], "persona": ["champion"], "language": ["pt"]}
    asked = [
        requests.ask(
            title=title, by=seller, words="caso frete", filters=filters, note=note, deal=deal
        )
        for title, note in (
            ("Caso de sucesso de frete no agronegócio", "O CFO quer números.\nAté sexta."),
            ("Vídeo curto de como funciona", ""),
            ("Comparação com a concorrente", "Perguntam sempre."),
            ("Tabela de preços em inglês", ""),
            ("Caso de frete no agronegócio, com números", ""),
            ("Folheto para a feira de maio", "Em papel também."),
        )
    ]
    requests.join(asked[0], by=manager)
    requests.accept(asked[1], by=author)
    link = db.session.scalars(select(Asset).where(Asset.title == "Frete que chega")).one()
    requests.deliver(asked[2], link, by=author, answer="Veja a segunda página.")
    requests.decline(asked[3], by=author, reason="Os preços mudam toda semana: peça ao financeiro.")
    working.comment(asked[0], "Temos um piloto no Mato Grosso, serve?", by=author)
    working.comment(asked[0], "Serve, se der para citar o nome.", by=seller)
    working.assign(asked[0], author, by=author)
    working.move(asked[5], RequestState.PRODUCTION, by=author)
    working.move(asked[5], RequestState.WAITING, by=author, question="Para quantas pessoas?")
    asked[1].steps[0].at -= timedelta(days=20)
    asked[1].steps[1].at -= timedelta(days=19)
    wish = db.session.scalars(select(Retro).where(Retro.missing.startswith("Um caso"))).one()
    db.session.commit()
    return {
        "asked": asked[0].id,
        "asked_back": asked[5].id,
        "delivered": asked[2].id,
        "merging": asked[4].id,
        "wish": wish.id,
    }


def _shared(known: dict[str, Any]) -> dict[str, Any]:
    """Send links to buyers: a kit, one behind a gate, one whose material has gone, one revoked."""
    seller, manager = person_of("seller"), person_of("manager")
    pdf, picture, script, gone = (
        db.session.get_one(Asset, known[name]) for name in ("pdf", "picture", "script", "sheet")
    )
    deal, open_deal = (db.session.get_one(Deal, known[name]) for name in ("mine", "open"))
    note = "Ana, aqui está o caso que comentei: a conta dos atrasos está na página 2."
    one = link_to(pdf, by=manager, deal=open_deal, note=note, may_download=True)
    kit = link_to(pdf, picture, script, by=seller, deal=deal, title="Para a diretoria", note=note)
    gate = link_to(pdf, by=seller, to=Recipient("Caio"), gate=Gate.CODE)
    lacking = link_to(gone, by=seller, deal=deal, to=Recipient("", "bia@acme.example"))
    for link in (one, kit, lacking):
        links.mark_sent(link, by=link.by, channel="whatsapp", today=firm_today())
    factories.change(gone, valid_until=firm_today() - timedelta(days=1))
    ended = link_to(pdf, by=seller, to=Recipient("Diego"))
    sharing.revoke(ended, by=seller)
    behind = _releasing(known, seller)
    db.session.commit()
    rows = {"share": one, "share_kit": kit, "share_gate": gate, "share_gone": lacking}
    rows["share_behind"] = behind
    tokens = {f"{name}_token": path_of(row).removeprefix("/s/") for name, row in rows.items()}
    return {name: row.id for name, row in rows.items()} | tokens


def _releasing(known: dict[str, Any], seller: User) -> ShareLink:
    """Send links of materials that a release concerns; return one that stays with a version."""
    review, returned = (db.session.get_one(Asset, known[name]) for name in ("review", "returned"))
    link_to(review, by=seller)
    link_to(review, by=seller, to=Recipient("Bia Reis"), follows=Follows.PINNED)
    link_to(returned, by=seller)
    behind = link_to(returned, by=seller, to=Recipient("Caio"), follows=Follows.PINNED)
    behind.items[0].version = returned.versions[1]
    return behind


def _told(known: dict[str, Any]) -> None:
    """Tell the seller and the admin something of every kind; the admin saw some of it yesterday."""
    for role in ("seller", "admin"):
        for number, (kind, facts) in enumerate(FACTS.items()):
            address = f"/deals/{known['mine']}" if number % 2 else f"/assets/{known['link']}"
            tell(person_of(role).id, kind, key=f"firm:{kind}", address=address, facts=facts)
    for told in db.session.scalars(
        select(Notification).where(Notification.user_id == person_of("admin").id).offset(9)
    ):
        told.told_at -= timedelta(days=1)
        told.seen_at = told.told_at
    db.session.commit()


def _missed_searches() -> None:
    """Let enough people search in vain that the words are told."""
    people = [factories.user("seller").id for _ in range(5)]
    for number, user_id in enumerate(people):
        receipt = Receipt(f"{number:08}-seed", user_id, "drone", "drone", {}, 0, 3, degraded=False)
        finding.record_search(receipt)


def _pinned(asset_id: int) -> None:
    """Pin a material twice, the second time beside another."""
    asset = db.session.get_one(Asset, asset_id)
    pins.add_pin("frete no prazo", asset, by=asset.owner)
    pins.add_pin("entregas", asset, by=asset.owner)


def _unfinished(folder: Path) -> dict[str, int]:
    """Add what no worker has done yet, and leave it so: its jobs are gone, or laid aside."""
    fresh = _published_file("fresh", files.pdf(folder / "novo.pdf", "Ainda não lido"))
    for name in ("running", "stuck"):
        run = db.session.scalars(
            select(ImportRun).where(ImportRun.file_name == f"negocios-{name}.csv")
        ).one()
        run.state = State.CHECKED
        importing.start(run)
    db.session.flush()
    stuck = select(Job).where(Job.key == f"run:{run.id}").order_by(Job.id.desc()).limit(1)
    queue.fail(db.session.scalars(stuck).all(), "OSError('no space left')", most=0)
    db.session.execute(delete(Job).where(Job.state == "queued"))
    db.session.commit()
    return {"fresh": fresh.id}
