/* Drafts are never lost: the form is sent to data-draft (an address of ours) two seconds after the last change and when
   the page is left. An empty data-draft keeps the draft in this tab only; nothing personal outlives the tab. */
const WAIT = 2000;

const fields = (form) => [...new FormData(form).entries()].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
const tabKey = (form) => `onecity.draft.${location.pathname}.${form.id || form.name || "form"}`;

function say(form, text) {
  let note = form.querySelector("[data-draft-note]");
  if (!note) return;
  note.textContent = text;
}

async function save(form) {
  if (!form.dataset.draft) {
    sessionStorage.setItem(tabKey(form), JSON.stringify(fields(form)));
  } else {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), credentials: "same-origin", keepalive: true });
    if (!answer.ok) return say(form, form.dataset.draftFailed || "");
  }
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  say(form, `${form.dataset.draftSaved || ""} ${time}`.trim());
}

function restore(form) {
  const kept = sessionStorage.getItem(tabKey(form));
  if (form.dataset.draft || !kept || form.querySelector("[aria-invalid]")) return;
  for (const [name, value] of JSON.parse(kept)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) field.checked = field.value === value;
    else if (field && "value" in field && field.type !== "file" && !field.value) field.value = value;
  }
}

export function startDrafts(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    if (form.dataset.ready) continue;
    form.dataset.ready = "1";
    restore(form);
    let timer = 0, dirty = false;
    const now = () => { clearTimeout(timer); if (dirty) { dirty = false; save(form).catch(() => say(form, form.dataset.draftFailed || "")); } };
    form.addEventListener("input", () => { dirty = true; clearTimeout(timer); timer = setTimeout(now, WAIT); });
    form.addEventListener("submit", () => { dirty = false; clearTimeout(timer); sessionStorage.removeItem(tabKey(form)); });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") now(); });
  }
}
