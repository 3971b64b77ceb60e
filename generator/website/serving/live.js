// Reloads the page once it looks different, and shows over it what is wrong with the report.
(() => {
  const { page, digest } = document.currentScript.dataset;
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

  const listen = () => {
    if (source || document.visibilityState === "hidden") return;
    source = new EventSource(`/_bifolio/events?page=${encodeURIComponent(page)}&digest=${digest}`);
    source.addEventListener("problem", (event) => show(JSON.parse(event.data)));
    source.addEventListener("reload", () => {
      source.close(); // one reload, whatever else is on its way
      // A browser keeps the position too, but not through a reload that interrupts another one.
      sessionStorage.setItem(KEY, JSON.stringify({ page, position: position ?? scrollY }));
      location.reload();
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
