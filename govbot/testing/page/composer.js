// Where a message is written and drafts are added to it.

import { freshId, make } from "./dom.js";
import { icon } from "./icons.js";
import { word } from "./words.js";

/** A composer inside `host`; `send({text, files})` says whether it was taken. */
export class Composer {
  #send;
  #files = [];
  #kept = new Map();
  #place = "";
  #isBusy = false;

  constructor(host, { bot, send }) {
    this.#send = send;
    this.text = make("textarea", {
      id: freshId(),
      rows: "1",
      placeholder: word("composer.placeholder"),
      class: "write",
    });
    this.label = make("label", { for: this.text.id, class: "unseen" });
    this.chips = make("ul", { class: "chips" });
    this.picker = make("input", {
      type: "file",
      multiple: true,
      class: "unseen",
      tabindex: "-1",
      "aria-hidden": "true",
    });
    this.button = make("button", { type: "submit", class: "button primary" }, word("composer.send"));
    this.form = make(
      "form",
      { class: "composer" },
      this.label,
      this.chips,
      this.text,
      this.picker,
      make(
        "div",
        { class: "tools" },
        make(
          "button",
          { type: "button", class: "button", on: { click: () => this.picker.click() } },
          icon("plus"),
          word("composer.attach"),
        ),
        make(
          "button",
          {
            type: "button",
            class: "button",
            "aria-label": word("composer.mention", { name: bot.name }),
            on: { click: () => this.insert(`@${bot.name} `) },
          },
          `@${bot.name}`,
        ),
        this.button,
      ),
    );
    this.refusal = make("p", { class: "note refusal", hidden: true });
    this.hint = make("p", { class: "note hint" });
    host.replaceChildren(this.form, this.refusal, this.hint);
    this.#listen();
  }

  /** Write to another place: what was begun in the old one waits there. */
  show(place, { label, hint, refusal }) {
    if (place !== this.#place) {
      this.#kept.set(this.#place, { text: this.text.value, files: this.#files });
      const { text, files } = this.#kept.get(place) ?? { text: "", files: [] };
      this.#place = place;
      this.text.value = text;
      this.#files = files;
      this.#draw();
    }
    this.label.textContent = label;
    this.form.hidden = Boolean(refusal);
    this.refusal.hidden = !refusal;
    this.refusal.textContent = refusal;
    this.hint.hidden = Boolean(refusal) || !hint;
    this.hint.textContent = hint;
    this.#grow();
  }

  /** Add files to the message; it is not sent yet, so that words can go with them. */
  add(files) {
    if (!this.form.checkVisibility()) return;
    this.#files = [...this.#files, ...files];
    this.#draw();
    this.text.focus();
  }

  /** Write words at the cursor. */
  insert(words) {
    this.text.setRangeText(words, this.text.selectionStart, this.text.selectionEnd, "end");
    this.#grow();
    this.text.focus();
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.text.addEventListener("input", () => this.#grow());
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.picker.addEventListener("change", () => {
      this.add([...this.picker.files]);
      this.picker.value = "";
    });
    this.text.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) this.add([...event.clipboardData.files]);
    });
  }

  async #submit() {
    const text = this.text.value.trim();
    if (this.#isBusy || (!text && !this.#files.length)) return;
    this.#busy(true);
    const [place, files] = [this.#place, this.#files];
    const isTaken = await this.#send({ text, files });
    this.#busy(false);
    if (!isTaken) return;
    if (place !== this.#place) {
      this.#kept.delete(place);
      return;
    }
    this.text.value = "";
    this.#files = [];
    this.#draw();
  }

  #busy(isBusy) {
    this.#isBusy = isBusy;
    this.text.readOnly = isBusy;
    this.button.textContent = word(isBusy ? "composer.sending" : "composer.send");
    this.button.toggleAttribute("aria-busy", isBusy);
  }

  #draw() {
    this.chips.replaceChildren(
      ...this.#files.map((file, index) =>
        make(
          "li",
          {},
          make("span", {}, file.name),
          make(
            "button",
            {
              type: "button",
              class: "plain",
              "aria-label": word("composer.remove", { name: file.name }),
              on: {
                click: () => {
                  this.#files = this.#files.filter((_, place) => place !== index);
                  this.#draw();
                  this.text.focus();
                },
              },
            },
            icon("cross"),
          ),
        ),
      ),
    );
    this.#grow();
  }

  #grow() {
    this.text.style.setProperty("height", "auto");
    this.text.style.setProperty("height", `${Math.min(this.text.scrollHeight + 2, 200)}px`);
  }
}

/** Let files be dropped anywhere on `pane`. */
export function dropZone(pane, take) {
  let depth = 0;
  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const over = (change) => {
    depth = Math.max(0, depth + change);
    pane.classList.toggle("over", depth > 0);
  };
  pane.addEventListener("dragenter", (event) => holdsFiles(event) && over(1));
  pane.addEventListener("dragleave", (event) => holdsFiles(event) && over(-1));
  pane.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  pane.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    over(-depth);
    take([...event.dataTransfer.files]);
  });
}
