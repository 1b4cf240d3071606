"""Copies what the browser needs from node_modules into the package, so that an installed Kariz needs no Node."""

import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
ICONS = ROOT / "kariz/web/static/web/icons.txt"
VENDOR = ROOT / "kariz/web/static/vendor"
SVG = "http://www.w3.org/2000/svg"
KEPT = {"viewBox", "fill", "stroke", "stroke-linecap", "stroke-linejoin"}

FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "Sortable.min.js": "sortablejs/Sortable.min.js",
    "vazirmatn.woff2": "vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2",
    "inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
}
LICENSES = {
    "htmx": "htmx.org/LICENSE",
    "SortableJS": "sortablejs/LICENSE",
    "Vazirmatn": "vazirmatn/OFL.txt",
    "Inter": "@fontsource-variable/inter/LICENSE",
    "Lucide": "lucide-static/LICENSE",
}


def sprite(names: list[str]) -> str:
    """One SVG with each named icon as a symbol for `<use href="icons.svg#name">`; CSS sets the stroke's width."""
    ET.register_namespace("", SVG)
    root = ET.Element(f"{{{SVG}}}svg")
    for name in names:
        path = MODULES / "lucide-static/icons" / f"{name}.svg"
        if not path.exists():
            raise SystemExit(f"{ICONS.relative_to(ROOT)}: Lucide has no icon named {name!r}")
        icon = ET.parse(path).getroot()
        kept = {key: value for key, value in icon.attrib.items() if key in KEPT}
        symbol = ET.SubElement(root, f"{{{SVG}}}symbol", {"id": name, **kept})
        symbol.extend(icon)
    return ET.tostring(root, encoding="unicode")


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in FILES.items():
        shutil.copyfile(MODULES / source, VENDOR / name)
    notices = [f"{name}\n\n{(MODULES / source).read_text()}" for name, source in LICENSES.items()]
    (VENDOR / "LICENSES.txt").write_text("\n\n".join(notices))
    (VENDOR / "icons.svg").write_text(sprite(sorted(set(ICONS.read_text().split()))))


if __name__ == "__main__":
    main()
