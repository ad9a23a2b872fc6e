// data_visualization blocks -> a drawing, a key, and the same figures as a table for everyone who cannot see it.

import { draw, make } from "./dom.js";
import { word } from "./words.js";

const WIDTH = 460;
const HEIGHT = 240;
const EDGE = { top: 26, right: 10, bottom: 46, left: 44 };
//: Lines differ in more than colour.
const DASHES = ["", "7 4", "2 4", "10 3 2 3", "5 5", "1 3"];
const STEPS = 4;
//: With more bars than this there is no room for a figure on each.
const MOST_LABELLED = 14;
//: Letters of a category that fit under the axis without slanting, for all of them together.
const ROOM = 56;

/** Return the figure that a data_visualization block draws. */
export function chart({ title, chart: given }) {
  const series = given.type === "pie" ? [{ name: title, data: given.segments }] : given.series;
  const categories = given.axis_config?.categories ?? given.segments.map(({ label }) => label);
  const values = series.map(({ data }) => {
    const known = new Map(data.map(({ label, value }) => [label, value]));
    return categories.map((category) => known.get(category) ?? null);
  });
  const shape = { pie, bar: bars, line: lines, area: lines }[given.type] ?? bars;
  const drawing = draw(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": word("chart.label", { title }),
      class: "chart",
    },
    shape({ values, categories, type: given.type, axis: given.axis_config ?? {} }),
  );
  const named = given.type === "pie" ? shares(categories, values[0]) : series.map(({ name }) => name);
  return make(
    "figure",
    { class: "figure" },
    make("figcaption", {}, title),
    drawing,
    named.length > 1 ? key(named, ["line", "area"].includes(given.type)) : null,
    figures({ title, series, categories, values, pie: given.type === "pie" }),
  );
}

function bars({ values, categories, axis }) {
  const scale = scaled(values);
  const slot = (WIDTH - EDGE.left - EDGE.right) / categories.length;
  const wide = Math.min(44, (slot * 0.76) / values.length);
  const labelled = values.length * categories.length <= MOST_LABELLED;
  const drawn = values.flatMap((row, line) =>
    row.map((value, index) => {
      if (value === null) return null;
      const x = EDGE.left + slot * (index + 0.5) + wide * (line - values.length / 2);
      const [top, low] = [scale.y(Math.max(value, 0)), scale.y(Math.min(value, 0))];
      return draw(
        "g",
        {},
        draw("rect", {
          x: x + 1,
          y: top,
          width: wide - 2,
          height: Math.max(low - top, 1),
          rx: 2,
          class: `fill-${line % 6}`,
        }),
        labelled
          ? draw("text", { x: x + wide / 2, y: top - 4, class: "value", "text-anchor": "middle" }, shown(value))
          : null,
      );
    }),
  );
  return [...frame(scale, categories, axis, slot), ...drawn];
}

function lines({ values, categories, type, axis }) {
  const scale = scaled(values);
  const slot = (WIDTH - EDGE.left - EDGE.right) / categories.length;
  const drawn = values.flatMap((row, line) => {
    const points = row.flatMap((value, index) =>
      value === null ? [] : [[EDGE.left + slot * (index + 0.5), scale.y(value)]],
    );
    const path = points.map(([x, y]) => `${x},${y}`).join(" ");
    const ground = points.length ? `${points[0][0]},${scale.y(0)} ${path} ${points.at(-1)[0]},${scale.y(0)}` : "";
    return [
      type === "area" ? draw("polygon", { points: ground, class: `fill-${line % 6} faint` }) : null,
      draw("polyline", { points: path, class: `line-${line % 6}`, "stroke-dasharray": DASHES[line % 6] }),
      ...points.map(([x, y]) => draw("circle", { cx: x, cy: y, r: 3.2, class: `fill-${line % 6}` })),
    ];
  });
  return [...frame(scale, categories, axis, slot), ...drawn];
}

function pie({ values: [row] }) {
  const sum = row.reduce((total, value) => total + value, 0) || 1;
  const [x, y, r] = [WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - 12];
  const at = (turn) => `${x + r * Math.sin(2 * Math.PI * turn)},${y - r * Math.cos(2 * Math.PI * turn)}`;
  let turn = 0;
  return row.map((value, index) => {
    const [from, to] = [turn / sum, (turn + value) / sum];
    turn += value;
    const whole = to - from > 0.9999;
    const path = `M${x},${y}L${at(from)}A${r},${r} 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)}Z`;
    const look = { class: `fill-${index % 6} slice` };
    return whole ? draw("circle", { cx: x, cy: y, r, ...look }) : draw("path", { d: path, ...look });
  });
}

function scaled(values) {
  const all = values.flat().filter((value) => value !== null);
  const [most, least] = [Math.max(0, ...all), Math.min(0, ...all)];
  const rough = (most - least || 1) / STEPS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((size) => size >= rough);
  const [top, low] = [Math.ceil(most / step) * step || step, Math.floor(least / step) * step];
  const ticks = Array.from({ length: Math.round((top - low) / step) + 1 }, (_, index) => low + index * step);
  const height = HEIGHT - EDGE.top - EDGE.bottom;
  return { ticks, y: (value) => EDGE.top + (height * (top - value)) / (top - low) };
}

function frame(scale, categories, axis, slot) {
  const slanted = categories.join("").length > ROOM || categories.length > 10;
  const base = HEIGHT - EDGE.bottom + 15;
  return [
    ...scale.ticks.flatMap((tick) => [
      draw("line", { x1: EDGE.left, x2: WIDTH - EDGE.right, y1: scale.y(tick), y2: scale.y(tick), class: "grid" }),
      draw("text", { x: EDGE.left - 6, y: scale.y(tick) + 4, "text-anchor": "end" }, shown(tick)),
    ]),
    ...categories.map((category, index) => {
      const x = EDGE.left + slot * (index + 0.5);
      const turned = slanted
        ? { transform: `rotate(-35 ${x} ${base})`, "text-anchor": "end" }
        : { "text-anchor": "middle" };
      return draw(
        "text",
        { x, y: base, ...turned },
        slanted && category.length > 9 ? `${category.slice(0, 8)}…` : category,
      );
    }),
    axis.x_label && !slanted
      ? draw("text", { x: WIDTH / 2, y: HEIGHT - 8, "text-anchor": "middle" }, axis.x_label)
      : null,
    axis.y_label ? draw("text", { x: 4, y: 11 }, axis.y_label) : null,
  ];
}

function key(names, isLined) {
  const sample = (index) =>
    isLined
      ? draw("line", { x1: 0, x2: 22, y1: 5, y2: 5, class: `line-${index % 6}`, "stroke-dasharray": DASHES[index % 6] })
      : draw("rect", { width: 14, height: 10, x: 4, rx: 2, class: `fill-${index % 6}` });
  return make(
    "ul",
    { class: "key" },
    names.map((name, index) =>
      make("li", {}, draw("svg", { viewBox: "0 0 22 10", "aria-hidden": "true" }, sample(index)), name),
    ),
  );
}

function shares(labels, values) {
  const sum = values.reduce((total, value) => total + value, 0) || 1;
  return labels.map((label, index) => `${label} (${Math.round((100 * values[index]) / sum)}%)`);
}

function figures({ title, series, categories, values, pie: isPie }) {
  const heads = isPie ? [word("chart.value")] : series.map(({ name }) => name);
  return make(
    "details",
    { class: "figures" },
    make("summary", {}, word("chart.figures")),
    make(
      "div",
      { class: "wide", tabindex: "0" },
      make(
        "table",
        { "aria-label": title },
        make(
          "thead",
          {},
          make(
            "tr",
            {},
            make("td"),
            heads.map((name) => make("th", { scope: "col" }, name)),
          ),
        ),
        make(
          "tbody",
          {},
          categories.map((category, index) =>
            make(
              "tr",
              {},
              make("th", { scope: "row" }, category),
              values.map((row) => make("td", { class: "right" }, row[index] === null ? "" : shown(row[index]))),
            ),
          ),
        ),
      ),
    ),
  );
}

function shown(value) {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 2 });
}
