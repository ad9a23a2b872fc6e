// Makes elements. Text is only ever set as text, so nothing that a draft says can become an element.

const SVG = "http://www.w3.org/2000/svg";

/** Return a new element: `on` holds its listeners; children that are null are left out. */
export function make(tag, { on = {}, ...attributes } = {}, ...children) {
  return fill(document.createElement(tag), attributes, on, children);
}

/** Return a new element of a drawing. */
export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, {}, children);
}

/** Return the element with this id. */
export function find(id) {
  return document.getElementById(id);
}

/** Let `parent` hold one child an item, in order; `drawn(item, old)` is asked only where the item has changed. */
export function sync(parent, items, keyOf, drawn) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const focus = focused(parent);
  items.forEach((item, index) => {
    const key = keyOf(item);
    const print = JSON.stringify(item);
    let child = before.get(key);
    if (child?.print !== print) {
      const old = child;
      child = drawn(item, old);
      child.dataset.key = key;
      child.print = print;
      if (old && old !== child) old.replaceWith(child);
    }
    before.delete(key);
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
  for (const child of before.values()) child.remove();
  refocus(parent, focus);
}

/** Return which control inside `root` has the keyboard, as a name that outlives drawing it again; null for none. */
export function focused(root) {
  const active = document.activeElement;
  if (!active || active === root || !root.contains(active)) return null;
  const name = active.closest("[data-name]")?.dataset.name ?? "";
  const owner = active.closest("[data-key]");
  const caret = active.matches("textarea, input[type=text]") ? [active.selectionStart, active.selectionEnd] : null;
  return { active, name, caret, key: owner && root.contains(owner) ? owner.dataset.key : "" };
}

/** Give the keyboard back to the control that had it before `root` was drawn again. */
export function refocus(root, focus) {
  if (!focus || focus.active.isConnected || !focus.name) return;
  const owner = focus.key ? root.querySelector(`[data-key="${CSS.escape(focus.key)}"]`) : root;
  const control = owner?.querySelector(`[data-name="${CSS.escape(focus.name)}"]`);
  control?.focus();
  if (focus.caret) control?.setSelectionRange?.(...focus.caret);
}

let count = 0;

/** Return an id that no other element has. */
export function freshId() {
  count += 1;
  return `made-${count}`;
}

function fill(node, attributes, on, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? "" : value);
  }
  for (const [name, listener] of Object.entries(on)) node.addEventListener(name, listener);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}
