// The window on top of the page: what the app opened, what was filled in, what was wrong with it.

import { drawBlocks } from "./blocks.js";
import { restoreValues, valuesOf } from "./controls.js";
import { find, focused, make, refocus } from "./dom.js";
import { icon } from "./icons.js";
import { plain, textNodes } from "./markup.js";
import { word } from "./words.js";

let shown = null;

/** Show the top view of the person's stack, or nothing; what was filled in stays where the same view was updated. */
export function showModal(modal, surface, { submit, close }) {
  const dialog = find("modal");
  if (!modal) {
    shown = null;
    if (!dialog.open) return;
    dialog.close();
    // The button that opened it may have been drawn anew meanwhile.
    if (document.activeElement === document.body) find("place").focus();
    return;
  }
  if (shown?.id === modal.id && shown.hash === modal.hash) return;
  const isSame = shown?.id === modal.id;
  const kept = isSame
    ? { values: valuesOf(dialog), focus: focused(dialog), top: dialog.querySelector(".inside").scrollTop }
    : null;
  shown = modal;
  dialog.oncancel = (event) => {
    event.preventDefault();
    close(modal.id, false);
  };
  dialog.replaceChildren(form(modal, surface, submit, close));
  if (!dialog.open) dialog.showModal();
  if (kept) {
    restoreValues(dialog, kept.values);
    dialog.querySelector(".inside").scrollTop = kept.top;
    refocus(dialog, kept.focus);
  }
  if (!dialog.contains(document.activeElement) || !isSame) begin(dialog);
}

/** Ask whether something is really meant, in the app's own words. */
export function askFirst({ title, text, confirm, deny, style }, names, then) {
  const dialog = find("confirm");
  const finish = (isMeant) => () => {
    dialog.close();
    if (isMeant) then();
  };
  dialog.replaceChildren(
    make("header", {}, make("h2", { id: "confirm-title" }, plain(title.text))),
    make("div", { class: "inside" }, textNodes(text, names)),
    make(
      "footer",
      {},
      make(
        "button",
        { type: "button", class: "button", on: { click: finish(false) } },
        plain(deny?.text ?? word("confirm.no")),
      ),
      make(
        "button",
        { type: "button", class: `button ${style ?? "primary"}`, on: { click: finish(true) } },
        plain(confirm?.text ?? word("confirm.yes")),
      ),
    ),
  );
  dialog.showModal();
}

function form({ id, depth, view }, surface, submit, close) {
  const inside = make(
    "div",
    { class: "inside", "data-surface": true, tabindex: "-1" },
    drawBlocks(view.blocks, surface),
  );
  const back = depth > 1 ? word("modal.back") : word("modal.close");
  const node = make(
    "form",
    { novalidate: true },
    make(
      "header",
      {},
      make("h2", { id: "modal-title", tabindex: "-1" }, plain(view.title.text)),
      make(
        "button",
        { type: "button", class: "plain", "aria-label": word("modal.cross"), on: { click: () => close(id, true) } },
        icon("cross"),
      ),
    ),
    inside,
    make(
      "footer",
      {},
      make(
        "button",
        { type: "button", class: "button", "data-name": "close", on: { click: () => close(id, false) } },
        plain(view.close?.text ?? back),
      ),
      view.submit
        ? make("button", { type: "submit", class: "button primary", "data-name": "submit" }, plain(view.submit.text))
        : null,
    ),
  );
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    send(node, inside, id, view, submit);
  });
  return node;
}

async function send(node, inside, id, view, submit) {
  const button = node.querySelector("[type=submit]");
  if (!button || button.getAttribute("aria-busy")) return;
  const values = valuesOf(inside);
  const faults = faultsOf(view.blocks, values);
  show(inside, faults);
  if (Object.keys(faults).length) return;
  button.setAttribute("aria-busy", "true");
  show(inside, await submit(id, values));
  button.removeAttribute("aria-busy");
}

/** Return what Slack itself would refuse: {block_id: sentence}. */
function faultsOf(blocks, values) {
  const faults = {};
  for (const block of blocks.filter(({ type }) => type === "input")) {
    const { type, ...state } = values[block.block_id]?.[block.element.action_id] ?? {};
    const [value] = Object.values(state);
    const isEmpty = !value || value.length === 0;
    const least = block.element.min_length;
    if (isEmpty && !block.optional)
      faults[block.block_id] = word(type === "plain_text_input" ? "modal.required" : "modal.choose");
    else if (!isEmpty && least && value.length < least) faults[block.block_id] = word("modal.too_short", { n: least });
  }
  return faults;
}

function show(inside, faults) {
  for (const node of inside.querySelectorAll(".fault")) node.textContent = "";
  for (const node of inside.querySelectorAll("[aria-invalid]")) node.removeAttribute("aria-invalid");
  let first = null;
  for (const [blockId, sentence] of Object.entries(faults)) {
    const block = inside.querySelector(`[data-block-id="${CSS.escape(blockId)}"]`);
    const fault = block?.querySelector(".fault");
    if (!fault) continue;
    fault.textContent = sentence;
    const node = block.querySelector("[data-action]");
    node.setAttribute("aria-invalid", "true");
    first ??= node.matches("input, select, textarea") ? node : node.querySelector("input");
  }
  first?.focus();
}

/** The keyboard begins at the first field; where there is none, at the title, so that a reader hears what opened. */
function begin(dialog) {
  const first =
    dialog.querySelector("[data-first]") ?? dialog.querySelector(".inside .input :is(input, select, textarea)");
  (first ?? dialog.querySelector("h2")).focus();
}
