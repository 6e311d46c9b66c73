import re
from pathlib import Path

from flask import Flask, url_for
from flask.testing import FlaskClient

from contentlib.core.statics import assemble, digest


def test_an_import_is_written_in_place_and_keeps_its_layer(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text('@charset "UTF-8";a{}')
    (tmp_path / "b.css").write_text("b{}")
    sheet = tmp_path / "app.css"
    sheet.write_text('@import url("a.css") layer(far);\n@import url("b.css");\n')
    assert assemble(sheet) == "@layer far {a{}}\nb{}\n"


def test_the_style_sheet_is_one_file_that_a_browser_keeps(app: Flask, client: FlaskClient) -> None:
    address = f"{app.static_url_path}/css/app.css"
    answer = client.get(address)
    assert answer.mimetype == "text/css"
    assert not re.search("@import|sourceMappingURL", answer.text)
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_style_sheet_leads_only_to_files_that_exist(app: Flask, client: FlaskClient) -> None:
    sheet = client.get(f"{app.static_url_path}/css/app.css").text
    references = set(re.findall(r'url\("?(\.\.?/[^")]+)', sheet))
    assert references
    folder = Path(app.static_folder or "") / "css"
    assert [name for name in references if not (folder / name).resolve().is_file()] == []


def test_the_address_changes_with_the_content(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}")
    before = digest(tmp_path)
    (tmp_path / "a.css").write_text("a{color:red}")
    assert digest(tmp_path) != before


def test_a_page_names_files_below_the_place_where_it_is_mounted(app: Flask) -> None:
    page = app.jinja_env.from_string("{{ static_file('img/icons.svg') }}")
    for root in ("", "/conteudo"):
        with app.test_request_context(base_url=f"http://localhost{root}/"):
            assert page.render() == url_for("static", filename="img/icons.svg")
            assert page.render() == f"{root}{app.static_url_path}/img/icons.svg"
