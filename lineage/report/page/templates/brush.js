// A stretch of the time strip: drawn with the mouse, or its two ends moved with keys. `told(from, to)` hears of it; the
// function that comes back shows a stretch that was chosen elsewhere.
function Brush(strip, told) {
  const LEFT = 14, RIGHT = 986, STEP = 0.01;
  const first = Number(strip.dataset.first), last = Number(strip.dataset.last);
  const height = strip.viewBox.baseVal.height - 22;
  const shades = [0, 1].map(() => svg("rect", { class: "shade", y: 0, height }));
  const ends = ["From", "To"].map((name, at) => {
    const end = svg("g", { class: "end", role: "slider", tabindex: 0, "aria-label": name, "aria-valuemin": 0,
      "aria-valuemax": 100 });
    end.append(svg("path", { d: "M0,0V" + height }),
      svg("rect", { x: at ? -2 : -6, y: height / 2 - 11, width: 8, height: 22, rx: 3 }));
    return end;
  });
  strip.prepend(...shades);
  strip.append(...ends);
  let range = [0, 1];
  const inside = (value) => Math.min(1, Math.max(0, value));
  const share = (said) => (Date.parse(said + (said.length > 10 ? "Z" : "T00:00Z")) / 1000 - first) / (last - first);

  function minute(value, up) {
    const minutes = (first + value * (last - first)) / 60;
    return new Date((up ? Math.ceil(minutes) : Math.floor(minutes)) * 60000).toISOString().slice(0, 16);
  }

  function draw() {
    const [low, high] = range.map((value) => LEFT + value * (RIGHT - LEFT));
    shades[0].setAttribute("width", range[0] > 0 ? low : 0);
    shades[1].setAttribute("x", high);
    shades[1].setAttribute("width", range[1] < 1 ? 1000 - high : 0);
    ends.forEach((end, at) => {
      end.setAttribute("transform", "translate(" + (at ? high + 4 : low - 4) + ")");
      end.setAttribute("aria-valuenow", Math.round(100 * range[at]));
      end.setAttribute("aria-valuetext", minute(range[at], at).replace("T", ", ") + " UTC");
    });
  }

  function choose(low, high) {
    range = [inside(Math.min(low, high)), inside(Math.max(low, high))];
    draw();
    told(range[0] > 0 ? minute(range[0], false) : "", range[1] < 1 ? minute(range[1], true) : "");
  }

  function at(event) {
    const box = strip.getBoundingClientRect();
    return inside(((event.clientX - box.left) / box.width * 1000 - LEFT) / (RIGHT - LEFT));
  }

  let anchor = null, moved = false;
  strip.addEventListener("pointerdown", (event) => {
    const end = ends.findIndex((one) => one.contains(event.target));
    if (event.button || (end < 0 && event.target.closest("a"))) return;
    anchor = end < 0 ? at(event) : range[1 - end];
    moved = end >= 0;
    strip.setPointerCapture(event.pointerId);
  });
  strip.addEventListener("pointermove", (event) => {
    if (anchor === null) return;
    moved = moved || Math.abs(at(event) - anchor) > STEP;
    if (moved) choose(anchor, at(event));
  });
  for (const over of ["pointerup", "pointercancel"]) strip.addEventListener(over, () => { anchor = null; });
  strip.addEventListener("dblclick", () => choose(0, 1));
  ends.forEach((end, which) => end.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -10 * STEP,
      PageUp: 10 * STEP, Home: -2, End: 2 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    if (which) choose(range[0], Math.max(range[0], inside(range[1] + by)));
    else choose(Math.min(range[1], inside(range[0] + by)), range[1]);
  }));
  draw();
  return (from, to) => {
    range = [from ? inside(share(from)) : 0, to ? inside(share(to)) : 1];
    draw();
  };
}
