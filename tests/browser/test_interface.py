"""The living page and the behaviours, in a real browser under the real content policy."""

from playwright.sync_api import expect

from tests.browser.clipboard import RIGHTS, copied
from tests.browser.conftest import Open

PAGE = "/admin/components"


def test_a_slash_leads_to_the_search_box_and_a_question_mark_lists_the_keys(
    open_page: Open,
) -> None:
    page = open_page("admin", PAGE)
    page.keyboard.press("/")
    box = page.locator("[data-search-focus]")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys-help")).to_be_hidden()


def test_the_theme_changes_at_once_and_is_kept(open_page: Open) -> None:
    page = open_page("admin", PAGE)
    page.locator(".frame-rail details summary").click()
    with page.expect_response("**/me/look"):
        page.locator(".frame-rail [data-theme-set=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(15, 17, 22)")
    # The person is the same in all tests, and shall see what the system wants again.
    page.locator(".frame-rail details summary").click()
    with page.expect_response("**/me/look"):
        page.locator(".frame-rail [data-theme-set=auto]").click()


def test_copying_says_so(open_page: Open) -> None:
    page = open_page("admin", PAGE, permissions=RIGHTS)
    page.locator("[data-copy-from=sample-answer]").first.click()
    expect(page.locator("#toasts")).not_to_be_empty()
    assert copied(page).startswith("Entendo. Quanto custa")


def test_a_combobox_is_chosen_from_by_keys_alone(open_page: Open) -> None:
    page = open_page("admin", PAGE)
    field = page.locator("#sample-deal")
    field.focus()
    field.press_sequentially("vert")
    expect(page.locator("#sample-deal-list [role=option]")).to_have_count(0)
    field.fill("orla")
    expect(page.locator("#sample-deal-list [role=option]")).to_have_count(1)
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Orla Distribuição")
    expect(page.locator("[data-combobox] input[name=deal]")).to_have_value("2")
    expect(page.locator("#sample-deal-list")).to_be_hidden()


def test_arrows_walk_the_results_from_the_search_box(open_page: Open) -> None:
    page = open_page("admin", PAGE)
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-results] a[data-result]").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-results] a[data-result]").nth(1)).to_be_focused()


def test_a_menu_closes_with_escape_and_gives_the_focus_back(open_page: Open) -> None:
    page = open_page("admin", PAGE)
    summary = page.locator("details[data-menu] summary[aria-label='Mais ações']")
    summary.click()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Nova versão")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Nova versão")).to_be_hidden()
    expect(summary).to_be_focused()


def test_a_definition_opens_from_its_figure(open_page: Open) -> None:
    page = open_page("admin", PAGE)
    page.locator("[data-dialog-open=sample-definition]").first.click()
    expect(page.locator("#sample-definition")).to_be_visible()
    page.mouse.click(5, 5)
    expect(page.locator("#sample-definition")).to_be_hidden()


def test_a_passing_message_comes_with_an_undo_that_posts(open_page: Open) -> None:
    page = open_page("admin", PAGE)
    undone = []
    toast = page.locator(".toast-note").first.evaluate("note => note.outerHTML")
    toast = toast.replace("#desfazer", "/undo")
    page.route(
        "**/use",
        lambda route: route.fulfill(
            status=200,
            content_type="text/html",
            body=f'<div hx-swap-oob="beforeend:#toasts">{toast}</div>',
        ),
    )
    page.route("**/undo", lambda route: (undone.append(1), route.fulfill(status=204))[0])
    page.evaluate("htmx.ajax('POST', '/use', {swap: 'none'})")
    page.locator("#toasts [data-toast-undo]").click()
    expect(page.locator("#toasts [data-toast]")).to_have_count(0)
    assert undone == [1]


def test_what_cannot_be_undone_asks_first(open_page: Open) -> None:
    page = open_page("admin", PAGE)
    form = page.locator("[data-confirm=sample-confirm]")
    form.get_by_role("button").click()
    expect(page.locator("#sample-confirm")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.url.endswith(PAGE)
    form.get_by_role("button").click()
    with page.expect_navigation(url="**/components?"):
        page.locator("#sample-confirm [data-confirm-yes]").click()


def test_a_menu_in_a_scrolling_board_is_wholly_in_the_window(open_page: Open) -> None:
    page = open_page("admin", PAGE, width=390)
    page.locator(".kanban details[data-menu] summary").last.scroll_into_view_if_needed()
    page.locator(".kanban details[data-menu] summary").first.click()
    box = page.locator(".kanban details[open] .menu-panel").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= 900
