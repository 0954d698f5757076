// What is known of a search, individual by individual.

class Search {
  constructor(document, place) {
    Object.assign(this, document);
    this.place = place;
    this.count = this.individuals.genotype?.length ?? 0;
  }

  // One individual: its number, and its value of every column.
  of(number) {
    const one = { number };
    for (const [name, values] of Object.entries(this.individuals)) one[name] = values[number - 1];
    return one;
  }

  column(name, numbers) {
    const values = this.individuals[name];
    return numbers.map((number) => values[number - 1]);
  }

  get numbers() {
    return Array.from({ length: this.count }, (_, index) => index + 1);
  }

  // Those that have a fitness or failed, in the order in which they were.
  get settled() {
    const { order } = this.individuals;
    return this.numbers.filter((number) => order?.[number - 1])
      .sort((a, b) => order[a - 1] - order[b - 1]);
  }

  get fittest() {
    const { fitness, share } = this.individuals;
    return this.numbers.filter((number) => fitness?.[number - 1] !== null)
      .sort((a, b) => share[b - 1] - share[a - 1] || fitness[b - 1] - fitness[a - 1] || a - b);
  }

  // The individual and its ancestors, the first of them first.
  family(number) {
    const found = [];
    for (let one = number; one; one = this.individuals.parent[one - 1]) found.unshift(one);
    return found;
  }

  // How much fitter a child is than its parent, in words.
  change(number) {
    const one = this.of(number), parent = one.parent && this.of(one.parent);
    // A part of a training says nothing against a whole one.
    if (!parent || one.fitness === null || one.share !== parent.share) return "";
    const points = 100 * (one.fitness - parent.fitness);
    const sign = points >= 0 ? "+" : "−";
    const text = `${sign}${Math.abs(points).toFixed(2)}`;
    if (this.noise === null) return `${text} points`;
    const repeats = (each) => this.repeats(each.number);
    const error = 100 * this.noise * Math.sqrt(1 / repeats(one) + 1 / repeats(parent));
    return `${text} ± ${error.toFixed(2)} points`;
  }

  // The accuracies whose mean is the fitness, of an equal one where it is that.
  accuracies(number) {
    const one = this.of(number);
    return one.accuracies.length || !one.equal_to
      ? one.accuracies : this.of(one.equal_to).accuracies;
  }

  repeats(number) {
    return this.accuracies(number).length || 1;
  }
}
