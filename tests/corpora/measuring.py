"""Finds texts that are cut off at the edge of their drawing, with the eyes of a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping

import pytest

_AT_ONCE = 40
_CUT_OFF = """() => [...document.querySelectorAll("section")].map((section) => {
  const drawing = section.querySelector("svg");
  const out = [];
  for (const text of drawing.querySelectorAll("text")) {
    const style = getComputedStyle(text);
    if (!text.textContent.trim() || style.display === "none" || style.visibility === "hidden") continue;
    const box = text.getBoundingClientRect();
    if (!box.width) continue;
    // A line of text is higher than its letters: what a third of their size stands out is blank.
    const spare = parseFloat(style.fontSize) / 3 + 1;
    for (let frame = text.ownerSVGElement; frame; frame = frame.ownerSVGElement) {
      if (frame !== drawing && getComputedStyle(frame).overflow === "visible") continue;
      const edge = frame.getBoundingClientRect();
      const beside = Math.max(edge.left - box.left, box.right - edge.right);
      const above = Math.max(edge.top - box.top, box.bottom - edge.bottom);
      if (beside > 1.5 || above > spare) out.push(text.textContent.trim().slice(0, 60));
    }
  }
  return out;
})"""


def cut_off(drawings: Mapping[str, str]) -> Iterator[str]:
    """Yield the place of a drawing and its texts that lie outside; skip without a browser."""
    playwright = pytest.importorskip("playwright.sync_api")
    browser_file = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser_file is None:
        pytest.skip("no Chromium is installed")
    names = list(drawings)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_file, args=["--no-sandbox"])
        page = browser.new_page()
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            page.set_content(
                "".join(f"<section style='width: max-content'>{drawings[name]}</section>" for name in some)
            )
            for name, texts in zip(some, page.evaluate(_CUT_OFF), strict=True):
                if texts:
                    yield f"{name}: cut off: {texts}"
        browser.close()
