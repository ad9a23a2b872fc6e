// Slack's markup -> nodes: *bold* _italic_ ~struck~ `code`, > quotes, links, people and channels.

import { make } from "./dom.js";
import { word } from "./words.js";

const ESCAPES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const EMOJI = {
  white_check_mark: "✅",
  heavy_check_mark: "✔️",
  x: "❌",
  warning: "⚠️",
  mag: "🔍",
  page_facing_up: "📄",
  bar_chart: "📊",
  hourglass_flowing_sand: "⏳",
  hourglass: "⌛",
  bulb: "💡",
  question: "❓",
  tada: "🎉",
  wave: "👋",
  gear: "⚙️",
  lock: "🔒",
  arrow_up: "⬆️",
  arrow_down: "⬇️",
  speech_balloon: "💬",
  memo: "📝",
  no_entry: "⛔",
  information_source: "ℹ️",
};
//: What may stand before and after a sign that opens or closes bold, italic or struck text.
const INLINE = new RegExp(
  [
    String.raw`<(?<angle>[^<>\n]+)>`,
    String.raw`\x60(?<code>[^\x60\n]+)\x60`,
    String.raw`(?<![\w*])\*(?<bold>(?! )[^*\n]*[^*\s])\*(?![\w*])`,
    String.raw`(?<![\w_])_(?<italic>(?! )[^_\n]*[^_\s])_(?![\w_])`,
    String.raw`(?<![\w~])~(?<struck>(?! )[^~\n]*[^~\s])~(?![\w~])`,
    String.raw`:(?<emoji>[a-z0-9_+-]+):`,
  ].join("|"),
  "g",
);
const TAGS = { bold: "strong", italic: "em", struck: "s" };

/** Return text as the person wrote it, out of the text that Slack escapes. */
export function unescaped(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (found) => ESCAPES[found]);
}

/** Return text with what Slack escapes. */
export function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Return what a person typed as Slack's markup: names of people and channels become references to them. */
export function references(text, people, channels) {
  const named = (sign, items) => items.map(({ id, name }) => [`${sign}${name}`, `<${sign}${id}>`]);
  const known = [
    ...named("@", people),
    ...named(
      "#",
      channels.filter(({ kind }) => kind !== "dm"),
    ),
  ];
  // The longest name first: "@Ada Okoro" before "@Ada".
  known.sort(([one], [other]) => other.length - one.length);
  return known.reduce((words, [name, reference]) => {
    const pattern = new RegExp(`(?<![\\w<&])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?!\\w)`, "gi");
    return words.replace(pattern, () => reference);
  }, escaped(text));
}

/** Return plain text with :names: of emoji drawn. */
export function plain(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (found, name) => EMOJI[name] ?? found);
}

/** Return the nodes of a text object: `names` says what people and channels are called. */
export function textNodes(object, names) {
  if (!object) return [];
  return object.type === "mrkdwn" ? markup(object.text, names) : [make("span", { class: "text" }, plain(object.text))];
}

/** Return the nodes of Slack's markup. */
export function markup(text, names) {
  const parts = text.split(/```\n?([\s\S]*?)\n?```\n?/);
  return parts.flatMap((part, index) => {
    if (index % 2) return [make("pre", {}, make("code", {}, unescaped(part)))];
    return part ? paragraphs(part, names) : [];
  });
}

/** Return text without its marks, for people who hear it. */
export function spoken(text, names) {
  return make("div", {}, markup(text, names)).textContent;
}

/** Return a link, or its words where the address is of a kind that a page should not follow. */
export function link(address, ...words) {
  if (!/^(https?:|mailto:)/i.test(address)) return make("span", {}, ...words);
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...words);
}

/** Return a person's, a channel's or a group's name, marked as one. */
export function mention(sign, name) {
  return make("span", { class: "mention" }, sign + name);
}

function paragraphs(text, names) {
  const nodes = [];
  let lines = [];
  let quoted = false;
  const flush = () => {
    const inside = lines.join("\n");
    if (inside) nodes.push(make(quoted ? "blockquote" : "span", { class: "text" }, inline(inside, names)));
    lines = [];
  };
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const quote = /^(?:&gt;|>) ?/.exec(line);
    if (Boolean(quote) !== quoted) {
      flush();
      quoted = Boolean(quote);
    }
    lines.push(quote ? line.slice(quote[0].length) : line);
  }
  flush();
  return nodes;
}

function inline(text, names) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > end) nodes.push(unescaped(text.slice(end, found.index)));
    nodes.push(token(found, names));
    end = found.index + found[0].length;
  }
  if (end < text.length) nodes.push(unescaped(text.slice(end)));
  return nodes;
}

function token(found, names) {
  const { angle, code, emoji, ...styles } = found.groups;
  if (angle) return angled(angle, names);
  if (code) return make("code", {}, unescaped(code));
  if (emoji) return EMOJI[emoji] ?? found[0];
  const style = Object.keys(TAGS).find((name) => styles[name]);
  return make(TAGS[style], {}, inline(styles[style], names));
}

function angled(inside, names) {
  const [address, ...rest] = inside.split("|");
  const words = unescaped(rest.join("|"));
  if (address.startsWith("@")) return mention("@", names.user(address.slice(1)) || words || word("element.person"));
  if (address.startsWith("#")) return mention("#", names.channel(address.slice(1)) || words || word("element.channel"));
  if (address.startsWith("!date^")) return words;
  if (address.startsWith("!"))
    return mention("@", word(`element.everyone.${address.slice(1)}`) || words || address.slice(1));
  return link(unescaped(address), words || unescaped(address).replace(/^mailto:/, ""));
}
