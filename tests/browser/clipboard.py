"""What a page has put on the clipboard, which happens a moment after the button was pressed."""

from playwright.sync_api import Page

RIGHTS = ["clipboard-read", "clipboard-write"]
PATIENCE = 5_000  # milliseconds

_PLAIN = "navigator.clipboard.readText()"
_HTML = """async () => {
    const [item] = await navigator.clipboard.read();
    return item?.types.includes("text/html") && (await item.getType("text/html")).text();
}"""


def copied(page: Page) -> str:
    """Return the words that the clipboard holds now."""
    return str(page.evaluate(_PLAIN))


def expect_copied(page: Page, words: str | None) -> None:
    """Wait until the clipboard holds exactly these words; say what it holds if it never does."""
    for _ in range(PATIENCE // 50):
        if copied(page) == words:
            return
        page.wait_for_timeout(50)
    assert copied(page) == words


def copied_html(page: Page) -> str:
    """Return what was copied for programs that take HTML, once there is such a thing."""
    return str(page.wait_for_function(_HTML, timeout=PATIENCE).json_value())
