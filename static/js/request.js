// The request's screens with scripts: capitals read back, units that fit, villages without
// reloading, and nothing lost when the network drops. Without scripts every page works as well.
(() => {
  "use strict";
  const KEPT = "puhui-typed";
  const SECRET = new Set(["csrfmiddlewaretoken", "code", "do", "step"]);
  const DIGITS = "零壹贰叁肆伍陆柒捌玖";
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];

  const section = (number) => {
    let text = "";
    for (const [size, place] of [[1000, "仟"], [100, "佰"], [10, "拾"], [1, ""]]) {
      const digit = Math.floor(number / size) % 10;
      if (digit) text += DIGITS[digit] + place;
      else if (text && !text.endsWith("零")) text += "零";
    }
    return text.replace(/零$/, "");
  };
  const whole = (number) => {
    for (const [size, unit] of [[1e8, "亿"], [1e4, "万"]]) {
      if (number < size) continue;
      const low = number % size;
      const high = whole(Math.floor(number / size)) + unit;
      return low ? high + (low < size / 10 ? "零" : "") + whole(low) : high;
    }
    return section(number);
  };

  const readBack = () => {
    const shown = one("#capitals");
    if (!shown) return;
    const chip = one("[name=amount]:checked");
    const typed = one("#own").value.trim() || (chip ? chip.value : "");
    const wan = /^\d{1,6}(\.\d{1,4})?$/.test(typed) ? Number(typed) : 0;
    const yuan = Math.round(wan * 10000);
    shown.hidden = !yuan;
    shown.textContent = yuan ? `${whole(yuan)}元整（${yuan.toLocaleString("en-US")} 元）` : "";
  };

  const fitUnits = () => {
    const chosen = one("[name=purpose]:checked");
    const units = (chosen && chosen.dataset.units || "").split(" ").filter(Boolean);
    const select = one("#scale_unit");
    if (!select) return;
    for (const option of select.options) option.hidden = option.disabled = units.length > 0 && !units.includes(option.value);
    if (select.selectedOptions[0] && select.selectedOptions[0].disabled) select.value = units[0];
  };

  const askVillages = async () => {
    const township = one("#township");
    const select = one("#village");
    try {
      const answer = await fetch(`/ask/villages?township=${encodeURIComponent(township.value)}`);
      if (answer.ok) select.innerHTML = await answer.text();
    } catch {
      one("#show-villages").hidden = false;
    }
    elsewhere();
  };
  const elsewhere = () => {
    const place = one("#elsewhere");
    if (place) place.hidden = one("#village").value !== "other";
  };

  const fitProducts = () => {
    const bank = one("#directed_bank");
    const products = one("#directed_product");
    if (!bank) return;
    const route = one("[name=route]:checked");
    one("#one-bank").hidden = !route || route.value !== "one";
    for (const option of products.options) {
      option.hidden = option.disabled = Boolean(bank.value && option.value && option.dataset.bank !== bank.value);
    }
    if (products.selectedOptions[0] && products.selectedOptions[0].disabled) products.value = "";
  };

  const dress = () => {
    readBack();
    fitUnits();
    fitProducts();
    elsewhere();
    const show = one("#show-villages");
    if (show) show.hidden = true;
    const errors = one("#errors");
    if (errors) errors.focus();
    else if (location.hash.length > 1) {
      const target = document.getElementById(location.hash.slice(1));
      if (target) target.focus({ preventScroll: false });
    }
  };

  document.addEventListener("input", (event) => {
    const name = event.target.name;
    if (name === "own" && event.target.value) for (const chip of all("[name=amount]")) chip.checked = false;
    if (name === "amount") one("#own").value = "";
    if (name === "amount" || name === "own") readBack();
    if (name === "purpose") fitUnits();
    if (name === "purpose_words" && event.target.value) one("[name=purpose][value=other]").checked = true;
    if (name === "township") askVillages();
    if (name === "village") elsewhere();
    if (name === "route" || name === "directed_bank") fitProducts();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".err-sum a");
    const target = link && link.pathname === location.pathname && document.getElementById(link.hash.slice(1));
    if (!target) return;
    const fold = target.closest("details");
    if (fold) fold.open = true;
    const field = target.matches("fieldset") ? target.querySelector("input:checked, input, select") : target;
    event.preventDefault();
    target.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });

  // What was typed stays on this page; if the tab is closed while the network is away, in the tab's
  // own storage. Nothing secret is kept there, and it is forgotten once the server has it.
  const remember = (form) => {
    const typed = [...new FormData(form)].filter(([name]) => !SECRET.has(name) && name !== "identity_number");
    try { sessionStorage.setItem(KEPT, JSON.stringify([form.dataset.keep, typed])); } catch { /* full or forbidden */ }
  };
  const recall = () => {
    const form = one("form[data-keep]");
    if (!form || one("#errors")) return;
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(KEPT)); } catch { /* forbidden */ }
    if (!kept || kept[0] !== form.dataset.keep) return;
    for (const [name, value] of kept[1]) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = field.checked || field.value === value;
        else if (field.type !== "hidden" && !field.value) field.value = value;
      }
    }
  };
  const forget = () => { try { sessionStorage.removeItem(KEPT); } catch { /* forbidden */ } };

  const cut = (form, button) => {
    const note = form.querySelector("#cut");
    if (!note) return;
    note.querySelector("[data-button]").textContent = button ? button.textContent : "下一步";
    note.hidden = false;
    if (form.dataset.keep) remember(form);
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const button = event.submitter;
    if (form.method !== "post" || !form.querySelector("#cut")) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const body = new URLSearchParams(new FormData(form));
    if (button && button.name) body.append(button.name, button.value);
    try {
      const answer = await fetch(form.action, {
        method: "POST", body, headers: { "X-Part": "next" }, signal: AbortSignal.timeout ? AbortSignal.timeout(20000) : undefined,
      });
      const next = answer.headers.get("X-Next");
      if (next) {
        forget();
        const same = new URL(next, location.href);
        location.assign(next);
        if (same.pathname === location.pathname && same.search === location.search) location.reload();
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.title = page.title;
      document.body.replaceWith(document.adoptNode(page.body));
      window.scrollTo(0, 0);
      dress();
    } catch {
      delete form.dataset.busy;
      cut(form, button);
    }
  });
  window.addEventListener("pageshow", () => { for (const form of all("form")) delete form.dataset.busy; });

  recall();
  dress();
})();
