// The people panel and the clock: what happens behind the scenes.

import { post, tab } from "./wire.js";

/** Listens to the panel, and to the clock. */
export function startPanel() {
  document.getElementById("hire")?.addEventListener("submit", (event) => {
    event.preventDefault();
    void hire(/** @type {HTMLFormElement} */ (event.target));
  });
  document.getElementById("panel")?.addEventListener("click", onClick);
  document.getElementById("panel")?.addEventListener("change", onChange);
  document.getElementById("panel")?.addEventListener("submit", onSubmit);
  document.getElementById("search")?.addEventListener("input", search);
  document.getElementById("people")?.addEventListener("settled", search);
  document.getElementById("clock")?.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (within(event, "[data-turn]"));
    if (button) void turn(button.dataset.turn ?? "");
  });
  document.getElementById("clock")?.addEventListener("submit", (event) => {
    event.preventDefault();
    void turn(/** @type {HTMLInputElement} */ (document.getElementById("day")).value);
  });
}

/**
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
function within(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/** @param {HTMLFormElement} form */
async function hire(form) {
  const name = /** @type {HTMLInputElement} */ (form.elements.namedItem("name"));
  const kind = /** @type {HTMLSelectElement} */ (form.elements.namedItem("kind"));
  const answer = await post("hire", { client: tab.client, name: name.value, kind: kind.value });
  if (answer) name.value = answer.next_name;
}

/** @param {Event} event */
function onClick(event) {
  const deed = within(event, "button[data-deed]");
  if (deed) void post(deed.dataset.deed ?? "", { client: deed.dataset.client });
  const changed = within(event, "button[data-change]");
  if (changed) void change(changed, changed.dataset.change ?? "");
}

/** @param {Event} event */
function onChange(event) {
  const broken = /** @type {HTMLSelectElement | null} */ (within(event, "select[data-deed]"));
  if (broken?.value) void post("break", { client: broken.dataset.client, how: broken.value });
  const licence = /** @type {HTMLInputElement | null} */ (within(event, "[data-licence]"));
  if (licence) void change(licence, licence.checked ? "license" : "unlicense", licence.dataset.licence);
}

/** @param {Event} event */
function onSubmit(event) {
  const form = /** @type {HTMLFormElement | null} */ (within(event, "form[data-rename]"));
  if (!form) return;
  event.preventDefault();
  void change(form, "rename", /** @type {HTMLInputElement} */ (form.elements.namedItem("value")).value);
}

/**
 * @param {HTMLElement} used something inside of a person
 * @param {string} deed
 * @param {string} [value]
 */
async function change(used, deed, value = "") {
  const person = /** @type {HTMLElement | null} */ (used.closest("[data-person]"));
  await post("change", { client: tab.client, person: person?.dataset.person, deed, value });
}

/** Hides whom the search doesn't mean. */
function search() {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("search"));
  const wanted = field?.value.trim().toLowerCase() ?? "";
  let isAnybody = false;
  for (const person of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-sought]"))) {
    const isWanted = (person.dataset.sought ?? "").includes(wanted);
    person.hidden = !isWanted;
    isAnybody ||= isWanted;
  }
  const nobody = document.getElementById("nobody");
  if (nobody) nobody.hidden = isAnybody || !wanted;
}

/** @param {string} day */
async function turn(day) {
  if (await post("turn", { day })) document.getElementById("clock-menu")?.hidePopover();
}
