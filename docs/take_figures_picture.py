"""Take the picture of the figures page in `docs/pictures` from a running central: its address and token are arguments.

Needs Chromium. `python -m tests.support.figures_city FOLDER` fills a made-up city and prints a token,
`python -m tests.support.page_server FOLDER 8431` serves it; then
`.venv/bin/python docs/take_figures_picture.py http://127.0.0.1:8431 gw_...`.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).resolve().parent / "pictures" / "figures.png"
SIZE = {"width": 1280, "height": 860}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
READ = "() => document.querySelector('.gw-part') && !document.querySelector('.gw-wait:not(.gw-hidden)')"


def main(url: str, token: str) -> None:
    """Sign in, wait until all figures of the last month have been read, and take the picture."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport=SIZE, locale="zh-CN")
        page.goto(f"{url}/ui/zh-CN/figures?period=last_month")
        page.fill("#gw-token", token)
        page.press("#gw-token", "Enter")
        page.wait_for_function(READ)
        page.screenshot(path=PICTURE, animations="disabled")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
