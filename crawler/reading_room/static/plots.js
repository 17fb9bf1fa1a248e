// Draws each `figure.plot` from the table in it, so that both say the same. Without this file the tables are read.
// Words and numbers are the table's own; `data-value` has a number where the text is written for people.
"use strict";

(() => {
  const language = document.documentElement.lang;
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
  const month = new Intl.DateTimeFormat(language, { month: "short", year: "numeric", timeZone: "UTC" });
  const MOST_ROWS = 60;
  const fill = "var(--plot)";

  const text = (cell) => cell.textContent.trim().replace(/\s+/g, " ");
  const value = (cell) => Number(cell.dataset.value ?? cell.textContent);
  const cells = (table) => [...table.tBodies[0].rows].map((row) => [...row.cells]);
  const cut = (words, most) => (words.length > most ? `${words.slice(0, most - 1)}…` : words);

  function overTime(table, width) {
    const rows = cells(table).map(([start, count]) => {
      const from = new Date(`${start.dataset.value}T00:00:00Z`);
      const to = new Date(from.getTime() + Number(table.dataset.step) * 86400000);
      return { from, to, count: value(count), title: `${text(start)}: ${text(count)}` };
    });
    const most = rows.reduce((top, row) => (row.count > top.count ? row : top));
    const long = rows.length * Number(table.dataset.step) > 120;
    const levels = d3.ticks(0, Math.max(1, most.count), 4).filter(Number.isInteger);
    const middle = (row) => new Date((+row.from + +row.to) / 2);
    const every = Math.ceil(rows.length / Math.max(2, Math.floor(width / 100)));
    const marked = rows.filter((_, place) => (rows.length - 1 - place) % every === 0);
    const told = new Map(marked.map((row) => [+middle(row), row.from]));
    return {
      height: Math.min(220, 120 + width / 8),
      marginLeft: 46,
      marginTop: 24,
      x: { type: "utc", label: null, domain: [rows[0].from, rows[rows.length - 1].to] },
      y: { label: null, domain: [0, Math.max(1, most.count)], nice: true },
      marks: [
        Plot.gridY(levels), Plot.axisY(levels, { label: null, tickFormat: whole.format, tickSize: 0 }),
        Plot.axisX([...told.keys()].map((moment) => new Date(moment)), { label: null, tickSize: 0, tickFormat: (moment) => (long ? month : day).format(told.get(+moment)) }),
        Plot.rectY(rows, { x1: "from", x2: "to", y: "count", fill, insetLeft: 0.6, insetRight: 0.6, title: "title", tip: true }),
        Plot.ruleY([0]),
        most.count ? Plot.text([most], { x: middle, y: "count", text: (row) => whole.format(row.count), dy: -8, fontWeight: 600 }) : null,
      ],
    };
  }

  function bars(table, width) {
    const rows = cells(table).slice(0, MOST_ROWS / 3).map(([name, amount], place) => ({
      place, name: cut(text(name), Math.max(20, Math.floor(width / 8.5))), amount: value(amount), words: text(amount),
    }));
    const most = table.dataset.most ? Number(table.dataset.most) : Math.max(1, ...rows.map((row) => row.amount));
    return {
      height: rows.length * 38 + 6,
      marginLeft: 0, marginRight: 72, marginTop: 4, marginBottom: 2,
      x: { domain: [0, most], axis: null },
      y: { axis: null, type: "band", padding: 0, domain: rows.map((row) => row.place) },
      marks: [
        table.dataset.most ? Plot.barX(rows, { x: most, y: "place", fill: "var(--line)", insetTop: 24, insetBottom: 4 }) : null,
        Plot.barX(rows, { x: "amount", y: "place", fill, insetTop: 24, insetBottom: 4 }),
        Plot.text(rows, { x: 0, y: "place", text: "name", textAnchor: "start", frameAnchor: "left", dy: -7, className: "named" }),
        Plot.text(rows, { x: table.dataset.most ? most : "amount", y: "place", text: "words", textAnchor: "start", dx: 7, dy: 10, fontWeight: 600 }),
      ],
    };
  }

  function columns(table, width) {
    const rows = cells(table).map(([name, amount]) => ({ name: text(name), amount: value(amount), words: text(amount) })).reverse();
    const every = Math.ceil((rows.length * 44) / width);
    const shown = rows.filter((_, place) => (rows.length - 1 - place) % every === 0);
    return {
      height: 190, marginLeft: 4, marginRight: 4, marginTop: 24,
      x: { type: "band", domain: rows.map((row) => row.name), label: null, padding: 0.15 },
      y: { axis: null, domain: [0, Math.max(1, ...rows.map((row) => row.amount))] },
      marks: [
        Plot.axisX(shown.map((row) => row.name), { label: null, tickSize: 0 }),
        Plot.barY(rows, { x: "name", y: "amount", fill, title: (row) => `${row.name}: ${row.words}`, tip: true }),
        Plot.ruleY([0]),
        Plot.text(shown, { x: "name", y: "amount", text: "words", dy: -8 }),
      ],
    };
  }

  // A story's way: an article a line, when it came and how much of it stands in the original.
  function travel(table, width) {
    const narrow = width < 640;
    const rows = cells(table).filter((row) => row[0].dataset.value !== undefined).slice(0, MOST_ROWS)
      .map(([after, outlet, relation, share], place) => ({
        place, hours: value(after) / 3600, relation: relation.dataset.value,
        words: cut(text(outlet), narrow ? 24 : 32) + (share.dataset.value ? ` · ${text(share)}` : "") + ` · ${text(relation)}`,
      }));
    const last = Math.max(...rows.map((row) => row.hours));
    const [unit, name] = last > 72 ? [24, table.dataset.days] : last > 2 ? [1, table.dataset.hours] : [1 / 60, table.dataset.minutes];
    rows.forEach((row) => { row.after = row.hours / unit; row.left = row.hours > last * 0.55; });
    const line = narrow ? 42 : 26;
    const symbols = { original: "star", exact: "circle", near: "square", contains: "triangle", partial: "diamond", template: "times" };
    const beside = { y: "place", x: "after", text: "words", stroke: "var(--paper)", strokeWidth: 4, fill: "currentColor" };
    return {
      height: rows.length * line + 46,
      marginLeft: 12, marginRight: narrow ? 20 : 60, marginBottom: 38, marginTop: 6,
      x: { label: null, domain: [0, Math.max(last / unit, 1e-9)], grid: true },
      y: { axis: null, type: "point", domain: rows.map((row) => row.place), padding: 0.6 },
      marks: [
        Plot.axisX({ label: name, labelAnchor: "center", labelArrow: "none", ticks: Math.max(2, Math.floor(width / 120)), tickFormat: (n) => whole.format(n), tickSize: 0 }),
        Plot.ruleY(rows, { y: "place", x1: 0, x2: "after", stroke: "var(--line)" }),
        Plot.dot(rows, { x: "after", y: "place", symbol: (row) => symbols[row.relation] ?? "circle", fill, r: 5.5 }),
        ...(narrow
          ? [Plot.text(rows, { ...beside, x: undefined, frameAnchor: "left", textAnchor: "start", dy: -17 })]
          : [
              Plot.text(rows.filter((row) => !row.left), { ...beside, textAnchor: "start", dx: 12 }),
              Plot.text(rows.filter((row) => row.left), { ...beside, textAnchor: "end", dx: -12 }),
            ]),
      ],
      symbol: { type: "identity" },
    };
  }

  const kinds = { time: overTime, bars, columns, travel };

  // Plot writes a style sheet into each picture; the page's policy allows none, and plots.css has its rules.
  function drawn(options) {
    const picture = Plot.plot({ className: "plot-figure", ...options, marks: options.marks.filter(Boolean) });
    picture.querySelectorAll("style").forEach((style) => style.remove());
    // A group without a role has no label; the whole is one picture with one.
    picture.querySelectorAll("g[aria-label]").forEach((part) => {
      part.dataset.part = part.getAttribute("aria-label");
      part.removeAttribute("aria-label");
    });
    return picture;
  }

  function draw(figure) {
    const table = figure.querySelector("table");
    if (!table.tBodies[0] || !table.tBodies[0].rows.length) return;
    const width = Math.max(260, Math.floor(figure.clientWidth));
    const caption = figure.querySelector("figcaption");
    const picture = drawn({ width, ...kinds[figure.dataset.plot](table, width) });
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", text(caption));
    figure.querySelector(".plot-figure")?.remove();
    caption.after(picture);
    figure.dataset.width = width;
  }

  // Small bars in a list; the numbers are in the table that the list names by `data-sparks`.
  function sparks(list) {
    const rows = new Map(cells(document.getElementById(list.dataset.sparks)).map(([name, ...counts]) => [name.dataset.value, counts.map(value)]));
    list.querySelectorAll("td.spark").forEach((cell) => {
      const counts = (rows.get(cell.dataset.value) ?? []).map((count, step) => ({ count, step }));
      if (!counts.length) return;
      const picture = drawn({
        width: 140, height: 28, margin: 1, axis: null,
        x: { domain: [0, counts.length] }, y: { domain: [0, Math.max(1, ...counts.map((one) => one.count))] },
        // One shape for all steps: a list may have thousands of them.
        marks: [
          Plot.areaY([...counts, { count: counts.at(-1).count, step: counts.length }], { x: "step", y: "count", curve: "step-after", fill }),
          Plot.ruleY([0], { stroke: "var(--line)" }),
        ],
      });
      picture.setAttribute("aria-hidden", "true");
      cell.replaceChildren(picture);
    });
  }

  const figures = [...document.querySelectorAll("figure.plot")];
  const resized = new ResizeObserver((entries) => {
    // Afterwards: a picture that is drawn while sizes are told changes them again.
    requestAnimationFrame(() => {
      for (const { target } of entries) {
        if (Math.abs(target.clientWidth - Number(target.dataset.width)) > 8) draw(target);
      }
    });
  });
  for (const figure of figures) {
    draw(figure);
    if (!figure.dataset.width) continue;
    figure.querySelector("details")?.removeAttribute("open");
    resized.observe(figure);
  }
  document.querySelectorAll("table[data-sparks]").forEach(sparks);
})();
