// What JavaScript adds: the focus goes to what must be read first, and a job's progress moves by itself.
(() => {
  "use strict";

  document.querySelector("[data-focus]")?.focus();

  const look = async () => {
    const region = document.querySelector("[data-refresh]");
    if (!region) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById(region.id);
        if (fresh && fresh.innerHTML !== region.innerHTML) {
          region.replaceChildren(...fresh.childNodes);
          if (!fresh.hasAttribute("data-refresh")) region.removeAttribute("data-refresh");
        }
      }
    } catch {
      // The network is away for a moment; the next look may find it again, and the link is there.
    }
    later();
  };
  const later = () => {
    const region = document.querySelector("[data-refresh]");
    if (region) setTimeout(look, Number(region.dataset.refresh) * 1000);
  };
  later();
})();
