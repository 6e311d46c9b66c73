"""The way from a letter to what its news is about, and how it is known that somebody came by it.

It is the address of the page itself with the number of the news: whoever a letter was forwarded to
comes to the same page, which decides as always whether they may see it.
"""

from urllib.parse import urlsplit

from contentlib.notifications.models import Notification

NUMBER = "news"


def path_in_letter(path: str, news: Notification) -> str:
    """Return a path of this site with the number of the news that a letter tells."""
    parts = urlsplit(path)
    before = f"{parts.query}&" if parts.query else ""
    return parts._replace(query=f"{before}{NUMBER}={news.id}").geturl()
