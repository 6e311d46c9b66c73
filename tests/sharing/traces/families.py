"""Families of visits as they come to links in mails and chats, each with who it truly is.

A family tells how a kind of visitor behaves, and how visitors of that kind differ. `HELD_OUT` are
families that no threshold of the rules was chosen on; of the others, half of the seeds.
"""

from collections.abc import Callable

from tests.sharing.traces import parts
from tests.sharing.traces.parts import Trace

Make = Callable[[Trace], None]
FAMILIES: dict[str, tuple[str, Make]] = {}
HELD_OUT = {
    "mimecast", "sandbox_phone", "follows_every_link", "teams", "cloud_desktop", "keyboard",
    "through_a_gateway", "headless_in_burst", "reports_blocked_on_phone",
}  # fmt: skip


def family(label: str) -> Callable[[Make], Make]:
    """Register a family under its function's name."""

    def register(make: Make) -> Make:
        FAMILIES[make.__name__] = (label, make)
        return make

    return register


# People


@family("human")
def desktop(t: Trace) -> None:
    t.since_sent = t.random.uniform(40, 90_000)
    facts = t.browse(t.agent(parts.DESKTOPS))
    spans = t.leafing(t.random.randint(1, 9), 7)
    t.images(facts, {page: max(0.2, at - 1) for page, at, _end in spans})
    t.look(spans, t.by_hand(spans[-1][2], ("pointer", "wheel", "wheel")))


@family("human")
def phone(t: Trace) -> None:
    t.since_sent = t.random.uniform(15, 90_000)
    facts = t.browse(t.agent(parts.PHONES), network="203.0.113.0/24")
    spans = t.leafing(t.random.randint(1, 7), 6)
    t.images(facts, {page: max(0.2, at - 1) for page, at, _end in spans})
    t.look(spans, t.by_hand(spans[-1][2], ("touch",)), latency=0.4, ended=t.random.random() < 0.8)


@family("human")
def phone_without_gestures(t: Trace) -> None:
    t.since_sent = t.random.uniform(15, 90_000)
    facts = t.browse(t.agent(parts.PHONES))
    spans = t.leafing(t.random.randint(1, 3), 9)
    t.images(facts, {page: max(0.2, at - 1) for page, at, _end in spans})
    t.look(spans, [], latency=0.4, ended=t.random.random() < 0.6)


@family("human")
def five_seconds(t: Trace) -> None:
    """During a call: opened soon after it was sent, and put away."""
    t.since_sent = t.random.uniform(8, 100)
    on_phone = t.random.random() < 0.5
    facts = t.browse(t.agent(parts.PHONES if on_phone else parts.DESKTOPS))
    t.images(facts, {1: 0.4, 2: 0.5})
    stay = t.random.uniform(3.6, 7)
    kinds = ("touch",) if on_phone else ("pointer", "wheel")
    moves = t.by_hand(stay, kinds, mean=1.6)[
        : t.random.randint(0, 4) if on_phone else t.random.randint(1, 4)
    ]
    t.look([(1, 0.3, stay)], moves)


@family("human")
def reports_blocked(t: Trace) -> None:
    t.since_sent = t.random.uniform(60, 90_000)
    facts = t.browse(t.agent(parts.DESKTOPS))
    spans = t.leafing(t.random.randint(4, 9), 6)
    t.images(facts, {page: 0.4 if page < 3 else at - 0.8 for page, at, _end in spans})


@family("human")
def reports_blocked_on_phone(t: Trace) -> None:
    t.since_sent = t.random.uniform(60, 90_000)
    facts = t.browse(t.agent((parts.IPHONE,)), network="203.0.113.0/24")
    spans = t.leafing(t.random.randint(4, 8), 5)
    t.images(facts, {page: 0.4 if page < 2 else at - 0.8 for page, at, _end in spans})


@family("human")
def cloud_desktop(t: Trace) -> None:
    """A desktop in a data centre: its network is a machine's, its hand is not."""
    t.since_sent = t.random.uniform(30, 40_000)
    facts = t.browse(t.agent((parts.EDGE, parts.CHROME)), network="192.0.2.0/24", via="1.1 proxy")
    spans = t.leafing(t.random.randint(2, 8), 8)
    t.images(facts, {page: max(0.2, at - 1) for page, at, _end in spans})
    t.look(spans, t.by_hand(spans[-1][2], ("pointer", "wheel"), mean=3), latency=0.2)


@family("human")
def keyboard(t: Trace) -> None:
    t.since_sent = t.random.uniform(60, 90_000)
    facts = t.browse(t.agent((parts.FIREFOX, parts.CHROME)))
    spans = t.leafing(t.random.randint(2, 8), 7)
    t.images(facts, {page: max(0.2, at - 1) for page, at, _end in spans})
    t.look(spans, [(at, "key", True) for _page, at, _end in spans if at > 0.5])


@family("human")
def forwarded(t: Trace) -> None:
    """Somebody who got the link from the recipient, on other devices, from elsewhere."""
    t.since_sent = t.random.uniform(4000, 400_000)
    facts = t.browse(t.agent(parts.DESKTOPS + parts.PHONES), network="192.0.2.0/24")
    spans = t.leafing(t.random.randint(2, 9), 9)
    t.images(facts, {page: max(0.2, at - 1) for page, at, _end in spans})
    t.look(spans, t.by_hand(spans[-1][2], ("pointer", "wheel", "touch")))


@family("human")
def through_a_gateway(t: Trace) -> None:
    """The mail gateway looks first, with its user's address and browser; then the user comes."""
    t.since_sent = t.random.uniform(20, 2000)
    agent = t.agent((parts.EDGE,))
    t.browse(agent)
    if t.random.random() < 0.3:
        t.ask(1.1, "trap", method="GET", agent=agent, secure=True, language="en-US")
    at = t.random.uniform(15, 40)
    facts = t.browse(agent, at=at)
    spans = t.leafing(t.random.randint(2, 6), 7)
    t.images(facts, {page: at + begin for page, begin, _end in spans})
    t.look(spans, t.by_hand(spans[-1][2], ("pointer", "wheel")), latency=at + 0.1)


@family("human")
def code_from_mailbox(t: Trace) -> None:
    t.since_sent, t.verified = t.random.uniform(60, 90_000), True
    agent = t.agent(parts.DESKTOPS + parts.PHONES)
    t.ask(0, "gate", method="GET", agent=agent, secure=True, language="pt-BR", mode="navigate")
    facts = t.browse(agent, at=t.random.uniform(20, 60))
    t.images(facts, {1: 62.0, 2: 62.1})
    t.look([(1, 0.3, t.random.uniform(4, 40))], [])


@family("human")
def told_by_phone(t: Trace) -> None:
    """“I am sending it now”: read while the seller talks on."""
    t.since_sent = t.random.uniform(4, 59)
    facts = t.browse(t.agent(parts.DESKTOPS + parts.PHONES))
    spans = t.leafing(t.random.randint(1, 5), 12)
    t.images(facts, {page: max(0.2, at - 1) for page, at, _end in spans})
    kinds = ("touch",) if "Mobile" in facts["agent"] else ("pointer", "wheel")
    t.look(spans, t.by_hand(spans[-1][2], kinds, mean=3))


# Scanners


@family("scanner")
def safe_links(t: Trace) -> None:
    """Fetched when the mail is delivered and again at once; no pictures, no script."""
    t.since_sent = t.random.uniform(0.5, 40)
    agent = t.agent((parts.OLD_CHROME, parts.EDGE))
    plain = {"mode": "", "site": "", "dest": "", "by_hand": ""} if t.random.random() < 0.7 else {}
    for at in (0.0, t.random.uniform(0.2, 3)):
        t.browse(agent, at=at, language="en-US", network="40.94.0.0/24", **plain)


@family("scanner")
def proofpoint(t: Trace) -> None:
    t.since_sent = t.random.uniform(1, 120)
    agent = t.random.choice(
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0",
            "python-requests/2.32.3",
            "",
        )
    )
    t.ask(0, "page", method="HEAD", agent=agent, secure=True)
    t.ask(t.random.uniform(0.3, 2), "page", method="GET", agent=agent, secure=True)


@family("scanner")
def mimecast(t: Trace) -> None:
    t.since_sent = t.random.uniform(1, 600)
    facts = t.browse(t.agent((parts.CHROME,)), language=" " if t.random.random() < 0.5 else "en-US")
    t.images(facts, {page: 0.3 + page * 0.05 for page in range(1, t.random.randint(7, 12))})


@family("scanner")
def several_networks(t: Trace) -> None:
    t.since_sent, t.networks = t.random.uniform(2, 90), t.random.randint(3, 6)
    facts = t.browse(t.agent((parts.CHROME, parts.MAC)), language="en-US")
    if t.random.random() < 0.6:
        t.images(facts, {1: 0.4, 2: 0.4})


@family("scanner")
def headless_walks(t: Trace) -> None:
    """Runs the script and walks all pages by script; an early event is nothing, and is none."""
    t.since_sent = t.random.uniform(3, 1500)
    agent = t.agent((parts.CHROME, parts.HEADLESS, parts.EDGE))
    facts = t.browse(agent, language="en-US,en;q=0.9")
    spans = t.evenly(t.random.randint(3, 9), t.random.uniform(0.5, 2.2))
    t.images(facts, {page: at for page, at, _end in spans})
    t.look(spans, [(0.2, "pointer", True)])


@family("scanner")
def headless_moves(t: Trace) -> None:
    """Sends trusted input by timer, as driven browsers can."""
    t.since_sent = t.random.uniform(3, 1500)
    facts = t.browse(t.agent((parts.CHROME, parts.EDGE)), language="en-US,en;q=0.9")
    spans = t.evenly(t.random.randint(4, 9), t.random.uniform(0.8, 1.6))
    t.images(facts, {page: at for page, at, _end in spans})
    t.look(spans, t.by_timer(spans[-1][2], "wheel", t.random.uniform(0.5, 0.9)))


@family("scanner")
def headless_waits(t: Trace) -> None:
    """Opens within a minute of the delivery, waits for what the page does, and goes."""
    t.since_sent = t.random.uniform(2, 58)
    facts = t.browse(t.agent((parts.CHROME, parts.HEADLESS)), language="en-US,en;q=0.9")
    t.images(facts, {1: 0.3, 2: 0.3})
    t.look([(1, 0.2, t.random.uniform(3.2, 12))], [])


@family("scanner")
def sandbox_phone(t: Trace) -> None:
    """A sandbox that says it is a phone."""
    t.since_sent = t.random.uniform(2, 900)
    facts = t.browse(t.agent((parts.IPHONE, parts.ANDROID)), language="en-US")
    spans = t.evenly(t.random.randint(4, 8), t.random.uniform(0.5, 1.2))
    t.images(facts, {page: at for page, at, _end in spans})
    t.look(spans, [(0.1, "touch", True)])


@family("scanner")
def headless_in_burst(t: Trace) -> None:
    t.since_sent, t.networks = t.random.uniform(2, 200), t.random.randint(3, 5)
    facts = t.browse(t.agent((parts.CHROME, parts.MAC, parts.IPHONE)), language="en-US")
    t.images(facts, {1: 0.3, 2: 0.3})
    t.look([(1, 0.2, t.random.uniform(3.1, 9))], [(0.3, "pointer", True)])


@family("scanner")
def events_made_by_script(t: Trace) -> None:
    t.since_sent = t.random.uniform(61, 4000)
    t.browse(t.agent((parts.CHROME,)), language="en-US,en;q=0.9")
    t.look([(1, 0.2, t.random.uniform(4, 15))], t.by_timer(9, "pointer", 0.7, trusted=False))


@family("scanner")
def mimics_a_hand(t: Trace) -> None:
    """Waits differently between trusted inputs. What gives most of them away is that pages pass
    evenly, or two other signs; what has learnt all that passes for a person, and is counted so.
    """
    t.since_sent = t.random.choice((0.4, t.random.uniform(2, 300)))
    t.networks = t.random.choice((1, 3, 4))
    t.browse(t.agent((parts.CHROME,)), language=t.random.choice((" ", "en-US")))
    pages = t.random.randint(5, 8)
    spans = t.evenly(pages, 1.2) if t.random.random() < 0.7 else t.leafing(pages, 1.2)
    t.look(spans, t.by_hand(spans[-1][2], ("pointer", "wheel"), mean=1))


@family("scanner")
def follows_every_link(t: Trace) -> None:
    t.since_sent = t.random.uniform(1, 3000)
    agent = t.agent((parts.CHROME, parts.FIREFOX))
    facts = t.browse(agent, language="en-US")
    t.ask(t.random.uniform(0.5, 4), "trap", **(facts | {"dest": "document"}))
    if t.random.random() < 0.6:
        t.look(t.leafing(t.random.randint(1, 4), 2.5), t.by_hand(4, ("pointer",)))


@family("scanner")
def link_checker(t: Trace) -> None:
    t.since_sent = t.random.uniform(5, 90_000)
    agent = t.random.choice(
        (
            "curl/8.7.1",
            "Go-http-client/2.0",
            "LinkChecker/10.5",
            "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
            "okhttp/4.12.0",
            "Java/17.0.9",
        )
    )
    t.ask(0, "page", method=t.random.choice(("GET", "HEAD")), agent=agent, secure=True)


# Cards and what is fetched ahead


def card(t: Trace, agent: str, seconds: float = 3) -> None:
    t.since_sent = t.random.uniform(-2, seconds)
    t.ask(0, "page", method="GET", agent=agent, secure=True, language="en")
    if t.random.random() < 0.8:
        t.ask(t.random.uniform(0.1, 0.9), "card", method="GET", agent=agent, secure=True)


@family("preview")
def slack(t: Trace) -> None:
    card(t, "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)")


@family("preview")
def whatsapp(t: Trace) -> None:
    card(t, f"WhatsApp/2.24.{t.random.randint(1, 25)}.7{t.random.choice((' A', ' i', ''))}")


@family("preview")
def telegram(t: Trace) -> None:
    card(t, "TelegramBot (like TwitterBot)")


@family("preview")
def facebook_and_imessage(t: Trace) -> None:
    whole = (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko)"
        " Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"
    )
    plain = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
    card(t, t.random.choice((whole, plain)))


@family("preview")
def linkedin(t: Trace) -> None:
    card(
        t,
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        60,
    )


@family("preview")
def teams(t: Trace) -> None:
    windows = "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"
    card(t, f"{windows} skype-url-preview@microsoft.com", 10)


@family("preview")
def phone_prefetches(t: Trace) -> None:
    t.since_sent = t.random.uniform(2, 4000)
    facts = t.browse(
        t.agent(parts.PHONES), purpose=t.random.choice(("prefetch", "prefetch;prerender"))
    )
    if t.random.random() < 0.5:
        t.images(facts | {"purpose": "prefetch"}, {1: 0.3})


# The house, and what nobody can tell


@family("internal")
def colleague(t: Trace) -> None:
    t.since_sent, t.who = t.random.uniform(5, 90_000), "colleague"
    desk(t)


@family("internal")
def office(t: Trace) -> None:
    t.since_sent = t.random.uniform(5, 90_000)
    desk(t)
    for asked in t.asked:
        asked["facts"]["office"] = True


@family("self")
def maker(t: Trace) -> None:
    t.since_sent, t.who = t.random.uniform(-500, 900), "maker"
    desk(t)


def desk(t: Trace) -> None:
    t.browse(t.agent(parts.DESKTOPS))
    spans = t.leafing(t.random.randint(1, 5), 5)
    t.look(spans, t.by_hand(spans[-1][2], ("pointer", "wheel")))


@family("unknown")
def without_scripts(t: Trace) -> None:
    """A page read without JavaScript, whose pictures come at once: nobody can tell who it was."""
    t.since_sent = t.random.uniform(100, 90_000)
    facts = t.browse(t.agent(parts.DESKTOPS))
    t.images(facts, {1: 0.2, 2: 0.25, 3: 0.3})
