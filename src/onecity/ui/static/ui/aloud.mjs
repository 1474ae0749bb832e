/* Reads a part of the page with the device's own voice; the button stays hidden where there is none. */
function stop(button) {
  speechSynthesis.cancel();
  button.setAttribute("aria-pressed", "false");
  const label = button.querySelector("[data-label]");
  if (label) label.textContent = button.dataset.labelStart;
}

function words(target) {
  const copy = target.cloneNode(true);
  for (const node of copy.querySelectorAll("script, style, svg, [aria-hidden=true], [hidden], button")) node.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function speak(button) {
  const target = document.getElementById(button.dataset.readAloud);
  if (!target) return;
  const sentences = words(target).match(/[^。！？；.!?;]+[。！？；.!?;]?/g) ?? [];
  button.setAttribute("aria-pressed", "true");
  const label = button.querySelector("[data-label]");
  if (label) label.textContent = button.dataset.labelStop;
  sentences.forEach((sentence, index) => {
    const voice = new SpeechSynthesisUtterance(sentence);
    voice.lang = document.documentElement.lang;
    voice.rate = 0.9;
    if (index === sentences.length - 1) voice.onend = () => stop(button);
    speechSynthesis.speak(voice);
  });
}

export function startReadAloud(root) {
  if (!("speechSynthesis" in window)) return;
  for (const button of root.querySelectorAll("[data-read-aloud]")) {
    if (button.dataset.ready) continue;
    button.dataset.ready = "1";
    button.hidden = false;
    button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop(button) : speak(button)));
  }
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
