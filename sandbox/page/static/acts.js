// What somebody presses, chooses and submits in messages and modals.

import { near } from "./find.js";
import { closeLists } from "./suggest.js";
import { failure, post, toast } from "./wire.js";

/** Listens to everything that can be used. */
export function startActs() {
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("cancel", onCancel, true);
  document.addEventListener("picked", (event) => {
    const input = near(event.target, "[data-act='choose']");
    if (input) void act(input, valueOf([input]));
  });
}

/** @param {MouseEvent} event */
function onClick(event) {
  if (near(event.target, "[data-close]")) return void close();
  const used = near(event.target, "button[data-act], a[data-act]");
  if (used) void act(used, used.dataset.act === "choose" ? (used.dataset.value ?? null) : null);
  const menu = near(event.target, ".bk-overflow");
  for (const open of document.querySelectorAll(".bk-overflow[open]")) {
    if (open !== menu || used) open.removeAttribute("open");
  }
  closeLists(event.target);
}

/** @param {Event} event */
function onChange(event) {
  const used = near(event.target, "[data-act='choose']");
  if (!used || used.hasAttribute("data-suggest")) return;
  void act(used, valueOf([used, ...sameControl(used)]));
}

/**
 * @param {HTMLElement} used
 * @returns {HTMLElement[]} the other boxes of the same element
 */
function sameControl(used) {
  const screen = used.closest("article.message, article.home, form.modal");
  const all = [...(screen?.querySelectorAll(`[data-control="${CSS.escape(used.dataset.control ?? "")}"]`) ?? [])];
  return /** @type {HTMLElement[]} */ (all.filter((other) => other !== used));
}

/**
 * @param {HTMLElement[]} elements those of one field
 * @returns {string | string[] | null} what the field holds
 */
function valueOf(elements) {
  const boxes = /** @type {HTMLInputElement[]} */ (elements);
  const [first] = boxes;
  if (first.hasAttribute("data-suggest")) {
    const chosen = first.closest(".bk-suggest")?.querySelector("[data-chosen]");
    if (chosen) return [...chosen.querySelectorAll("button")].map((chip) => chip.dataset.value ?? "");
    return first.dataset.value || null;
  }
  if (first.type === "checkbox") return boxes.filter((box) => box.checked).map((box) => box.value);
  if (first.type === "radio") return boxes.find((box) => box.checked)?.value ?? null;
  return first.value === "" ? null : first.value;
}

/**
 * Uses an element of a message, of the home tab or of the open modal.
 * @param {HTMLElement} used
 * @param {string | string[] | null} value
 */
async function act(used, value) {
  if (used.getAttribute("aria-busy") === "true" || !(await isSure(used))) return;
  const message = /** @type {HTMLElement | null} */ (used.closest("article.message"));
  const home = used.closest("article.home");
  const modal = /** @type {HTMLFormElement | null} */ (used.closest("form.modal"));
  const screen = message ?? home ?? modal;
  const named = used.dataset.control;
  setBusy(screen, used, true);
  const answer = message
    ? await post("act", {
        channel: message.dataset.channel,
        ts: message.dataset.ts,
        edition: Number(message.dataset.edition),
        named,
        value,
      })
    : modal
      ? await post("act-in-view", { named, value, values: fields(modal) })
      : await post("act-at-home", { named, value });
  setBusy(screen, used, false);
  if (answer?.error) toast(failure(answer.error));
}

/**
 * @param {Element | null} screen
 * @param {HTMLElement} used
 * @param {boolean} isBusy
 */
function setBusy(screen, used, isBusy) {
  used.toggleAttribute("aria-busy", isBusy);
  if (isBusy) used.setAttribute("aria-busy", "true");
  for (const other of screen?.querySelectorAll("button[data-act], select[data-act], [type=submit]") ?? []) {
    /** @type {HTMLButtonElement} */ (other).disabled = isBusy;
  }
  if (!isBusy && used.isConnected) used.focus();
}

/**
 * Asks first where the bot wants it asked.
 * @param {HTMLElement} used
 * @returns {Promise<boolean>}
 */
function isSure(used) {
  const { confirmTitle, confirmText, confirmOk, confirmNo } = used.dataset;
  if (confirmTitle === undefined) return Promise.resolve(true);
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("question"));
  const dialog = /** @type {HTMLDialogElement} */ (template.content.querySelector("dialog")?.cloneNode(true));
  /** @type {HTMLElement} */ (dialog.querySelector("h2")).textContent = confirmTitle;
  /** @type {HTMLElement} */ (dialog.querySelector("p")).textContent = confirmText ?? "";
  const [no, ok] = dialog.querySelectorAll("button");
  no.textContent = confirmNo ?? "Cancel";
  ok.textContent = confirmOk ?? "OK";
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "ok");
    });
  });
}

/** @param {SubmitEvent} event */
function onSubmit(event) {
  const form = near(event.target, "form.modal");
  if (!form) return;
  event.preventDefault();
  void submit(/** @type {HTMLFormElement} */ (form));
}

/** @param {HTMLFormElement} form the open modal */
async function submit(form) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"));
  if (button.disabled) return;
  complain(form, {});
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  const answer = await post("submit", { values: fields(form) });
  button.disabled = false;
  button.removeAttribute("aria-busy");
  if (!answer) return;
  complain(form, answer.complaints ?? {});
  const trouble = /** @type {HTMLElement} */ (form.querySelector(".modal-trouble"));
  trouble.hidden = !answer.error;
  trouble.textContent = answer.error ? failure(answer.error) : "";
}

/**
 * @param {HTMLFormElement} form
 * @returns {Record<string, string | string[] | null>} what the fields hold, by path
 */
function fields(form) {
  /** @type {Map<string, HTMLElement[]>} */
  const byPath = new Map();
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-field]"))) {
    const path = element.dataset.field ?? "";
    byPath.set(path, [...(byPath.get(path) ?? []), element]);
  }
  return Object.fromEntries([...byPath].map(([path, elements]) => [path, valueOf(elements)]));
}

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} complaints by block id
 */
function complain(form, complaints) {
  let first = true;
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-complaint]"))) {
    const said = complaints[line.dataset.complaint ?? ""];
    line.hidden = !said;
    line.textContent = said ?? "";
    const field = /** @type {HTMLElement | null} */ (line.parentElement?.querySelector("[data-field]"));
    if (said) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
    if (said && first) field?.focus();
    if (said) first = false;
  }
}

/** @param {Event} event the Escape key in a modal, or a phone's way back */
function onCancel(event) {
  if (!near(event.target, "dialog.stage")) return;
  event.preventDefault();
  void close();
}

async function close() {
  const answer = await post("close");
  if (answer?.error) toast(failure(answer.error));
}
