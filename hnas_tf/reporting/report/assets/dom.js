// Elements. Texts become text nodes, so that markup in them stays text.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null));
  return element;
}

const h = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);

const s = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

const byId = (id) => document.getElementById(id);

function table(header, rows, attributes = {}) {
  const line = (cell, cells) =>
    h("tr", {}, cells.map((text) => h(cell, {}, text)));
  return h("div", { class: "wide" }, h("table", attributes,
    h("thead", {}, line("th", header)),
    h("tbody", {}, rows.map((row) => line("td", row)))));
}

function chooser(label, choices, value, choose) {
  const options = choices.map(([key, text]) =>
    h("option", { value: key, selected: key === value }, text));
  const select = h("select", { "aria-label": label, onchange: () => choose(select.value) }, options);
  return h("label", {}, label, " ", select);
}

const integer = new Intl.NumberFormat("en");
const percent = (value, digits = 2) => `${(100 * value).toFixed(digits)} %`;
const dash = (value, show) => (value === null || value === undefined ? "–" : show(value));

function duration(seconds) {
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  if (seconds < 6000) return `${(seconds / 60).toFixed(1)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
