// data-sheet="FORM": a table whose cells are fields of that form, moved through as in a spreadsheet. A row with
// data-sheet-row="URL" is saved there when one of its cells was changed and left; the answer is the row as it stands now
// (components/sheet.html). Arrows and Enter move, Shift with them selects in a column, Ctrl+D fills the selection with
// its first value, Shift+Delete leaves rows out or takes them in again, Esc gives the cell its saved value back.

import { sentence, showToast } from "./toast.js";

const FIELDS = ".sheet-field";

export function sheets() {
  // Before the keys that work anywhere, of which Esc would leave the field.
  document.addEventListener(
    "keydown",
    (event) => {
      const field = event.target.closest?.(`[data-sheet] ${FIELDS}`);
      if (field) onKey(event, field);
    },
    true,
  );
  document.addEventListener("focusin", (event) => {
    const field = event.target.closest?.(`[data-sheet] ${FIELDS}`);
    if (field && !field.closest("td").classList.contains("is-selected")) unselect(sheetOf(field));
  });
  document.addEventListener("change", (event) => {
    const row = event.target.closest?.("[data-sheet] [data-sheet-row]");
    if (row && event.target.matches(FIELDS)) save(row);
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-sheet] .is-unsaved")) event.preventDefault();
  });
}

function onKey(event, field) {
  if (event.altKey || event.isComposing) return;
  const command = event.ctrlKey || event.metaKey;
  const done = command ? event.key === "d" && fillDown(field) : plainKey(event, field);
  if (done) event.preventDefault();
}

function plainKey(event, field) {
  const { key, shiftKey } = event;
  if (key === "Enter") return move(field, shiftKey ? -1 : 1, 0);
  if (key === "ArrowDown" || key === "ArrowUp") {
    const step = key === "ArrowDown" ? 1 : -1;
    return shiftKey ? extend(field, step) : move(field, step, 0);
  }
  if (key === "ArrowRight" && !shiftKey && atEdge(field, "end")) return move(field, 0, 1);
  if (key === "ArrowLeft" && !shiftKey && atEdge(field, "start")) return move(field, 0, -1);
  if (key === "Delete" && shiftKey) return leaveOut(field);
  if (key === "Escape") return giveBack(field);
  return false;
}

function atEdge(field, edge) {
  if (field.tagName === "SELECT") return true;
  const { selectionStart, selectionEnd, value } = field;
  // A cell just entered is selected whole: the first arrow leaves it, as a spreadsheet does.
  if (selectionStart === 0 && selectionEnd === value.length) return true;
  const place = edge === "end" ? value.length : 0;
  return selectionStart === place && selectionEnd === place;
}

const sheetOf = (field) => field.closest("[data-sheet]");
const columnOf = (field) => [...field.closest("tr").querySelectorAll(FIELDS)].indexOf(field);
const rowsOf = (sheet) => [...sheet.querySelectorAll("tbody tr")].filter((row) => row.querySelector(FIELDS));

function neighbour(field, down, right) {
  const rows = rowsOf(sheetOf(field));
  const row = rows[rows.indexOf(field.closest("tr")) + down];
  return row?.querySelectorAll(FIELDS)[columnOf(field) + right];
}

function move(field, down, right) {
  const next = neighbour(field, down, right);
  // Enter at the end of the sheet leaves nothing but what was typed.
  if (next) enter(next);
  else field.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function enter(field) {
  unselect(sheetOf(field));
  field.focus();
  field.select?.();
}

// What is selected is a stretch of one column, from where it began to where the focus is.
function extend(field, step) {
  const next = neighbour(field, step, 0);
  if (!next) return true;
  const sheet = sheetOf(field);
  sheet.anchor ??= field;
  const rows = rowsOf(sheet);
  const ends = [sheet.anchor, next]
    .map((one) => rows.indexOf(one.closest("tr")))
    .sort((one, other) => one - other);
  const column = columnOf(field);
  rows.forEach((row, place) => {
    const within = place >= ends[0] && place <= ends[1];
    row.querySelectorAll(FIELDS)[column]?.closest("td").classList.toggle("is-selected", within);
  });
  next.focus();
  return true;
}

function unselect(sheet) {
  sheet.anchor = null;
  for (const cell of sheet.querySelectorAll(".is-selected")) cell.classList.remove("is-selected");
}

function selected(field) {
  const fields = [...sheetOf(field).querySelectorAll(`.is-selected ${FIELDS}`)];
  return fields.length ? fields : [field];
}

function fillDown(field) {
  const fields = selected(field);
  const [first, ...others] = fields.length > 1 ? fields : [neighbour(field, -1, 0), field];
  if (!first) return true;
  for (const other of others) put(other, first.value);
  return true;
}

function put(field, value) {
  const fits = field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value);
  if (!fits || field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function leaveOut(field) {
  const actions = selected(field)
    .map((one) => one.closest("tr").querySelector("[name$='-action']"))
    .filter(Boolean);
  const skip = actions.some((action) => action.value !== "skip");
  for (const action of actions) put(action, skip ? "skip" : "create");
  return actions.length > 0;
}

function giveBack(field) {
  const wasSelected = field.closest("td").classList.contains("is-selected");
  unselect(sheetOf(field));
  if (wasSelected) return true;
  if (field.tagName === "SELECT") return false;
  field.value = field.defaultValue;
  field.select();
  return true;
}

// One saving a row at a time; what is typed meanwhile is saved next.
async function save(row) {
  row.again = row.saving;
  if (row.saving) return;
  row.saving = true;
  row.classList.add("is-unsaved");
  const sheet = row.closest("[data-sheet]");
  tell(sheet, sheet.dataset.sheetSaving);
  do {
    row.again = false;
    await send(row, sheet);
  } while (row.again);
  row.saving = false;
}

async function send(row, sheet) {
  const form = document.getElementById(sheet.dataset.sheet);
  const body = new FormData();
  for (const field of row.querySelectorAll("[name]")) body.set(field.name, field.value);
  const headers = { "HX-Request": "true", "X-CSRFToken": form.elements.csrf_token.value };
  try {
    const answer = await fetch(row.dataset.sheetRow, { method: "POST", body, headers });
    if (!answer.ok) throw answer;
    const html = await answer.text();
    if (row.again) return;
    show(row, html);
    row.classList.remove("is-unsaved");
    // Said only when it is so of every row.
    if (!sheet.querySelector(".is-unsaved")) tell(sheet, sheet.dataset.sheetSaved);
  } catch (failure) {
    tell(sheet, sheet.dataset.sheetRefused);
    showToast(sentence({ getResponseHeader: (name) => failure.headers?.get(name) ?? null }));
  }
}

// The row as the server has it, cell by cell: where the focus is, only the marks change.
function show(row, html) {
  const holder = document.createElement("tbody");
  holder.innerHTML = html;
  const fresh = holder.querySelector("tr");
  row.classList.toggle("is-skipped", fresh.classList.contains("is-skipped"));
  row.querySelector("[data-sheet-state]").replaceWith(fresh.querySelector("[data-sheet-state]"));
  const cells = row.querySelectorAll("td");
  fresh.querySelectorAll("td").forEach((other, place) => {
    const cell = cells[place];
    const isSelected = cell.classList.contains("is-selected");
    cell.className = other.className;
    cell.classList.toggle("is-selected", isSelected);
    if (cell.contains(document.activeElement)) mark(cell, other);
    else keepTyped(cell, other);
  });
}

function mark(cell, other) {
  cell.querySelector(".sheet-wrong")?.remove();
  const wrong = other.querySelector(".sheet-wrong");
  const field = cell.querySelector(FIELDS);
  if (wrong) {
    cell.append(wrong);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", wrong.id);
    return;
  }
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
  // What Esc gives back is what was saved last.
  field.defaultValue = other.querySelector(FIELDS).value;
}

// What could not be read stays as it was typed, beside its reason.
function keepTyped(cell, other) {
  const wrong = other.querySelector(".sheet-wrong");
  if (wrong) mark(cell, other);
  else cell.replaceChildren(...other.childNodes);
}

function tell(sheet, text) {
  const told = document.getElementById(sheet.dataset.sheet)?.querySelector("[data-sheet-told]");
  if (told) told.textContent = text;
}
