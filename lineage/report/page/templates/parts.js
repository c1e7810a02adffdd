"use strict";
// What the words of the page already say, drawn when it is first looked at: the file itself stays small.

const all = (where, what) => Array.from(where.querySelectorAll(what));

function svg(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// An invisible wide line under each line of the drawing, so that a finger or a mouse meets it.
function reachable(edge) {
  const a = edge.querySelector("a");
  for (const path of a ? all(a, "path") : []) a.append(svg("path", { class: "hit", d: path.getAttribute("d") }));
}

// A drawing larger than its frame is moved by dragging the paper, as well as by its scroll bars.
function draggable(canvas) {
  let from = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType !== "mouse" || event.target.closest("a, .edge, .node")) return;
    from = [event.clientX + canvas.scrollLeft, event.clientY + canvas.scrollTop];
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (from) canvas.scrollTo(from[0] - event.clientX, from[1] - event.clientY);
  });
  for (const over of ["pointerup", "pointercancel"]) canvas.addEventListener(over, () => { from = null; });
}

// Bars beside weights and counts, the kept sentences on both sides, and what a screen reader is told of the panels.
function dress(link) {
  if (link.dataset.dressed) return;
  link.dataset.dressed = "1";
  const number = (row) => Number(row.cells[1].textContent.replace("\u2212", "-"));
  const reasons = all(link, ".reasons tr");
  const most = Math.max(3, ...reasons.map((row) => Math.abs(number(row))));
  for (const row of reasons) {
    const bar = svg("svg", { viewBox: "-99 0 198 14", "aria-hidden": "true" });
    const d = "M0 3h" + (97 * number(row) / most).toFixed(1) + "v8H0z";
    bar.append(svg("path", { class: number(row) < 0 ? "against" : "for", d }));
    row.insertCell(2).append(bar);
  }
  for (const section of all(link, ".panel")) {
    section.id = "panel-" + section.dataset.panel + "-" + link.id.slice(5);
    section.setAttribute("role", "tabpanel");
    section.setAttribute("aria-label", section.querySelector("h3").textContent);
  }
  for (const said of all(link, ".fates")) said.before(fate(all(said, "span")));
  for (const row of all(link, ".texts .k")) {
    if (row.cells.length > 1) continue;
    row.cells[0].colSpan = 1;
    row.insertCell();
    row.append(row.cells[0].cloneNode(true));
  }
}

function fate(said) {
  const counts = said.map((one) => Number(one.textContent.replace(/\D/g, "")));
  const viewBox = "0 0 " + counts.reduce((sum, count) => sum + count) + " 1";
  const bar = svg("svg", { class: "fate", viewBox, preserveAspectRatio: "none", "aria-hidden": "true" });
  let x = 0;
  ["kept", "changed", "added", "dropped"].forEach((name, place) => {
    bar.append(svg("rect", { class: name, x, width: counts[place], height: 1 }));
    x += counts[place];
  });
  return bar;
}

// Of a link without direction two verdicts say which was first: that is a right link, one way or the other.
function saved(verdict) {
  if (verdict.verdict !== "forth" && verdict.verdict !== "back") return verdict;
  const { parent, child } = verdict;
  const turned = verdict.verdict === "back" ? { parent: child, child: parent } : {};
  return Object.assign({}, verdict, turned, { verdict: "right", directed: true });
}

// A table that a press on a heading sorts, by numbers where there are any.
function sortable(table) {
  const heads = all(table, "thead th");
  const body = table.tBodies[0];
  const value = (row, at) => {
    const cell = row.cells[at];
    const said = "value" in cell.dataset ? cell.dataset.value : cell.textContent.trim();
    const number = Number(said.replace("%", ""));
    return said !== "" && !Number.isNaN(number) ? number : said;
  };
  const order = (a, b) => typeof a === typeof b
    ? (typeof a === "number" ? a - b : a.localeCompare(b)) : typeof a === "number" ? -1 : 1;
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sorted = Array.from(body.rows).sort((a, b) => order(value(a, at), value(b, at)) * (down ? -1 : 1));
      body.append(...sorted);
    });
  });
}
