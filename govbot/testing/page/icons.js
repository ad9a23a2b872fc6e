// Small signs, drawn, so that no font has to know them. They are for the eye only: what they mean stands beside them.

import { draw } from "./dom.js";

const PATHS = {
  hash: "M9.5 4 8 20M16 4l-1.5 16M4.5 9h15.5M4 15h15.5",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  at: "M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zm0-3.5V13c0 3 4.5 3 4.5-1a8 8 0 1 0-3.5 6.5",
  home: "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9",
  menu: "M4 7h16M4 12h16M4 17h16",
  cross: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  dots: "M6 12h.01M12 12h.01M18 12h.01",
};

/** Return the sign of this name. */
export function icon(name) {
  return draw(
    "svg",
    { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" },
    draw("path", { d: PATHS[name] }),
  );
}
