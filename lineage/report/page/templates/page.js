(function () {
  const PANELS = ["why", "text", "facts"];
  const WIDE = 1250; // pixels of a drawing at its own size
  const FILTERS = ["q", "outlet", "relation", "p", "from", "to"];

  // The address after "#" holds the whole state, so that a link to the page shows what its sender saw.
  const state = new URLSearchParams();
  let memory = null; // verdicts, where the browser keeps none for this file

  function read() {
    const said = location.hash.slice(1);
    const theme = state.get("theme");
    for (const name of Array.from(state.keys())) state.delete(name);
    if (said.startsWith("link-")) state.set("link", said.slice(5));
    else if (said.startsWith("story-")) state.set("story", said.slice(6));
    else if (said !== "stories" && said.includes("=")) for (const [k, v] of new URLSearchParams(said)) state.set(k, v);
    if (theme && !said.includes("=")) state.set("theme", theme);
  }

  function write() {
    for (const name of Array.from(state.keys())) if (!state.get(name)) state.delete(name);
    const next = "#" + state.toString();
    // Safari refuses to replace the state of some files on disk; then the page works without its address.
    try { history.replaceState(null, "", next); } catch (_) { /* nothing is lost but the address */ }
  }

  function set(name, value) {
    if (value) state.set(name, value); else state.delete(name);
    write();
  }

  function verdicts(story) {
    if (memory === null) {
      try { localStorage.setItem("lineage", "1"); localStorage.removeItem("lineage"); memory = false; }
      catch (_) { memory = {}; }
    }
    if (memory) return memory[story] || {};
    try { return JSON.parse(localStorage.getItem("lineage-verdicts:" + story)) || {}; } catch (_) { return {}; }
  }

  function keep(story, found) {
    if (memory) memory[story] = found;
    else try { localStorage.setItem("lineage-verdicts:" + story, JSON.stringify(found)); }
    catch (_) { memory = { [story]: found }; }
  }

  function Story(root) {
    const rows = new Map(all(root, ".twin tbody tr").map((row) => [row.id.slice(4), row]));
    const links = new Map(all(root, ".link").map((link) => [link.id.slice(5), link]));
    for (const [key, link] of links) {
      const [child, parent, relation, p] = rows.get(key).cells;
      Object.assign(link.dataset, { key, relation: relation.textContent, p: p.dataset.value });
      link.names = [parent.firstChild.data.trim(), child.textContent];
      link.tabIndex = -1;
      link.setAttribute("aria-labelledby", "said-" + key);
      rows.get(key).dataset.key = key;
    }
    const marks = all(root, ".drawing .edge, .drawing .node, .time a").map((mark) => {
      const a = mark.matches("a") ? mark : mark.querySelector("a[href]");
      const edge = mark.dataset.e || "";
      return { mark, edge, key: edge || (a && (a.getAttribute("href") || "").slice(6)) || "" };
    });
    const marksOf = new Map();
    for (const one of marks) {
      if (one.edge) reachable(one.mark);
      marksOf.set(one.key, [...(marksOf.get(one.key) || []), one.mark]);
    }
    const filters = root.querySelector(".filters");
    const tabs = all(root, "[role=tab]");
    const form = root.querySelector(".verdict");
    const words = new Map();
    const id = root.dataset.story;
    let current = "";

    const shown = () => Array.from(rows.values(), (row) => row).length
      ? all(root, ".twin tbody tr:not(.out)").map((row) => row.dataset.key) : Array.from(links.keys());

    // Whether the link stands beside the drawing and not below it.
    const beside = () => window.innerWidth >= 1120 && !root.querySelector(".stage.wide");

    function pick(key, focus) {
      if (!links.has(key)) return;
      for (const one of [current, key])
        for (const part of [links.get(one), rows.get(one), ...(marksOf.get(one) || [])])
          if (part) part.classList.toggle("picked", one === key);
      current = key;
      dress(links.get(key));
      root.querySelector(".reader").scrollTop = 0;
      centre(key);
      panel(state.get("panel"));
      told();
      if (focus) links.get(key).focus({ preventScroll: beside() });
    }

    function centre(key) {
      const canvas = root.querySelector(".canvas");
      const drawn = marks.find((one) => one.edge === key) || marks.find((one) => one.key === key);
      if (!drawn || drawn.mark.closest(".time")) return;
      const line = drawn.mark.getBoundingClientRect();
      const frame = canvas.getBoundingClientRect();
      if (line.left >= frame.left && line.right <= frame.right && line.top >= frame.top && line.bottom <= frame.bottom) return;
      canvas.scrollBy(line.left + line.width / 2 - frame.left - frame.width / 2,
        line.top + line.height / 2 - frame.top - frame.height / 2);
    }

    function panel(name) {
      const open = PANELS.includes(name) ? name : "why";
      for (const tab of tabs) {
        const on = tab.dataset.panel === open;
        tab.setAttribute("aria-selected", String(on));
        tab.tabIndex = on ? 0 : -1;
        if (current) tab.setAttribute("aria-controls", "panel-" + tab.dataset.panel + "-" + current);
      }
      root.dataset.open = open;
    }

    function text(key) {
      if (!words.has(key)) words.set(key, (links.get(key).textContent + " " + rows.get(key).textContent).toLowerCase());
      return words.get(key);
    }

    function fits(link) {
      const said = (name) => state.get(name) || "";
      const { relation, p, date, key } = link.dataset;
      const of = (name) => name === said("outlet") || name.startsWith(said("outlet") + " (");
      return (!said("outlet") || link.names.some(of))
        && (!said("relation") || relation === said("relation"))
        && (!said("p") || Number(p) >= Number(said("p")))
        && (!said("from") || (date && date >= said("from")))
        && (!said("to") || (date && date <= said("to").padEnd(11, "T").padEnd(16, "23:59")))
        && said("q").toLowerCase().split(/\s+/).every((word) => !word || text(key).includes(word));
    }

    function filter(drawn) {
      let count = 0;
      const kept = new Set();
      for (const [key, link] of links) {
        const fit = fits(link);
        if (fit) { count += 1; kept.add(key); }
        rows.get(key).classList.toggle("out", !fit);
      }
      const ends = new Set();
      for (const key of kept) { ends.add(links.get(key).dataset.parent); ends.add(links.get(key).dataset.child); }
      const touched = new Set();
      for (const [key, link] of links)
        if (ends.has(link.dataset.child) || ends.has(link.dataset.parent)) touched.add(key);
      for (const one of marks)
        one.mark.classList.toggle("out", one.edge ? links.has(one.edge) && !kept.has(one.edge)
          : Boolean(one.key) && !touched.has(one.key));
      if (brush && !drawn) brush(state.get("from"), state.get("to"));
      const every = links.size;
      const note = root.querySelector(".count");
      if (note) note.textContent = (count === every ? "" : count + " of ") + every + (every === 1 ? " link" : " links");
    }

    // What was said of a link: here, else what was given back before the page was made.
    const before = (link) => ({ verdict: link && "settled" in link.dataset ? "right" : "", note: "" });

    function told() {
      if (!form) return;
      const link = links.get(current);
      const found = verdicts(id)[current] || before(link);
      form.hidden = Boolean(link) && "lost" in link.dataset; // who was lost cannot be judged
      const either = Boolean(link) && "either" in link.dataset;
      for (const button of all(form, "[data-verdict]")) {
        const said = button.dataset.verdict;
        const which = ["forth", "back"].indexOf(said);
        button.setAttribute("aria-pressed", String(said === found.verdict));
        // Where the drawing says "either way", no direction can be wrong; but a person may know which was first.
        button.hidden = said === "wrong direction" ? either : which >= 0 && !either;
        if (link && which >= 0) button.textContent = link.names[which] + " was first";
      }
      form.elements.note.value = found.note || "";
      const many = Object.keys(verdicts(id)).length;
      form.querySelector(".kept-where").textContent = many + (many === 1 ? " verdict " : " verdicts ")
        + (memory ? "on this page only: this browser keeps none, so download before you leave" : "kept in this browser");
    }

    function judge(change) {
      const found = verdicts(id);
      const earlier = before(links.get(current));
      const now = Object.assign({}, found[current] || earlier, change);
      if (now.verdict !== earlier.verdict || now.note) {
        const { parent, child } = links.get(current).dataset;
        found[current] = { schema: "lineage.verdict/1", story: id, parent, child, verdict: now.verdict, note: now.note,
          at: new Date().toISOString() };
        if ("either" in links.get(current).dataset) found[current].directed = false;
      } else delete found[current];
      keep(id, found);
      if (!("note" in change)) told();
    }

    function download() {
      const lines = Object.values(verdicts(id)).map((one) => JSON.stringify(saved(one)) + "\n");
      const a = document.createElement("a");
      a.href = URL.createObjectURL(new Blob(lines, { type: "application/x-ndjson" }));
      a.download = "verdicts-" + id + ".jsonl";
      a.click();
      setTimeout(() => URL.revokeObjectURL(a.href), 1000);
    }

    function zoom(how) {
      const canvas = root.querySelector(".canvas");
      const drawn = canvas.querySelector("svg");
      const [, , w, h] = drawn.getAttribute("viewBox").split(" ").map(Number);
      const width = how === "fit" ? w * 1.15 : drawn.getBoundingClientRect().width * (how === "in" ? 1.25 : 0.8);
      canvas.classList.toggle("free", how !== "fit" || !canvas.classList.contains("free"));
      drawn.setAttribute("width", width.toFixed(0));
      drawn.setAttribute("height", (width * h / w).toFixed(0));
      root.querySelector("[data-zoom=fit]").setAttribute("aria-pressed", String(!canvas.classList.contains("free")));
    }

    const EVENTS = { born: "★ first", held: "• stands", inherited: "= kept", altered: "~ altered",
      indirect: "~ indirect", dropped: "− dropped" };
    const facts = all(root, "[data-life]").map((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        set("fact", state.get("fact") === String(at + 1) ? "" : String(at + 1));
        live();
        if (state.get("fact")) root.querySelector(".drawing").scrollIntoView({ block: "nearest" });
      });
      return { button, marks: new Map(head.dataset.life.split(" ").map((one) => one.split("="))) };
    });

    function live() {
      for (const old of all(root, ".lived")) old.remove();
      const chosen = facts[Number(state.get("fact")) - 1];
      for (const fact of facts) fact.button.setAttribute("aria-pressed", String(fact === chosen));
      for (const node of all(root, ".drawing .node")) {
        const event = chosen && chosen.marks.get(node.dataset.n);
        node.classList.toggle("stranger", Boolean(chosen) && !event);
        if (!event) continue;
        const box = node.getBBox();
        const said = svg("text", { class: "lived", x: box.x + 4, y: box.y - 5 });
        said.textContent = EVENTS[event];
        node.append(said);
      }
    }

    function step(by) {
      const keys = shown();
      if (!keys.length) return;
      const at = keys.indexOf(current);
      go(keys[at < 0 ? 0 : Math.min(keys.length - 1, Math.max(0, at + by))]);
    }

    function go(key, focus) {
      set("link", key);
      pick(key, focus);
      const row = rows.get(key);
      if (row && row.contains(document.activeElement) === false && document.activeElement.closest(".twin"))
        row.querySelector("a").focus();
    }

    function show() {
      for (const name of filters ? FILTERS : []) {
        const field = filters.elements[name];
        if (field && field.value !== (state.get(name) || "")) field.value = state.get(name) || "";
      }
      filter();
      pick(links.has(state.get("link")) ? state.get("link") : current || shown()[0]);
      panel(state.get("panel"));
      live();
    }

    root.addEventListener("click", (event) => {
      const a = event.target.closest("a[href^='#link-']");
      const mark = event.target.closest(".drawing .edge, .drawing .node");
      const row = event.target.closest(".twin tbody tr");
      const inner = a || (mark && mark.querySelector("a[href]")) || (row && row.querySelector("a"));
      if (!inner || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      go(inner.getAttribute("href").slice(6), event.detail === 0 || !beside());
    });
    for (const tab of tabs) tab.addEventListener("click", () => { set("panel", tab.dataset.panel); panel(tab.dataset.panel); });
    const list = root.querySelector("[role=tablist]");
    if (list) list.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      const at = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
      const next = tabs[(at + by + tabs.length) % tabs.length];
      next.click();
      next.focus();
    });
    if (filters) {
      filters.addEventListener("submit", (event) => event.preventDefault());
      filters.addEventListener("input", (event) => { set(event.target.name, event.target.value); filter(); });
      filters.addEventListener("reset", () => setTimeout(() => {
        for (const name of FILTERS) state.delete(name);
        write();
        filter();
      }));
    }
    if (form) {
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("click", (event) => {
        const button = event.target.closest("[data-verdict]");
        if (button) judge({ verdict: button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.verdict });
        if (event.target.closest(".export")) download();
      });
      form.elements.note.addEventListener("input", (event) => judge({ note: event.target.value }));
    }
    for (const button of all(root, "[data-zoom]")) button.addEventListener("click", () => zoom(button.dataset.zoom));
    const canvas = root.querySelector(".canvas");
    if (canvas) draggable(canvas);
    // A mouse that rests on a line is told what a screen reader is.
    if (canvas) canvas.addEventListener("pointerover", (event) => {
      const edge = event.target.closest(".edge");
      if (!edge || edge.querySelector("title") || !links.has(edge.dataset.e)) return;
      const { relation, p } = links.get(edge.dataset.e).dataset;
      const said = svg("title", {});
      said.textContent = links.get(edge.dataset.e).querySelector("h2").textContent + ": " + relation + ", probability " + p;
      edge.querySelector("a").prepend(said);
    });
    // A drawing that half the page would make illegible has all of it.
    const drawn = root.querySelector(".canvas svg");
    if (drawn) root.querySelector(".stage").classList.toggle("wide", Number(drawn.getAttribute("width")) > WIDE);
    const strip = root.querySelector(".time svg");
    const brush = strip && filters && Brush(strip, (...range) => {
      ["from", "to"].forEach((name, at) => { set(name, range[at]); filters.elements[name].value = range[at]; });
      filter(true);
    });
    return { root, id, links, show, step, go, panel, current: () => current };
  }

  document.documentElement.classList.add("js");
  for (const table of all(document, "table.sortable")) sortable(table);
  const stories = all(document, ".story").map(Story);
  const list = document.querySelector(".stories");

  // The reader's own choice goes over that of the system; pressed again it is given up.
  const lamp = document.querySelector(".theme");
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function themed() {
    const chosen = ["dark", "light"].includes(state.get("theme")) ? state.get("theme") : "";
    if (chosen) document.documentElement.dataset.theme = chosen;
    else delete document.documentElement.dataset.theme;
    lamp.setAttribute("aria-pressed", String(chosen ? chosen === "dark" : system.matches));
  }

  lamp.addEventListener("click", () => {
    const wanted = lamp.getAttribute("aria-pressed") === "true" ? "light" : "dark";
    set("theme", (wanted === "dark") === system.matches ? "" : wanted);
    themed();
  });
  system.addEventListener("change", themed);
  window.addEventListener("beforeprint", () => { for (const link of all(document, ".link")) dress(link); });

  function now() {
    const key = state.get("link");
    return stories.find((one) => one.id === state.get("story")) || stories.find((one) => one.links.has(key))
      || (list ? null : stories[0]);
  }

  function show(focus) {
    themed();
    const open = now();
    if (list && stories.length) list.classList.toggle("away", Boolean(open));
    for (const one of stories) one.root.classList.toggle("away", one !== open);
    if (open) open.show();
    if (!focus) return;
    const head = open ? open.root.querySelector("h1") : list && list.querySelector("h1");
    if (head) { window.scrollTo(0, 0); head.focus({ preventScroll: true }); }
  }

  window.addEventListener("hashchange", () => { const before = now(); read(); show(now() !== before); });
  document.addEventListener("keydown", (event) => {
    const open = now();
    if (!open || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    const typing = at && at.matches("input, select, textarea");
    if (event.key === "Escape") {
      if (typing && at.name === "q" && at.value) { at.value = ""; at.dispatchEvent(new Event("input", { bubbles: true })); }
      else {
        const row = document.getElementById("row-" + open.current());
        if (row) row.querySelector("a").focus();
      }
      return;
    }
    if (typing) return;
    const rows = at && at.closest(".twin, .drawing a, .link") && !event.shiftKey;
    const by = { j: 1, k: -1, ArrowDown: rows ? 1 : 0, ArrowUp: rows ? -1 : 0 }[event.key];
    if (by) { event.preventDefault(); open.step(by); }
    else if ("123".includes(event.key)) { set("panel", PANELS[event.key - 1]); open.panel(PANELS[event.key - 1]); }
    else if (event.key === "/") { event.preventDefault(); open.root.querySelector("[name=q]").focus(); }
    else if (event.key === "Enter" && at === document.body) document.getElementById("link-" + open.current()).focus();
  });
  for (const link of all(document, ".pair")) dress(link);
  read();
  show(false);
})();
