// Shows the page anew once it looks different, and over it what is wrong with the report.
(() => {
  const OWN = "script[data-digest]";
  const TEXT = "[data-md-component=container]"; // what stands between a page's header and its footer
  const { page } = document.currentScript.dataset;
  const frame = frameOf(document);
  let { digest } = document.currentScript.dataset;
  const KEY = "bifolio-position";
  let source = null;
  let position = null; // where the reader was before a reload that is not over yet

  const show = (problem) => {
    document.getElementById("bifolio-problem")?.remove();
    if (!problem) return;
    const panel = document.createElement("details");
    panel.id = "bifolio-problem";
    panel.open = true;
    panel.setAttribute("role", "alert");
    const title = document.createElement("summary");
    title.textContent = "Not on this page yet: something has to be mended first";
    const text = document.createElement("pre");
    text.textContent = problem; // as text: it quotes what the author wrote
    text.tabIndex = 0;
    panel.append(title, text);
    document.body.append(panel);
  };

  /** What a page loads and which scripts it runs: where that differs, only loading it anew is right. */
  function frameOf(page) {
    const parts = page.querySelectorAll("head > meta[http-equiv], head > link[rel=stylesheet], script");
    return [...parts].filter((part) => !part.matches(OWN)).map((part) => part.outerHTML).join("\n");
  }

  const reload = () => {
    // A browser keeps the position too, but not through a reload that interrupts another one.
    sessionStorage.setItem(KEY, JSON.stringify({ page, position: position ?? scrollY }));
    location.reload();
  };

  /** Put the new text in the place of the old one, which is quicker than a reload and moves nothing. */
  const replace = async () => {
    const answer = await fetch(location.href, { cache: "no-cache" });
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [before, after] = [document.querySelector(TEXT), made.querySelector(TEXT)];
    const theme = window.document$; // through it the theme meets the text of every page
    if (!answer.ok || !before || !after || !theme?.next || frameOf(made) !== frame) return reload();
    const place = scrollY;
    before.replaceWith(after);
    document.title = made.title;
    show(""); // what is still wrong is told again
    scrollTo({ top: place, behavior: "instant" });
    document.dispatchEvent(new Event("bifolio:text"));
    theme.next(document);
    digest = made.querySelector(OWN).dataset.digest;
    listen();
  };

  const listen = () => {
    if (source || document.visibilityState === "hidden") return;
    source = new EventSource(`/_bifolio/events?page=${encodeURIComponent(page)}&digest=${digest}`);
    source.addEventListener("problem", (event) => show(JSON.parse(event.data)));
    source.addEventListener("change", (event) => {
      leave(); // one change, whatever else is on its way
      if (JSON.parse(event.data) === "text") replace().catch(reload);
      else reload();
    });
  };

  const leave = () => {
    source?.close();
    source = null;
  };

  const goBack = () => position !== null && scrollTo({ top: position, behavior: "instant" });
  const arrive = () => {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    sessionStorage.removeItem(KEY);
    if (kept?.page !== page) return;
    position = kept.position;
    goBack();
    for (const move of ["wheel", "touchstart", "keydown", "mousedown"]) {
      addEventListener(move, () => (position = null), { once: true, passive: true }); // the reader goes on
    }
    addEventListener("load", () => {
      goBack(); // what came late may have moved the text
      position = null;
    });
  };

  // A browser opens six connections to a server at most: a page that nobody sees gives its own back.
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? leave() : listen()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
  arrive();
  listen();
})();
