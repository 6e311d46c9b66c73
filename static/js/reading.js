// Tells our own server which page of a link was in view when, in ms since the load; keeps nothing in the
// browser. Reads body[data-visit][data-beacon] and [data-position][data-page]. docs/counting.md says what counts.

const { visit, beacon } = document.body.dataset;
const FIRST = 3000;
const IDLE = 60000;
const EVERY = navigator.connection?.saveData ? 30000 : 10000;
const MOST = 90;
// Tells reports of this load from those of another.
const load = crypto.getRandomValues(new Uint32Array(1))[0] >>> 11;
const pages = [...document.querySelectorAll("[data-position][data-page]")];
const near = new Set();
const watcher =
  window.IntersectionObserver &&
  new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) near[isIntersecting ? "add" : "delete"](target);
    look();
  });
const raw = {};
const kept = {};
let events = [];
const unsent = [];
let place = 0;
let open = null;
let acted = 0;
let away = false;
let left = false;
let seen = 0;
let sentAt = 0;

const now = () => Math.floor(performance.now());
const visible = () => document.visibilityState === "visible";

function inView() {
  let best = null;
  let most = 0;
  for (const page of watcher ? near : pages) {
    const { top, bottom } = page.getBoundingClientRect();
    const height = Math.min(bottom, innerHeight) - Math.max(top, 0);
    if (height > most) [best, most] = [page, height];
  }
  return best;
}

function close(t) {
  if (!open) return;
  const { position, page } = open.of.dataset;
  if (t > open.from) events.push(["s", Number(position), Number(page), open.from, t]);
  seen += Math.max(0, t - open.from);
  open = null;
}

function look() {
  const t = now();
  const page = visible() && !away && t - acted < IDLE ? inView() : null;
  if (open && open.of !== page) close(Math.min(t, acted + IDLE));
  if (page && !open) open = { of: page, from: t };
  const reading = seen + (open ? t - open.from : 0);
  if (reading >= FIRST && (!place || t - sentAt >= EVERY || events.length >= MOST)) report();
}

function report(leaving) {
  const t = now();
  if (open) {
    const { of } = open;
    close(t);
    open = leaving ? null : { of, from: t };
  }
  if (leaving) events.push(["e", t]);
  if (seen < FIRST || place > 1023 || !events.length) return;
  const body = JSON.stringify({ visit, number: load * 1024 + place, now: t, events });
  events = [];
  place += 1;
  sentAt = t;
  unsent.push(body);
  flush(leaving);
}

// What was not answered for is sent again as it was: the server knows it by its number. Nobody hears the answer
// to a beacon, so a page that lives on sends that again too.
function flush(leaving) {
  for (const body of unsent.splice(0)) {
    const again = () => unsent.push(body);
    if (leaving && navigator.sendBeacon?.(beacon, body)) again();
    else
      fetch(beacon, { method: "POST", body, keepalive: true, credentials: "omit" }).then(
        ({ status }) => status >= 500 && again(),
        again,
      );
  }
}

function act(kind, trusted = true) {
  const t = now();
  // Of a movement its beginning is told, and every 5 s that it goes on.
  if (!(t - raw[kind] < 250 && t - kept[kind] < 5000) && events.length < MOST) {
    events.push(["i", t, kind, trusted ? 1 : 0]);
    kept[kind] = t;
  }
  raw[kind] = t;
  acted = t;
  away = left = false;
}

function leave() {
  if (left) return;
  left = true;
  look();
  report(true);
}

function watch() {
  for (const page of pages) watcher?.observe(page);
  for (const name of ["pointermove", "pointerdown", "wheel", "keydown", "touchstart", "touchmove"]) {
    const [kind] = name.match(/pointer|wheel|key|touch/);
    const hear = (event) => {
      // A page that comes to lie under a pointer at rest is told as a movement, by nothing.
      if (name === "pointermove" && event.isTrusted && event.movementX === 0 && event.movementY === 0) return;
      act(event.pointerType === "touch" ? "touch" : kind, event.isTrusted);
    };
    document.addEventListener(name, hear, { passive: true, capture: true });
  }
  addEventListener("blur", () => {
    away = true;
    look();
  });
  addEventListener("focus", () => act("back"));
  document.addEventListener("visibilitychange", () => {
    if (!visible()) return leave();
    act("back");
    flush();
  });
  addEventListener("pagehide", leave);
  setInterval(look, 250);
}

if (visit && beacon) watch();
