/* Small conveniences: frequent phrases, select all, column settings, rotate, print, Ctrl K, the wall clock. */
const once = (root, selector, dress) => {
  for (const node of root.querySelectorAll(selector)) {
    if (node.dataset.ready) continue;
    node.dataset.ready = "1";
    dress(node);
  }
};

function phrases(group) {
  group.hidden = false;
  const box = document.getElementById(group.dataset.phrases);
  group.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-phrase]")?.dataset.phrase;
    if (!phrase || !box) return;
    box.value = box.value ? `${box.value.replace(/[。；]?$/, "；")}${phrase}` : phrase;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
}

function selectAll(box) {
  box.hidden = false;
  const others = () => [...box.closest("table").querySelectorAll("tbody .cell-select input")];
  box.addEventListener("change", () => { for (const other of others()) other.checked = box.checked; });
}

function columns(details) {
  details.hidden = false;
  const id = details.dataset.columnSettings, key = `onecity.columns.${id}`, table = document.getElementById(id);
  const hiddenNames = new Set(JSON.parse(localStorage.getItem(key) || "[]"));
  const apply = () => {
    for (const cell of table?.querySelectorAll("[data-col]") ?? []) cell.hidden = hiddenNames.has(cell.dataset.col);
  };
  for (const box of details.querySelectorAll("[data-column]")) {
    box.checked = !hiddenNames.has(box.dataset.column);
    box.addEventListener("change", () => {
      hiddenNames[box.checked ? "delete" : "add"](box.dataset.column);
      localStorage.setItem(key, JSON.stringify([...hiddenNames]));
      apply();
    });
  }
  apply();
}

function rotate(button) {
  button.hidden = false;
  let turn = 0;
  button.addEventListener("click", () => {
    const box = button.closest(".file").querySelector("[data-rotatable]");
    box.classList.remove(`rotate-${turn}`);
    turn = (turn + 1) % 4;
    box.classList.add(`rotate-${turn}`);
  });
}

function clock(node) {
  const start = node.dateTime ? Date.parse(node.dateTime) : Date.now();
  const shift = start - Date.now();
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "Asia/Shanghai", year: "numeric", month: "long", day: "numeric", weekday: "long", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const tick = () => { node.textContent = format.format(new Date(Date.now() + shift)); };
  tick();
  setInterval(tick, 1000);
}

export function startSmall(root) {
  once(root, "[data-phrases]", phrases);
  once(root, "[data-select-all]", selectAll);
  once(root, "[data-column-settings]", columns);
  once(root, "[data-rotate]", rotate);
  once(root, "[data-print]", (button) => { button.hidden = false; button.addEventListener("click", () => print()); });
  once(root, "[data-clock]", clock);
  once(root, "[data-hotkey]", (field) => addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== field.dataset.hotkey) return;
    event.preventDefault();
    field.focus();
  }));
}
