// One individual: all that is known of it.

function individualView(search, number, show) {
  const one = search.of(number);
  const known = [
    ["Fitness", dash(one.fitness, (value) => percent(value)) +
      (one.error === null ? "" : ` ± ${percent(one.error)}`)],
    ["Repeats", search.accuracies(number).map((a) => percent(a)).join(", ") || "–"],
    ["State", stateInWords(search, one)],
    ["Origin", originInWords(search, one)],
    ["Against its parent", search.change(number) || "–"],
    ["Parameters", integer.format(one.parameters)],
    ["Multiply-adds", integer.format(one.multiply_adds)],
    ["Time", timeInWords(one)],
  ];
  return h("article", { class: "individual" },
    h("h3", {}, `Individual ${number}`),
    navigation(search, one, show),
    h("dl", {}, known.flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)])),
    failuresOf(search, number),
    drawGenotype(search, number));
}

function stateInWords(search, one) {
  if (one.equal_to) return `${one.state}; its network equals that of individual ${one.equal_to}`;
  if (one.state === "stopped") return `stopped after ${percent(one.share, 0)} of the first repeat`;
  return one.state;
}

function originInWords(search, one) {
  if (one.is_given) return "given at the start";
  if (!one.parent) return "random";
  return `individual ${one.parent}, ${mutationInWords(search, one)}`;
}

function mutationInWords(search, one) {
  if (!one.mutation) return "changed";
  const [level, motif, source, target, after] = one.mutation;
  const name = level === search.space.length + 1 ? "cell" : `motif ${motif} of level ${level}`;
  const before = carriedBefore(search, one);
  const place = `${name}, edge ${source} → ${target}`;
  if (before === after) return `${place}: ${nameOf(search, level, after)}, as before`;
  return `${place}: ${nameOf(search, level, before)} → ${nameOf(search, level, after)}`;
}

// What the mutated edge carried in the parent.
function carriedBefore(search, one) {
  const [level, motif, source, target] = one.mutation;
  const parent = unpack(search, search.of(one.parent).genotype);
  const edges = parent.find((m) => m.level === level && m.number === motif).edges;
  return edges.find((e) => e.source === source && e.target === target)?.operation ?? 0;
}

function timeInWords(one) {
  if (one.seconds === null) return "–";
  const parts = Object.entries(one.parts).map(([name, value]) => `${name} ${duration(value)}`);
  const attempts = one.attempts > 1 ? `, ${one.attempts} attempts` : "";
  return `${duration(one.seconds)}${attempts}${parts.length ? ` (${parts.join(", ")})` : ""}`;
}

function navigation(search, one, show) {
  const button = (text, number) => h("button", {
    type: "button", disabled: !number || number > search.count, onclick: () => show(number),
  }, text);
  const field = h("input", {
    type: "number", min: 1, max: search.count, value: one.number, "aria-label": "Individual",
    onchange: (event) => {
      const number = Number(event.target.value);
      if (Number.isInteger(number) && number >= 1 && number <= search.count) show(number);
    },
  });
  return h("p", { class: "navigation" }, field,
    button("previous", one.number - 1), button("next", one.number + 1),
    button("parent", one.parent), button("winner", search.winner));
}

function failuresOf(search, number) {
  const found = search.failures.filter((failure) => failure.individual === number);
  return found.map(({ end, reason, detail }) => h("div", { class: "failure" },
    h("p", {}, end === "lost" ? "A worker was lost under it." : `It failed: ${reason}.`),
    detail ? h("pre", {}, detail) : null));
}
