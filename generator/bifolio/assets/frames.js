// What is wide scrolls in a frame of its own: the frame takes the focus, so that the keyboard can scroll it too.
(() => {
  "use strict";
  const FRAMES = "pre > code, .md-typeset__scrollwrap, .bf-table, .bf-figure";

  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => weigh(entry.target)));

  function weigh(element) {
    const frame = element.closest(FRAMES);
    if (!frame) return;
    if (frame.scrollWidth > frame.clientWidth && getComputedStyle(frame).overflowX !== "visible") frame.tabIndex = 0;
    else if (frame.getAttribute("tabindex") === "0") frame.removeAttribute("tabindex");
  }

  function meet(element) {
    for (const frame of element.querySelectorAll(FRAMES)) {
      sizes.observe(frame);
      for (const child of frame.children) sizes.observe(child);
    }
    // The buttons beside each piece of code are no place to navigate to; as landmarks they drown the real ones.
    for (const buttons of element.querySelectorAll("nav.md-code__nav")) buttons.setAttribute("role", "none");
  }

  // The theme makes frames and buttons when their place comes into view.
  new MutationObserver((records) => {
    for (const record of records)
      for (const node of record.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) meet(node.parentElement ?? node);
  }).observe(document.body, { childList: true, subtree: true });
  meet(document.body);
})();
