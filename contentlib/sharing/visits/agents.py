"""What programs call themselves in their requests; a name proves little, so it decides little.

Sources: what the makers publish of their fetchers (Slack, Meta, LinkedIn, Telegram, Microsoft,
X, Discord, Apple, Google), and what HTTP libraries send unless told otherwise.
"""

import re

# Fetchers that make the card of a link in a conversation. WhatsApp's is the sender's own phone;
# iMessage calls itself by two of these names at once.
PREVIEWS = re.compile(
    r"facebookexternalhit|Facebot|Twitterbot|Slackbot|Slack-ImgProxy|TelegramBot|LinkedInBot"
    r"|^WhatsApp/|Discordbot|SkypeUriPreview|Viber/|vkShare|redditbot|Pinterestbot|Embedly"
    r"|Iframely|Google-PageRenderer|GoogleImageProxy|MicrosoftPreview|Bitrix link preview"
    r"|Line/poker|kakaotalk-scrap|Signal-Link|Mastodon/|Zoom-?Bot|Synology Chat",
    re.IGNORECASE,
)
# Programs that say that they are no browser.
PROGRAMS = re.compile(
    r"^$|bot\b|crawl|spider|curl/|wget/|python|Go-http-client|okhttp|^Java/|libwww|aiohttp|httpx"
    r"|Apache-HttpClient|node-fetch|axios|undici|PhantomJS|Proofpoint|Mimecast|Barracuda"
    r"|SafeLinks|urldefense|Symantec|MessageLabs|TrendMicro|FireEye|Forcepoint|Sophos|checker"
    r"|monitor|scanner|preview|HttpClient|^Mozilla/\d\.\d \(compatible|ms-office|Microsoft Office",
    re.IGNORECASE,
)
HEADLESS = re.compile(r"Headless", re.IGNORECASE)
TOUCH = re.compile(r"iPhone|iPad|Android|Mobile", re.IGNORECASE)
# Browsers that have sent Sec-Fetch headers for years, so that one without them is none.
SENDS_FETCH_FACTS = re.compile(r"(?:Chrome|Edg)/(?:8[0-9]|9[0-9]|1\d\d)|Firefox/(?:9\d|1\d\d)")


def device_of(agent: str) -> str:
    """Return the kind of device and browser that an agent speaks of, whatever its version."""
    return re.sub(r"[\d._]+", "", agent).strip()
