"""Speaking of a material in a browser: marked words, names after @, an undo, a phone."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

NAME = "Comente; @ menciona alguém"


def mark_words(page: Page, words: str) -> None:
    """Mark words in the material as a mouse does."""
    page.evaluate(
        """words => {
            const found = document.createTreeWalker(
                document.getElementById("script-whatsapp"), NodeFilter.SHOW_TEXT);
            while (found.nextNode()) {
                const at = found.currentNode.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(found.currentNode, at);
                range.setEnd(found.currentNode, at + words.length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
                return;
            }
        }""",
        words,
    )


def test_marked_words_are_commented_on_and_somebody_is_spoken_to(
    open_page: Open, firm: dict[str, Any]
) -> None:
    page = open_page("seller", f"/assets/{firm['quiet_script']}", locale="pt-BR")
    expect(page.get_by_role("heading", name="O que os colegas dizem")).to_be_visible()
    mark_words(page, "dois dias")
    bar = page.get_by_role("group", name="Com o trecho selecionado")
    expect(bar).to_be_visible()
    bar.get_by_role("link", name="Comentar").click()
    expect(page.get_by_text("“dois dias”")).to_be_visible()
    field = page.get_by_placeholder(NAME)
    field.click()
    field.press_sequentially("Vale? @marketer l")
    expect(page.get_by_role("option", name="Marketer Lima")).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_value("Vale? @Marketer Lima ")
    page.get_by_role("button", name="Comentar").click()
    said = page.locator("#feedback-comments article")
    expect(said).to_contain_text("Vale? @Marketer Lima")
    expect(said).to_contain_text("dois dias")
    page.locator("#toasts").get_by_role("button", name="Desfazer").click()
    expect(said).to_have_count(0)


def test_on_a_phone_a_flag_shows_at_once_and_a_rating_asks_why(
    open_page: Open, firm: dict[str, Any]
) -> None:
    path = f"/assets/{firm['markdown']}"
    page = open_page("seller", path, locale="pt-BR", width=360)
    page.get_by_text("Desatualizado?").click()
    page.locator("#feedback-flags").get_by_text("Sinalizar como desatualizado").first.click()
    page.get_by_label("O que não vale mais?").fill("A conta é a do ano passado.")
    page.locator("#feedback-flags").get_by_role("button", name="Sinalizar").click()
    expect(page.locator("#feedback-mark")).to_contain_text("1 pessoa diz que está desatualizado")
    page.get_by_role("button", name="Me ajuda").click()
    expect(page.get_by_role("button", name="Me ajuda")).to_have_attribute("aria-pressed", "true")
    page.get_by_text("Me poupa tempo").click()
    page.locator("#feedback-rating").get_by_role("button", name="Salvar").click()
    expect(page.locator("#feedback-rating")).to_contain_text("Seu motivo: Me poupa tempo")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_words_marked_in_the_viewer_bring_their_page_along(
    open_page: Open, firm: dict[str, Any]
) -> None:
    page = open_page("seller", f"/assets/{firm['pdf']}/read?page=2", locale="pt-BR")
    words = page.locator(".textLayer span", has_text="A conta do atraso").first
    expect(words).to_be_visible()
    words.select_text()
    bar = page.get_by_role("group", name="Com o trecho selecionado")
    bar.get_by_role("link", name="Sugerir uma mudança").click()
    expect(page.get_by_text("“A conta do atraso”")).to_be_visible()
    expect(page.get_by_label("Página")).to_have_value("2")
