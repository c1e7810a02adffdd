"""Makes the pictures of README and tutorial anew: `make pictures`; the screenshot needs Chromium."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
VERDICTS = IMAGES / "ferry.verdicts.jsonl"
MOST = 150_000  # bytes of a picture in a repository


DRAWN = (
    ("cable", "cable.svg", ()),
    ("cable", "cable-social.png", ("-f", "social")),
    ("ferry", "ferry.svg", ()),
    ("ferry", "ferry-judged.svg", ("--verdicts", str(VERDICTS))),
)


def drawn(story: str, place: Path, options: Sequence[str]) -> None:
    """A story of the corpus as a picture, by the command that the documentation shows."""
    command = [sys.executable, "-m", "lineage", "graph", f"corpus/{story}", "-q", "-o", str(place), *options]
    subprocess.run(command, check=True, cwd=ROOT)


def photographed(story: str, name: str, fragment: str) -> None:
    """Drawing and selected link of a story's page, as Chromium shows them."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page = Path(folder, "page.html")
        subprocess.run(
            [sys.executable, "-m", "lineage", "graph", f"corpus/{story}", "-q", "-o", page], check=True, cwd=ROOT
        )
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1400, "height": 880}, device_scale_factor=0.8)
        shown.goto(page.as_uri() + fragment)
        shown.locator(".stage").scroll_into_view_if_needed()
        top = shown.evaluate("document.querySelector('.stage').getBoundingClientRect().top + window.scrollY")
        clip = {"x": 0, "y": top - 12, "width": 1400, "height": 680}
        shown.screenshot(path=IMAGES / name, clip=clip, full_page=True)
        browser.close()


def main() -> None:
    """Every picture, and an error where one is too heavy to keep."""
    for story, name, options in DRAWN:
        drawn(story, IMAGES / name, options)
    photographed("cable", "page.png", "#panel=text")
    for picture in sorted(IMAGES.iterdir()):
        print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size / 1000:.0f} kB")
        if picture.stat().st_size > MOST:
            sys.exit(f"{picture} is larger than {MOST / 1000:.0f} kB; draw less or smaller")


if __name__ == "__main__":
    main()
