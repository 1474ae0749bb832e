/* J / K move, Enter opens, A and R press what the page marks with data-key. Off while typing; can be switched off. */
const STORE = "onecity.keys";
let started = false;

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
const off = () => localStorage.getItem(STORE) === "off";

function rows() {
  return [...document.querySelectorAll("[data-keyboard-list] [data-row]")];
}

function current(list) {
  const focused = list.findIndex((row) => row.classList.contains("row-focus"));
  return focused >= 0 ? focused : list.findIndex((row) => row.classList.contains("row-active"));
}

function move(step) {
  const list = rows();
  if (!list.length) return;
  const next = Math.min(list.length - 1, Math.max(0, current(list) + step));
  for (const row of list) row.classList.remove("row-focus");
  const row = list[next];
  row.classList.add("row-focus");
  row.scrollIntoView({ block: "nearest" });
  (row.querySelector("a[href]") ?? row).focus?.({ preventScroll: true });
}

function open(row) {
  const link = row.querySelector(`a[href="${CSS.escape(row.dataset.href)}"]`) ?? row.querySelector("a[href]");
  if (link) link.click();
  else if (row.dataset.href) location.assign(row.dataset.href);
}

function press(letter) {
  const list = rows();
  const row = list[current(list)];
  const marked = [...document.querySelectorAll(`[data-key="${letter}"]`)].find((node) => !node.disabled && node.checkVisibility());
  if (marked && (!row || row.classList.contains("row-active"))) return marked.click();
  const href = letter === "A" ? row?.dataset.approve : row?.dataset.return;
  if (href) location.assign(href);
  else marked?.click();
}

function onKey(event) {
  if (off() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") { move(key === "j" ? 1 : -1); event.preventDefault(); }
  else if (key === "a" || key === "r") { press(key.toUpperCase()); }
  else if (key === "enter" && !event.target.closest?.("a, button, summary")) {
    const row = rows()[current(rows())];
    if (row) open(row);
  }
}

export function startKeyboard() {
  for (const hint of document.querySelectorAll("[data-keys]")) {
    hint.hidden = false;
    const button = hint.querySelector("[data-keys-toggle]");
    if (!button || button.dataset.ready) continue;
    button.dataset.ready = "1";
    const show = () => button.setAttribute("aria-pressed", String(!off()));
    button.addEventListener("click", () => { localStorage.setItem(STORE, off() ? "on" : "off"); show(); });
    show();
  }
  if (started) return;
  started = true;
  document.addEventListener("keydown", onKey);
}
