"""What rows do: they are taken in once, corrected, refused one by one, and taken back."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from contentlib.accounts.models import Role, User
from contentlib.accounts.queries import find_user
from contentlib.core.clock import local_day
from contentlib.core.db import db
from contentlib.core.errors import Conflict, Invalid
from contentlib.deals import queries, service
from contentlib.deals.models import Company, Deal, DealChange, DealStageEvent, Outcome
from contentlib.deals.told import find_deal
from contentlib.importing import service as imports
from contentlib.importing.models import Severity, State
from contentlib.library.taxonomy import Stage, get_term
from contentlib.usage.models import UsageEvent
from contentlib.usage.queries import counting
from tests import factories
from tests.importing.files import ZONE, findings, take, take_back

HEADER = (
    "external_id,title,company,seller_email,team,pipeline,amount,currency,"
    "opened_at,closed_at,outcome,loss_reason,size_band\n"
)


def row(
    external_id: str = "D-1",
    *,
    title: str = "Rota Sul",
    company: str = "Acme",
    seller: str = "",
    team: str = "",
    amount: str = "1000",
    opened: str = "2024-01-10",
    closed: str = "",
    outcome: str = "open",
    reason: str = "",
) -> str:
    cells = external_id, title, company, seller, team, "", amount, "BRL", opened, closed
    return ",".join(f'"{cell}"' for cell in (*cells, outcome, reason, "")) + "\n"


def rows_of(*models: type) -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def test_a_deal_comes_in_with_everything_that_is_told(app: Flask, seller: User) -> None:
    text = row(seller=seller.email, closed="2024-03-01", outcome="Ganho", amount="R$ 1.234,56")
    run = take("deals", HEADER + text)
    deal = find_deal("D-1")
    assert (run.state, run.counts) == (State.DONE, {"created": 1})
    assert (deal.title, deal.company.name, deal.owner, deal.team) == (
        "Rota Sul",
        "Acme",
        seller,
        seller.team,
    )
    assert (deal.amount_minor, deal.currency, deal.outcome) == (1234_56, "BRL", Outcome.WON)
    assert local_day(deal.opened_at, ZONE) == date(2024, 1, 10)
    assert local_day(deal.closed_at, ZONE) == date(2024, 3, 1)
    assert deal.close_recorded_at == deal.closed_at


def test_importing_twice_changes_nothing(app: Flask, seller: User) -> None:
    text = HEADER + row(seller=seller.email) + row("D-2", closed="2024-02-01", outcome="won")
    take("deals", text)
    before = rows_of(Deal, DealChange, Company, DealStageEvent)
    touched = find_deal("D-2").updated_at
    again = take("deals", text)
    assert again.counts == {"same": 2}
    assert rows_of(Deal, DealChange, Company, DealStageEvent) == before
    assert find_deal("D-2").updated_at == touched


def test_a_later_file_corrects_and_leaves_a_trace(app: Flask, seller: User) -> None:
    take("deals", HEADER + row())
    later = row(amount="2000", seller=seller.email, closed="2024-02-01", outcome="lost")
    assert take("deals", HEADER + later).counts == {"changed": 1}
    deal = find_deal("D-1")
    changed = set(db.session.scalars(select(DealChange.field).where(DealChange.deal_id == deal.id)))
    assert deal.outcome is Outcome.LOST
    assert changed == {"amount_minor", "owner", "team", "outcome"}


def test_an_empty_cell_says_nothing(app: Flask, seller: User) -> None:
    take("deals", HEADER + row(seller=seller.email))
    take("deals", HEADER + row(company="", amount="", opened="", outcome=""))
    deal = find_deal("D-1")
    assert (deal.owner, deal.company.name, deal.amount_minor) == (seller, "Acme", 1000_00)


def test_a_check_keeps_nothing_and_says_the_same(app: Flask, seller: User) -> None:
    text = HEADER + row(company="New one") + row("D-2", amount="-5") + row("D-1")
    counts = rows_of(Deal, Company, DealChange)
    tried = take("deals", text, keep=False)
    assert tried.state is State.CHECKED
    assert rows_of(Deal, Company, DealChange) == counts
    done = take("deals", text)
    assert tried.counts == done.counts == {"created": 1, "failed": 2}
    assert findings(tried) == findings(done)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"external_id": ""}, "“external_id” is empty"),
        ({"external_id": "x" * 121}, "at most 120"),
        ({"title": ""}, "“title” is empty"),
        ({"amount": "-1"}, "cannot be negative"),
        ({"amount": "1e9"}, "not an amount"),
        ({"amount": "abc"}, "not an amount"),
        ({"amount": "9" * 30}, "too large"),
        ({"opened": "2024-02-30"}, "not a day that exists"),
        ({"opened": "31/12/2025"}, "not a day that exists"),
        ({"opened": "2999-01-01"}, "opened in the future"),
        ({"closed": "2024-02-01"}, "needs its outcome"),
        ({"outcome": "won"}, "needs the day"),
        ({"outcome": "won", "closed": "2999-01-01"}, "closed in the future"),
        ({"outcome": "won", "closed": "2024-01-01"}, "before it was opened"),
        ({"outcome": "maybe"}, "not a known value"),
        ({"outcome": "lost", "closed": "2024-02-01", "reason": "sunspots"}, "not a known value"),
        ({"seller": "nobody@firm.example"}, "nobody “nobody@firm.example”"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_a_sentence(
    app: Flask, facts: dict[str, str], words: str
) -> None:
    run = take("deals", HEADER + row("D-0") + row(**facts) + row("D-9"))
    assert run.counts == {"created": 2, "failed": 1}
    [(line, sentence)] = findings(run)
    assert line == 3
    assert words in sentence


def test_what_is_odd_is_told_but_taken_in(app: Flask) -> None:
    text = row(company="", amount="", opened="", outcome="") + row(
        "D-2", closed="2024-02-01", outcome="lost"
    )
    run = take("deals", HEADER + text)
    assert run.counts == {"created": 2}
    told = {sentence for _line, sentence in findings(run, Severity.WARNING)}
    assert told == {
        "Nobody is named as the seller.",
        "No company is named.",
        "No opening day is given; the day of the import stands for it.",
        "No amount is given; it counts as zero.",
        "Lost, but no reason is given.",
    }


def test_brazilian_days_are_read_where_they_are_allowed(app: Flask) -> None:
    take("deals", HEADER + row(opened="28/02/2024"), brazilian=True)
    assert local_day(find_deal("D-1").opened_at, ZONE) == date(2024, 2, 28)


def test_unknown_words_are_made_only_where_that_is_asked(app: Flask) -> None:
    text = (
        HEADER
        + row(closed="2024-02-01", outcome="lost", reason="Merger")
        + row("D-2", seller="Ana Lima")
    )
    assert take("deals", text).counts == {"failed": 2}
    run = take("deals", text, create_missing=True)
    assert run.counts == {"created": 2}
    assert find_deal("D-1").loss_reason.name_en == "Merger"
    ana = find_deal("D-2").owner
    assert (ana.name, ana.active, ana.role) == ("Ana Lima", False, Role.SELLER)
    assert take("deals", text).counts == {"same": 2}


def test_a_file_without_a_needed_column_is_refused(app: Flask) -> None:
    with pytest.raises(Invalid, match="amount, opened_at"):
        take("deals", "external_id,title\nD-1,Rota\n")


def test_undo_removes_what_was_made_and_restores_what_was_changed(app: Flask, seller: User) -> None:
    take("deals", HEADER + row(amount="10") + row("D-2"))
    before = rows_of(Deal, Company)
    text = row(amount="20", seller=seller.email) + row(
        "D-2", closed="2024-02-01", outcome="lost", reason="Preço"
    )
    text += row("D-3", company="Brand new", team="Team X")
    run = take("deals", HEADER + text, create_missing=True)
    take_back(run)
    deal, other = find_deal("D-1"), find_deal("D-2")
    assert (run.state, rows_of(Deal, Company)) == (State.UNDONE, before)
    assert (deal.amount_minor, deal.owner, deal.team) == (10_00, None, None)
    assert (other.outcome, other.closed_at, other.loss_reason) == (Outcome.OPEN, None, None)
    with pytest.raises(Conflict):
        imports.undo(run, by_id=None)


def test_undo_leaves_what_people_built_on(app: Flask, seller: User) -> None:
    run = take("deals", HEADER + row(seller=seller.email) + row("D-2"))
    service.close_won(find_deal("D-1"), by=seller)
    db.session.commit()
    take_back(run)
    assert find_deal("D-1") is not None
    assert find_deal("D-2") is None
    kept = [sentence for _line, sentence in findings(run, Severity.WARNING) if "stays" in sentence]
    assert kept == [
        "The deal “D-1” stays: something was noted on it since.",
        "The company that line 2 brought stays: it is in use.",
    ]


def test_undo_does_not_overwrite_a_later_change(app: Flask, seller: User) -> None:
    take("deals", HEADER + row(amount="10"))
    run = take("deals", HEADER + row(amount="20"))
    service.change_deal(find_deal("D-1"), by=seller, amount_minor=33_00)
    take_back(run)
    assert find_deal("D-1").amount_minor == 33_00
    assert "changed again since" in findings(run, Severity.WARNING)[-1][1]


STAGES = """deal_external_id,stage,entered_at
D-1,Lead,2024-01-10
D-1,discovery,2024-01-20T09:00
D-1,Proposta,2024-02-01T12:00:00-03:00
"""


def stage_on(deal: Deal, day: int, month: int = 1) -> str:
    moment = datetime(2024, month, day, 18, tzinfo=UTC)
    return db.session.get_one(Stage, queries.stage_at(deal, moment)).key


def test_stage_histories_are_added_once_and_in_any_order(app: Flask) -> None:
    take("deals", HEADER + row())
    header, *lines = STAGES.splitlines(keepends=True)
    assert take("stages", header + "".join(reversed(lines))).counts == {"created": 3}
    assert take("stages", STAGES).counts == {"same": 3}
    deal = find_deal("D-1")
    assert [stage_on(deal, 12), stage_on(deal, 25), stage_on(deal, 1, 2)] == [
        "lead",
        "discovery",
        "proposal",
    ]
    assert deal.stage.key == "proposal"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_any_order_and_repetition_of_a_history_ends_alike(app: Flask, order: Sequence[int]) -> None:
    take("deals", HEADER + row())
    header, *lines = STAGES.splitlines(keepends=True)
    for place in (*order, *order):
        take("stages", header + lines[place])
    deal = find_deal("D-1")
    keys = [event.stage.key for event in queries.stage_history(deal)]
    assert (keys, deal.stage.key) == (["lead", "discovery", "proposal"], "proposal")


def test_undoing_stages_takes_them_back_and_allows_them_again(app: Flask) -> None:
    take("deals", HEADER + row())
    run = take("stages", STAGES)
    take_back(run)
    deal = find_deal("D-1")
    assert (deal.stage.key, queries.stage_history(deal)) == ("lead", [])
    assert stage_on(deal, 25) == "lead"
    assert take("stages", STAGES).counts == {"created": 3}


def test_a_deal_without_history_remembers_where_it_stood(app: Flask, seller: User) -> None:
    take("deals", HEADER + row())
    deal = find_deal("D-1")
    service.move_to_stage(deal, get_term(Stage, "closing"), by=seller)
    assert (stage_on(deal, 25), deal.stage.key) == ("lead", "closing")


def uses(asset_id: str, email: str, *more: str) -> str:
    columns = "deal_external_id,asset_external_id,user_email,occurred_at,action,channel,recorded_at"
    first = f"D-1,{asset_id},{email},2024-01-25T10:00,shown,meeting,\n"
    return f"{columns}\n{first}" + "".join(more)


def test_uses_are_noted_when_they_happened_at_the_stage_of_then(app: Flask, seller: User) -> None:
    asset = factories.asset(external_id="A-1")
    take("deals", HEADER + row(seller=seller.email, closed="2024-02-10", outcome="won"))
    take("stages", STAGES)
    late = f"D-1,A-1,{seller.email},2024-01-26T10:00,sent_outside,email,2024-03-01\n"
    run = take("uses", uses("A-1", seller.email, late))
    assert run.counts == {"created": 2}
    first, second = db.session.scalars(select(UsageEvent).order_by(UsageEvent.id))
    then = datetime(2024, 1, 25, 10, tzinfo=ZoneInfo(ZONE))
    assert (first.occurred_at, first.recorded_at, first.late) == (then, then, False)
    assert (first.asset_version_id, first.surface) == (asset.published_version_id, "import")
    assert db.session.get_one(Stage, first.stage_id).key == "discovery"
    assert (second.late, second.channel) == (True, "email")
    assert take("uses", uses("A-1", seller.email, late)).counts == {"same": 2}


def test_undone_uses_do_not_count_until_they_are_imported_again(app: Flask, seller: User) -> None:
    factories.asset(external_id="A-1")
    take("deals", HEADER + row(seller=seller.email))
    text = uses("A-1", seller.email)
    run = take("uses", text)
    take_back(run)
    assert db.session.scalars(counting()).all() == []
    assert take("uses", text).counts == {"created": 1}
    assert take("uses", text).counts == {"same": 1}
    assert len(db.session.scalars(counting()).all()) == 1


def test_uses_of_unknown_things_are_refused(app: Flask, seller: User) -> None:
    factories.asset(external_id="A-1")
    lines = (
        f"D-9,A-1,{seller.email},2024-01-25,shown,,\n",
        f",A-9,{seller.email},2024-01-25,shown,,\n",
        ",A-1,x@firm.example,2024-01-25,shown,,\n",
        f",A-1,{seller.email},2024-01-25,juggled,,\n",
        f",A-1,{seller.email},2999-01-25,shown,,\n",
        f",A-1,{seller.email},2024-01-25,shown,pigeon,\n",
        f",A-1,{seller.email},2024-01-25,shown,,2024-01-24\n",
        f",A-1,{seller.email},2024-01-25,opened,,\n",
    )
    run = take("uses", uses("A-1", seller.email, *lines))
    assert run.counts == {"failed": 8, "created": 1}


def test_people_come_in_without_a_password_and_are_corrected(app: Flask) -> None:
    text = "email,name,role,team\nana@firm.example,Ana,vendedor,North\nbad,Bo,seller,\n"
    run = take("users", text)
    assert run.counts == {"created": 1, "failed": 1}
    ana = find_user("ana@firm.example")
    assert (ana.role, ana.team.name, ana.password) == (Role.SELLER, "North", None)
    changed = take("users", "email,name,role,team\nana@firm.example,Ana Lima,marketer,\n")
    assert (changed.counts, ana.name) == ({"changed": 1}, "Ana Lima")
    take_back(changed)
    assert (ana.name, ana.role) == ("Ana", Role.SELLER)


def test_hidden_characters_make_no_second_company_team_or_title(app: Flask, seller: User) -> None:
    take("deals", HEADER + row(company="Transportes São João", team="North"))
    odd = row("D-2", title="Rota\u202e Sul\u200b", company="Transportes Sa\u0303o\u2060 João")
    take("deals", HEADER + odd)
    first, second = find_deal("D-1"), find_deal("D-2")
    assert (second.title, second.company) == ("Rota Sul", first.company)
