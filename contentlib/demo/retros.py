"""What sellers answered when a deal was closed."""

from collections import Counter
from datetime import datetime
from random import Random

from contentlib.deals.models import Outcome, Retro, RetroAnswer, Verdict
from contentlib.demo.assets import Material
from contentlib.demo.deals import MadeDeal
from contentlib.demo.firm import firm
from contentlib.demo.office import at_work, later
from contentlib.demo.rows import Rows
from contentlib.demo.touches import Touch
from contentlib.demo.usage import Ledger
from contentlib.usage.models import Action

ANSWERED = 0.62
MOST_ASKED = 8


class RetroBook:
    """Writes retros, their answers and the confirmations that follow from them."""

    def __init__(self, rng: Random, stages: dict[str, int], ledger: Ledger, now: datetime) -> None:
        self._rng, self._stages, self._ledger, self._now = rng, stages, ledger, now
        self.retros, self.answers = Rows(Retro), Rows(RetroAnswer)

    def close(self, deal: MadeDeal, touches: list[Touch]) -> None:
        """Answer for one closed deal, or skip it as two in five do."""
        plan, rng = deal.plan, self._rng
        if plan.reopened:
            self._write(deal, [], Outcome.LOST, plan.reopened[0], voided_at=plan.reopened[1])
        closed = plan.close_recorded_at
        if closed is None or rng.random() > ANSWERED:
            return
        answered = at_work(later(closed, rng, days=0.7, until=self._now), rng, until=self._now)
        answered = max(answered, closed)
        self._write(deal, touches, Outcome(plan.outcome), answered, voided_at=None)

    def _write(
        self,
        deal: MadeDeal,
        touches: list[Touch],
        outcome: Outcome,
        at: datetime,
        *,
        voided_at: datetime | None,
    ) -> None:
        rng, words = self._rng, firm()["retros"]
        number = self.retros.add(
            deal_id=deal.id,
            outcome=outcome,
            answered_at=at,
            answered_by_id=deal.seller.id,
            missing=rng.choice(words["missing"]) if rng.random() < 0.2 else "",
            outside=rng.choice(words["outside"]) if rng.random() < 0.09 else "",
            voided_at=voided_at,
        )
        sent = Counter(touch.material.id for touch in touches if touch.sends)
        materials = {touch.material.id: touch.material for touch in touches}
        asked = [materials[key] for key, _times in sent.most_common(MOST_ASKED)]
        self._answer(deal, number, asked, at)
        if self.retros.many:
            self.flush()

    def _answer(self, deal: MadeDeal, number: int, asked: list[Material], at: datetime) -> None:
        rng = self._rng
        shares = (55, 33, 12) if deal.plan.outcome == "won" else (24, 58, 18)
        verdicts = rng.choices(list(Verdict), shares, k=len(asked))
        helped = [m.id for m, v in zip(asked, verdicts, strict=True) if v is Verdict.HELPED]
        decisive = rng.choice(helped) if helped and rng.random() < 0.7 else None
        for material, verdict in zip(asked, verdicts, strict=True):
            self.answers.add(
                retro_id=number,
                asset_id=material.id,
                verdict=verdict,
                decisive=material.id == decisive,
            )
            if verdict is Verdict.HELPED:
                self._confirm(deal, number, material, at)

    def _confirm(self, deal: MadeDeal, retro: int, material: Material, at: datetime) -> None:
        """E5: the seller says at the close that it helped."""
        self._ledger.event(
            material,
            Action.CONFIRMED,
            deal.plan.closed_at or at,
            deal.seller.id,
            deal_id=deal.id,
            stage_id=self._stages[deal.plan.stage],
            recorded_at=at,
            surface="retro",
            idempotency_key=f"retro:{retro}:{material.id}:0",
        )

    def flush(self) -> None:
        """Insert what is waiting, retros before their answers."""
        self.retros.flush()
        self.answers.flush()

    def finish(self) -> None:
        """Insert the rest."""
        self.retros.finish()
        self.answers.finish()
