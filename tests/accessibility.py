"""What axe-core finds wrong with an open page."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parent.parent / "node_modules/axe-core/axe.min.js"
# What fades in has the contrast of its end only then; a skeleton's shimmer never ends.
STILL = """Promise.allSettled(document.getAnimations()
    .filter((one) => one.effect.getTiming().iterations !== Infinity)
    .map((one) => one.finished))"""


def faults(page: Page, within: str = "html") -> list[str]:
    """One line for each rule that is broken, with the elements that break it, in the page or a part of it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    page.evaluate(STILL)
    found = page.evaluate("within => axe.run(within)", within)
    return [
        f"{rule['id']}: {rule['help']} ({'; '.join(str(node['target']) for node in rule['nodes'])})"
        for rule in found["violations"]
    ]
