// Charts: drawn by Plotly when they come into sight, in the page's colours.

const MANY = 2000; // Points beyond which the graphics card draws.
const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];
const charts = new Map(); // From an element to what describes its chart.

const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const seriesColour = (place) => colour(`series-${place % 6 + 1}`);

// Plotly takes texts for a kind of HTML.
const plain = (text) => String(text).replaceAll("&", "&amp;")
  .replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const isNarrow = () => innerWidth < 600;

// `describe` returns {traces, x, y} in the colours of the moment.
function chart(label, describe, { height = 380, onpoint = null } = {}) {
  if (isNarrow()) height += 60; // Its legend takes several lines.
  const element = h("div", { class: "chart", role: "img", "aria-label": label,
    style: `height:${height}px` });
  charts.set(element, { describe, onpoint, isDrawn: false });
  whenSeen.observe(element);
  return element;
}

const whenSeen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) { whenSeen.unobserve(target); draw(target); }
  }
}, { rootMargin: "200px" });

function draw(element) {
  const known = charts.get(element);
  if (!element.isConnected) { charts.delete(element); return; }
  const { traces, x, y } = known.describe();
  Plotly.react(element, traces, layoutOf(x, y), { displaylogo: false, responsive: true,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "toImage"] });
  if (!known.isDrawn && known.onpoint) {
    element.on("plotly_click", ({ points }) => {
      const number = points[0]?.customdata;
      if (number !== undefined && number !== null) known.onpoint(number);
    });
  }
  known.isDrawn = true;
}

function redraw() {
  for (const [element, { isDrawn }] of charts) if (isDrawn) draw(element);
}

function layoutOf(x, y) {
  const axis = {
    gridcolor: colour("grid"), linecolor: colour("rule"), zerolinecolor: colour("grid"),
    automargin: true, hoverformat: ".5~g",
  };
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", size: 13, color: colour("ink") },
    margin: { l: 50, r: 12, t: 10, b: 44 }, hovermode: "closest", dragmode: "zoom",
    legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0 },
    hoverlabel: { bgcolor: colour("paper"), font: { color: colour("ink") } },
    xaxis: { ...axis, nticks: isNarrow() ? 4 : 8, ...x, title: { text: x.title } },
    yaxis: { ...axis, ...y, title: { text: y.title } },
  };
}

function points(search, numbers, x, y, extra) {
  return {
    type: numbers.length > MANY ? "scattergl" : "scatter", mode: "markers",
    x, y, customdata: numbers, text: numbers.map((n) => brief(search, n)),
    hovertemplate: "%{text}<extra></extra>", ...extra,
  };
}

// What a point says of itself.
function brief(search, number) {
  const one = search.of(number);
  const fitness = one.fitness === null ? one.state : `fitness ${one.fitness.toFixed(4)}`;
  return `individual ${number}, ${fitness}, ${integer.format(one.parameters)} parameters`;
}

const STATES = [
  ["trained", "circle", "series-1", (one) => one.state === "finished" && !one.equal_to],
  ["equal to an earlier one", "circle-open", "series-2",
    (one) => one.state === "finished" && one.equal_to],
  ["stopped early", "triangle-down-open", "quiet", (one) => one.state === "stopped"],
];

// The individuals of a search as one trace for every kind of them.
function traces(search, numbers, xOf) {
  const found = STATES.map(([name, symbol, colourName, holds]) => {
    const some = numbers.filter((number) => holds(search.of(number)));
    return points(search, some, some.map(xOf), search.column("fitness", some), {
      name, marker: { symbol, color: colour(colourName), size: numbers.length > MANY ? 4 : 7,
        opacity: numbers.length > MANY ? 0.6 : 0.85 } });
  });
  return found.filter((trace) => trace.x.length);
}

// The best so far, a step at every individual that is better than all before.
function bestSoFar(search, valueOf, xOf) {
  const x = [], y = [];
  let best = null;
  for (const number of search.settled) {
    const one = search.of(number);
    if (one.fitness === null) continue;
    if (best === null || one.share > best.share ||
        (one.share === best.share && one.fitness > best.fitness)) {
      best = one; x.push(xOf(number)); y.push(valueOf(one));
    }
  }
  if (best) { x.push(xOf(search.settled.at(-1))); y.push(valueOf(best)); }
  return { type: "scatter", mode: "lines", x, y, hoverinfo: "skip",
    line: { shape: "hv", width: 2.5, color: colour("ink") }, name: "best so far" };
}
