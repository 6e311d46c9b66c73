// Says at which page of how many a reader is, while they scroll. Without it each page says so itself.

const place = document.querySelector("[data-place]");
const pages = [...document.querySelectorAll("[data-page][data-position]")];

if (place && "IntersectionObserver" in window) {
  const parts = new Map();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) parts.set(entry.target, entry.intersectionRect.height);
      const seen = pages.reduce((best, page) =>
        (parts.get(page) ?? 0) > (parts.get(best) ?? 0) ? page : best,
      );
      const of = pages.filter((page) => page.dataset.position === seen.dataset.position).length;
      place.textContent = place.dataset.of.replace("{n}", seen.dataset.page).replace("{m}", of);
      place.hidden = of < 2;
    },
    { threshold: [0, 0.1, 0.25, 0.5, 0.75, 1] },
  );
  for (const page of pages) watch.observe(page);
  document.body.classList.add("has-place");
}
