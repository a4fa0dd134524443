"""A real browser, without a window."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


_FAINT = """
const light = (colour) => {
  const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (element) => {
  for (; element; element = element.parentElement) {
    const colour = getComputedStyle(element).backgroundColor;
    const parts = colour.match(/[\\d.]+/g);
    if (parts.length < 4 || parts[3] > 0.9) return colour;
  }
  return "rgb(255, 255, 255)";
};
const faint = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (!texts.currentNode.data.trim() || !element.getClientRects().length) continue;
  if (element.classList.contains("inside")) continue;
  const style = getComputedStyle(element);
  const ink = light(element instanceof SVGElement ? style.fill : style.color);
  const paper = light(behind(element));
  const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  if (contrast < 4.5) faint.push(`${contrast.toFixed(1)} ${texts.currentNode.data.trim()}`);
}
return faint;
"""


class Browser:
    """Chromium, as a reader of the page has it."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, address: str | Path, *, width: int = 1100, dark: bool = False) -> None:
        """Show a page at that width of the window, in CSS pixels."""
        self.complaints()
        self.command(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.driver.get(address.as_uri() if isinstance(address, Path) else address)

    def command(self, name: str, parameters: dict[str, Any]) -> Any:
        return self.driver.execute_cdp_cmd(name, parameters)

    def run(self, script: str, *arguments: Any) -> Any:
        """The value that a script returns."""
        return self.driver.execute_script(script, *arguments)

    def find(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def texts(self, selector: str) -> list[str]:
        return [each.text for each in self.driver.find_elements("css selector", selector)]

    def submit(self, selector: str, words: str) -> None:
        """Type into a field, press Enter and wait for the page that comes."""
        self._leave(lambda: self.find(selector).send_keys(f"{words}\n"))

    def follow(self, selector: str) -> None:
        """Click a link and wait for its page."""
        self._leave(lambda: self.find(selector).click())

    def _leave(self, act: Callable[[], None]) -> None:
        from selenium.common.exceptions import WebDriverException
        from selenium.webdriver.support.wait import WebDriverWait

        self.run("window.isOld = true")
        act()
        # A script that is asked while one page gives way to the other fails.
        WebDriverWait(self.driver, 20, ignored_exceptions=[WebDriverException]).until(
            lambda _: self.run("return !window.isOld && document.readyState == 'complete'")
        )

    def hover(self, selector: str) -> None:
        from selenium.webdriver import ActionChains

        element = self.find(selector)
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        # The news of having scrolled comes with the next frame, and hides what was told before.
        self.driver.execute_async_script(
            "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))"
        )
        ActionChains(self.driver).move_to_element(element).perform()

    def complaints(self) -> list[str]:
        """What the console holds since the last time."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def scrolls_sideways(self) -> bool:
        width = "document.documentElement"
        return bool(self.run(f"return {width}.scrollWidth > {width}.clientWidth"))

    def faint_texts(self) -> list[str]:
        """Texts whose contrast is below 4.5 : 1, the minimum of WCAG 2.2, criterion 1.4.3.

        Numbers within a plot's marks lie on a shape, not on a background, and are left out.
        """
        faint: list[str] = self.run(_FAINT)
        return faint

    def printed(self) -> bytes:
        """The page as PDF."""
        answer = self.command("Page.printToPDF", {"preferCSSPageSize": True})
        return base64.b64decode(answer["data"])


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One for all tests; skipped where there is no Chromium."""
    webdriver = pytest.importorskip("selenium.webdriver")
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    chromedriver = shutil.which("chromedriver")
    if not (chromium and chromedriver):
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium with its driver; .ci/run installs them")
        pytest.skip("there is no Chromium with its driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(chromedriver))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
