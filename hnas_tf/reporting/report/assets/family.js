// From the first ancestor to an individual, mutation by mutation.

function familyView(search, number, show) {
  const family = search.family(number);
  return h("ol", { class: "family" }, family.map((each) => step(search, each, show)));
}

function step(search, number, show) {
  const one = search.of(number);
  const fitness = dash(one.fitness, (value) => percent(value));
  const change = search.change(number);
  return h("li", {},
    h("p", {},
      h("button", { type: "button", onclick: () => show(number) }, `individual ${number}`),
      ` ${fitness}${change ? ` (${change})` : ""}`),
    h("p", { class: "quiet" }, one.parent ? mutationInWords(search, one) : originInWords(search, one),
      one.is_neutral ? "; the network stays the same" : ""),
    one.parent && one.mutation && !one.is_neutral ? mutationPicture(search, one) : null);
}

// The mutated motif, the edge marked as added, altered or removed.
function mutationPicture(search, one) {
  const [level, number, source, target, after] = one.mutation;
  const before = carriedBefore(search, one);
  const kind = !before ? "added" : !after ? "removed" : "altered";
  const shown = kind === "removed" ? search.of(one.parent) : one;
  const motif = unpack(search, shown.genotype)
    .find((m) => m.level === level && m.number === number);
  return drawMotif(search, motif, { source, target, kind });
}

// All individuals by their number and how many mutations lead to them.
function treeOf(search, number) {
  const position = (each) => [each, search.individuals.depth[each - 1]];
  const line = (pairs, extra) => {
    const x = [], y = [];
    for (const [from, to] of pairs) {
      const [a, b] = position(from), [c, d] = position(to);
      x.push(a, c, null); y.push(b, d, null);
    }
    return { type: x.length > 3 * MANY ? "scattergl" : "scatter", mode: "lines", x, y,
      hoverinfo: "skip", showlegend: false, ...extra };
  };
  const pairs = search.numbers.filter((each) => search.of(each).parent)
    .map((each) => [search.of(each).parent, each]);
  const family = search.family(number);
  const steps = family.slice(1).map((each, place) => [family[place], each]);
  const some = search.numbers.filter((each) => search.of(each).fitness !== null);
  const failed = search.numbers.filter((each) => search.of(each).state === "failed");
  const y = (numbers) => search.column("depth", numbers);
  const fitness = search.column("fitness", some);
  return [
    line(pairs, { line: { width: 1, color: colour("grid") } }),
    points(search, some, some, y(some), { name: "fitness", showlegend: false, marker: {
      color: fitness, colorscale: "Cividis", size: some.length > MANY ? 4 : 8,
      colorbar: { title: { text: "fitness" }, thickness: 10, outlinewidth: 0 } } }),
    points(search, failed, failed, y(failed), { name: "failed",
      marker: { symbol: "x", color: colour("bad"), size: 8 } }),
    line(steps, { line: { width: 3, color: colour("ink") }, showlegend: true,
      name: `family of ${number}` }),
  ].filter((trace) => trace.x.length);
}
