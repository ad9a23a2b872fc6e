// markdown blocks -> nodes: headings, paragraphs, lists, quotes, code, rules and tables.

import { make } from "./dom.js";
import { link } from "./markup.js";

const INLINE = new RegExp(
  [
    String.raw`\\(?<bare>[\\\x60*_~[\]()#>|.!-])`,
    String.raw`\x60(?<code>[^\x60]+)\x60`,
    String.raw`!?\[(?<words>[^\]\n]*)\]\((?<address>[^)\s]+)\)`,
    String.raw`\*\*(?<bold>[^*\n]+)\*\*`,
    String.raw`~~(?<struck>[^~\n]+)~~`,
    String.raw`\*(?<italic>[^*\s][^*\n]*)\*`,
    String.raw`(?<!\w)_(?<slanted>[^_\s][^_\n]*)_(?!\w)`,
  ].join("|"),
  "g",
);
const TAGS = { bold: "strong", struck: "s", italic: "em", slanted: "em" };
//: What begins a block, in the order in which it is tried: the first line's pattern, and who takes its lines.
const BLOCKS = [
  [/^```/, fence],
  [/^#{1,6} /, heading],
  [/^ {0,3}([-*_])( *\1){2,} *$/, rule],
  [/^> ?/, quote],
  [/^\s*(?:[-*+]|\d+[.)]) /, list],
  [/^\|.*\|\s*$/, table],
];

/** Return the nodes of Markdown text. */
export function markdown(text) {
  return blocks(text.split("\n"));
}

function blocks(lines) {
  const nodes = [];
  const rest = [...lines];
  while (rest.length) {
    if (!rest[0].trim()) rest.shift();
    else nodes.push(starts(rest[0])?.[1](rest) ?? paragraph(rest));
  }
  return nodes;
}

function starts(line) {
  return BLOCKS.find(([pattern]) => pattern.test(line));
}

/** Take lines off the front for as long as they belong to the block. */
function take(lines, belongs) {
  const taken = [lines.shift()];
  while (lines.length && belongs(lines[0])) taken.push(lines.shift());
  return taken;
}

function paragraph(lines) {
  return make("p", { class: "text" }, inline(take(lines, (line) => line.trim() && !starts(line)).join("\n")));
}

function fence(lines) {
  lines.shift();
  const code = [];
  while (lines.length && !lines[0].startsWith("```")) code.push(lines.shift());
  lines.shift();
  return make("pre", {}, make("code", {}, code.join("\n")));
}

function heading(lines) {
  const [, signs, words] = /^(#+) +(.*?) *#*$/.exec(lines.shift());
  return make(`h${Math.min(signs.length + 2, 6)}`, { class: "text" }, inline(words));
}

function rule(lines) {
  lines.shift();
  return make("hr");
}

function quote(lines) {
  const inside = take(lines, (line) => line.startsWith(">")).map((line) => line.replace(/^> ?/, ""));
  return make("blockquote", {}, blocks(inside));
}

function list(lines) {
  const item = /^(\s*)(?:[-*+]|(\d+)[.)]) (.*)$/;
  const rows = take(lines, (line) => item.test(line) || /^\s{2,}\S/.test(line));
  const [, margin, number] = item.exec(rows[0]);
  const items = [];
  for (const row of rows) {
    const found = item.exec(row);
    if (found && found[1].length <= margin.length + 1) items.push([found[3]]);
    else items.at(-1).push(row.replace(/^\s{2,4}/, ""));
  }
  const start = number && number !== "1" ? number : null;
  return make(
    number ? "ol" : "ul",
    { start },
    items.map(([first, ...below]) => make("li", {}, make("span", { class: "text" }, inline(first)), blocks(below))),
  );
}

function table(lines) {
  const rows = take(lines, (line) => line.startsWith("|")).map((line) =>
    line
      .trim()
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
  const [head, ...body] = rows.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)));
  const line = (row, tag) =>
    make(
      "tr",
      {},
      row.map((cell) => make(tag, { class: "text" }, inline(cell))),
    );
  return make(
    "div",
    { class: "wide", tabindex: "0" },
    make(
      "table",
      {},
      make("thead", {}, line(head, "th")),
      make(
        "tbody",
        {},
        body.map((row) => line(row, "td")),
      ),
    ),
  );
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    nodes.push(text.slice(end, found.index), token(found.groups));
    end = found.index + found[0].length;
  }
  return [...nodes, text.slice(end)];
}

function token({ bare, code, words, address, ...styles }) {
  if (bare) return bare;
  if (code) return make("code", {}, code);
  if (address) return link(address, words || address);
  const style = Object.keys(TAGS).find((name) => styles[name]);
  return make(TAGS[style], {}, inline(styles[style]));
}
