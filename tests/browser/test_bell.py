"""The bell: news without leaving the page, and without JavaScript by a link."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from contentlib.core.db import db
from contentlib.core.numbers import LARGEST
from contentlib.notifications.service import mark_all_seen, tell
from tests.browser.conftest import PHONE, WIDE, Open, findings
from tests.browser.firm import person_of
from tests.notifications.telling import FACTS


def told(served: Flask, key: str) -> None:
    """Tell the marketer, who has seen everything else, two things."""
    with served.app_context():
        person = person_of("marketer")
        mark_all_seen(person, up_to=LARGEST)
        for number in range(2):
            tell(
                person.id,
                "comment.new",
                key=f"{key}:{number}",
                address="/requests?show=open",
                facts=FACTS["comment.new"] | {"asset": f"{key} {number}"},
            )
        db.session.commit()


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_news_is_read_behind_the_bell_and_leads_on(
    served: Flask, firm: dict[str, Any], open_page: Open, width: int
) -> None:
    told(served, f"Caso {width}")
    page = open_page("marketer", "/me", width=width, locale="en-US")
    page.locator("summary", has_text="Notifications, 2 new").click()
    news = page.get_by_role("button", name=f"New: Marina Prado commented on “Caso {width} 1”")
    expect(news).to_be_visible()
    expect(page.get_by_role("button", name="Mark all as seen")).to_be_visible()
    assert findings(page, ".topbar") == []
    page.keyboard.press("Escape")
    expect(news).to_be_hidden()
    page.keyboard.press("Enter")
    news.click()
    page.wait_for_url("**/requests?show=open")
    page.locator("summary", has_text="Notifications, 1 new").click()
    page.get_by_role("button", name="Mark all as seen").click()
    page.wait_for_url("**/notifications")
    expect(page.locator(".bell-count")).to_have_count(0)


def test_without_scripts_the_bell_leads_to_the_list(
    served: Flask, firm: dict[str, Any], open_page: Open
) -> None:
    told(served, "Sem script")
    page = open_page("marketer", "/me", width=PHONE, java_script_enabled=False, locale="pt-BR")
    page.locator("summary:has(.bell)").click()
    page.get_by_role("link", name="Todas as notificações").click()
    assert page.url.endswith("/notifications")
    page.get_by_role("button", name="Nova: Marina Prado comentou “Sem script 1”").first.click()
    assert page.url.endswith("/requests?show=open")
