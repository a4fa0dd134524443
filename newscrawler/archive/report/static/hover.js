// What lies under the pointer, told beside it. Text only: nothing of a page becomes markup.
(() => {
  const tip = document.getElementById("tip");
  const number = new Intl.NumberFormat("en").format;

  function ofSquare(svg, event) {
    const box = svg.getBoundingClientRect();
    const across = Math.floor(((event.clientX - box.left) / box.width) * 10);
    const down = Math.floor(((event.clientY - box.top) / box.height) * 10);
    const n = Math.min(99, Math.max(0, down * 10 + across));
    const counts = svg.dataset.counts.split(";")[n];
    if (counts === "-") return null;
    const size = Number(svg.dataset.square);
    const start = Number(svg.dataset.start) + n * size;
    const first = Math.max(start, Number(svg.dataset.first));
    const last = Math.min(start + size - 1, Number(svg.dataset.last));
    const lines = [first === last ? number(first) : `${number(first)} – ${number(last)}`];
    const words = svg.closest(".map").dataset;
    const states = words.states.split(",");
    let asked = 0;
    counts.split(",").forEach((text, state) => {
      const count = Number(text);
      asked += count;
      if (count) lines.push(first === last ? states[state] : `${states[state]} ${number(count)}`);
    });
    const never = last - first + 1 - asked;
    if (never) lines.push(first === last ? words.never : `${words.never} ${number(never)}`);
    return lines.join("\n");
  }

  function textAt(event) {
    const target = event.target.closest?.("[data-tip], [data-counts]");
    if (!target) return null;
    return target.dataset.counts === undefined ? target.dataset.tip : ofSquare(target, event);
  }

  function show(event) {
    const text = textAt(event);
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    const above = event.clientY - tip.offsetHeight - 14;
    tip.style.left = `${Math.max(8, Math.min(room, event.clientX + 12))}px`;
    tip.style.top = `${above > 8 ? above : event.clientY + 20}px`;
  }

  document.addEventListener("pointermove", show);
  document.addEventListener("pointerdown", show);
  document.addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });
})();
