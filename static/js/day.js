// A day is read back in words, whatever order the browser shows its numbers in.
(() => {
  "use strict";
  const BOXES = "form.fields input[type=date], form.fields input[type=datetime-local], .in[type=date]:not(.move *)";
  const SHAPE = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?/;
  const read = (box) => {
    const place = box.closest(".control") ?? box;
    let words = place.nextElementSibling;
    if (!words?.matches(".day-words")) {
      words = document.createElement("output");
      words.className = "day-words";
      place.after(words);
    }
    const [, year, month, day, time] = SHAPE.exec(box.value) || [];
    const of = year && "日一二三四五六"[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
    words.textContent = of ? `${+year}年${+month}月${+day}日 星期${of}${time ? ` ${time}` : ""}` : "年、月、日";
  };
  const all = () => document.querySelectorAll(BOXES).forEach(read);
  addEventListener("input", (event) => event.target.matches?.(BOXES) && read(event.target));
  document.body.addEventListener("htmx:afterSwap", all);
  all();
})();
