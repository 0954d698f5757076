// A genotype as pictures: a panel for the cell and each motif that it uses.

const SHORT = {
  depthwise_conv_3x3: "dw 3x3", separable_conv_3x3: "sep 3x3",
  max_pool_3x3: "max pool", avg_pool_3x3: "avg pool",
};
const SIGNS = { added: "+ ", removed: "− " };
const BESIDE = 46, MARGIN = 12;
const inWords = (name) => name.replaceAll("_", " ");
const short = (name) => SHORT[name] ?? inWords(name);

// Every motif of a packed genotype: its level, number, nodes and edges.
function unpack(search, packed) {
  const motifs = [];
  let place = 0;
  search.space.forEach(([numMotifs, numNodes], below) => {
    for (let number = 1; number <= numMotifs; number += 1) {
      const edges = [];
      for (let target = 2; target <= numNodes; target += 1) {
        for (let source = 1; source < target; source += 1) {
          const code = packed.charCodeAt(place) - 64;
          place += 1;
          if (code >> 1) {
            edges.push({ source, target, operation: code >> 1, live: code & 1 });
          }
        }
      }
      motifs.push({ level: below + 2, number, numNodes, edges });
    }
  });
  return motifs;
}

// The cell first, then what it uses, level by level.
function used(motifs) {
  const top = motifs.at(-1).level;
  const found = [];
  let numbers = new Set([1]);
  for (let level = top; level >= 2; level -= 1) {
    const here = motifs.filter((m) => m.level === level && numbers.has(m.number));
    found.push(...here);
    numbers = new Set(here.flatMap((m) =>
      m.edges.filter((e) => e.live).map((e) => e.operation)));
  }
  return found;
}

function nameOf(search, level, operation) {
  if (!operation) return "none";
  return level === 2 ? inWords(search.primitives[operation - 1]) : `motif ${operation}`;
}

function labelOf(search, level, operation) {
  return level === 2 ? short(search.primitives[operation - 1]) : `motif ${operation}`;
}

const colourOf = (level, operation) =>
  level === 2 ? `primitive-${operation}` : `motif-${(operation - 1) % 8 + 1}`;

const titleOf = (search, motif) =>
  motif.level === search.space.length + 1 ? "cell" : `motif ${motif.number} (level ${motif.level})`;

// The picture of one motif; `mark` may name an edge: {source, target, kind}.
function drawMotif(search, motif, mark = null) {
  const edges = layOut(motif.edges);
  const reach = (side) => Math.max(NODE_RADIUS, ...edges.map((e) => side * e.label[1]));
  const length = nodeX(motif.numNodes), top = reach(-1) + MARGIN;
  const width = length + 2 * BESIDE, height = top + reach(1) + MARGIN;
  const isMarked = (edge) =>
    mark && edge.source === mark.source && edge.target === mark.target;
  const touched = new Set(edges.filter((e) => e.live).flatMap((e) => [e.source, e.target]));
  const described = edges.filter((e) => e.live).map((e) =>
    `${e.source} to ${e.target} ${nameOf(search, motif.level, e.operation)}`).join(", ");
  return s("svg", {
    class: "motif", role: "img", viewBox: `${-BESIDE} ${-top} ${width} ${height}`,
    style: `width:${width}px`,
    "aria-label": `${titleOf(search, motif)}: ${described || "carries nothing"}`,
  },
  edges.filter((e) => !e.live).map((e) => drawEdge(search, motif, e, isMarked(e) && mark.kind)),
  edges.filter((e) => e.live).map((e) => drawEdge(search, motif, e, isMarked(e) && mark.kind)),
  Array.from({ length: motif.numNodes }, (_, index) => drawNode(index + 1, touched)),
  s("text", { class: "quiet end", x: -NODE_RADIUS - 5, y: 3 }, "source"),
  s("text", { class: "quiet", x: length + NODE_RADIUS + 5, y: 3 }, "sink"));
}

function drawNode(number, touched) {
  return s("g", { class: touched.has(number) ? "node" : "node dead" },
    s("circle", { cx: nodeX(number), cy: 0, r: NODE_RADIUS }),
    s("text", { class: "middle", x: nodeX(number), y: 3 }, number));
}

function drawEdge(search, motif, edge, kind) {
  const [start, ...rest] = edge.curve;
  const path = `M${start}` + Array.from({ length: rest.length / 3 }, (_, piece) =>
    `C${rest.slice(3 * piece, 3 * piece + 3).join(" ")}`).join("");
  const colour = colourOf(motif.level, edge.operation);
  return s("g", { class: `edge ${colour}${edge.live ? "" : " dead"}${kind ? ` marked ${kind}` : ""}` },
    kind ? s("path", { class: "halo", d: path }) : null,
    s("path", { class: "line", d: path }),
    arrowhead(edge.curve),
    s("text", { class: "middle label", x: edge.label[0], y: edge.label[1] + 3 },
      `${SIGNS[kind] ?? ""}${labelOf(search, motif.level, edge.operation)}`));
}

function arrowhead(curve) {
  const [x, y] = curve.at(-1), [fromX, fromY] = curve.at(-2);
  const angle = Math.atan2(y - fromY, x - fromX) * 180 / Math.PI;
  return s("path", { class: "head", d: "M0 0L-6 -2.5L-6 2.5Z",
    transform: `translate(${x} ${y}) rotate(${angle})` });
}

// All panels of an individual's genotype.
function drawGenotype(search, number) {
  const panels = used(unpack(search, search.of(number).genotype));
  return h("div", { class: "panels" }, panels.map((motif) =>
    h("figure", {}, h("figcaption", {}, titleOf(search, motif)), drawMotif(search, motif))));
}
