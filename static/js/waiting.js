// The waiting page with scripts: the clock runs down, news arrives without reloading.
(() => {
  "use strict";
  const body = document.body;
  const live = document.querySelector("#live");
  const skew = Date.parse(body.dataset.now) - Date.now();

  const tick = () => {
    for (const clock of document.querySelectorAll("[data-until]")) {
      const left = Math.max(0, Math.round((Date.parse(clock.dataset.until) - Date.now() - skew) / 1000));
      const [minutes, seconds] = clock.querySelectorAll("b");
      minutes.textContent = String(Math.floor(left / 60));
      seconds.textContent = String(left % 60).padStart(2, "0");
      if (left === 0 && !clock.dataset.over) {
        clock.dataset.over = "1";
        look();
      }
    }
  };

  const look = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(location.pathname, { headers: { "X-Part": "live" }, cache: "no-store" });
      if (!answer.ok || answer.redirected) return;
      const before = live.querySelector("h1").textContent;
      const held = live.contains(document.activeElement) ? document.activeElement.textContent : null;
      live.innerHTML = await answer.text();
      if (held) [...live.querySelectorAll("a, button")].find((one) => one.textContent === held)?.focus();
      const sentence = live.querySelector("h1").cloneNode(true);
      tick();
      if (before.replace(/\d/g, "") !== sentence.textContent.replace(/\d/g, "")) {
        document.querySelector("#heard").textContent = sentence.textContent;
      }
    } catch { /* the network is away; the clock still runs, and the next look comes */ }
  };

  // News arrives by the stream at once; the poll stands in where it does not.
  const listen = () => {
    if (!live || !live.dataset.poll || !body.dataset.stream || !window.EventSource) return;
    const source = new EventSource(body.dataset.stream, { withCredentials: true });
    let pending = null;
    source.addEventListener("change", () => {
      clearTimeout(pending);
      pending = setTimeout(look, 150);
    });
    addEventListener("pagehide", () => source.close());
  };
  listen();

  if (live && live.dataset.poll) setInterval(look, Number(live.dataset.poll) * 1000);
  document.addEventListener("visibilitychange", look);
  setInterval(tick, 1000);
  tick();
})();
