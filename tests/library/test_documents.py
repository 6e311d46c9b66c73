"""What the index is told of a material, and that it finds it by it."""

import pytest
from flask import Flask

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.library import documents, service, terms, versions
from contentlib.library.documents import AssetDocuments
from contentlib.library.models import Asset
from contentlib.search import Document, sources
from tests import factories
from tests.library.test_jobs import blob_of, pdf, upload, work


def document(asset: Asset) -> Document:
    db.session.flush()
    return next(iter(AssetDocuments().load([f"asset:{asset.id}"])))


def test_words_inside_a_file_stand_on_their_page(app: Flask, marketer: User) -> None:
    asset = upload(pdf("primeira", "a diretora financeira aprovou"), "caso.pdf", marketer)
    work("library.extract", blob_of(asset).sha256)
    pages = {page.number: page.text for page in document(asset).pages}
    assert pages[2] == "a diretora financeira aprovou"


def test_an_objection_is_found_by_what_customers_say(marketer: User) -> None:
    asset = factories.draft(owner=marketer)
    versions.add_objection_version(
        asset, heard_as=["está caro"], answer="Depende do atraso.", avoid="desconto", by=marketer
    )
    words = " ".join(page.text for page in document(asset).pages)
    assert "está caro" in words
    assert "Depende do atraso." in words


@pytest.mark.parametrize(
    ("language", "own", "other"),
    [
        ("pt", {"Caso de sucesso", "Proposta"}, {"Case study", "Proposal"}),
        ("en", {"Case study", "Proposal"}, {"Caso de sucesso", "Proposta"}),
    ],
)
def test_types_stages_and_personas_are_words_in_the_language_of_the_material(
    marketer: User, language: str, own: set[str], other: set[str]
) -> None:
    tags = set(document(factories.asset(owner=marketer, language=language)).tags)
    assert own <= tags
    assert not other & tags


def test_tags_are_words_in_both_languages(marketer: User) -> None:
    tag = terms.add_word("tag", name_pt="Frete", name_en="Freight", aliases="")
    asset = factories.asset(owner=marketer)
    asset.tags = [tag]
    assert {"Frete", "Freight"} <= set(document(asset).tags)


@pytest.mark.parametrize("how", ["draft", "archived"])
def test_what_is_not_on_air_carries_no_label_of_sellers(marketer: User, how: str) -> None:
    asset = factories.draft(owner=marketer) if how == "draft" else factories.asset(owner=marketer)
    if how == "archived":
        service.archive(asset)
    assert document(asset).access == ("staff",)


def test_until_publishing_the_index_keeps_the_words_that_sellers_see(marketer: User) -> None:
    asset = factories.draft(owner=marketer)
    versions.add_script_version(asset, channel="call", text="primeiro", by=marketer)
    service.publish(asset, by=marketer, today=asset.created_at.date())
    versions.add_script_version(asset, channel="call", text="segundo", by=marketer)
    assert "primeiro" in document(asset).pages[-1].text


def test_revisions_name_everything(marketer: User) -> None:
    asset = factories.draft(owner=marketer)
    assert AssetDocuments().revisions()[f"asset:{asset.id}"] == document(asset).revision


def test_an_index_made_by_an_older_recipe_is_found_to_differ(
    marketer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = factories.draft(owner=marketer)
    indexed = {f"asset:{asset.id}": document(asset).revision}
    assert not sources.differences(indexed)
    monkeypatch.setattr(documents, "RECIPE", documents.RECIPE + 1)
    assert sources.differences(indexed) == {f"asset:{asset.id}"}


def test_a_script_is_found_by_its_words_and_not_by_its_fields(marketer: User) -> None:
    asset = factories.draft(owner=marketer)
    text = "Oi, {{contato.nome}}: **o prazo** da {{ empresa }}"
    versions.add_script_version(asset, channel="call", text=text, by=marketer)
    assert document(asset).pages[-1].text.split() == ["Oi,", ":", "o", "prazo", "da"]
