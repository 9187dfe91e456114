// Live desks: hear of changes, let lists refresh themselves, run the countdowns.
(() => {
  "use strict";
  const body = document.body;
  let source = null;
  let pending = null;
  let due = Infinity;

  const tell = (name, detail) => body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, cancelable: true }));

  // One refresh for a burst of changes. What only the doings of other banks changed may wait a
  // little, each page for a time of its own, so that not all ask at once.
  const changed = (detail) => {
    const isFar = detail.name === "" && String(detail.topics) === "banks";
    const at = Date.now() + (isFar ? 500 + Math.random() * 2000 : 150);
    if (pending && at >= due && isFar) return;
    clearTimeout(pending);
    due = at;
    pending = setTimeout(() => {
      pending = null;
      tell("puhui:change", detail);
    }, at - Date.now());
  };

  // A demand that has just opened comes with its row; a page that cannot place it asks anew.
  const heard = (detail) => {
    if (detail.row && !tell("puhui:row", detail)) return;
    changed(detail);
  };

  const listen = () => {
    const address = body.dataset.stream;
    if (!address || !window.EventSource) return;
    source = new EventSource(address, { withCredentials: true });
    source.addEventListener("change", (event) => heard(JSON.parse(event.data)));
    source.onopen = () => {
      body.removeAttribute("data-cut");
      body.setAttribute("data-live", "");
    };
    source.onerror = () => {
      body.setAttribute("data-cut", "");
      body.removeAttribute("data-live");
    };
  };

  // A countdown shows data-due (an instant) against the server's clock, given by data-now.
  const skew = Number(body.dataset.now ? Date.parse(body.dataset.now) - Date.now() : 0);
  const two = (n) => String(n).padStart(2, "0");
  const tick = () => {
    for (const one of document.querySelectorAll("[data-due]")) {
      const left = Math.round((Date.parse(one.dataset.due) - Date.now() - skew) / 1000);
      const span = Math.abs(left);
      const text = `${Math.floor(span / 60)}:${two(span % 60)}`;
      one.textContent = left < 0 ? `超 ${text}` : text;
      one.classList.toggle("late", left < 0);
      one.classList.toggle("soon", left >= 0 && left <= 120);
    }
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") changed({ name: "seen-again" });
  });
  window.addEventListener("beforeunload", () => source && source.close());
  listen();
  tick();
  setInterval(tick, 1000);
})();
