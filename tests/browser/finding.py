"""Where the browser of these tests comes from: one that is there, Debian's package, or Playwright's own download.

``python -m tests.browser.finding`` makes sure that there is one before the tests begin; ``BROWSER=none`` leaves the
tests in a browser out, ``BROWSER=/path/to/chromium`` names one.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

NONE: Final = "none"
NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "msedge")
PACKAGES: Final = ("chromium", "fonts-wqy-microhei")
"""Debian's; the font is for the pictures, in which Chinese would be empty boxes without one."""
LEFT_OUT: Final = "BROWSER=none: no page was opened in a browser · 没有在浏览器中打开任何页面"
MISSING: Final = (
    "这些测试需要 Chromium：请安装（Debian/Ubuntu：apt-get install chromium fonts-wqy-microhei），"
    "或用 BROWSER=路径 指定，或用 BROWSER=none 略过这些测试。\n"
    "These tests need Chromium. Install it (Debian/Ubuntu: apt-get install chromium fonts-wqy-microhei), "
    "name one with BROWSER=path, or leave these tests out with BROWSER=none."
)
FLAGS: Final = (
    # As root Chromium has no sandbox of its own; these tests open our own pages alone.
    *(("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def left_out() -> bool:
    """Tell whether whoever runs the tests wants none in a browser."""
    return os.environ.get("BROWSER", "").lower() == NONE


def found() -> Path | None:
    """Return the browser that is there: the one that is named, the system's, or Playwright's own."""
    # Elsewhere BROWSER names what opens a link, "firefox" or a command line; a Chromium that is there is meant here.
    named = os.environ.get("BROWSER", "")
    if re.search(r"chrom|edge", named, re.IGNORECASE) and (path := shutil.which(named)):
        return Path(path)
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def fetched() -> bool:
    """Fetch one: Debian's package where this may be installed, else Playwright's own; tell whether one came."""
    ways: list[list[str]] = []
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
        ways.extend(([*install], ["apt-get", "update", "-qq"], [*install]))
    ways.append([sys.executable, "-m", "playwright", "install", "chromium"])
    for way in ways:
        print("$", *way, file=sys.stderr)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(way, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode == 0
        if done and found():
            return True
    return False


def main() -> int:
    """Make sure that there is a browser; return 1 where none can be had."""
    if left_out() or found():
        return 0
    print("正在安装 Chromium · installing Chromium", file=sys.stderr)
    if fetched():
        return 0
    print(MISSING, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
