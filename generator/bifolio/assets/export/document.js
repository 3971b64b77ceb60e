// Comforts of the exported file: code can be copied, and the contents show where the reader is.
(() => {
  "use strict";

  if (navigator.clipboard)
    for (const code of document.querySelectorAll("pre > code")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "bf-copy";
      button.textContent = words.copy;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = words.copied;
        setTimeout(() => (button.textContent = words.copy), 1500);
      });
      code.parentElement.append(button);
    }

  const links = new Map();
  for (const link of document.querySelectorAll(".bf-contents a")) links.set(link.hash.slice(1), link);
  const places = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let current = null;

  function follow() {
    const passed = places.filter((place) => place.getBoundingClientRect().top < window.innerHeight / 4);
    const link = passed.length ? links.get(passed[passed.length - 1].id) : null;
    if (link === current) return;
    if (current) current.removeAttribute("aria-current");
    if (link) {
      link.setAttribute("aria-current", "location");
      const side = link.closest(".bf-side");
      if (side.scrollHeight > side.clientHeight)
        side.scrollTop = link.offsetTop - side.offsetTop - side.clientHeight / 3;
    }
    current = link;
  }

  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => ((waiting = false), follow()));
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  follow();
})();
