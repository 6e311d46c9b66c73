"""Bring the front-end parts that the product ships into static/, pinned and checked.

    python tools/vendor.py            fetch exactly what tools/vendor.lock.json names
    python tools/vendor.py --relock   accept what the registry answers for the pinned versions

Packages come through `npm pack`: no node_modules, no install scripts. The output is committed,
so a wheel needs no Node. The icon sprite holds the icons that templates and icons.txt name.
"""

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "tools/vendor.lock.json"
ICON_LIST = ROOT / "tools/icons.txt"
VENDOR = ROOT / "static/vendor"
SPRITE = ROOT / "static/img/icons.svg"
ICONS = "@tabler/icons"

# Package, pinned version, folder under static/vendor, and the files taken from it.
PACKAGES = [
    ("@tabler/core", "1.6.1", "tabler-core", ["dist/css/tabler.min.css"]),
    (ICONS, "3.52.0", "tabler-icons", ["LICENSE"]),
    (
        "@fontsource-variable/inter",
        "5.3.0",
        "inter",
        [
            "LICENSE",
            "files/inter-latin-wght-normal.woff2",
            "files/inter-latin-ext-wght-normal.woff2",
        ],
    ),
    ("htmx.org", "2.0.11", "htmx", ["LICENSE", "dist/htmx.min.js"]),
    # The build for browsers of some years; what it can do without is left out: its own interface,
    # running the scripts of a PDF, tables for Chinese, Japanese and Korean, colour profiles, and
    # decoders in WebAssembly, which our policy on scripts refuses (their twins in JavaScript come).
    (
        "pdfjs-dist",
        "6.5.438",
        "pdfjs",
        [
            "LICENSE",
            "legacy/build/pdf.min.mjs",
            "legacy/build/pdf.renderer.min.mjs",
            "legacy/build/pdf.worker.min.mjs",
            "legacy/web/pdf_viewer.css",
            "legacy/web/pdf_viewer.mjs",
            "standard_fonts/FoxitDingbats.pfb",
            "standard_fonts/FoxitFixed.pfb",
            "standard_fonts/FoxitFixedBold.pfb",
            "standard_fonts/FoxitFixedBoldItalic.pfb",
            "standard_fonts/FoxitFixedItalic.pfb",
            "standard_fonts/FoxitSerif.pfb",
            "standard_fonts/FoxitSerifBold.pfb",
            "standard_fonts/FoxitSerifBoldItalic.pfb",
            "standard_fonts/FoxitSerifItalic.pfb",
            "standard_fonts/FoxitSymbol.pfb",
            "standard_fonts/LICENSE_FOXIT",
            "standard_fonts/LICENSE_LIBERATION",
            "standard_fonts/LiberationSans-Bold.ttf",
            "standard_fonts/LiberationSans-BoldItalic.ttf",
            "standard_fonts/LiberationSans-Italic.ttf",
            "standard_fonts/LiberationSans-Regular.ttf",
            "wasm/LICENSE_JBIG2",
            "wasm/LICENSE_OPENJPEG",
            "wasm/LICENSE_PDFJS_JBIG2",
            "wasm/LICENSE_PDFJS_OPENJPEG",
            "wasm/jbig2_nowasm_fallback.js",
            "wasm/openjpeg_nowasm_fallback.js",
        ],
    ),
]

# The one package that ships without its licence text names it in its style sheet only.
TABLER_LICENSE = ROOT / "tools/tabler-core-LICENSE"

SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=[^\n]*)\s*$")
ICON_IN_TEMPLATE = re.compile(r"""\bicon(?:_name)?\s*(?:\(|=|:|":)\s*["']([a-z][a-z0-9-]+)["']""")


def main() -> None:
    """Fetch, verify and write every vendored file."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--relock", action="store_true", help="accept the registry's answer")
    relock = arguments.parse_args().relock
    locked = {} if relock else json.loads(LOCK.read_text())
    written = {}
    for name, version, folder, files in PACKAGES:
        archive = fetch(name, version)
        integrity = sha512(archive.read_bytes())
        if not relock and locked.get(name, {}).get("integrity") != integrity:
            sys.exit(f"{name}@{version} is not what tools/vendor.lock.json names.")
        target = VENDOR / f"{folder}-{version}"
        written[name] = {
            "version": version,
            "integrity": integrity,
            "files": take(archive, files, target),
        }
        if name == ICONS:
            write_sprite(archive)
    licence = VENDOR / f"tabler-core-{PACKAGES[0][1]}" / "LICENSE"
    licence.write_bytes(TABLER_LICENSE.read_bytes())
    if relock:
        LOCK.write_text(json.dumps(written, indent=2, sort_keys=True) + "\n")


def fetch(name: str, version: str) -> Path:
    """Return the package's archive, kept outside the tree between two runs."""
    cache = Path(tempfile.gettempdir()) / "contentlib-vendor"
    cache.mkdir(exist_ok=True)
    archive = cache / f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"
    if not archive.exists():
        command = ["npm", "pack", "--silent", "--ignore-scripts", f"{name}@{version}"]
        # The command is fixed and its one variable is a pinned name from above.
        subprocess.run(command, cwd=cache, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return archive


def sha512(content: bytes) -> str:
    """Return the digest in the notation of subresource integrity."""
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def take(archive: Path, files: list[str], target: Path) -> dict[str, str]:
    """Copy the named files flat into the target folder; return path and digest of each."""
    target.mkdir(parents=True, exist_ok=True)
    digests = {}
    with tarfile.open(archive) as package:
        for source in files:
            path = target / Path(source).name
            path.write_bytes(SOURCE_MAP.sub(b"\n", read(package, source)))
            digests[str(path.relative_to(ROOT))] = sha512(path.read_bytes())
    return digests


def read(package: tarfile.TarFile, path: str) -> bytes:
    """Return a file of a package; a name that it lacks stops the script."""
    member = package.extractfile(f"package/{path}")
    if member is None:
        sys.exit(f"the package has no file {path}")
    return member.read()


def icon_names() -> set[str]:
    """Return the icons that templates call by name, and those that data chooses at run time."""
    listed = {line.split("#")[0].strip() for line in ICON_LIST.read_text().splitlines()}
    for template in (ROOT / "templates").rglob("*.html"):
        listed.update(ICON_IN_TEMPLATE.findall(template.read_text()))
    return listed - {""}


def write_sprite(archive: Path) -> None:
    """Write one SVG with a symbol per icon; stroke and size come from the style sheet."""
    symbols = []
    with tarfile.open(archive) as package:
        for name in sorted(icon_names()):
            drawing = read(package, f"icons/outline/{name}.svg").decode()
            paths = re.findall(r"<path d=\"[^\"]+\" />", drawing)
            body = "".join(path.replace(" />", "/>") for path in paths)
            symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    SPRITE.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    )


if __name__ == "__main__":
    main()
