// Runs before anything is drawn, so that whoever chose a theme never sees the other one flash by.
"use strict";
{
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}
