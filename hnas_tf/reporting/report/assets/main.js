// Puts the page together, and again when another search is chosen.

const searches = JSON.parse(byId("data").textContent)
  .map((document, place) => new Search(document, place));

function showSearch(place) {
  for (const element of charts.keys()) {
    whenSeen.unobserve(element);
    Plotly.purge(element); // It would listen to the window for ever.
  }
  charts.clear();
  const search = searches[place];
  let shown = search.winner ?? 1;
  const individual = h("div", { id: "individual", tabindex: "-1" });
  const family = h("div", {});
  const tree = chart("All individuals, and who descends from whom", () => ({
    traces: treeOf(search, shown),
    x: { title: "individual" }, y: { title: "mutations since a first one", rangemode: "tozero", tickformat: "d" },
  }), { height: 340, onpoint: (number) => show(number) });
  function update(number) {
    shown = number;
    individual.replaceChildren(individualView(search, number, show));
    family.replaceChildren(familyView(search, number, show));
    if (charts.get(tree)?.isDrawn) draw(tree);
  }

  function show(number) {
    update(number);
    individual.focus({ preventScroll: true });
    individual.scrollIntoView({ block: "start", behavior: "smooth" });
  }

  byId("report").replaceChildren(...[
    searches.length > 1 ? h("nav", {}, chooser("Search", searches.map((each) =>
      [each.place, each.name]), place, (chosen) => showSearch(Number(chosen)))) : null,
    headSection(search),
    winnerSection(search),
    progressSection(searches, search, show),
    search.count ? costSection(searches, search, show) : null,
    search.count ? section("One individual", individual) : null,
    search.count ? section("How did it come about?",
      note("From the first ancestor of the individual above, mutation by mutation."),
      family, h("h3", {}, "The whole population"), tree) : null,
    search.count ? likesSection(search) : null,
    timeSection(search),
    provenanceSection(search),
  ].filter((child) => child !== null));
  if (search.count) update(shown);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
// Charts take their colours from the page, which is light on paper.
addEventListener("beforeprint", () => {
  document.documentElement.dataset.printing = "yes";
  for (const element of charts.keys()) draw(element);
});
addEventListener("afterprint", () => {
  delete document.documentElement.dataset.printing;
  redraw();
});
showSearch(0);
document.documentElement.dataset.ready = "yes";
