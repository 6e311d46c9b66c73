"""Writes the table of settings into the README, from the settings themselves."""

from pathlib import Path

from contentlib.core.config import Settings

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- settings:", "<!-- end of settings -->"


def table() -> str:
    """Return a row for each setting: its name, its default and what it is for."""
    rows = ["| setting | default | what for |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if field.default not in ("", [], None) else "—"
        rows.append(f"| `CONTENTLIB_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def with_table(text: str) -> str:
    """Return the README with its table replaced."""
    start = text.index("\n", text.index(BEGIN)) + 1
    return f"{text[:start]}\n{table()}\n\n{text[text.index(END) :]}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text()))
