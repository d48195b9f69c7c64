// Search: one bundle of Pagefind's a season, merged here, loaded when somebody begins to search. Each hit is a moment in a talk.

const SHOWN = 10;
const MOMENTS = 3;
const AROUND = 14; // words on either side of a hit

const search = find("[data-search]");

/** The bundles' addresses, as the page names them now, or as it does in the store by this time. */
async function bundlesOf(fresh) {
  let names = search.dataset.bundles;
  if (fresh) {
    const page = await (await fetch(location.pathname, { cache: "reload" })).text();
    names = new DOMParser().parseFromString(page, "text/html").querySelector("[data-search]")?.dataset.bundles ?? "";
  }
  return names.split(/\s+/).filter(Boolean).map((name) => new URL(name, location.href).href);
}

let loading;
/** Pagefind over every season; a page kept open for weeks may name bundles that are gone, so once it asks again. */
function engine() {
  const load = async (fresh) => {
    const [first, ...others] = await bundlesOf(fresh);
    if (!first) return null;
    const pagefind = await import(`${first}pagefind.js`);
    // Bundles never change: no new copy for each visit. An hour's talk is not less to the point than a short note.
    const quiet = { metaCacheTag: "1", baseUrl: "/", ranking: { pageLength: 0, termFrequency: 0 } };
    await pagefind.options({ ...quiet, basePath: first });
    await pagefind.init();
    await Promise.all(others.map((other) => pagefind.mergeIndex(other, quiet)));
    return pagefind;
  };
  loading ??= load(false).catch(() => load(true));
  return loading;
}

/** The best moments of a talk, in order, with the words around; where only its title, people or topics fit, how its notes begin. */
function moments(found) {
  const anchors = found.anchors.filter((a) => /^(t\d+|notes)$/.test(a.id)).sort((a, b) => a.location - b.location);
  // Languages written without spaces come with their words told apart by a mark of no width.
  const parted = found.raw_content?.includes("\u200B");
  const spoken = parted ? found.raw_content.replace(/&lt;/g, "<").replace(/&gt;/g, ">").split("\u200B") : found.content.split(/\s+/);
  const hits = new Set(found.weighted_locations.map((l) => l.location));
  const best = new Map();
  for (const { location: at, balanced_score: score } of found.weighted_locations) {
    const anchor = anchors.findLast((a) => a.location <= at);
    if (!anchor) continue;
    const kept = best.get(anchor.id) ?? { at, begins: anchor.location, score: 0, second: anchor.id === "notes" ? null : Number(anchor.id.slice(1)) };
    best.set(anchor.id, { ...kept, score: kept.score + score });
  }
  const notes = anchors.find((a) => a.id === "notes");
  if (!best.size && notes) best.set("notes", { at: notes.location, begins: notes.location, score: 0, second: null });
  const chosen = [...best.values()].sort((a, b) => b.score - a.score).slice(0, MOMENTS);
  return chosen
    .sort((a, b) => a.at - b.at)
    .map((moment) => {
      const from = moment.at - moment.begins <= AROUND ? moment.begins : moment.at - AROUND / 2; // whole sentences where they are short
      const part = spoken.slice(from, from + 2 * AROUND);
      const text = part.flatMap((word, i) => [hits.has(from + i) ? make("mark", {}, word) : word, parted ? "" : " "]);
      return { second: moment.second, text: [from > moment.begins ? "… " : "", ...text, from + part.length < spoken.length ? "…" : ""] };
    });
}

async function hit(result, root) {
  const found = await result.data();
  const page = new URL(`.${new URL(found.raw_url ?? found.url, location.origin).pathname}`, root);
  const link = (second) => (second === null ? page.href : `${page.href}?t=${second}`);
  return make(
    "li",
    {},
    make("h2", { dir: "auto" }, make("a", { href: page.href }, found.meta.title ?? "")),
    make("p", { class: "facts" }, [found.meta.names, found.meta.date].filter(Boolean).join(" · ")),
    make(
      "ul",
      { class: "moments" },
      ...moments(found).map(({ second, text }) =>
        make("li", { dir: "auto" }, make("a", { href: link(second) }, second === null ? say("notes") : clock(second)), " ", ...text),
      ),
    ),
  );
}

if (search) {
  const root = new URL(search.dataset.root, location.href);
  const field = make("input", { type: "search", id: "q", name: "q", autocomplete: "off", maxlength: 200, enterkeyhint: "search" });
  const told = make("p", { role: "status", class: "facts" });
  const list = make("ol", { class: "hits" });
  const more = make("button", { type: "button", class: "button quiet", ".hidden": true }, say("more"));
  const form = make("form", { role: "search" }, make("label", { for: "q" }, say("search_label")), field);
  search.replaceChildren(form, told, list, more);

  let turn = 0;
  async function look() {
    const mine = ++turn;
    const query = field.value.trim();
    const url = new URL(location.href);
    if (query) url.searchParams.set("q", query);
    else url.searchParams.delete("q");
    history.replaceState(null, "", url);
    more.hidden = true;
    if (!query) {
      told.textContent = "";
      list.replaceChildren();
      return;
    }
    if (!list.children.length) told.textContent = say("searching");
    try {
      const pagefind = await engine();
      const results = pagefind ? (await pagefind.search(query)).results : [];
      const shown = await Promise.all(results.slice(0, SHOWN).map((r) => hit(r, root)));
      if (mine !== turn) return; // somebody typed on
      list.replaceChildren(...shown);
      const n = results.length;
      told.textContent = n ? say(n === 1 ? "results_one" : "results_other", { n }) : say("no_results", { words: query });
      more.hidden = n <= SHOWN;
      more.onclick = async () => {
        const next = results.slice(list.children.length, list.children.length + SHOWN);
        const added = await Promise.all(next.map((r) => hit(r, root)));
        list.append(...added);
        more.hidden = list.children.length >= n;
        find("a", added[0])?.focus();
      };
    } catch {
      if (mine === turn) told.textContent = say("no_search");
      loading = undefined;
    }
  }

  let soon;
  field.addEventListener("focus", () => engine().catch(() => {}), { once: true });
  field.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(look, 200);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(soon);
    look();
  });
  const query = new URLSearchParams(location.search).get("q");
  if (query) {
    field.value = query;
    look();
  }
}
