// Blocks -> nodes, as near to how Slack draws them as a person needs to judge them.

import { chart } from "./chart.js";
import { freshId, make } from "./dom.js";
import { drawElement, GROUPS } from "./elements.js";
import { markdown } from "./markdown.js";
import { plain, textNodes } from "./markup.js";
import { richText } from "./rich.js";
import { word } from "./words.js";

const DRAWN = {
  section,
  header,
  divider,
  context,
  actions,
  input,
  table,
  alert,
  image: picture,
  rich_text: (block, surface) => richText(block, surface.names),
  markdown: (block) => markdown(block.text),
  data_visualization: (block) => [chart(block)],
};

/** Return the nodes of a list of blocks. */
export function drawBlocks(blocks, surface) {
  return blocks.map((block) => {
    const inside = DRAWN[block.type]?.(block, surface) ?? [unknown(block)];
    return make("div", { class: `block ${block.type}`, "data-block-id": block.block_id }, inside);
  });
}

function section(block, surface) {
  const text = make("div", { class: "words" }, textNodes(block.text, surface.names));
  const fields = block.fields?.map((one) => make("div", {}, textNodes(one, surface.names)));
  const accessory = block.accessory && drawElement(block.accessory, block, surface);
  return [
    make("div", { class: "words" }, block.text ? text : null, fields ? make("div", { class: "fields" }, fields) : null),
    accessory ? make("div", { class: "accessory" }, accessory) : null,
  ];
}

function header(block) {
  return [make("h3", { class: "text" }, plain(block.text.text))];
}

function divider() {
  return [make("hr")];
}

function context(block, surface) {
  return block.elements.map((element) =>
    element.type === "image"
      ? drawElement(element, block, surface)
      : make("div", {}, textNodes(element, surface.names)),
  );
}

function actions(block, surface) {
  return block.elements.map((element) => drawElement(element, block, surface));
}

function alert(block, surface) {
  const level = block.level ?? "default";
  const said = make("strong", {}, `${word(`alert.${level}`)}: `);
  return [make("div", { class: `level ${level}` }, said, textNodes(block.text, surface.names))];
}

function picture(block) {
  return [
    make(
      "figure",
      { class: "figure" },
      block.title ? make("figcaption", {}, plain(block.title.text)) : null,
      make(
        "div",
        { class: "picture", role: "img", "aria-label": block.alt_text },
        word("element.image", { text: block.alt_text }),
      ),
    ),
  ];
}

function input(block, surface) {
  const ids = { id: freshId(), labelId: freshId(), hintId: freshId(), faultId: freshId() };
  const node = drawElement(block.element, block, surface, ids);
  const isGroup = GROUPS.has(block.element.type);
  const optional = block.optional ? make("span", { class: "note" }, ` ${word("modal.optional")}`) : null;
  node.setAttribute("aria-describedby", [ids.faultId, block.hint ? ids.hintId : ""].join(" ").trim());
  if (!block.optional && node.getAttribute("role") !== "group") node.setAttribute("aria-required", "true");
  return [
    make(
      isGroup ? "div" : "label",
      { class: "label", id: ids.labelId, for: isGroup ? null : ids.id },
      plain(block.label.text),
      optional,
    ),
    node,
    make("p", { class: "fault", id: ids.faultId, role: "alert" }),
    block.hint ? make("p", { class: "note", id: ids.hintId }, plain(block.hint.text)) : null,
  ];
}

function table(block, surface) {
  const [head, ...body] = block.rows;
  const settings = block.column_settings ?? [];
  const cell = (tag, one, index) =>
    make(
      tag,
      {
        class: `${settings[index]?.align ?? "left"}${settings[index]?.is_wrapped ? "" : " unwrapped"}`,
        scope: tag === "th" ? "col" : null,
      },
      cellNodes(one, surface),
    );
  return [
    make(
      "div",
      { class: "wide", tabindex: "0", role: "region", "aria-label": word("table.label") },
      make(
        "table",
        {},
        make(
          "thead",
          {},
          make(
            "tr",
            {},
            head.map((one, index) => cell("th", one, index)),
          ),
        ),
        make(
          "tbody",
          {},
          body.map((row) =>
            make(
              "tr",
              {},
              row.map((one, index) => cell("td", one, index)),
            ),
          ),
        ),
      ),
    ),
  ];
}

function cellNodes(one, surface) {
  if (one.type === "rich_text") return richText(one, surface.names);
  return make("span", { class: "text" }, plain(String(one.text ?? one.value ?? "")));
}

function unknown(block) {
  return make("p", { class: "note" }, word("element.unknown", { type: block.type }));
}
