// What is new: which channels hold something unread, and what is read out to a person who does not see the page.

import { find } from "./dom.js";
import { spoken } from "./markup.js";
import { word } from "./words.js";

//: Letters of a message that are read out.
const SAID = 300;
const TOAST = 8000;

//: For each person: the newest message of each channel that they have seen.
const seen = new Map();
//: What was last read out of each message of the open place: {ts: text}; null until the place was drawn once.
let heard = null;
let fading = 0;

/** Note that the person sees a channel now; return the channels where somebody else wrote since they looked. */
export function unread(state, open) {
  const newest = new Map(state.channels.map(({ id }) => [id, newestOf(state, id)]));
  if (!seen.has(state.me)) seen.set(state.me, new Map(newest));
  const known = seen.get(state.me);
  known.set(open, newest.get(open) ?? "");
  return new Set([...newest].filter(([id, ts]) => ts > (known.get(id) ?? "")).map(([id]) => id));
}

/** The person went elsewhere: read out only what comes there from now on, and say no more of what went wrong before. */
export function moved() {
  heard = null;
  find("toast").hidden = true;
}

/** Read out what came or changed among the messages that are shown. */
export function announce(messages, state, names) {
  const before = heard;
  heard = Object.fromEntries(messages.map(({ ts, text }) => [ts, text]));
  if (!before) return;
  const fresh = messages.filter(({ ts, text, user }) => user !== state.me && before[ts] !== text);
  const said = fresh.map(({ user, text }) =>
    word("message.said", { name: names.user(user), text: spoken(text, names).slice(0, SAID) }),
  );
  if (said.length) find("said").textContent = said.join(" ");
}

/** Say for a while why something could not be done. */
export function toast(words) {
  clearTimeout(fading);
  find("toast").textContent = words;
  find("toast").hidden = false;
  fading = setTimeout(() => {
    find("toast").hidden = true;
  }, TOAST);
}

/** Say above the messages that the app or the server is away, for as long as it is; "" for neither. */
export function sayAway(who) {
  find("away").hidden = !who;
  find("away").textContent = who ? word(`away.${who}`) : "";
}

function newestOf(state, channel) {
  const all = (state.messages[channel] ?? []).flatMap((message) => [message, ...message.replies]);
  return all.filter(({ user }) => user !== state.me).reduce((most, { ts }) => (ts > most ? ts : most), "");
}
