/* The one entry module. It looks for data attributes and loads only what the page needs.
   Nothing here is required to read a page or send a form. */
import { startToasts } from "./toast.mjs";

const parts = [
  ["[data-keyboard-list], [data-key]", "./keyboard.mjs", "startKeyboard"],
  ["dialog, [data-dialog-open]", "./dialog.mjs", "startDialogs"],
  ["form[data-draft]", "./draft.mjs", "startDrafts"],
  ["[data-read-aloud]", "./aloud.mjs", "startReadAloud"],
  ["[data-phrases], [data-select-all], [data-column-settings], [data-rotate], [data-print], [data-hotkey], [data-clock]", "./small.mjs", "startSmall"],
  ["[data-map]", "./map.mjs", "startMaps"],
  ["[data-chart]", "./chart.mjs", "startCharts"],
];

const loaded = new Map();

async function start(root) {
  for (const [selector, url, name] of parts) {
    if (!root.matches?.(selector) && !root.querySelector(selector)) continue;
    if (!loaded.has(url)) loaded.set(url, import(url));
    try {
      (await loaded.get(url))[name](root);
    } catch (error) {
      console.warn(`${url}:`, error.message);
    }
  }
}

startToasts(document);
start(document);
document.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) start(event.target); });
