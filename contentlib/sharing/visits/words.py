"""Classes and reasons in words that a seller understands; the short names never change."""

from contentlib.core.errors import N_
from contentlib.sharing.visits.models import VisitClass

CLASSES: dict[VisitClass, str] = {
    VisitClass.HUMAN: N_("A person"),
    VisitClass.SCANNER: N_("Automatic checks by mail and security systems"),
    VisitClass.PREVIEW: N_("Link previews in chats, and pages fetched ahead"),
    VisitClass.INTERNAL: N_("Colleagues"),
    VisitClass.SELF: N_("Yourself, or whoever made the link"),
    VisitClass.UNKNOWN: N_("Nobody can tell"),
}
REASONS: dict[str, str] = {
    "opposed": N_("this person objects to being told apart: only the opening is kept"),
    "signed.in.maker": N_("whoever made the link was signed in"),
    "signed.in": N_("a colleague was signed in"),
    "office": N_("it came from one of our offices"),
    "agent.preview": N_("a chat made the preview of the link"),
    "prefetch": N_("a browser fetched it ahead, before anybody asked"),
    "card.only": N_("only the preview picture was asked for"),
    "trap": N_("it followed a link that no person can see"),
    "beacon.visible3s": N_("the page was visible for three seconds"),
    "input.uneven": N_("somebody moved as hands do"),
    "input.trusted": N_("somebody scrolled, typed or touched the page"),
    "gate.verified": N_("a code from the mailbox was typed"),
    "fetch.pace": N_("pages were fetched one after the other, as somebody reads"),
    "brief": N_("it was left before three seconds"),
    "no.reports": N_("the page reported nothing, as without JavaScript"),
    "agent.program": N_("it says itself that it is a program"),
    "agent.headless": N_("a browser without a window, and nobody moved"),
    "before.delivery": N_("it came before the message could have arrived"),
    "soon.untouched": N_("it came within a minute of the sending, and nobody moved"),
    "burst.networks": N_("several networks asked for it within seconds"),
    "asked.head": N_("it asked whether the page exists, not for the page"),
    "asked.twice": N_("it was fetched twice within seconds, and nobody moved"),
    "no.language": N_("it names no language, as every browser does"),
    "no.fetch.facts": N_("it claims to be a browser that it is not"),
    "images.at.once": N_("all pages were fetched at once"),
    "walk.untouched": N_("pages passed by though nobody moved"),
    "walk.even": N_("every page was shown for exactly as long"),
    "input.even": N_("the movements were as even as a clock"),
    "input.untrusted": N_("the movements were made by a program"),
}
