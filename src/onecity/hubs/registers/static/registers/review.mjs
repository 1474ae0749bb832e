/* J / K go to the next and former pair, M and N press the verdict, ? opens the help. Off while typing, or when keys are off. */
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (localStorage.getItem("onecity.keys") === "off") return;
  if (event.key === "?") {
    const help = document.querySelector("[data-review-help]");
    if (help) { help.open = !help.open; help.scrollIntoView({ block: "nearest" }); event.preventDefault(); }
    return;
  }
  const key = event.key.toLowerCase();
  if (!"jkmn".includes(key)) return;
  const target = document.querySelector(`[data-review="${key}"]`);
  if (target) { event.preventDefault(); target.click(); }
});
