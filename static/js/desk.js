// The desk: keys, dialogs, the lists that refresh themselves, a sound for what is new.
(() => {
  "use strict";
  const body = document.body;
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const sheet = one("#sheet");
  const sheetBody = one("#sheet-body");
  const keysBox = one("#all-keys");
  const lists = () => one("#lists");
  body.classList.add("has-js");

  // -- what was just said ---------------------------------------------------------------------
  let saidTimer = null;
  const say = (words, undo) => {
    const box = one("#said");
    if (!box || !words) return;
    box.innerHTML = "";
    const line = document.createElement("p");
    line.textContent = words;
    box.append(line);
    if (undo) {
      const back = document.createElement("button");
      back.className = "btn plain";
      back.textContent = "撤销";
      back.dataset.undo = undo;
      line.append(" ", back);
    }
    clearTimeout(saidTimer);
    saidTimer = setTimeout(() => (box.innerHTML = ""), 6000);
  };
  if (one("#said p")) saidTimer = setTimeout(() => (one("#said").innerHTML = ""), 6000);

  // -- the dialog -----------------------------------------------------------------------------
  const open = (address) => htmx.ajax("GET", address, { target: "#sheet-body", swap: "innerHTML" });
  const close = () => {
    if (sheet && sheet.open) sheet.close();
    if (keysBox && keysBox.open) keysBox.close();
  };
  sheet?.addEventListener("close", () => {
    sheetBody.innerHTML = "";
    mark(current());
  });
  body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== sheetBody || !sheetBody.children.length) return;
    if (!sheet.open) sheet.showModal();
    const first = one(".err-note, [autofocus], .field.bad input, form.fields input:not([type=hidden]), form.fields select, form.fields textarea, a[href^='tel:'], button", sheetBody);
    first?.focus();
    const number = one("a[data-dial-now]", sheetBody);
    if (number && matchMedia("(pointer: coarse)").matches) location.href = number.href;
  });
  body.addEventListener("puhui:done", (event) => {
    const { said, to, keep, undo } = event.detail;
    if (!keep) close();
    say(said, undo);
    // On the phone one list is seen at a time: the one where the work goes on.
    const place = lists() && to ? new URL(to, location.href) : null;
    const next = place?.searchParams.get("list");
    if (next && matchMedia("(max-width: 719px)").matches) {
      showTab(next);
      chosen = place.hash.replace("#row-", "") || chosen;
    }
    if (lists()) refresh();
    else if (to) location.assign(to);
  });
  body.addEventListener("htmx:sendError", () => say("没有发出去：网断了。您填的还在，有网了再按一次。"));
  body.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    say(status === 404 ? "没有找到，或不归您看。" : status === 403 ? "登录过期了，请刷新页面。" : "没有办成，请再试一次。");
  });
  document.addEventListener("change", (event) => {
    const box = event.target.closest(".control.file");
    if (box) box.toggleAttribute("data-chosen", event.target.files.length > 0);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-sheet]");
    if (link && sheet && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open(link.getAttribute("href"));
      return;
    }
    const closer = event.target.closest("[data-close]");
    if (closer && closer.closest("dialog")) {
      event.preventDefault();
      close();
      return;
    }
    const tab = event.target.closest("[data-tab]");
    if (tab) {
      event.preventDefault();
      showTab(tab.dataset.tab);
      return;
    }
    const undo = event.target.closest("[data-undo]");
    if (undo) {
      htmx.ajax("POST", undo.dataset.undo, { source: undo, target: "#sheet-body", swap: "innerHTML" });
      return;
    }
    const row = event.target.closest("[data-row]");
    if (row) mark(row);
    if (event.target.closest("[data-mute]")) mute(!isMuted());
    if (event.target.closest("[data-print]")) window.print();
  });

  // -- menus of the bar: one at a time, closed by Escape or a press elsewhere --------------------
  const shut = (kept) => {
    for (const menu of all("details[data-popup][open]")) if (menu !== kept) menu.open = false;
  };
  document.addEventListener("click", (event) => shut(event.target.closest("details[data-popup]")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details[data-popup][open]");
    if (event.key === "Escape") shut(null);
    if (menu) one("summary", menu).focus();
  });

  // -- five tabs on the phone ------------------------------------------------------------------
  const showTab = (name) => {
    const desk = one("#desk");
    if (!desk) return;
    desk.dataset.list = name;
    history.replaceState(null, "", `?list=${name}`);
    markTab();
    scrollTo(0, 0);
  };
  const markTab = () => {
    const name = one("#desk")?.dataset.list;
    for (const tab of all("[data-tab]")) {
      if (tab.dataset.tab === name) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
  };

  // -- the cursor ------------------------------------------------------------------------------
  let chosen = "";
  const rows = () => all("[data-row]").filter((row) => row.offsetParent !== null);
  const current = () => rows().find((row) => row.dataset.row === chosen && row.matches("[aria-selected]"))
    || rows().find((row) => row.dataset.row === chosen) || null;
  const mark = (row, focus = false) => {
    for (const other of all("[data-row][aria-selected]")) other.removeAttribute("aria-selected");
    if (!row) return;
    chosen = row.dataset.row;
    row.setAttribute("aria-selected", "true");
    if (focus) {
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
    }
  };
  const step = (by) => {
    const seen = rows();
    if (!seen.length) return;
    const at = seen.indexOf(current());
    mark(seen[Math.min(seen.length - 1, Math.max(0, at < 0 ? 0 : at + by))], true);
  };
  const jump = (number) => {
    // The tabs stand in the order of the lists, wherever the desk lays their panels.
    const name = all("[data-tab]")[number - 1]?.dataset.tab;
    const panel = name ? one(`[data-panel="${name}"]`) : all("[data-panel]")[number - 1];
    if (!panel) return;
    if (panel.offsetParent === null) showTab(panel.dataset.panel);
    const row = one("[data-row]", panel);
    if (row) mark(row, true);
  };
  const press = (selector, fallback) => {
    const row = current();
    const target = (row && one(selector, row)) || (fallback && all(selector).find((el) => el.offsetParent)) || null;
    target?.click();
    return Boolean(target);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, textarea, select, [contenteditable]");
    if (typing) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (document.querySelector("dialog[open]")) {
      const key = event.key.toLowerCase();
      if (key === "d") one("dialog[open] a[href^='tel:'], dialog[open] [data-dial]")?.click();
      if (key === "x") one("dialog[open] [data-aside]")?.click();
      return;
    }
    const pressable = event.target.closest("a, button, summary");
    const acts = {
      j: () => step(1),
      ArrowDown: () => step(1),
      k: () => step(-1),
      ArrowUp: () => step(-1),
      n: () => step(1),
      Enter: () => !pressable && press("[data-main]", !one("[data-row]")),
      d: () => press("[data-dial]", true),
      c: () => press("[data-claim]", true),
      x: () => press("[data-aside]", false),
      z: () => one("[data-undo]")?.click(),
      o: () => {
        const address = current()?.dataset.open;
        if (address) location.assign(address);
      },
      m: () => mute(!isMuted()),
      "/": () => one("[data-find]")?.focus(),
      "?": () => keysBox?.showModal(),
      "？": () => keysBox?.showModal(),
    };
    const act = acts[event.key] || acts[event.key.toLowerCase()] || (/^[1-5]$/.test(event.key) && (() => jump(Number(event.key))));
    if (!act) return;
    if (event.key === "Enter" && pressable) return;
    if (event.key.startsWith("Arrow") && !one("[data-row]")) return;
    event.preventDefault();
    act();
  });

  // -- the lists refresh themselves --------------------------------------------------------------
  let asked = 0;
  let again = false;
  const refresh = () => {
    if (!lists()) return;
    if (asked) {
      again = true;
      return;
    }
    asked = Date.now();
    htmx.trigger(lists(), "refresh");
  };
  const seenOpen = () => new Set(all("[data-loud] [data-row]").map((row) => row.dataset.row));
  let known = seenOpen();
  // Between two refreshes that others caused lies a breath, however much happens in the county.
  const BREATH = 600;
  let settledAt = 0;
  let breathing = null;
  const refreshSoon = () => {
    breathing ??= setTimeout(() => {
      breathing = null;
      refresh();
    }, Math.max(0, settledAt + BREATH - Date.now()));
  };
  const settle = () => {
    asked = 0;
    settledAt = Date.now();
    if (again) {
      again = false;
      refreshSoon();
    }
  };
  body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== lists()) return;
    // An act is under way in these lists: its answer must find its row. They refresh after it.
    if (one("#lists form.htmx-request, #lists a.htmx-request")) {
      event.detail.shouldSwap = false;
      again = true;
      return;
    }
    known = seenOpen();
  });
  body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== lists()) return;
    const held = document.activeElement === body;
    markTab();
    const row = current() || one("[data-in-hand]") || rows()[0];
    mark(row, held && chosen !== "" && !one("dialog[open]"));
    pace();
    greet([...seenOpen()].filter((key) => !known.has(key)));
  });
  const greet = (fresh) => {
    if (!fresh.length) return;
    const words = one(`#row-${CSS.escape(fresh[0])} .a`)?.textContent.trim() || "";
    one("#heard").textContent = `新来 ${fresh.length} 条：${words}`;
    for (const key of fresh) one(`#row-${CSS.escape(key)}`)?.classList.add("fresh");
    beep();
  };
  // A row that came by the stream: behind those whose minutes run, with this reader's own token.
  body.addEventListener("puhui:row", (event) => {
    const list = one("[data-rows='open']");
    const { ref, row } = event.detail;
    if (!list || asked || one(`#row-${CSS.escape(ref)}`)) return;
    const shell = document.createElement("template");
    shell.innerHTML = row;
    const item = one("li", shell.content);
    const token = JSON.parse(body.getAttribute("hx-headers"))["X-CSRFToken"];
    for (const field of all("input[name='csrfmiddlewaretoken']", item)) field.value = token;
    const running = all(":scope > [data-row]", list).filter((other) => one("[data-due]", other));
    if (running.length) running[running.length - 1].after(item);
    else list.prepend(item);
    htmx.process(item);
    for (const count of all("[data-panel='open'] header .n, [data-tab='open'] b")) count.textContent = Number(count.textContent) + 1;
    greet([ref]);
    event.preventDefault();
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt === lists()) settle();
  });
  body.addEventListener("puhui:change", refreshSoon);
  // While the stream is cut the page asks every ten seconds; when it is back, at once.
  let polling = null;
  new MutationObserver(() => {
    const cut = body.hasAttribute("data-cut");
    if (cut && !polling) polling = setInterval(refresh, 10000);
    if (!cut && polling) {
      clearInterval(polling);
      polling = null;
      refresh();
    }
  }).observe(body, { attributes: true, attributeFilter: ["data-cut"] });

  // -- the running clock and the meter -----------------------------------------------------------
  const skew = body.dataset.now ? Date.parse(body.dataset.now) - Date.now() : 0;
  const pace = () => {
    const now = Date.now() + skew;
    const local = new Date(now + (new Date().getTimezoneOffset() + 480) * 60000);
    const two = (n) => String(n).padStart(2, "0");
    for (const clock of all("[data-clock]")) clock.textContent = `${two(local.getHours())}:${two(local.getMinutes())}:${two(local.getSeconds())}`;
    for (const meter of all("progress[data-until]")) {
      const from = Date.parse(meter.dataset.from), until = Date.parse(meter.dataset.until);
      meter.max = Math.max(1, until - from);
      meter.value = Math.min(until, Math.max(from, now)) - from;
      meter.classList.toggle("soon", until - now <= 120000 && now <= until);
      meter.classList.toggle("late", now > until);
    }
  };
  setInterval(pace, 1000);

  // -- the sound -------------------------------------------------------------------------------
  const isMuted = () => localStorage.getItem("puhui-mute") === "1";
  const mute = (quiet) => {
    localStorage.setItem("puhui-mute", quiet ? "1" : "0");
    showMute();
    say(quiet ? "提示音关了。" : "提示音开了。");
    if (!quiet) beep();
  };
  const showMute = () => {
    for (const button of all("[data-mute]")) {
      button.textContent = isMuted() ? "提示音：关" : "提示音：开";
      button.setAttribute("aria-pressed", String(isMuted()));
    }
  };
  let audio = null;
  const wakeAudio = () => {
    if (!window.AudioContext) return;
    audio = audio || new AudioContext();
    if (audio.state === "suspended") audio.resume();
  };
  document.addEventListener("pointerdown", wakeAudio, { passive: true });
  document.addEventListener("keydown", wakeAudio);
  const beep = () => {
    body.dataset.beeps = String(Number(body.dataset.beeps || 0) + (isMuted() ? 0 : 1));
    if (isMuted() || !audio || audio.state !== "running") return;
    for (const [at, pitch] of [[0, 880], [0.16, 1175]]) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, audio.currentTime + at);
      volume.gain.exponentialRampToValueAtTime(0.2, audio.currentTime + at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + 0.14);
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + at);
      tone.stop(audio.currentTime + at + 0.15);
    }
  };

  showMute();
  pace();
  mark(one("[data-in-hand]") || rows()[0] || null);
})();
