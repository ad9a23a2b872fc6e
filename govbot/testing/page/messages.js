// Messages -> nodes: who, when, the words or the blocks, the files, and how many replies there are.

import { drawBlocks } from "./blocks.js";
import { make, sync } from "./dom.js";
import { fileAddress } from "./api.js";
import { markup } from "./markup.js";
import { menuButton } from "./menu.js";
import { word } from "./words.js";

const TONES = 6;
//: Pixels from its end at which a list is still followed, and above the first new message.
const CLOSE = 40;
const ABOVE = 8;

/** Draw the messages of a channel or a thread; `scene` says who is who and what can be done. */
export function drawMessages(list, messages, scene) {
  const follows = following(list);
  list.querySelector(".welcome")?.remove();
  let first = "";
  sync(
    list,
    withDays(messages, scene),
    (item) => item.key,
    (item, old) => {
      if (item.day) return make("h3", { class: "day" }, make("span", {}, item.day));
      const node = drawMessage(item.message, old, scene);
      if (node !== old) first ||= item.key;
      return node;
    },
  );
  if (!follows) return;
  list.fresh ||= first;
  settle(list);
}

/** Let a person who scrolls, clicks or types in a list be done with what was new in it. */
export function watch(list) {
  for (const name of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    list.addEventListener(
      name,
      () => {
        list.fresh = "";
      },
      { passive: true },
    );
  }
}

/** Show the end of a list, but no more than what is new since the person last did something there. */
export function settle(list) {
  const fresh = list.fresh ? list.querySelector(`[data-key="${CSS.escape(list.fresh)}"]`) : null;
  list.scrollTop = fresh ? Math.max(0, fresh.offsetTop - ABOVE) : list.scrollHeight;
  list.settledAt = list.scrollTop;
}

/** Go to the end of a list and follow what comes. */
export function follow(list) {
  list.fresh = "";
  settle(list);
}

/** Return when a message was written, as a time of day. */
export function clock(ts) {
  return when(ts).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function following(list) {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < CLOSE;
  return isAtEnd || Math.abs(list.scrollTop - (list.settledAt ?? 0)) < 4;
}

function withDays(messages, scene) {
  let last = "";
  return messages.flatMap((message) => {
    const day = dayOf(message.ts);
    const head = day === last || scene.inThread ? [] : [{ key: `day ${day}`, day }];
    last = day;
    return [...head, { key: message.ts, message: scene.inThread ? { ...message, replies: [] } : message }];
  });
}

function dayOf(ts) {
  const [date, now] = [when(ts), new Date()];
  const away = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  if (away === 0) return word("day.today");
  if (away === 1) return word("day.yesterday");
  return date.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });
}

function when(ts) {
  return new Date(Number(ts) * 1000);
}

function drawMessage(message, old, scene) {
  const { replies, ...body } = message;
  const print = JSON.stringify(body);
  const foot = footer(message, scene);
  if (old?.body === print) {
    old.querySelector(":scope > .foot").replaceWith(foot);
    return old;
  }
  const name = scene.names.user(message.user) || word("element.person");
  const node = make(
    "article",
    { class: `message${message.only_me ? " only-me" : ""}`, "aria-label": `${name}, ${clock(message.ts)}` },
    avatar(message.user, name, scene),
    message.only_me ? make("p", { class: "note eye" }, word("message.only_me")) : null,
    make(
      "p",
      { class: "who" },
      make("strong", {}, name),
      message.user === scene.bot.id ? make("span", { class: "badge" }, word("message.app")) : null,
      make("time", { class: "note", datetime: when(message.ts).toISOString() }, clock(message.ts)),
    ),
    more(message, name, scene),
    make("div", { class: "body", "data-surface": true }, content(message, scene)),
    foot,
  );
  node.body = print;
  return node;
}

function content(message, scene) {
  if (message.gone) return make("p", { class: "note" }, word("message.gone"));
  const surface = scene.surface({ where: "message", channel: scene.channel, ts: message.ts });
  const words = message.blocks.length ? drawBlocks(message.blocks, surface) : markup(message.text, scene.names);
  const edited = message.edited ? make("span", { class: "note" }, ` (${word("message.edited")})`) : null;
  return [...words, edited, ...message.files.map((file) => drawFile(file, scene))];
}

/** A person's letters on one of a few colours; the app has its own picture. */
function avatar(user, name, scene) {
  if (user === scene.bot.id) return make("img", { class: "avatar", src: "page/icon.svg", alt: "" });
  const letters = name
    .split(/\s+/)
    .map((part) => part[0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
  const tone = [...user].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % TONES;
  return make("span", { class: `avatar tone-${tone}`, "aria-hidden": "true" }, letters);
}

function drawFile(file, scene) {
  if (file.deleted) return make("p", { class: "file" }, make("span", { class: "note" }, word("message.file_gone")));
  const kind = /\.(\w{1,5})$/.exec(file.name)?.[1]?.toUpperCase() ?? "";
  const label = word("message.download", { name: file.name, size: size(file.size) });
  return make(
    "a",
    { class: "file", href: fileAddress(file.id, scene.me), download: file.name, "aria-label": label },
    make("span", { class: "kind", "aria-hidden": "true" }, kind),
    make("span", {}, make("strong", {}, file.name), make("span", { class: "note" }, size(file.size))),
  );
}

function size(bytes) {
  if (bytes >= 1_000_000) return word("size.mb", { n: (bytes / 1_000_000).toFixed(1) });
  return word("size.kb", { n: Math.max(1, Math.round(bytes / 1000)) });
}

function more(message, name, scene) {
  if (message.gone || message.only_me) return null;
  const items = scene.shortcuts.map((shortcut) => ({
    label: shortcut.name,
    note: scene.bot.name,
    chosen: () => scene.shortcut(message.ts, shortcut.callback_id),
  }));
  if (!scene.inThread)
    items.unshift({ label: word("message.reply"), chosen: () => scene.openThread(message.ts, true) });
  if (message.user === scene.me) {
    for (const file of message.files.filter(({ deleted }) => !deleted)) {
      items.push({
        label: word("message.delete_file", { name: file.name }),
        danger: true,
        chosen: () => scene.deleteFile(file.id),
      });
    }
  }
  if (!items.length) return null;
  return menuButton({ label: word("message.more", { name }), items, class: "plain more", "data-name": "more" });
}

function footer(message, scene) {
  const count = message.replies.length;
  if (!count) return make("div", { class: "foot" });
  const text = count === 1 ? word("message.replies.one") : word("message.replies.many", { n: count });
  const last = message.replies.at(-1);
  return make(
    "div",
    { class: "foot" },
    make(
      "button",
      {
        type: "button",
        class: "replies",
        "data-name": "replies",
        on: { click: () => scene.openThread(message.ts, true) },
      },
      make("strong", {}, text),
      make("span", { class: "note" }, clock(last.ts)),
    ),
  );
}
