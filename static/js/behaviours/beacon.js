// data-beacon="URL" around links with data-result or data-result-beacon: tells the server which one was opened,
// with the form values in data-beacon-values (JSON). The request outlives the page, and nothing waits for it.

export function beacons() {
  for (const kind of ["click", "auxclick"]) {
    document.addEventListener(kind, (event) => {
      const link = event.target.closest?.("a[data-result], a[data-result-beacon]");
      const card = link?.closest("[data-beacon]");
      if (!card || event.button > 1) return;
      const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
      fetch(card.dataset.beacon, {
        method: "POST",
        keepalive: true,
        headers: { "X-CSRFToken": token },
        body: new URLSearchParams(JSON.parse(card.dataset.beaconValues)),
      }).catch(() => {}); // A lost note is no reason to disturb a person who is reading.
    });
  }
}
