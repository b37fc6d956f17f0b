// The message box: it completes slash commands and clients, and remembers what was begun in each channel.

import { failure, get, post, tab, toast } from "./wire.js";

const box = /** @type {HTMLFormElement | null} */ (document.getElementById("box"));
const line = /** @type {HTMLInputElement} */ (document.getElementById("line"));
const offers = /** @type {HTMLElement} */ (document.getElementById("offers"));
const DRAFT = `draft ${tab.user} ${tab.channel}`;

/** @typedef {{line: string, word: string, hint: string}} Offer */
/** @type {Offer[]} */
let offered = [];
let chosen = -1;
let isSending = false;
/** What is being looked up for the letters in the line. */
let lookingUp = Promise.resolve();

/** Listens to the box, and to that of an open thread. */
export function startBox() {
  if (!box) return;
  line.value = sessionStorage.getItem(DRAFT) ?? "";
  line.addEventListener("input", () => {
    lookingUp = typed();
  });
  line.addEventListener("keydown", (event) => void onKey(event));
  line.addEventListener("blur", () => setTimeout(close, 120));
  offers.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = event.target instanceof Element ? event.target.closest("li") : null;
    if (item) take([...offers.children].indexOf(item));
  });
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  document.getElementById("reply")?.addEventListener("submit", (event) => {
    event.preventDefault();
    void reply();
  });
}

async function typed() {
  sessionStorage.setItem(DRAFT, line.value);
  const text = line.value;
  if (!text.startsWith("/")) return close();
  const response = await get("/page/complete", { text });
  const found = response.ok ? await response.json() : [];
  if (line.value === text && !isSending) show(found);
}

/** @param {Offer[]} found */
function show(found) {
  offered = found;
  chosen = -1;
  offers.replaceChildren(
    ...offered.map((offer, index) => {
      const item = document.createElement("li");
      item.className = "offer";
      item.role = "option";
      item.id = `offer-${index}`;
      const word = document.createElement("b");
      const hint = document.createElement("span");
      word.textContent = offer.word;
      hint.textContent = offer.hint;
      item.append(word, hint);
      return item;
    }),
  );
  const isOpen = offered.length > 0 && document.activeElement === line;
  offers.hidden = !isOpen;
  line.setAttribute("aria-expanded", String(isOpen));
  line.removeAttribute("aria-activedescendant");
}

function close() {
  show([]);
}

/** @param {number} index of the offer that goes into the line */
function take(index) {
  line.value = offered[index].line;
  line.focus();
  lookingUp = typed();
}

/** @param {number} step */
function move(step) {
  chosen = chosen < 0 && step < 0 ? offered.length - 1 : (chosen + step + offered.length) % offered.length;
  [...offers.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === chosen)));
  const item = offers.children[chosen];
  line.setAttribute("aria-activedescendant", item.id);
  item.scrollIntoView({ block: "nearest" });
}

/** @param {KeyboardEvent} event */
async function onKey(event) {
  if (event.isComposing || !line.value.startsWith("/")) return;
  const isForward = event.key === "Tab" && !event.shiftKey && !line.value.endsWith(" ");
  if (isForward || event.key === "Enter") {
    event.preventDefault();
    await complete(event.key === "Enter");
  } else if (!offers.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (!offers.hidden && event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    take(Math.max(chosen, 0));
  } else if (event.key === "Escape") close();
}

/**
 * Takes the offer that is chosen, or the first; Enter takes one only where the line can't be meant as it stands.
 * @param {boolean} isEnter
 */
async function complete(isEnter) {
  // Fast fingers don't wait for the offers, so the keys do; what is typed meanwhile belongs to the next line.
  const text = line.value;
  if (chosen < 0) await lookingUp;
  const isOffered = line.value === text && offered.length > 0 && !offers.hidden;
  const isBegun = /^\/\S*$/.test(text);
  if (isOffered && (chosen >= 0 || !isEnter || isBegun)) take(Math.max(chosen, 0));
  else if (isEnter) await send(text);
}

/** @param {string} written what is sent of the line: all of it, or what stood there when Enter was pressed */
async function send(written = line.value) {
  const text = written.trim();
  if (!text || isSending) return;
  isSending = true;
  close();
  // Emptied at once, so that what is typed during the answer isn't thrown away with it.
  line.value = line.value.startsWith(written) ? line.value.slice(written.length) : "";
  box?.setAttribute("aria-busy", "true");
  const [command, ...words] = text.split(/\s+/);
  const answer = text.startsWith("/")
    ? await post("command", { channel: tab.channel, command, text: words.join(" ") })
    : await post("say", { channel: tab.channel, text });
  box?.removeAttribute("aria-busy");
  isSending = false;
  if (!answer || answer.error) {
    line.value ||= text;
    if (answer) toast(failure(answer.error));
    return;
  }
  if (!line.value) sessionStorage.removeItem(DRAFT);
  const log = document.getElementById("log");
  if (log) log.scrollTop = log.scrollHeight;
}

async function reply() {
  const field = /** @type {HTMLInputElement} */ (document.getElementById("reply-line"));
  const text = field.value.trim();
  if (text && (await post("say", { channel: tab.channel, text, thread: tab.thread }))) field.value = "";
}
