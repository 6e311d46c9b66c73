"""Every kind of news on one page: its name, what it is called, and how it usually reaches a person.

Packages above tell their news by name. Their kinds stand here, as everybody's permissions stand on
one page of `accounts`, because people read them as one list: their settings show it in this order.
What a kind says is `templates/notifications/NAME.html`, its dots as `_`: a macro `words(facts)`.
"""

from dataclasses import dataclass

from contentlib.accounts.models import Role
from contentlib.core.errors import N_
from contentlib.notifications.models import How

EVERYONE = frozenset(Role)
# Who may answer for materials, and who for deals.
KEEPERS = frozenset({Role.MARKETER, Role.ADMIN})
DEALING = frozenset({Role.SELLER, Role.MANAGER, Role.ADMIN})


@dataclass(frozen=True)
class Kind:
    """One kind of news; `roles` are those whose settings show it.

    `rules` is the page that says how what it tells was counted, where it counts something.
    """

    name: str
    label: str
    icon: str
    usual: How
    roles: frozenset[Role] = EVERYONE
    rules: str = ""


@dataclass(frozen=True)
class Group:
    """Kinds that belong together on the settings page."""

    label: str
    kinds: tuple[Kind, ...]

    def for_role(self, role: Role) -> tuple[Kind, ...]:
        """Return the kinds that can concern a person of this role."""
        return tuple(kind for kind in self.kinds if role in kind.roles)


GROUPS = (
    Group(
        N_("Buyers and deals"),
        (
            Kind(
                "buyer.read",
                N_("A buyer read what I sent"),
                icon="eye",
                usual=How.INSTANT,
                rules="/counting",
            ),
            Kind(
                "share.gone",
                N_("A material of my links is no longer available"),
                icon="link",
                usual=How.INSTANT,
            ),
            Kind(
                "share.updated",
                N_("A material of my links has a new version"),
                icon="versions",
                usual=How.INSTANT,
            ),
            # At once it comes as a letter of its own, which holds the link to answer by.
            Kind(
                "retro.due",
                N_("A closed deal waits for its retro"),
                icon="clipboard-check",
                usual=How.INSTANT,
                roles=DEALING,
            ),
        ),
    ),
    Group(
        N_("Requests"),
        (
            Kind(
                "request.delivered",
                N_("Marketing delivers what I wait for"),
                icon="circle-check",
                usual=How.INSTANT,
            ),
            Kind(
                "request.declined",
                N_("Marketing declines what I wait for"),
                icon="circle-x",
                usual=How.INSTANT,
            ),
            Kind(
                "request.state",
                N_("A request I wait for goes on"),
                icon="message-plus",
                usual=How.DIGEST,
            ),
            Kind(
                "request.comment",
                N_("Somebody comments on a request of mine"),
                icon="quote",
                usual=How.DIGEST,
            ),
        ),
    ),
    Group(
        N_("Materials"),
        (
            Kind(
                "comment.mention",
                N_("Somebody mentions me in a comment"),
                icon="user",
                usual=How.INSTANT,
            ),
            Kind(
                "suggestion.decided",
                N_("My suggestion is accepted or declined"),
                icon="pencil",
                usual=How.DIGEST,
            ),
            Kind(
                "flag.resolved",
                N_("What I called outdated was looked at"),
                icon="flag",
                usual=How.DIGEST,
            ),
            Kind(
                "comment.new",
                N_("Somebody comments on a material of mine"),
                icon="quote",
                usual=How.DIGEST,
                roles=KEEPERS,
            ),
            Kind(
                "suggestion.new",
                N_("Somebody suggests a change to a material of mine"),
                icon="pencil",
                usual=How.DIGEST,
                roles=KEEPERS,
            ),
            Kind(
                "flag.raised",
                N_("Somebody calls a material of mine outdated"),
                icon="flag",
                usual=How.DIGEST,
                roles=KEEPERS,
            ),
            Kind(
                "answer.failed",
                N_("An answer of mine keeps failing"),
                icon="thumb-down",
                usual=How.DIGEST,
                roles=KEEPERS,
            ),
            Kind(
                "win.attached",
                N_("A won deal is attached to a material of mine"),
                icon="trophy",
                usual=How.DIGEST,
                roles=KEEPERS,
            ),
        ),
    ),
)

KINDS = {kind.name: kind for group in GROUPS for kind in group.kinds}


def kinds_for(role: Role) -> list[Group]:
    """Return the groups whose kinds can concern a person of this role, without the others."""
    shown = (Group(group.label, group.for_role(role)) for group in GROUPS)
    return [group for group in shown if group.kinds]


def icon_of(name: str) -> str:
    """Return a kind's icon; news of a kind that this version does not know has one as well."""
    return KINDS[name].icon if name in KINDS else "bell"


def rules_of(name: str) -> str:
    """Return the page with the rules of counting behind news of a kind, or nothing."""
    return KINDS[name].rules if name in KINDS else ""


def usual_way(name: str) -> How:
    """Return how a kind is told where the person said nothing; what is unknown is not mailed."""
    return KINDS[name].usual if name in KINDS else How.NEVER
