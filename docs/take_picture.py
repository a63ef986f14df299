"""Take the picture of the seat in `docs/pictures` from a running `make demo`: its address and token are arguments.

Needs Chromium. Example: `.venv/bin/python docs/take_picture.py http://127.0.0.1:8080 gw_... 占道经营`; the last word
stands in the row that is chosen. Kill a camera first, as the demo's terminal says, for an alert to be in the picture.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

PICTURE = Path(__file__).resolve().parent / "pictures" / "seat.png"
SIZE = {"width": 1440, "height": 820}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
LOADED = "() => [...document.querySelectorAll('.gw-picture__image')].every(one => one.complete && one.naturalWidth)"


def main(url: str, token: str, row: str) -> None:
    """Sign in, choose a candidate, wait until its pictures are there, and take the picture."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport=SIZE, locale="zh-CN")
        page.set_default_timeout(60_000)
        page.goto(f"{url}/ui/")
        page.fill("#gw-token", token)
        page.press("#gw-token", "Enter")
        page.wait_for_selector("#gw-beat[data-beat]", state="attached")
        page.locator(".gw-row", has_text=row).first.click()
        expect(page.locator(".gw-row--chosen")).to_contain_text(row)
        page.wait_for_function(LOADED)
        page.mouse.move(0, 0)
        page.screenshot(path=PICTURE, animations="disabled")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
