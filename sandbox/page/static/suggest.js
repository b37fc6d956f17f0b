// Selects whose options the bot looks up for the letters that somebody types.

import { near } from "./find.js";
import { failure, get } from "./wire.js";

const LETTERS_SETTLE_MILLISECONDS = 160;

/** Listens to letters, keys and clicks in such selects. */
export function startSuggestions() {
  document.addEventListener("input", onInput);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const suggestion = near(event.target, ".bk-suggest [role=option]");
    if (suggestion) pick(suggestion);
    near(event.target, "[data-chosen] button[data-value]")?.remove();
  });
}

/** @param {EventTarget | null} target what was clicked; the lists elsewhere close */
export function closeLists(target) {
  for (const list of document.querySelectorAll(".bk-suggest")) {
    if (!list.contains(/** @type {Node} */ (target))) closeList(list);
  }
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let asking;

/** @param {Event} event letters in a select whose options the bot looks up */
function onInput(event) {
  const input = /** @type {HTMLInputElement | null} */ (near(event.target, "input[data-suggest]"));
  if (!input) return;
  delete input.dataset.value;
  clearTimeout(asking);
  asking = setTimeout(() => void suggest(input), LETTERS_SETTLE_MILLISECONDS);
}

/** @param {HTMLInputElement} input */
async function suggest(input) {
  const query = input.value.trim();
  const list = document.getElementById(input.getAttribute("aria-controls") ?? "");
  if (!list || query.length < Number(input.dataset.min)) return closeList(input.closest(".bk-suggest"));
  const message = /** @type {HTMLElement | null} */ (input.closest("article.message"));
  const on = message ? { ts: message.dataset.ts ?? "" } : {};
  const response = await get("/page/suggest", { control: input.dataset.control ?? "", query, ...on });
  const answer = await response.json();
  if (input.value.trim() !== query) return;
  const offered = [...(answer.options ?? []), ...(answer.option_groups ?? []).flatMap((/** @type {any} */ group) => group.options)];
  list.replaceChildren(...offered.map(option));
  if (!offered.length) list.append(note(answer.error ? failure(answer.error) : "Nothing found"));
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
}

/**
 * @param {any} offered an option as the bot sent it
 * @param {number} index
 */
function option(offered, index) {
  const item = document.createElement("li");
  item.className = "bk-menu-item";
  item.role = "option";
  item.id = `suggested-${index}`;
  item.dataset.value = offered.value;
  item.textContent = offered.text.text;
  return item;
}

/** @param {string} text */
function note(text) {
  const item = document.createElement("li");
  item.className = "bk-menu-note";
  item.textContent = text;
  return item;
}

/** @param {HTMLElement} suggestion */
function pick(suggestion) {
  const box = suggestion.closest(".bk-suggest");
  const input = /** @type {HTMLInputElement} */ (box?.querySelector("input"));
  const chosen = box?.querySelector("[data-chosen]");
  const value = suggestion.dataset.value ?? "";
  if (chosen) {
    const chip = document.createElement("button");
    Object.assign(chip, { type: "button", className: "bk-chip", textContent: suggestion.textContent });
    chip.dataset.value = value;
    chip.setAttribute("aria-label", `Remove ${suggestion.textContent}`);
    if (![...chosen.children].some((one) => /** @type {HTMLElement} */ (one).dataset.value === value)) chosen.append(chip);
    input.value = "";
  } else {
    input.value = suggestion.textContent ?? "";
    input.dataset.value = value;
  }
  closeList(box);
  input.focus();
  input.dispatchEvent(new Event("picked", { bubbles: true }));
}

/** @param {Element | null} box */
function closeList(box) {
  box?.querySelector("[role=listbox]")?.setAttribute("hidden", "");
  box?.querySelector("input")?.setAttribute("aria-expanded", "false");
}

/** @param {KeyboardEvent} event keys in a list of suggestions */
function onKey(event) {
  const input = /** @type {HTMLInputElement | null} */ (near(event.target, "input[data-suggest]"));
  const list = input && document.getElementById(input.getAttribute("aria-controls") ?? "");
  if (!input || !list || list.hidden) return;
  const options = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=option]")]);
  const now = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    event.stopPropagation();
    closeList(input.closest(".bk-suggest"));
  } else if (event.key === "Enter" && now >= 0) {
    pick(options[now]);
  } else if (step && options.length) {
    options[now]?.removeAttribute("aria-selected");
    const next = options[(now + step + options.length) % options.length];
    next.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  } else return;
  event.preventDefault();
}
