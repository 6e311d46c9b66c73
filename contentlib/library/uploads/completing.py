"""Completing drafts that came together: what they share is asked once, the rest of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contentlib.accounts.models import User
from contentlib.accounts.queries import active_users
from contentlib.core.errors import N_, Invalid
from contentlib.core.forms import options
from contentlib.core.i18n import language
from contentlib.library import service, taxonomy
from contentlib.library.firm_day import firm_today
from contentlib.library.forms import USUAL_REVIEW, AxesForm, DraftForm, named
from contentlib.library.models import Asset, Audience
from contentlib.library.taxonomy import AssetType


@dataclass(frozen=True)
class Completion:
    """The forms of one page: the shared one, and a short one for each draft by its number."""

    shared: AxesForm
    own: dict[int, DraftForm]

    def validate(self, chosen: Sequence[Asset]) -> bool:
        """Check the forms of those chosen, so that all their errors are shown at once."""
        return all([self.shared.validate(), *(self.own[draft.id].validate() for draft in chosen)])

    @property
    def has_errors(self) -> bool:
        """Tell whether anything is to be corrected."""
        forms = [self.shared, *self.own.values()]
        return any(form.errors for form in forms)


def forms_for(drafts: Sequence[Asset], person: User) -> Completion:
    """Build the forms, filled with what is known of the drafts."""
    shared = AxesForm(
        data={
            "audience": Audience.INTERNAL.value,
            "owner": str(person.id),
            "review_due": firm_today() + USUAL_REVIEW,
        }
    )
    shared.fill(language(), list(active_users()))
    types = named(taxonomy.all_terms(AssetType), language())
    return Completion(shared, {draft.id: _own_form(draft, types) for draft in drafts})


def _own_form(draft: Asset, types: dict[str, str]) -> DraftForm:
    known = {"title": draft.title, "type": draft.type.key, "language": draft.language}
    form = DraftForm(prefix=f"draft-{draft.id}-", data=known)
    form.type.choices = options(types)
    return form


def save(forms: Completion, drafts: Sequence[Asset], *, by: User, today: date) -> None:
    """Write down what was said of the drafts."""
    if not drafts:
        raise Invalid(N_("Choose at least one material."))
    shared = forms.shared.axes()
    for draft in drafts:
        service.change_facts(draft, **_facts(draft, forms.own[draft.id], shared))


def publish(forms: Completion, drafts: Sequence[Asset], *, by: User, today: date) -> None:
    """Write it down and let sellers see all of them, or none."""
    save(forms, drafts, by=by, today=today)
    for draft in drafts:
        service.publish(draft, by=by, today=today)


def _facts(draft: Asset, form: DraftForm, shared: dict[str, Any]) -> dict[str, Any]:
    return shared | {
        "title": form.title.data,
        "type": taxonomy.get_term(AssetType, form.type.data),
        "language": form.language.data,
        "summary": draft.summary,
        "valid_until": draft.valid_until,
        "retain_until": draft.retain_until,
    }
