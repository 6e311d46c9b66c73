"""What a material still lacks before sellers may see it, each lack as a sentence."""

from contentlib.core.errors import N_, Invalid
from contentlib.library.models import Asset

# The required axes in the order in which a form asks for them.
LACKS = {
    "title": N_("Give it a title."),
    "type": N_("Choose its type."),
    "stages": N_("Choose at least one stage."),
    "personas": N_("Choose at least one persona."),
    "language": N_("Choose its language."),
    "audience": N_("Say whether it may leave the company."),
    "owner": N_("Name its owner."),
    "review_due": N_("Set the day of its next review."),
}


def lacks(asset: Asset) -> dict[str, str]:
    """Return, by the name of the fact, what has to be filled in before publishing."""
    present = {
        "title": bool(asset.title.strip()),
        "type": asset.type is not None,
        "stages": bool(asset.stages),
        "personas": bool(asset.personas),
        "language": asset.language in ("pt", "en"),
        "audience": asset.audience is not None,
        "owner": asset.owner is not None and asset.owner.active,
        "review_due": asset.review_due is not None,
    }
    return {name: sentence for name, sentence in LACKS.items() if not present[name]}


def refuse_incomplete(asset: Asset) -> None:
    """Say what has to be filled in first, if anything has."""
    for name, sentence in lacks(asset).items():
        raise Invalid(sentence, field=name)
