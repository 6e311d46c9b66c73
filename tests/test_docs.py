"""Documentation that cannot fall behind, because these tests read it."""

import re
from pathlib import Path

from tests.settings_table import README, with_table

ROOT = README.parent


def test_the_settings_of_the_readme_are_those_of_the_code() -> None:
    assert with_table(README.read_text()) == README.read_text()


def test_the_tree_of_the_readme_is_the_tree() -> None:
    tree = README.read_text().partition("## The tree")[2].partition("```\n\n")[0]
    named = set(re.findall(r"^[├└]── ([\w.]+)", tree, re.MULTILINE))
    there = {path.name for path in (ROOT / "contentlib").iterdir() if not_private(path)}
    assert named == there
    folders = set(re.findall(r"^([a-z]+)/", tree, re.MULTILINE))
    tracked = {path.name for path in ROOT.iterdir() if path.is_dir() and is_ours(path)}
    assert folders == tracked


def is_ours(folder: Path) -> bool:
    return not folder.name.startswith(".") and folder.name not in ("var", "build", "dist")


def not_private(path: Path) -> bool:
    return not path.name.startswith("__") and path.name != "translations"


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", README.read_text(), re.MULTILINE))
    assert named - targets == set()


def test_the_readme_shows_pictures_that_exist() -> None:
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README.read_text()):
        assert (ROOT / picture).is_file(), picture
