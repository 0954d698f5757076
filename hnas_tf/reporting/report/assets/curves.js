// Where the edges of a motif run: `hnas_tf/reporting/curves.py`, line by line.
// A page draws any of thousands of individuals, which Python could not lay out
// beforehand; a test holds the two against each other.

const NODE_RADIUS = 10, STEP = 80, FIRST_LANE = 31, LANE = 18, RISE = 45;
const FAN = 9, HALF_LABEL = 22;

const nodeX = (node) => (node - 1) * STEP;
const laneY = (lane) =>
  lane ? -Math.sign(lane) * (FIRST_LANE + LANE * (Math.abs(lane) - 1)) : 0;

// Gives every edge of a motif, {source, target}, its lane, curve and label.
function layOut(edges) {
  const placed = [];
  const shortFirst = [...edges].sort(
    (a, b) => a.target - a.source - (b.target - b.source));
  for (const edge of shortFirst) {
    const above = freeLane(edge, placed, 1), below = freeLane(edge, placed, -1);
    const isAbove = above[0] < below[0] ||
      (above[0] === below[0] && above[1] <= below[1]);
    edge.lane = edge.target > edge.source + 1 ? (isAbove ? above[0] : -below[0]) : 0;
    placed.push(edge);
  }
  for (const edge of placed) edge.curve = curveOf(edge, placed);
  for (const edge of placed) edge.label = labelCenter(edge, placed);
  return placed;
}

function freeLane(edge, placed, side) {
  const beside = placed.filter((other) => other.lane * side > 0 &&
    edge.source < other.target && other.source < edge.target);
  const spanned = beside.filter((other) =>
    edge.source <= other.source && other.target <= edge.target);
  let lane = Math.max(0, ...spanned.map((other) => other.lane * side)) + 1;
  while (beside.some((other) => other.lane * side === lane)) lane += 1;
  return [lane, beside.length - spanned.length];
}

function curveOf(edge, placed) {
  if (edge.lane === 0) {
    const start = nodeX(edge.source) + NODE_RADIUS;
    const end = nodeX(edge.target) - NODE_RADIUS;
    return [[start, 0], [start + 9, 0], [end - 9, 0], [end, 0]];
  }
  const rise = riser(edge, "source", 1, placed);
  const fall = riser(edge, "target", -1, placed);
  return [...rise, rise[3], fall[3], ...fall.reverse()];
}

function riser(edge, end, way, placed) {
  const lane = edge.lane, node = edge[end];
  const fan = placed
    .filter((other) => other[end] === node && other.lane * lane > 0)
    .map((other) => -Math.abs(other.lane)).sort((a, b) => a - b);
  const port = (fan.indexOf(-Math.abs(lane)) + 0.5) *
    Math.min(FAN / 2, FAN / fan.length);
  const startY = -Math.sign(lane) * Math.sqrt(NODE_RADIUS ** 2 - port ** 2);
  const x = nodeX(node), y = laneY(lane);
  return [
    [x + way * port, startY],
    [x + way * port, startY + 0.6 * (y - startY)],
    [x + way * 0.45 * RISE, y],
    [x + way * RISE, y],
  ];
}

function labelCenter(edge, placed) {
  const lane = edge.lane, curve = edge.curve;
  const middle = (nodeX(edge.source) + nodeX(edge.target)) / 2, y = laneY(lane);
  const crossings = placed
    .filter((other) => other.lane * lane > 0 && Math.abs(other.lane) > Math.abs(lane))
    .flatMap((other) => [
      crossing(other.curve[0], other.curve[3], y),
      crossing(other.curve.at(-1), other.curve.at(-4), y)]);
  const room = lane ? Math.trunc(Math.floor((curve.at(-4)[0] - curve[3][0]) / 2 / 6)) : 0;
  let best = null;
  for (let n = -room; n <= room; n += 1) {
    const shift = 6 * n;
    const near = crossings.filter((x) => Math.abs(middle + shift - x) < HALF_LABEL).length;
    const hidden = [near, Math.abs(shift)];
    if (best === null || hidden[0] < best.hidden[0] ||
        (hidden[0] === best.hidden[0] && hidden[1] < best.hidden[1])) {
      best = { shift, hidden };
    }
  }
  return [middle + best.shift, y];
}

function crossing([left, bottom], [right, top], y) {
  const share = (y - bottom) / (top - bottom);
  return left + (right - left) * (1 - Math.sqrt(1 - share ** 2));
}
