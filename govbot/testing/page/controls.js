// What a person has filled in: each control knows how to read its state, in Slack's own form, and to take it up again.

const CONTROLS = new WeakMap();

/** Make `node` the control of an element: `read()` returns its state, `write(state)` takes one up again. */
export function control(node, block, element, read, write) {
  node.dataset.block = block.block_id;
  node.dataset.action = element.action_id;
  CONTROLS.set(node, { read: () => ({ type: element.type, ...read() }), write });
  return node;
}

/** Return what is filled in inside `root`, as {block_id: {action_id: state}}. */
export function valuesOf(root) {
  const values = {};
  for (const node of controls(root)) {
    values[node.dataset.block] ??= {};
    values[node.dataset.block][node.dataset.action] = CONTROLS.get(node).read();
  }
  return values;
}

/** Fill in what was filled in before the blocks were drawn again. */
export function restoreValues(root, values) {
  for (const node of controls(root)) {
    const state = values[node.dataset.block]?.[node.dataset.action];
    if (state) CONTROLS.get(node).write(state);
  }
}

function controls(root) {
  return [...root.querySelectorAll("[data-action]")].filter((node) => CONTROLS.has(node));
}
