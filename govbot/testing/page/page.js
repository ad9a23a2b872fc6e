// The page of `govbot try`: keeps what the server says, draws it, and tells the server what the person does.

import { ask, Refused, tell, upload } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { drawColumn } from "./column.js";
import { Composer, dropZone } from "./composer.js";
import { restoreValues, valuesOf } from "./controls.js";
import { find, focused, make, refocus } from "./dom.js";
import { icon } from "./icons.js";
import { references } from "./markup.js";
import { drawMessages, follow, watch } from "./messages.js";
import { askFirst, showModal } from "./modal.js";
import { announce, moved, sayAway, toast, unread } from "./news.js";
import { label, learn, word } from "./words.js";

//: Milliseconds between two tries while the server is away.
const PAUSE = 1500;
const HOME = "home";

//: Where the person is: who they are, the channel (or Home), and the open thread ("" for none).
let at = { user: "", channel: "", thread: "" };
let state = null;
//: Which of the requests for the state is the last one: the answer to an older one comes too late.
let asked = 0;
let waiting = new AbortController();
let composers = {};
let drawnHome = "";

const names = {
  user: (id) => [state.bot, ...state.users].find((user) => user.id === id)?.name ?? "",
  channel: (id) => state.channels.find((channel) => channel.id === id)?.name ?? "",
};

start();

async function start() {
  learn(await untilThere(() => ask("words")));
  label(document);
  document.title = word("title");
  at = fromAddress();
  await untilThere(take);
  listen();
  draw();
  sayAway(state.bot.ready ? "" : "app");
  find("app").hidden = false;
  drawChannel();
  opened(at.channel);
  loop();
}

function listen() {
  composers = {
    channel: new Composer(find("composer"), { bot: state.bot, send: (said) => send(said, "") }),
    thread: new Composer(find("thread-composer"), { bot: state.bot, send: (said) => send(said, at.thread) }),
  };
  for (const list of [find("messages"), find("replies")]) watch(list);
  dropZone(find("pane"), (files) => composers.channel.add(files));
  dropZone(find("thread"), (files) => composers.thread.add(files));
  find("menu").append(icon("menu"));
  find("menu").addEventListener("click", () => showColumn(!find("app").classList.contains("choosing")));
  find("shade").addEventListener("click", () => showColumn(false));
  find("thread-close").append(icon("cross"));
  find("thread-close").addEventListener("click", closeThread);
  document.addEventListener("keydown", escape);
  window.addEventListener("popstate", () => {
    at = fromAddress();
    moved();
    refresh();
  });
  // A file that misses the drop zones must not replace the page.
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
}

/** Draw again whenever the server says that something changed. */
async function loop() {
  for (;;) {
    waiting = new AbortController();
    try {
      const { version } = await ask("wait", { user: state.me, after: state.version }, waiting.signal);
      if (version !== state.version) await refresh();
    } catch (fault) {
      if (fault.name === "AbortError") continue;
      sayAway("server");
      await pause();
      await untilThere(refresh);
    }
  }
}

async function refresh() {
  if (!(await take())) return;
  sayAway(state.bot.ready ? "" : "app");
  draw();
}

/** Take over the server's state, and stay where that is still a place; false where a newer answer is on its way. */
async function take() {
  asked += 1;
  const mine = asked;
  const told = await ask("state", { user: at.user });
  if (mine !== asked) return false;
  state = told;
  at.user = state.me;
  const isPlace = at.channel === HOME || here();
  if (!isPlace) at = { ...at, channel: state.channels[0]?.id ?? HOME, thread: "" };
  if (at.thread && !threadParent()) at.thread = "";
  return true;
}

async function untilThere(act) {
  for (;;) {
    try {
      return await act();
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      await pause();
    }
  }
}

function pause() {
  return new Promise((done) => {
    setTimeout(done, PAUSE);
  });
}

// drawing

function draw() {
  const parent = threadParent();
  announce([...(state.messages[at.channel] ?? []), ...(parent?.replies ?? [])], state, names);
  drawColumn(state, at, unread(state, at.channel), { go: (place) => go({ channel: place, thread: "" }), become });
  drawTop();
  if (at.channel === HOME) drawHome();
  else drawChannel();
  find("thread").hidden = !parent;
  if (parent) drawThread(parent);
  find("app").classList.toggle("with-thread", Boolean(parent));
  showModal(state.modal, surface({ where: "modal" }), { submit, close });
}

function drawTop() {
  const channel = here();
  const isHome = at.channel === HOME;
  const place = channel ? placeName(channel) : "";
  find("messages").hidden = isHome;
  find("home").hidden = !isHome;
  find("composer").hidden = !channel;
  find("drop").parentElement.hidden = !channel?.member;
  find("place").textContent = isHome ? `${state.bot.name}: ${word("column.home")}` : place;
  find("note").textContent = placeNotes(channel).join(" ");
  find("messages").setAttribute("aria-label", word("place.messages", { place }));
}

function drawChannel() {
  const channel = here();
  if (!channel) return;
  const list = find("messages");
  const isOther = renewed(list, channel.id);
  const messages = state.messages[channel.id] ?? [];
  const isWelcomed = Boolean(list.querySelector(".welcome"));
  if (messages.length === 0 && !isWelcomed) list.replaceChildren(welcome(channel));
  if (messages.length) drawMessages(list, messages, scene(false));
  if (isOther) follow(list);
  const place = placeName(channel);
  find("drop").textContent = word("drop.channel", { place });
  composers.channel.show(channel.id, {
    label: word("composer.channel", { place }),
    hint: [word("composer.hint"), ...hearing(channel)].join(" "),
    refusal: channel.member ? "" : word("place.reading"),
  });
}

function welcome(channel) {
  const question = channel.kind === "dm" ? word("empty.question") : `@${state.bot.name} ${word("empty.question")}`;
  const step = (words, button, then) =>
    make(
      "li",
      {},
      make("p", {}, words),
      make("button", { type: "button", class: "button", on: { click: then } }, button),
    );
  return make(
    "div",
    { class: "welcome" },
    make("h2", {}, word("empty.title")),
    make(
      "ol",
      {},
      step(word("empty.draft"), word("empty.choose"), () => composers.channel.picker.click()),
      step(word("empty.ask"), question, () => composers.channel.insert(question)),
      step(word("empty.home"), word("column.home"), () => go({ channel: HOME, thread: "" })),
    ),
  );
}

function drawThread(parent) {
  const channel = here();
  const list = find("replies");
  const isOther = renewed(list, parent.ts);
  drawMessages(list, [parent, ...parent.replies], scene(true));
  if (isOther) list.scrollTop = 0;
  find("thread-note").textContent = placeName(channel);
  composers.thread.show(`${channel.id} ${parent.ts}`, {
    label: word("composer.thread"),
    hint: hearing(channel).join(" "),
    refusal: channel.member ? "" : word("place.reading"),
  });
}

/** Say where the app hears only what names it. */
function hearing({ kind, has_bot: hasBot }) {
  return kind !== "dm" && hasBot ? [word("composer.hears", { name: state.bot.name })] : [];
}

/** Empty a list that showed another place, or another person's view of it. */
function renewed(list, place) {
  const name = `${at.user} ${place}`;
  if (list.dataset.place === name) return false;
  list.dataset.place = name;
  list.replaceChildren();
  return true;
}

function drawHome() {
  const home = find("home");
  const print = `${at.user} ${state.home?.hash ?? ""}`;
  if (print === drawnHome) return;
  const isSame = drawnHome.startsWith(`${at.user} `);
  const kept = isSame ? { values: valuesOf(home), focus: focused(home), top: home.scrollTop } : null;
  drawnHome = print;
  const empty = [make("p", { class: "note" }, word("home.empty"))];
  home.replaceChildren(...(state.home ? drawBlocks(state.home.view.blocks, surface({ where: "home" })) : empty));
  if (!kept) return;
  restoreValues(home, kept.values);
  home.scrollTop = kept.top;
  refocus(home, kept.focus);
}

/** What messages need to be drawn. */
function scene(inThread) {
  return {
    inThread,
    names,
    surface,
    openThread,
    me: state.me,
    bot: state.bot,
    channel: at.channel,
    shortcuts: state.shortcuts,
    shortcut: (ts, callbackId) => act("shortcut", { channel: at.channel, ts, callback_id: callbackId }),
    deleteFile: (file) => act("delete", { file }),
  };
}

/** What blocks need to be drawn: names, choices, and what happens when something in them is pressed. */
function surface(place) {
  return {
    names,
    people: state.users,
    channels: state.channels,
    confirm: (question, then) => askFirst(question, names, then),
    press: async (node, block, element, selected) => {
      if (node.getAttribute("aria-busy")) return;
      node.setAttribute("aria-busy", "true");
      const values = valuesOf(node.closest("[data-surface]"));
      await act("press", { ...place, block_id: block.block_id, action_id: element.action_id, selected, values });
      node.removeAttribute("aria-busy");
    },
  };
}

function here() {
  return state.channels.find(({ id }) => id === at.channel);
}

function threadParent() {
  return (state.messages[at.channel] ?? []).find(({ ts }) => ts === at.thread);
}

function placeName({ kind, name }) {
  return kind === "dm" ? name : `#${name}`;
}

function placeNotes(channel) {
  if (!channel) return [word(at.channel === HOME ? "place.home" : "place.nowhere")];
  const { kind, shared, has_bot: hasBot } = channel;
  return [word(`place.${kind}`), shared ? word("place.shared") : "", hasBot ? "" : word("place.outside")].filter(
    Boolean,
  );
}

// what the person does

async function send({ text, files }, thread) {
  if (!files.length && text.startsWith("/")) return command(text, thread);
  const channel = here();
  const said = { channel: channel.id, thread, text: marked(text) };
  follow(find(thread ? "replies" : "messages"));
  const taken = files.length ? await attempt(() => upload({ user: at.user, ...said, files })) : await act("say", said);
  const isForBot = files.length || channel.kind === "dm" || said.text.includes(`<@${state.bot.id}>`);
  if (taken && !thread && isForBot && channel.has_bot && at.channel === channel.id) {
    await refresh();
    openThread(taken.ts, false);
  }
  return Boolean(taken);
}

async function command(text, thread) {
  const [name, ...rest] = text.split(/\s+/);
  const isKnown = !state.commands.length || state.commands.some(({ command: known }) => known === name);
  if (thread || !isKnown) {
    toast(thread ? word("composer.no_commands") : word("composer.unknown_command", { command: name }));
    return false;
  }
  return Boolean(await act("command", { channel: at.channel, command: name, text: marked(rest.join(" ")) }));
}

function marked(text) {
  return references(text, [state.bot, ...state.users], state.channels);
}

async function submit(id, values) {
  return (await act("submit", { id, values }))?.errors ?? {};
}

function close(id, all) {
  act("close", { id, all });
}

/** Tell the server what the person did; where it refuses, say why and return null. */
function act(what, body) {
  return attempt(() => tell(what, { user: at.user, ...body }));
}

async function attempt(doing) {
  try {
    return await doing();
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    toast(fault.name === "away" ? word("away.server") : word(`error.${fault.name}`) || word("error.unknown"));
    return null;
  }
}

// going somewhere

function go(place) {
  at = { ...at, ...place };
  moved();
  history.pushState(null, "", address());
  draw();
  if (!place.channel) return;
  showColumn(false);
  opened(place.channel);
}

/** Tell the app that its Home or its direct message was opened. */
function opened(place) {
  if (place === HOME) act("home", { tab: "home" });
  else if (here()?.kind === "dm") act("home", { tab: "messages" });
}

async function become(user) {
  at = { ...at, user };
  moved();
  await refresh();
  history.pushState(null, "", address());
  waiting.abort();
  opened(at.channel);
}

function openThread(ts, isFocused) {
  go({ thread: ts });
  // In a narrow window the thread covers the channel, and whatever had the keyboard in it.
  const isCovered = getComputedStyle(find("pane")).visibility === "hidden";
  if (isFocused || isCovered) composers.thread.text.focus();
}

function closeThread() {
  const ts = at.thread;
  go({ thread: "" });
  find("messages")
    .querySelector(`[data-key="${CSS.escape(ts)}"] .replies`)
    ?.focus();
}

function escape(event) {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], [popover]")) return;
  if (find("app").classList.contains("choosing")) showColumn(false);
  else if (at.thread) closeThread();
}

function showColumn(isShown) {
  if (isShown === find("app").classList.contains("choosing")) return;
  find("app").classList.toggle("choosing", isShown);
  find("menu").setAttribute("aria-expanded", String(isShown));
  find(isShown ? "person" : "menu").focus();
}

function fromAddress() {
  const [user = "", channel = "", thread = ""] = location.hash.slice(1).split("/");
  return { user, channel, thread };
}

function address() {
  return `#${[at.user, at.channel, at.thread].filter(Boolean).join("/")}`;
}
