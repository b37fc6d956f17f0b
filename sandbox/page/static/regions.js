// The regions of the page: the server says which of them changed, and only what is new in them is replaced.

import { get, post, tab, where } from "./wire.js";

const NEAR_THE_END_PIXELS = 90;
const ASKS_AGAIN_MILLISECONDS = 1000;
/** @type {Map<string, Promise<void>>} */
const underWay = new Map();

/** Shows where each region ends, and listens for changes. */
export function startRegions() {
  const isNew = rememberZone();
  for (const region of document.querySelectorAll("[data-region]")) settle(/** @type {HTMLElement} */ (region), true);
  listen(isNew);
  document.addEventListener("visibilitychange", markRead);
  markRead();
}

/**
 * Says on the page when the server is away; a server that is just starting may not know the reader yet, and the browser
 * gives up on such a refusal, so it is asked again.
 * @param {boolean} isNew whether every region has to be fetched anew
 */
function listen(isNew) {
  const events = new EventSource(`/page/events?${where()}`);
  const away = /** @type {HTMLElement} */ (document.getElementById("away"));
  events.addEventListener("open", () => (away.hidden = true));
  events.addEventListener("error", () => {
    away.hidden = false;
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, ASKS_AGAIN_MILLISECONDS, isNew);
  });
  events.addEventListener("region", (event) => {
    const { name, version } = JSON.parse(event.data);
    const region = find(name);
    if (region && (isNew || region.dataset.version !== version)) void refresh(name);
  });
  events.addEventListener("lost", () => location.assign("/"));
}

/** @returns {boolean} whether the reader's time zone was unknown to the server until now */
function rememberZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || document.cookie.split("; ").includes(`zone=${encodeURIComponent(zone)}`)) return false;
  document.cookie = `zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=strict`;
  return true;
}

/**
 * @param {string} name
 * @returns {HTMLElement | null}
 */
function find(name) {
  return document.querySelector(`[data-region="${name}"]`);
}

/**
 * Fetches a region, after what is being fetched already.
 * @param {string} name
 */
async function refresh(name) {
  const before = underWay.get(name);
  const now = (async () => {
    await before;
    try {
      await fetchRegion(name);
    } catch {
      // The server is away: the events say anew what changed once they are back, and nothing may wait for this in vain.
    }
  })();
  underWay.set(name, now);
  await now;
}

/** @param {string} name */
async function fetchRegion(name) {
  const region = find(name);
  const response = await get(`/page/region/${name}`);
  if (!region || !response.ok) return;
  const html = await response.text();
  const version = response.headers.get("X-Version") ?? "";
  if (version !== region.dataset.version || name !== "modal") put(region, html);
  region.dataset.version = version;
}

/**
 * @param {HTMLElement} region
 * @param {string} html
 */
function put(region, html) {
  const isAtEnd = region.scrollHeight - region.scrollTop - region.clientHeight < NEAR_THE_END_PIXELS;
  const template = document.createElement("template");
  template.innerHTML = html;
  if (region.dataset.region === "modal") region.replaceChildren(template.content);
  else reconcile(region, template.content);
  settle(region, isAtEnd);
}

/**
 * Puts new parts in the place of old ones; a part that stayed the same keeps its element, and with it what somebody
 * chose, typed or opened there.
 * @param {HTMLElement} region
 * @param {DocumentFragment} fresh
 */
function reconcile(region, fresh) {
  const wanted = /** @type {HTMLElement[]} */ ([...fresh.children]);
  const keys = new Set(wanted.map((part) => part.dataset.key));
  const old = new Map();
  for (const part of /** @type {HTMLElement[]} */ ([...region.children])) {
    if (keys.has(part.dataset.key)) old.set(part.dataset.key, part);
    else part.remove();
  }
  let place = region.firstElementChild;
  for (const part of wanted) {
    const before = old.get(part.dataset.key);
    if (before && before.dataset.version === part.dataset.version) {
      if (before === place) place = place.nextElementSibling;
      else region.insertBefore(before, place);
      continue;
    }
    part.classList.add("is-new");
    if (before) {
      if (before === place) place = place.nextElementSibling;
      const focused = before.contains(document.activeElement) ? document.activeElement : null;
      const open = before.querySelector("details[open]") !== null;
      before.replaceWith(part);
      if (open) part.querySelector("details")?.setAttribute("open", "");
      if (focused) twin(part, focused)?.focus();
    } else {
      region.insertBefore(part, place);
    }
  }
}

/**
 * @param {Element} part
 * @param {Element} focused
 * @returns {HTMLElement | null} what stands in the new part where the focus was in the old one
 */
function twin(part, focused) {
  if (focused.id) return part.querySelector(`#${CSS.escape(focused.id)}`);
  const control = focused.getAttribute("data-control") ?? focused.getAttribute("data-change");
  const name = focused.hasAttribute("data-control") ? "data-control" : "data-change";
  const same = control && part.querySelector(`[${name}="${CSS.escape(control)}"]`);
  return same || part.querySelector(focused.localName);
}

/**
 * What is to be done once new content is in its place.
 * @param {HTMLElement} region
 * @param {boolean} isAtEnd whether the newest was seen before
 */
function settle(region, isAtEnd) {
  if (region.getAttribute("role") === "log" && isAtEnd) region.scrollTop = region.scrollHeight;
  if (region.dataset.region === "messages") markRead();
  if (region.dataset.region === "modal") {
    const dialog = region.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
    dialog?.querySelector(/** @type {any} */ ("[data-field], [data-act], [type=submit]"))?.focus();
  }
  region.dispatchEvent(new CustomEvent("settled", { bubbles: true }));
}

/** Tells that the newest message was seen, if anybody looks. */
function markRead() {
  const seen = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#log [data-ts]"));
  const newest = seen[seen.length - 1]?.dataset.ts;
  if (newest && document.visibilityState === "visible") void post("read", { channel: tab.channel, ts: newest });
}
