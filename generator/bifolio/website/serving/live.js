// Shows the page anew once it looks different, and over it what is wrong with the report.
(() => {
  const OWN = "script[data-digest]";
  const TEXT = "[data-md-component=container]"; // what stands between a page's header and its footer
  const ARTICLE = `${TEXT} article`;
  const THEMED = "h1, h2, h3, h4, h5, h6, pre, table, details, script, .tabbed-set, .annotate, [title]:not(.bf-value, .bf-claim, .bf-outcome)";
  const { page } = document.currentScript.dataset;
  const frame = frameOf(document);
  let { digest } = document.currentScript.dataset;
  const KEY = "bifolio-position";
  const SOON = 1000; // milliseconds after which a page that was loaded has nothing else to do
  let sent = null; // the page as the server sent it
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

  const fetchPage = async () => {
    const answer = await fetch(location.href, { cache: "no-cache" });
    return { ok: answer.ok, made: new DOMParser().parseFromString(await answer.text(), "text/html") };
  };

  /** Keep the page as it was sent, for scripts have changed the one that is shown: what a save changes is found there. */
  const keep = (made) => {
    if (made.querySelector(OWN)?.dataset.digest === digest) sent = made;
  };

  /** What stands around an article, between header and footer: the navigation, the contents. */
  const around = (article) => {
    const copy = article.closest(TEXT).cloneNode(true);
    copy.querySelector("article").replaceChildren();
    return copy.outerHTML;
  };

  /**
   * Put the paragraphs that changed in the place of those that were there; return whether that was all.
   *
   * What the theme works on is left to it: then, and where anything around the text differs, the whole text is replaced.
   */
  const patch = (made) => {
    const [old, now, shown] = [sent, made, document].map((one) => one?.querySelector(ARTICLE));
    if (!old || !now || !shown || shown.children.length !== old.children.length) return false;
    if (around(old) !== around(now)) return false;
    const [before, after] = [[...old.children], [...now.children]];
    let [first, last] = [0, 0];
    const most = Math.min(before.length, after.length);
    while (first < most && before[first].isEqualNode(after[first])) first += 1;
    while (last < most - first && before.at(-1 - last).isEqualNode(after.at(-1 - last))) last += 1;
    const [gone, come] = [before, after].map((all) => all.slice(first, all.length - last));
    if ([...gone, ...come].some((block) => block.matches(THEMED) || block.querySelector(THEMED))) return false;
    const standing = [...shown.children].slice(first, first + gone.length);
    const next = shown.children[first + gone.length] ?? null;
    for (const block of come) shown.insertBefore(document.importNode(block, true), next);
    for (const block of standing) block.remove();
    return true;
  };

  /** Put the new text in the place of the old one, which is quicker than a reload and moves nothing. */
  const replace = async () => {
    const { ok, made } = await fetchPage();
    const theme = window.document$; // through it the theme meets the text of every page
    const [before, after] = [document, made].map((one) => one.querySelector(TEXT));
    if (!ok || !before || !after || !theme?.next || frameOf(made) !== frame) return reload();
    show(""); // what is still wrong is told again
    document.title = made.title;
    digest = made.querySelector(OWN).dataset.digest;
    if (!patch(made)) {
      const place = scrollY;
      before.replaceWith(document.importNode(after, true));
      scrollTo({ top: place, behavior: "instant" });
      theme.next(document);
    }
    document.dispatchEvent(new Event("bifolio:text"));
    keep(made);
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
  addEventListener("load", () => setTimeout(() => fetchPage().then(({ made }) => keep(made)).catch(() => {}), SOON));
})();
