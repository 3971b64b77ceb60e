// The card of a measured number: what its link's title says, set in rows beside the number, by pointer, key and touch.

(() => {
  "use strict";

  const NUMBER = "a.bf-value, a.bf-claim, a.bf-outcome";
  const ROWS = " · ";
  const LABEL = /\s*[:：]\s*/;
  const SOON = 140; // milliseconds until a pointer means it
  const GRACE = 240; // milliseconds to cross from the number to its card
  const GAP = 8; // pixels from the number, and from the window's edges

  const titles = new WeakMap();
  const card = document.createElement("div");
  let shown = null; // the number whose card is open
  let openedBefore = null; // the number whose card was open when the finger came down
  let touched = false;
  let timer = 0;

  card.className = "bf-card";
  card.id = "bf-card";
  card.setAttribute("role", "tooltip");
  card.hidden = true;

  /** Take a number's title, lest the browser or the theme shows it too, and return it. */
  function titleOf(number) {
    if (number.title) {
      titles.set(number, number.title);
      number.removeAttribute("title");
    }
    return titles.get(number) || "";
  }

  function element(name, text, className = "") {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = className;
    return made;
  }

  /** Set the title's rows: the name, then label and text; where a finger opened the card, the last label leads on. */
  function fill(number) {
    const [name, ...rows] = titleOf(number).split(ROWS);
    const list = document.createElement("dl");
    let last = "";
    for (const row of rows) {
      const colon = LABEL.exec(row);
      last = colon ? row.slice(0, colon.index) : "";
      list.append(element("dt", last), element("dd", colon ? row.slice(colon.index + colon[0].length) : row));
    }
    card.replaceChildren(element("div", name, "bf-card-name"), list);
    if (touched) {
      const link = element("a", `${last} →`, "bf-card-link");
      link.href = number.href;
      card.append(link);
    }
  }

  /** Put the card under the number, or above it where there is more room; always inside the window. */
  function place(number) {
    card.style.left = card.style.top = "0";
    const line = number.getBoundingClientRect();
    const origin = card.getBoundingClientRect();
    const room = document.documentElement.clientWidth - GAP - origin.width;
    const left = Math.max(GAP, Math.min(line.left, room));
    const below = line.bottom + GAP;
    const above = line.top - GAP - origin.height;
    const top = below + origin.height > window.innerHeight && above > 0 ? above : below;
    card.style.left = `${left - origin.left}px`;
    card.style.top = `${top - origin.top}px`;
  }

  function open(number) {
    clearTimeout(timer);
    if (shown === number || !titleOf(number)) return;
    close();
    (document.querySelector("main") || document.body).append(card);
    fill(number);
    card.hidden = false;
    place(number);
    number.setAttribute("aria-describedby", card.id);
    shown = number;
  }

  function close() {
    clearTimeout(timer);
    card.hidden = true;
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
  }

  function later(act, milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  }

  const numberAt = (event) => (event.target instanceof Element ? event.target.closest(NUMBER) : null);
  const onCard = (event) => event.target instanceof Node && card.contains(event.target);

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const number = numberAt(event);
    if (number && number !== shown) later(() => open(number), SOON);
    else if (number || onCard(event)) clearTimeout(timer);
    else if (shown !== document.activeElement) later(close, shown ? GRACE : 0);
    else clearTimeout(timer);
  });
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    openedBefore = shown;
    if (!numberAt(event) && !onCard(event)) close();
  });
  document.addEventListener("focusin", (event) => {
    const number = numberAt(event);
    if (number) open(number);
  });
  document.addEventListener("focusout", (event) => {
    if (numberAt(event) === shown && !card.contains(event.relatedTarget) && !card.matches(":hover")) close();
  });
  document.addEventListener("click", (event) => {
    const number = numberAt(event);
    if (!number || !touched || event.defaultPrevented) return;
    if (openedBefore !== number) {
      event.preventDefault(); // the first tap shows the card, the second follows the link
      open(number);
    }
  });
  document.addEventListener("keydown", (event) => {
    touched = false;
    if (event.key === "Escape") close();
  });
  document.documentElement.addEventListener("pointerleave", () => {
    if (shown && shown !== document.activeElement) later(close, GRACE);
  });
  // The page takes the card along when it scrolls; a table that scrolls in its own frame does not.
  document.addEventListener("scroll", (event) => event.target !== document && shown && place(shown), true);
  window.addEventListener("resize", () => shown && place(shown));
  window.addEventListener("pagehide", close);

  // Deferred, this runs before the theme looks for titles to show in its own way; so does it when a text is replaced.
  function meet() {
    close();
    document.querySelectorAll(NUMBER).forEach(titleOf);
  }
  document.addEventListener("bifolio:text", meet);
  meet();
})();
