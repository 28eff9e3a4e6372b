// A program line by line: its text with the line that has just run, the names of the call with their values, and at the
// end the results beside what was expected. All that comes from a reader's program is written as text, never as HTML.

function view(kit) {
  const { lead, blocks, found, views, steps, end } = kit.material;
  const last = steps.length - 1;
  const at = stepper(kit, {
    name: "step", last: () => last, label: "line of the run",
    words: (step) => (step === last ? "the end" : `row ${step + 1} of ${last}`),
  });
  const calls = element("p", { class: "nnkit-calls" });
  const code = element("ol", { class: "nnkit-code", tabindex: 0, "aria-label": "the program" });
  const names = element("div", { class: "nnkit-names", role: "group", tabindex: 0, "aria-label": "names and their values" });
  const run = element("div", { class: "nnkit-run" }, element("div", { class: "nnkit-program" }, calls, code), names);
  kit.stage.append(element("p", { class: "nnkit-lead" }, element("strong", {}, lead[0]), ` ${lead[1]}`), at.node, run);
  code.addEventListener("keydown", (event) => {
    const to = { ArrowDown: kit.state.step + 1, ArrowUp: kit.state.step - 1, ArrowRight: kit.state.step + 1,
      ArrowLeft: kit.state.step - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    at.play.end();
    kit.set({ step: clamp(to, 0, last) });
    event.preventDefault();
  });
  const isFound = new Set(found.map(([block, line]) => `${block} ${line}`));

  function program({ block, line, count, text, error }) {
    const known = blocks[block]?.lines.length ? blocks[block] : { first: line, lines: text.split("\n") };
    const margin = Math.min(...known.lines.filter((one) => one.trim()).map((one) => one.length - one.trimStart().length), 80);
    let now = null;
    code.replaceChildren(...known.lines.map((one, place) => {
      const here = known.first + place;
      const current = here >= line && here < line + Math.max(count, 1);
      const marked = isFound.has(`${block} ${here}`);
      const row = element(
        "li", { class: `${current ? "nnkit-now" : ""} ${marked ? "nnkit-found" : ""}`, "aria-current": current ? "step" : null },
        element("span", { class: "nnkit-arrow", "aria-hidden": "true" }, current && here === line ? "▶" : ""),
        element("span", { class: "nnkit-number" }, String(here)),
        element("code", {}, one.slice(margin) || " "),
      );
      const note = (kind, text) => row.append(element("span", {}), element("span", {}), element("div", { class: kind }, text));
      if (current && error) note("nnkit-error", `✗ ${error}`);
      if (marked) note("nnkit-note", "↑ the line that the check found");
      if (current && !now) now = row;
      return row;
    }));
    return now;
  }

  // In a long program the line comes into sight, and the page stays where it is.
  function showLine(now) {
    if (now) {
      const gap = 24;
      if (now.offsetTop < code.scrollTop + gap) code.scrollTop = now.offsetTop - gap;
      const bottom = now.offsetTop + now.offsetHeight + gap;
      if (bottom > code.scrollTop + code.clientHeight) code.scrollTop = bottom - code.clientHeight;
    }
    run.style.minHeight = `${Math.max(run.offsetHeight, parseFloat(run.style.minHeight) || 0)}px`;
  }

  function value(shown) {
    if (shown.grid) return grid(shown.grid, shown.shape);
    if (shown.map) return map(shown.map, shown);
    const node = element("span", { class: "nnkit-value" }, shown.text);
    return shown.shape ? element("span", {}, node, element("span", { class: "nnkit-shape" }, ` ${shown.shape}`)) : node;
  }

  function grid({ rows, columns, cells, shares, marked }, size) {
    const node = element("span", {
      class: "nnkit-grid", role: "img", style: `grid-template-columns:repeat(${columns},auto)`,
      "aria-label": `${rows} × ${columns}: ${cells.join(", ")}`,
    });
    node.append(...cells.map((cell, place) => {
      const end = shares[place] < 0 ? NEGATIVE : POSITIVE;
      const tint = `rgba(${end.join(",")},${(0.34 * Math.abs(shares[place])).toFixed(3)})`;
      return element("span", { class: marked.includes(place) ? "nnkit-marked" : null, style: `background:${tint}` }, cell);
    }));
    return element("span", { class: "nnkit-beside" }, node, element("span", { class: "nnkit-shape" }, size ?? ""));
  }

  // A large array: a map of colours from a sample of it, with its range in numbers.
  function map({ rows, columns, values, low, high }, { shape: size, text }) {
    const canvas = element("canvas", {
      role: "img", "aria-label": text,
      style: `width:${Math.min(10 * columns, 200)}px;height:${rows === 1 ? 14 : 10 * rows}px`,
    });
    heat(canvas, values, columns, rows, Math.max(...values.map(Math.abs)));
    const range = element("span", { class: "nnkit-shape" }, `${size} from ${low} to ${high}`);
    return element("span", { class: "nnkit-beside" }, canvas, range);
  }

  function named([name, number_, changed, given]) {
    const note = [changed ? "just now" : "", given ? "the caller’s own array" : ""].filter(Boolean).join(", ");
    return element(
      "div", { class: `nnkit-name ${changed ? "nnkit-changed" : ""}` },
      element("span", { class: "nnkit-arrow", "aria-hidden": "true" }, changed ? "●" : ""),
      element("span", { class: "nnkit-label" }, `${name} =`),
      element("div", {}, value(views[number_]), note ? element("span", { class: "nnkit-note" }, ` ${note}`) : ""),
    );
  }

  function outcome({ name, right, expected, got, pairs }) {
    const line = (label, shown) => element(
      "div", { class: "nnkit-name" }, element("span", {}), element("span", { class: "nnkit-label" }, label),
      element("div", {}, value(shown)),
    );
    const node = element("div", { class: "nnkit-outcome", "data-right": right });
    if (name) node.append(element("strong", {}, name));
    if (right) node.append(line("✓ right", got));
    else node.append(line("expected", expected), line("✗ yours", got), ...pairs.map((one) => element("div", {}, one)));
    return node;
  }

  return {
    draw({ step }) {
      const now = steps[step];
      at.show(step);
      calls.textContent = now.calls.join(" → ");
      const line = program(now);
      if (step === last && end.outcomes.length) names.replaceChildren(...end.outcomes.map(outcome));
      else names.replaceChildren(...now.names.map(named));
      requestAnimationFrame(() => showLine(line));
      kit.say(step < last ? now.words : `${end.right ? "✓" : "✗"} ${now.words}`);
    },
  };
}
