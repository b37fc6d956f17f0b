// The frame: sheets on narrow screens, light and dark, and the tour.

const TOUR = "tour closed";

/** Listens to the frame. */
export function startShell() {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-sheet]"))) {
    button.addEventListener("click", () => toggle(button.dataset.sheet ?? ""));
  }
  document.getElementById("shade")?.addEventListener("click", () => toggle(""));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.dataset.open) toggle("");
  });
  document.getElementById("theme-button")?.addEventListener("click", changeTheme);
  document.getElementById("tour-button")?.addEventListener("click", () => showTour(true));
  document.getElementById("tour-close")?.addEventListener("click", () => showTour(false));
  showTour(localStorage.getItem(TOUR) === null);
}

/** @param {string} sheet the one to open, unless it is open already */
function toggle(sheet) {
  const before = document.body.dataset.open ?? "";
  const now = before === sheet ? "" : sheet;
  if (now) document.body.dataset.open = now;
  else delete document.body.dataset.open;
  const shade = document.getElementById("shade");
  if (shade) shade.hidden = !now;
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-sheet]"))) {
    button.setAttribute("aria-expanded", String(button.dataset.sheet === now));
    if (!now && button.dataset.sheet === before) button.focus();
  }
  const first = now && document.getElementById(now)?.querySelector("a, button, input, select");
  if (first instanceof HTMLElement) first.focus();
}

function changeTheme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
}

/** @param {boolean} isShown */
function showTour(isShown) {
  const tour = document.getElementById("tour");
  if (!tour) return;
  const log = document.getElementById("log");
  const isAtEnd = log !== null && log.scrollHeight - log.scrollTop - log.clientHeight < 90;
  tour.hidden = !isShown;
  if (isShown) localStorage.removeItem(TOUR);
  else localStorage.setItem(TOUR, "yes");
  if (log && isAtEnd) log.scrollTop = log.scrollHeight;
}
