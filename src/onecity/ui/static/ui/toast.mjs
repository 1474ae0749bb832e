/* Toasts: short words after an action. Alarms stay until closed; others leave after eight seconds unless touched. */
const STAY = 8000;

function dress(node, area) {
  if (node.querySelector("button")) return;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = area.dataset.closeLabel || "×";
  close.addEventListener("click", () => node.remove());
  node.append(close);
  if (node.classList.contains("toast-alarm")) return;
  let timer = setTimeout(() => node.remove(), STAY);
  for (const type of ["pointerenter", "focusin"]) node.addEventListener(type, () => clearTimeout(timer));
  node.addEventListener("pointerleave", () => { timer = setTimeout(() => node.remove(), STAY); });
}

/** Show a text. Tone: info, good, warn, alarm. */
export function toast(text, tone = "info") {
  const area = document.getElementById("toasts");
  if (!area) return;
  const node = document.createElement("div");
  node.className = `toast toast-${["info", "good", "warn", "alarm"].includes(tone) ? tone : "info"}`;
  const words = document.createElement("span");
  words.textContent = text;
  node.append(words);
  area.append(node);
  dress(node, area);
}

/** Close buttons on toasts the server wrote; answers with `HX-Trigger: {"toast": {"text": …, "tone": …}}` show too. */
export function startToasts(root) {
  const area = root.getElementById("toasts");
  if (!area) return;
  for (const node of area.querySelectorAll(".toast")) dress(node, area);
  root.addEventListener("toast", (event) => toast(event.detail.text ?? "", event.detail.tone));
}
