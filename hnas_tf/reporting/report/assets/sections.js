// The sections of the page, from what won to how to repeat it.

const section = (title, ...children) => h("section", {}, h("h2", {}, title), ...children);
const note = (text) => h("p", { class: "quiet" }, text);

function headSection(search) {
  const best = search.winner && search.of(search.winner);
  return h("header", {}, h("h1", {}, "Architecture search"),
    h("p", { class: "name" }, search.name),
    search.described.map((text) => h("p", {}, text)),
    h("p", {}, h("strong", {}, search.standing)),
    best ? h("ul", { class: "tiles" },
      tile(percent(best.fitness) + (best.error === null ? "" : ` ± ${percent(best.error)}`),
        `fitness of the winner, individual ${best.number}` +
        (best.error === null ? "" : ` (± standard error of ${search.repeats(best.number)} repeats)`)),
      tile(integer.format(best.parameters), "parameters"),
      tile(integer.format(best.multiply_adds), "multiply-adds a picture")) : null);
}

const tile = (value, name) => h("li", {}, h("b", {}, value), h("span", {}, name));

function winnerSection(search) {
  if (!search.winner) {
    return section("What won", note("No individual has a fitness."));
  }
  return section("What won, and by how much",
    search.sentences.map((text) => h("p", {}, text)),
    drawGenotype(search, search.winner),
    note("An arrow is an operation on what the node before it holds; a node " +
      "joins all that arrives. Dashed: in the genotype, but not built."));
}

function progressSection(searches, search, show) {
  const axes = { order: "evaluated individuals", hours: "hours since the start" };
  let axis = "order";
  const xOf = (each) => (number) => each.individuals[axis][number - 1];
  const best = (each, valueOf) => ({
    ...bestSoFar(each, valueOf, xOf(each)),
    name: searches.length > 1 ? plain(each.name) : "best so far",
    line: { shape: "hv", width: 2.5, dash: DASHES[each.place % DASHES.length],
      color: searches.length > 1 ? seriesColour(each.place) : colour("ink") },
  });
  const fitness = chart("Fitness of every individual, and the best so far", () => ({
    traces: [...traces(search, search.settled, xOf(search)),
      ...searches.map((each) => best(each, (one) => one.fitness))],
    x: { title: axes[axis] }, y: { title: "fitness" },
  }), { onpoint: show });
  const size = chart("Parameters of the best network so far", () => ({
    traces: searches.map((each) => best(each, (one) => one.parameters)),
    x: { title: axes[axis] }, y: { title: "parameters of the best", rangemode: "tozero" },
  }), { height: 240 });
  const failed = search.failures.filter(({ end }) => end === "failed").length;
  return section("Is it still improving?",
    chooser("Against", Object.entries(axes), axis, (chosen) => { axis = chosen; redraw(); }),
    fitness, failed ? note(failed === 1 ? "1 individual failed, and is not shown."
      : `${failed} individuals failed, and are not shown.`) : null, size);
}

function costSection(searches, search, show) {
  const axes = { parameters: "parameters", multiply_adds: "multiply-adds a picture",
    seconds: "seconds of a worker" };
  let axis = "parameters";
  const front = (each) => {
    const numbers = each.fronts[axis] ?? [];
    return points(each, numbers, each.column(axis, numbers), each.column("fitness", numbers), {
      type: "scatter", mode: "lines+markers",
      name: searches.length > 1 ? `front of ${plain(each.name)}` : "none is as fit and costs less",
      marker: { symbol: "diamond", size: 9 }, customdata: each === search ? numbers : null,
      line: { shape: "vh", dash: DASHES[each.place % DASHES.length],
        color: searches.length > 1 ? seriesColour(each.place) : colour("ink") } });
  };
  const element = chart("Fitness against cost", () => {
    const numbers = search.settled.filter((n) =>
      search.of(n).fitness !== null && search.individuals[axis][n - 1] !== null);
    return { traces: [...traces(search, numbers, (n) => search.individuals[axis][n - 1]),
      ...searches.map(front).filter((trace) => trace.x.length)],
    x: { title: axes[axis], type: "log", tickformat: ".2~s" }, y: { title: "fitness" } };
  }, { onpoint: show });
  return section("What does fitness cost?",
    chooser("Against", Object.entries(axes), axis, (chosen) => { axis = chosen; redraw(); }),
    element, note("Choose a point, or a row below, to see that individual."),
    fittestTable(search, show));
}

function fittestTable(search, show) {
  const trained = search.fittest.filter((number) => !search.of(number).equal_to);
  const rows = trained.slice(0, 10).map((number) => {
    const one = search.of(number);
    return [h("button", { type: "button", onclick: () => show(number) }, `${number}`),
      percent(one.fitness), dash(one.error, (value) => `± ${percent(value)}`),
      integer.format(one.parameters), integer.format(one.multiply_adds), stateInWords(search, one)];
  });
  return table(["fittest", "fitness", "error", "parameters", "multiply-adds", "state"], rows);
}

function likesSection(search) {
  return section("What does evolution like?",
    note("How often live edges carry what, over time; dotted: in the random " +
      "networks of the start. Motifs are named by their number."),
    search.preferences.map(({ level, numbers, operations, shares, at_random: atRandom }) => {
      const name = (o) => (level === 2 ? inWords(o) : `motif ${o}`);
      const style = (place) => ({ color: seriesColour(place), width: 2 });
      const describe = () => ({
        traces: operations.flatMap((operation, place) => [
          { type: "scatter", mode: "lines+markers", name: name(operation), x: numbers,
            y: shares[place], line: style(place), marker: { symbol: place, size: 7 } },
          { type: "scatter", mode: "lines", x: [numbers[0], numbers.at(-1)],
            y: [atRandom[place], atRandom[place]], showlegend: false, hoverinfo: "skip",
            line: { ...style(place), width: 1, dash: "dot" } }]),
        x: { title: "individuals" }, y: { title: "share of live edges", tickformat: ".0%",
          rangemode: "tozero" } });
      return [h("h3", {}, level === 2 ? "Operations" : `Motifs of level ${level - 1}`),
        chart(`Shares of what edges of level ${level} carry`, describe, { height: 320 })];
    }));
}

function timeSection(search) {
  const { parts, num_workers: workers, seconds } = search.time;
  const total = Object.values(parts).reduce((sum, value) => sum + value, 0) || 1;
  const bar = (value) => h("span", { class: "bar", style: `width:${100 * value / total}%` });
  const { num_reused: reused, num_stopped: stopped } = search.saved;
  return section("Where did the time go?",
    h("p", {}, `${duration(seconds)} of work, by ${workers} worker${workers === 1 ? "" : "s"} at most at a time.`),
    table(["", "workers' time", "share", ""], Object.entries(parts).map(([name, value]) =>
      [name, duration(value), percent(value / total, 0), bar(value)]), { class: "bars" }),
    h("p", {}, `${reused} individual${reused === 1 ? "" : "s"} took the fitness of an equal network ` +
      `(saves about ${duration(search.saved.reused_seconds)}); ${stopped} stopped early ` +
      `(about ${duration(search.saved.stopped_seconds)}).`),
    failureTable(search));
}

function failureTable(search) {
  const counts = new Map();
  for (const { end, reason } of search.failures) {
    const name = end === "lost" ? "worker lost, tried again" : reason;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (!counts.size) return note("Nothing failed.");
  return table(["failures", "number"], [...counts].map(([name, number]) => [name, `${number}`]));
}

function provenanceSection(search) {
  const facts = [["fingerprint of the pictures", search.config.data.fingerprint || "unknown"],
    ["seed", search.config.seed], ...Object.entries(search.facts)];
  return section("Can it be trusted, and repeated?",
    search.verdict.split("\n").map((line) => h("p", {}, line)),
    Object.entries(search.commands).map(([purpose, command]) =>
      h("div", {}, h("p", {}, purpose), h("pre", {}, command))),
    table(["", "of the search"], facts.map(([name, value]) => [inWords(name), `${value}`])),
    h("details", {}, h("summary", {}, "The whole configuration"),
      h("pre", {}, JSON.stringify(search.config, null, 2))));
}
