// rich_text blocks -> nodes: what they hold is text already, nothing in it is parsed.

import { make } from "./dom.js";
import { link, mention, plain } from "./markup.js";
import { word } from "./words.js";

const STYLES = { code: "code", strike: "s", italic: "em", bold: "strong" };

/** Return the nodes of a rich_text block. */
export function richText(block, names) {
  return block.elements.map((element) => part(element, names));
}

function part(element, names) {
  switch (element.type) {
    case "rich_text_quote":
      return make("blockquote", { class: "text" }, inline(element, names));
    case "rich_text_preformatted":
      return make("pre", {}, make("code", {}, inline(element, names)));
    case "rich_text_list":
      return list(element, names);
    default:
      return make("div", { class: "text" }, inline(element, names));
  }
}

function list(element, names) {
  const ordered = element.style === "ordered";
  const attributes = { class: `indent-${Math.min(element.indent ?? 0, 6)}${element.border ? " bordered" : ""}` };
  if (ordered && element.offset) attributes.start = element.offset + 1;
  const items = element.elements.map((item) => make("li", { class: "text" }, inline(item, names)));
  return make(ordered ? "ol" : "ul", attributes, items);
}

function inline(holder, names) {
  return (holder.elements ?? []).map((element) => styled(piece(element, names), element.style ?? {}));
}

function piece(element, names) {
  switch (element.type) {
    case "text":
      return element.text;
    case "link":
      return link(element.url, element.text || element.url);
    case "user":
      return mention("@", names.user(element.user_id) || word("element.person"));
    case "channel":
      return mention("#", names.channel(element.channel_id) || word("element.channel"));
    case "broadcast":
      return mention("@", word(`element.everyone.${element.range}`) || element.range);
    case "emoji":
      return plain(`:${element.name}:`);
    case "date":
      return element.fallback ?? new Date(element.timestamp * 1000).toLocaleString("en-GB");
    case "color":
      return element.value;
    default:
      return word("element.unknown", { type: element.type });
  }
}

function styled(node, style) {
  return Object.keys(STYLES).reduce((inner, name) => (style[name] ? make(STYLES[name], {}, inner) : inner), node);
}
