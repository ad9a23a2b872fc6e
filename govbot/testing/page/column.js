// The left column: who I am, the channels, the direct message and the app's Home.

import { find, make, sync } from "./dom.js";
import { icon } from "./icons.js";
import { word } from "./words.js";

/** Draw the left column; `go(place)` and `become(user)` follow what is chosen. */
export function drawColumn(state, at, unread, { go, become }) {
  find("team").textContent = state.team.name;
  drawPeople(state, become);
  const rows = state.channels.map((channel) => row(channel, at, unread));
  drawRows(
    find("channels"),
    rows.filter(({ kind }) => kind !== "dm"),
    go,
  );
  drawRows(
    find("direct"),
    rows.filter(({ kind }) => kind === "dm"),
    go,
  );
  const home = {
    id: "home",
    kind: "home",
    sign: "home",
    name: word("column.home"),
    note: "",
    isHere: at.channel === "home",
    isNew: false,
  };
  drawRows(find("apps"), [home], go);
}

function drawPeople(state, become) {
  const select = find("person");
  sync(
    select,
    state.users,
    ({ id }) => id,
    ({ id, name, kind }) => {
      const note = word(`kind.${kind}`);
      return make("option", { value: id }, note ? `${name} (${note})` : name);
    },
  );
  select.value = state.me;
  select.onchange = () => become(select.value);
}

function row({ id, kind, name, has_bot: hasBot, member }, at, unread) {
  const sign = { public: "hash", private: "lock", dm: "at" }[kind];
  const notes = [kind === "private" ? word("column.private") : "", hasBot || !member ? "" : word("column.outside")];
  return {
    id,
    kind,
    sign,
    name,
    note: notes.filter(Boolean).join(", "),
    isHere: at.channel === id,
    isNew: unread.has(id),
  };
}

function drawRows(list, rows, go) {
  sync(
    list,
    rows,
    ({ id }) => id,
    ({ id, sign, name, note, isHere, isNew }) =>
      make(
        "li",
        {},
        make(
          "button",
          {
            type: "button",
            class: isNew ? "fresh" : null,
            "aria-current": isHere ? "page" : null,
            "data-name": "go",
            on: { click: () => go(id) },
          },
          icon(sign),
          make("span", { class: "name" }, name),
          note ? make("span", { class: "note" }, note) : null,
          isNew ? make("span", { class: "badge" }, word("column.new")) : null,
        ),
      ),
  );
}
