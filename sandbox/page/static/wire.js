// The way to the server, and what is said when something there goes wrong.

/** Who looks at what in this tab, as the address says. */
export const tab = {
  user: document.body.dataset.user ?? "",
  channel: document.body.dataset.channel ?? "",
  thread: document.body.dataset.thread ?? "",
  client: document.body.dataset.client ?? "",
  isHome: document.body.dataset.home !== undefined,
};

/** @returns {URLSearchParams} the tab as the server's calls take it */
export function where() {
  const query = new URLSearchParams({ as: tab.user, channel: tab.channel });
  if (tab.thread) query.set("thread", tab.thread);
  if (tab.isHome) query.set("home", "1");
  return query;
}

/**
 * @param {string} path
 * @param {Record<string, string>} [more] further words of the query
 * @returns {Promise<Response>}
 */
export async function get(path, more = {}) {
  const query = where();
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return fetch(`${path}?${query}`);
}

/**
 * Does something as the acting user. What goes wrong is told in a toast.
 * @param {string} what the end of the call's address
 * @param {Record<string, unknown>} [given]
 * @returns {Promise<Record<string, any> | null>} the answer, or null when it couldn't be done
 */
export async function post(what, given = {}) {
  try {
    const response = await fetch(`/page/do/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Rollcall-Page": "1" },
      body: JSON.stringify({ user: tab.user, ...given }),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    toast(answer.error ?? "The pretend Slack couldn’t do that.");
  } catch {
    toast("The pretend Slack doesn’t answer. Is the demo still running?");
  }
  return null;
}

const REASONS = new Map([
  ["operation_timeout", "the bot didn’t answer in time"],
  ["dispatch_failed", "the bot couldn’t be reached"],
  ["http_service_error", "the bot answered with an error"],
  ["invalid_response", "Slack can’t use the bot’s answer"],
  ["invalid_command_response", "Slack can’t use the bot’s answer"],
]);

/**
 * @param {string} code Slack's name of what went wrong
 * @returns {string}
 */
export function failure(code) {
  return `That didn’t work: ${REASONS.get(code) ?? "something went wrong"} (${code}).`;
}

/** @param {string} sentence what went wrong */
export function toast(sentence) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("toast"));
  const shown = /** @type {HTMLElement} */ (template.content.cloneNode(true)).firstElementChild;
  const open = document.querySelector("dialog[open]");
  const place = document.getElementById("toasts");
  if (!shown || !place) return;
  // An open modal makes everything outside of it inert, and lies above it.
  (open ?? document.body).append(place);
  /** @type {HTMLElement} */ (shown.querySelector("p")).textContent = sentence;
  shown.querySelector("button")?.addEventListener("click", () => shown.remove());
  place.append(shown);
  setTimeout(() => shown.remove(), 12_000);
}
