// Wall screen: hears that something changed, asks for the new counts, shows only what moved.
(() => {
  "use strict";
  const body = document.body;
  const wall = document.getElementById("wall");
  const clock = document.querySelector("[data-clock]");
  const stopped = document.querySelector(".stopped");
  const two = (n) => String(n).padStart(2, "0");
  let skew = Date.parse(body.dataset.now) - Date.now();
  let asOf = Date.parse(body.dataset.now);
  let pending = null;
  let pendingAt = Infinity;
  let asking = false;
  let again = false;
  let began = 0;
  let took = 0;

  // The county's clock, whatever zone the device is set to.
  const words = (instant) => {
    const there = new Date(instant + 8 * 3600 * 1000);
    const day = `${there.getUTCFullYear()}-${two(there.getUTCMonth() + 1)}-${two(there.getUTCDate())}`;
    return [day, `${two(there.getUTCHours())}:${two(there.getUTCMinutes())}`, two(there.getUTCSeconds())];
  };
  const tick = () => {
    const [day, minute, second] = words(Date.now() + skew);
    clock.textContent = `${day} ${minute}:${second}`;
  };

  const cut = () => {
    stopped.textContent = `数据停在 ${words(asOf)[1]}`;
    stopped.hidden = false;
    body.removeAttribute("data-live");
  };

  // Part by part, so that only sections whose content moved are touched.
  const show = (html) => {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const before = wall.querySelectorAll("section");
    const after = fresh.content.querySelectorAll("section");
    if (before.length !== after.length) {
      wall.replaceChildren(fresh.content);
    } else {
      after.forEach((part, place) => {
        if (part.innerHTML !== before[place].innerHTML) before[place].innerHTML = part.innerHTML;
      });
    }
  };

  const ask = async () => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    began = Date.now();
    try {
      const reply = await fetch(body.dataset.part, { credentials: "same-origin", cache: "no-store" });
      if (reply.status === 403) return location.reload();
      if (!reply.ok) throw new Error("not now");
      const html = await reply.text();
      const found = /data-as-of="([^"]+)"/.exec(html);
      if (!found) throw new Error("not the wall");
      asOf = Date.parse(found[1]);
      skew = asOf - Date.now();
      show(html);
      stopped.hidden = true;
      body.setAttribute("data-live", "");
    } catch {
      cut();
    } finally {
      asking = false;
      took = Date.now() - began;
      if (again) {
        again = false;
        soon(1000);
      }
    }
  };

  // One look for a burst of changes; counting a big county takes a while, and a screen asks for at
  // most a fifth of the time.
  const soon = (wait) => {
    const at = Math.max(Date.now() + wait, began + 5 * took);
    if (at >= pendingAt) return;
    clearTimeout(pending);
    pendingAt = at;
    pending = setTimeout(() => {
      pendingAt = Infinity;
      ask();
    }, at - Date.now());
  };

  const listen = () => {
    const source = new EventSource(body.dataset.stream, { withCredentials: true });
    source.addEventListener("change", () => soon(300));
    source.onopen = () => soon(0);
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
      soon(0);
    };
    window.addEventListener("beforeunload", () => source.close());
  };

  listen();
  tick();
  setInterval(tick, 1000);
  setInterval(() => soon(0), 20000);
})();
