// A button that opens a menu: arrows move in it, Escape closes it, and the button gets the keyboard back.

import { make } from "./dom.js";
import { icon } from "./icons.js";

const GAP = 4;

/** Return a button with a menu of `items`, each {label, note, danger, chosen()}; `label` is read out for it. */
export function menuButton({ label, items, ...attributes }) {
  const button = make(
    "button",
    {
      type: "button",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": label,
      title: label,
      ...attributes,
    },
    icon("dots"),
  );
  button.addEventListener("click", () => open(button, items));
  return button;
}

function open(button, items) {
  const menu = make(
    "div",
    { class: "menu-list", role: "menu", popover: "auto" },
    items.map((item) => entry(item)),
  );
  menu.addEventListener("keydown", (event) => move(event, menu));
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    button.setAttribute("aria-expanded", "false");
    const had = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    if (had) button.focus();
  });
  // Inside the button's own dialog, so that the menu is not behind it.
  (button.closest("dialog") ?? document.body).append(menu);
  menu.showPopover();
  place(menu, button.getBoundingClientRect());
  button.setAttribute("aria-expanded", "true");
  menu.querySelector("[role=menuitem]")?.focus();
}

function entry({ label, note, danger, chosen }) {
  const item = make(
    "button",
    { type: "button", role: "menuitem", tabindex: "-1", class: danger ? "danger" : null },
    make("span", {}, label),
    note ? make("span", { class: "note" }, note) : null,
  );
  item.addEventListener("click", () => {
    item.parentElement.hidePopover();
    chosen();
  });
  return item;
}

function move(event, menu) {
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1 + items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  items[to % items.length].focus();
}

function place(menu, box) {
  const { width, height } = menu.getBoundingClientRect();
  const below = box.bottom + GAP + height <= window.innerHeight;
  const left = Math.max(GAP, Math.min(box.left, window.innerWidth - width - GAP));
  const top = below ? box.bottom + GAP : Math.max(GAP, box.top - GAP - height);
  menu.style.setProperty("left", `${left}px`);
  menu.style.setProperty("top", `${top}px`);
}
