// Interactive elements -> controls. `surface` says what people and channels are called, and takes what is pressed.

import { control } from "./controls.js";
import { freshId, make } from "./dom.js";
import { link, plain, textNodes } from "./markup.js";
import { menuButton } from "./menu.js";
import { word } from "./words.js";

const FIELDS = {
  email_text_input: "email",
  url_text_input: "url",
  number_input: "text",
  datepicker: "date",
  timepicker: "time",
};
const DATED = { datepicker: "selected_date", timepicker: "selected_time" };
const IDS = {
  users_select: ["selected_user", "initial_user"],
  channels_select: ["selected_channel", "initial_channel"],
  conversations_select: ["selected_conversation", "initial_conversation"],
};
//: Elements that are a set of controls under one label.
export const GROUPS = new Set(["radio_buttons", "checkboxes", "multi_static_select"]);

/** Return the control for an element; in an input block it is labelled there, and pressed only if the block asks. */
export function drawElement(element, block, surface, input = null) {
  const maker =
    {
      button,
      image,
      overflow,
      static_select: select,
      users_select: select,
      channels_select: select,
      radio_buttons: choices,
      conversations_select: select,
      checkboxes: choices,
      multi_static_select: choices,
      plain_text_input: field,
    }[element.type] ?? (FIELDS[element.type] ? field : unknown);
  const press = (node, selected) => {
    if (!input || block.dispatch_action)
      confirmed(element, surface, () => surface.press(node, block, element, selected));
  };
  return maker(element, block, surface, press, input);
}

/** Return the name by which a control is found again. */
export function nameOf(block, element) {
  return `${block.block_id}|${element.action_id}`;
}

function confirmed(element, surface, then) {
  if (element.confirm) surface.confirm(element.confirm, then);
  else then();
}

function button(element, block, surface, press) {
  const attributes = {
    class: `button ${element.style ?? ""}`,
    "aria-label": element.accessibility_label,
    "data-name": nameOf(block, element),
  };
  if (element.url) {
    const anchor = link(element.url, plain(element.text.text));
    for (const [name, value] of Object.entries(attributes)) if (value) anchor.setAttribute(name, value);
    anchor.addEventListener("click", () => press(anchor, null));
    return anchor;
  }
  const node = make("button", { type: "button", ...attributes }, plain(element.text.text));
  node.addEventListener("click", () => press(node, null));
  return node;
}

function overflow(element, block, surface, press) {
  const items = element.options.map((option) => ({
    label: plain(option.text.text),
    note: option.description?.text,
    chosen: () => press(node, option.value),
  }));
  const node = menuButton({
    label: element.accessibility_label ?? word("element.more"),
    items,
    class: "button overflow",
    "data-name": nameOf(block, element),
  });
  return node;
}

function select(element, block, surface, press, input) {
  const groups = element.option_groups ?? [{ options: optionsOf(element, surface) }];
  const options = groups.flatMap((group) => group.options);
  const initial = element.initial_option?.value ?? element[IDS[element.type]?.[1]] ?? "";
  const node = make(
    "select",
    {
      class: "select",
      "data-name": nameOf(block, element),
      id: input?.id,
      "aria-label": input ? null : (element.accessibility_label ?? element.placeholder?.text ?? word("element.choose")),
    },
    make("option", { value: "" }, element.placeholder?.text ?? word("element.choose")),
    groups.map((group) => grouped(group)),
  );
  node.value = options.some((option) => option.value === initial) ? initial : "";
  node.addEventListener("change", () => press(node, node.value || null));
  node.addEventListener("keydown", (event) => opened(event, node));
  return control(
    node,
    block,
    element,
    () => chosen(element, options, node.value),
    (state) => {
      const value = state.selected_option?.value ?? state[IDS[element.type]?.[0]] ?? "";
      if (!value || options.some((option) => option.value === value)) node.value = value;
    },
  );
}

/** Arrows open the list instead of choosing in a closed one, so that nothing is pressed in passing. */
function opened(event, node) {
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || !node.showPicker) return;
  event.preventDefault();
  node.showPicker();
}

function grouped({ label, options }) {
  const nodes = options.map((option) => make("option", { value: option.value }, optionText(option)));
  return label ? make("optgroup", { label: plain(label.text) }, nodes) : nodes;
}

function optionText(option) {
  const words = plain(option.text.text);
  return option.description ? `${words} – ${option.description.text}` : words;
}

function optionsOf(element, surface) {
  const named = ({ id, name }) => ({ text: { type: "plain_text", text: name }, value: id });
  if (element.type === "users_select") return surface.people.map(named);
  if (element.type === "channels_select") return surface.channels.filter(({ kind }) => kind === "public").map(named);
  if (element.type === "conversations_select") return surface.channels.map(named);
  return element.options ?? [];
}

function chosen(element, options, value) {
  const ids = IDS[element.type];
  if (ids) return { [ids[0]]: value || null };
  return { selected_option: options.find((option) => option.value === value) ?? null };
}

function choices(element, block, surface, press, input) {
  const single = element.type === "radio_buttons";
  const options = element.options ?? element.option_groups.flatMap((group) => group.options);
  const initial = new Set(
    (single ? [element.initial_option] : (element.initial_options ?? [])).map((option) => option?.value),
  );
  const group = freshId();
  const boxes = options.map((option) =>
    make("input", {
      type: single ? "radio" : "checkbox",
      name: group,
      id: freshId(),
      value: option.value,
      checked: initial.has(option.value),
      "data-name": `${nameOf(block, element)}|${option.value}`,
    }),
  );
  const node = make(
    "div",
    {
      class: "choices",
      role: single ? "radiogroup" : "group",
      id: input?.id,
      "aria-labelledby": input?.labelId,
    },
    options.map((option, index) => choice(option, boxes[index], surface)),
  );
  const picked = () => options.filter((_, index) => boxes[index].checked);
  node.addEventListener("change", () => press(node, single ? picked()[0].value : picked().map(({ value }) => value)));
  const read = () => (single ? { selected_option: picked()[0] ?? null } : { selected_options: picked() });
  return control(node, block, element, read, (state) => {
    const values = new Set((single ? [state.selected_option] : state.selected_options).map((option) => option?.value));
    for (const box of boxes) box.checked = values.has(box.value);
  });
}

function choice(option, box, surface) {
  const note = option.description
    ? make("span", { class: "note" }, textNodes(option.description, surface.names))
    : null;
  return make("label", { for: box.id }, box, make("span", {}, textNodes(option.text, surface.names), note));
}

function field(element, block, surface, press, input) {
  const tag = element.multiline ? "textarea" : "input";
  const node = make(tag, {
    id: input?.id,
    class: "field",
    placeholder: element.placeholder?.text,
    "data-name": nameOf(block, element),
    maxlength: element.max_length,
    type: tag === "input" ? (FIELDS[element.type] ?? "text") : null,
    rows: element.multiline ? 4 : null,
    autocomplete: "off",
    "data-least": element.min_length,
    inputmode: element.type === "number_input" ? "decimal" : null,
    "aria-label": input ? null : (element.placeholder?.text ?? word("element.choose")),
  });
  node.value = element.initial_value ?? element.initial_date ?? element.initial_time ?? "";
  const dated = DATED[element.type];
  if (dated) node.addEventListener("change", () => press(node, node.value || null));
  else if (block.dispatch_action) dispatched(element, node, press);
  if (element.focus_on_load) node.dataset.first = "";
  return control(
    node,
    block,
    element,
    () => ({ [dated ?? "value"]: node.value || null }),
    (state) => {
      node.value = state[dated ?? "value"] ?? "";
    },
  );
}

function dispatched(element, node, press) {
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (when.includes("on_character_entered")) node.addEventListener("input", () => press(node, node.value));
  if (!when.includes("on_enter_pressed")) return;
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    press(node, node.value);
  });
}

function image(element) {
  return make("span", { class: "picture", role: "img", "aria-label": element.alt_text }, element.alt_text);
}

function unknown(element) {
  return make("span", { class: "note" }, word("element.unknown", { type: element.type }));
}
