// data-mentions="URL" on a text: what follows @ asks the server for people, and a chosen one is written there.
// Arrows choose, Enter or Tab takes, Esc closes; who types on needs no list: a whole name or an address is understood.

import { markOption } from "./mark-option.js";

const FIELD = "textarea[data-mentions]";
// A name of up to three words, not within an address.
const BEGUN = /(?:^|[\s(])@([\p{L}\p{M}'’.-]{0,40}(?: [\p{L}\p{M}'’.-]{0,40}){0,2})$/u;
const WAIT = 150;

export function mentions() {
  let timer = 0;
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.(FIELD)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT, event.target);
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest(".mention-field-people [role=option]");
    if (!option) return;
    // The text must not lose the focus before the name stands in it.
    event.preventDefault();
    take(option.closest(".mention-field").querySelector(FIELD), option);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches?.(FIELD)) close(event.target);
  });
}

function list(field) {
  return document.getElementById(field.getAttribute("aria-controls"));
}

function begun(field) {
  return BEGUN.exec(field.value.slice(0, field.selectionStart))?.[1];
}

async function ask(field) {
  const name = begun(field);
  if (name === undefined || document.activeElement !== field) return close(field);
  const address = new URL(field.dataset.mentions, location.href);
  address.searchParams.set("name", name);
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  // What arrives late answers a question that nobody asks any more.
  if (!answer?.ok || begun(field) !== name) return;
  const people = list(field);
  people.innerHTML = await answer.text();
  const options = [...people.querySelectorAll("[role=option]")];
  people.hidden = options.length === 0;
  markOption(field, options, options[0] ?? null);
}

function onKey(event) {
  if (!event.target.matches?.(FIELD)) return;
  const field = event.target;
  const people = list(field);
  if (people.hidden) return;
  const options = [...people.querySelectorAll("[role=option]")];
  const place = options.findIndex((option) => option.id === field.getAttribute("aria-activedescendant"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const step = event.key === "ArrowDown" ? 1 : -1;
    markOption(field, options, options[(place + step + options.length) % options.length]);
  } else if ((event.key === "Enter" || event.key === "Tab") && place >= 0) take(field, options[place]);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function take(field, option) {
  const name = begun(field) ?? "";
  const end = field.selectionStart;
  field.setRangeText(`${option.dataset.value} `, end - name.length, end, "end");
  close(field);
}

function close(field) {
  const people = list(field);
  if (!people) return;
  people.hidden = true;
  people.replaceChildren();
  markOption(field, [], null);
}
