// A kernel on an image. The mouse, the arrow keys or Play lead it; under each pixel that it covers stands its weight,
// and the sum of the products stands in the result. What a reader's own function finds there is asked of Python.

function view(kit) {
  const { images, most, bound, yours, looked_up: lookedUp } = kit.material;
  const block = (name, ...inside) => element("div", { style: "min-width:0" },
    element("div", { style: "text-align:center;margin-bottom:4px" }, name), ...inside);
  const sign = (text) => element("div", { style: "font-size:20px", "aria-hidden": "true" }, text);
  const stand = element("div", { style: "display:flex;flex-wrap:wrap;align-items:center;gap:6px 10px;margin:6px 0" });
  const verdict = element("p", { class: "nnkit-verdict", style: "margin:0.3em 0" });

  // ---- what is computed --------------------------------------------------------------------------------------------

  function walked({ image, kernel, stride, pad }) {
    const width = image[0].length + 2 * pad;
    const edge = Array.from({ length: pad }, () => Array(width).fill(0));
    const side = Array(pad).fill(0);
    const padded = [...edge, ...image.map((line) => [...side, ...line, ...side]), ...edge];
    const rows = Math.floor((padded.length - kernel.length) / stride) + 1;
    const columns = Math.floor((width - kernel[0].length) / stride) + 1;
    const found = [];
    for (let i = 0; i < rows; i += 1) {
      found.push([]);
      for (let j = 0; j < columns; j += 1) {
        let sum = 0;
        kernel.forEach((line, m) => line.forEach((w, n) => (sum += w * padded[i * stride + m][j * stride + n])));
        found[i].push(sum);
      }
    }
    return { padded, found, rows, columns };
  }

  const sizes = (state) => {
    const along = (pixels, weights) => Math.floor((pixels + 2 * state.pad - weights) / state.stride) + 1;
    return [along(state.image.length, state.kernel.length), along(state.image[0].length, state.kernel[0].length)];
  };
  const place = (state) => {
    const [rows, columns] = sizes(state);
    return [clamp(state.row, 0, rows - 1), clamp(state.column, 0, columns - 1)];
  };
  const goTo = (row, column) => {
    const [rows, columns] = sizes(kit.state);
    const to = { row: clamp(row, 0, rows - 1), column: clamp(column, 0, columns - 1) };
    if (to.row !== kit.state.row || to.column !== kit.state.column) kit.set(to);
  };

  // ---- controls ----------------------------------------------------------------------------------------------------

  // To the buttons, the place is one number in reading order.
  const steps = stepper({
    get state() {
      const [row, column] = place(kit.state);
      return { place: row * sizes(kit.state)[1] + column };
    },
    set({ place: at }) {
      const columns = sizes(kit.state)[1];
      goTo(Math.floor(at / columns), at % columns);
    },
    whenGone: kit.whenGone,
  }, {
    name: "place", last: () => sizes(kit.state)[0] * sizes(kit.state)[1] - 1, pause: 450, label: "place of the kernel",
    words: (at) => `place ${at + 1} of ${sizes(kit.state)[0] * sizes(kit.state)[1]}`,
  });

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const chosen = element("select", { id: newId() },
    ...Object.keys(images).map((name) => element("option", { value: name }, name)),
    element("option", { value: "", disabled: true }, "your own pixels"));
  chosen.addEventListener("change", () => kit.set({ image: structuredClone(images[chosen.value]) }));
  const resized = (rows, columns) => {
    const old = kit.state.kernel;
    const kernel = Array.from({ length: rows }, (_, m) => Array.from({ length: columns }, (_, n) => old[m]?.[n] ?? 0));
    const next = { ...kit.state, kernel };
    const [row, column] = place(next);
    kit.set({ kernel, row, column });
  };
  const count = (what, get, set, limit) => {
    const list = element("select", { "aria-label": `kernel, ${what}` });
    for (let size = 1; size <= limit; size += 1) list.append(element("option", { value: size }, String(size)));
    list.addEventListener("change", () => set(Number(list.value)));
    return { list, show: () => (list.value = get()) };
  };
  const [high, wide] = [kit.state.image.length, kit.state.image[0].length];
  const kernelRows = count("rows", () => kit.state.kernel.length,
    (size) => resized(size, kit.state.kernel[0].length), Math.min(most, high));
  const kernelColumns = count("columns", () => kit.state.kernel[0].length,
    (size) => resized(kit.state.kernel.length, size), Math.min(most, wide));
  kit.panel.append(
    element("div", { class: "nnkit-control" }, element("label", { for: chosen.id }, "image"), chosen),
    element("div", { class: "nnkit-control" }, element("span", {}, "kernel"), kernelRows.list,
      element("span", { "aria-hidden": "true" }, "×"), kernelColumns.list),
  );

  // ---- the picture -------------------------------------------------------------------------------------------------

  let parts = null; // the elements of the picture, made anew when its sizes change
  let cursor = [0, 0]; // the pixel that the keyboard changes
  let paint = null; // the number that a pressed pointer leaves behind

  const text = (x, y, size, attributes = {}) =>
    shape("text", { x, y, "font-size": size, "text-anchor": "middle", ...attributes });

  function table(rows, columns, cell, role, name) {
    const svg = shape("svg", {
      viewBox: `-3 -3 ${columns * cell + 6} ${rows * cell + 6}`, role: "group", "aria-label": name,
      style: `width:${columns * cell + 6}px;max-width:100%;height:auto;display:block`,
    });
    const drawing = shape("g", { role: "img" });
    svg.append(drawing);
    const cells = Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => {
      const box = shape("rect", { x: j * cell, y: i * cell, width: cell, height: cell, stroke: `var(--nnkit-${role})`, "stroke-width": 1.2 });
      const value = text((j + 0.5) * cell, i * cell + cell / 2 + (cell > 35 ? -1 : 5), cell > 35 ? 14 : 12.5);
      const under = text((j + 0.5) * cell, i * cell + cell - 5, 12);
      const mark = shape("path", { fill: "none", "stroke-width": 2 });
      drawing.append(box, value, under, mark);
      return { box, value, under, mark };
    }));
    const at = (event) => {
      const [x, y] = pointIn(svg, event);
      return [y / cell, x / cell];
    };
    return { svg, drawing, cells, at, cell };
  }

  function frame(cell, attributes) {
    return shape("g", {},
      shape("rect", { rx: 3, fill: "none", stroke: "var(--nnkit-weight-area)", "stroke-width": 6, "pointer-events": "none" }),
      shape("rect", { rx: 3, fill: "transparent", stroke: "var(--nnkit-ink)", "stroke-width": 2, ...attributes }));
  }

  function put(framed, cell, row, column, rows, columns) {
    for (const box of framed.children) {
      attributesOf(box, { x: column * cell, y: row * cell, width: columns * cell, height: rows * cell });
    }
  }

  function build(state, { padded, rows, columns }) {
    const cell = padded[0].length > 8 ? 30 : padded[0].length > 6 ? 36 : 44;
    const resultCell = columns > 5 ? 38 : 44;
    const image = table(padded.length, padded[0].length, cell, "input", "image");
    const looking = frame(cell, { tabindex: 0, role: "slider", "aria-label": "the kernel on the image", class: "nnkit-kernel" });
    const pen = shape("rect", {
      width: cell - 6, height: cell - 6, fill: "transparent", stroke: "var(--nnkit-ink)", "stroke-width": 2,
      "stroke-dasharray": "4 3", tabindex: 0, role: "button", class: "nnkit-pen",
    });
    image.svg.append(looking, pen);
    const result = table(rows, columns, resultCell, "axis", "result");
    const here = frame(resultCell, { "pointer-events": "none" });
    result.svg.append(here);
    const weights = element("div", {
      role: "group", "aria-label": "kernel",
      style: `display:grid;grid-template-columns:repeat(${state.kernel[0].length},3em);gap:2px`,
    });
    const boxes = state.kernel.map((line, m) => line.map((_, n) => {
      const box = element("input", {
        type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": `weight ${m}, ${n}`,
        style: "text-align:center;height:2.5em;padding:0 0.1em;background:color-mix(in srgb, var(--nnkit-weight-area) 32%, transparent)",
      });
      typedInto(box, kit, { name: "kernel" }, (typed) => {
        const value = weightOf(typed);
        if (!Number.isFinite(value)) return undefined;
        return kit.state.kernel.map((row, i) => row.map((w, j) => (i === m && j === n ? clamp(value, -bound, bound) : w)));
      });
      weights.append(box);
      return box;
    }));
    stand.replaceChildren(block("image", image.svg), sign("·"), block("kernel", weights), sign("="), block("result", result.svg));
    lead(image, looking.lastChild, pen, result);
    return { image, looking, pen, result, here, boxes };
  }

  // A weight may be typed as a fraction.
  function weightOf(typed) {
    const plain = typed.replace("¼", "1/4").replace("½", "1/2").replace("¾", "3/4").replace("⅓", "1/3").replace("⅑", "1/9");
    const [above, below = "1", ...more] = plain.split("/").map(typedNumber);
    return more.length ? NaN : above / Number(below);
  }

  // Who leads the kernel: a pointer over the image or the result, the arrow keys; and what draws.
  function lead(image, handle, pen, result) {
    const pixelAt = (event) => image.at(event).map((at, axis) => {
      const pixels = axis ? kit.state.image[0].length : kit.state.image.length;
      return Math.floor(at) - kit.state.pad < 0 || Math.floor(at) - kit.state.pad >= pixels ? null : Math.floor(at) - kit.state.pad;
    });
    const under = (event) => {
      const { kernel, stride } = kit.state;
      const [y, x] = image.at(event);
      goTo(Math.round((y - kernel.length / 2) / stride), Math.round((x - kernel[0].length / 2) / stride));
    };
    const change = (row, column, value) => {
      if (row === null || column === null || kit.state.image[row][column] === value) return;
      kit.set({ image: kit.state.image.map((line, i) => line.map((old, j) => (i === row && j === column ? value : old))) });
    };
    const next = (value) => ({ 0: 1, 1: 2 })[value] ?? 0;
    image.svg.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      event.preventDefault();
      steps.play.end();
      if (!kit.state.draw) {
        handle.focus({ preventScroll: true });
        under(event);
        return;
      }
      const [row, column] = pixelAt(event);
      if (row === null || column === null) return;
      cursor = [row, column];
      pen.focus({ preventScroll: true });
      paint = next(kit.state.image[row][column]);
      image.svg.setPointerCapture(event.pointerId);
      change(row, column, paint);
    });
    image.svg.addEventListener("pointermove", (event) => {
      if (steps.play.running) return;
      if (!kit.state.draw) under(event);
      else if (paint !== null) {
        const [row, column] = pixelAt(event);
        if (row !== null && column !== null) cursor = [row, column];
        change(row, column, paint);
      }
    });
    const lift = () => (paint = null);
    image.svg.addEventListener("pointerup", lift);
    image.svg.addEventListener("pointercancel", lift);
    const chooseResult = (event) => goTo(...result.at(event).map(Math.floor));
    result.svg.addEventListener("pointermove", (event) => { if (!steps.play.running) chooseResult(event); });
    result.svg.addEventListener("pointerdown", (event) => { steps.play.end(); chooseResult(event); });

    const ways = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    handle.addEventListener("keydown", (event) => {
      const [rows, columns] = sizes(kit.state);
      const [row, column] = place(kit.state);
      const way = ways[event.key];
      if (way) goTo(row + way[0], column + way[1]);
      else if (event.key === "Home") goTo(0, 0);
      else if (event.key === "End") goTo(rows - 1, columns - 1);
      else return;
      steps.play.end();
      event.preventDefault();
    });
    pen.addEventListener("keydown", (event) => {
      const way = ways[event.key];
      const [row, column] = cursor;
      if (way) {
        cursor = [clamp(row + way[0], 0, kit.state.image.length - 1), clamp(column + way[1], 0, kit.state.image[0].length - 1)];
        kit.set({});
      } else if (event.key === " " || event.key === "Enter") change(row, column, next(kit.state.image[row][column]));
      else if (/^\d$/.test(event.key)) change(row, column, Number(event.key));
      else return;
      event.preventDefault();
    });
  }

  // ---- the reader's function ---------------------------------------------------------------------------------------

  const problem = ({ image, kernel, stride, pad }) => ({ image, kernel, stride, pad });
  let wanted = ""; // what was asked last
  let answered = null; // what came back, and to which question
  const question = () => {
    wanted = JSON.stringify(problem(kit.state));
    return problem(kit.state);
  };
  const ask = yours ? kit.follow(question, (answer) => {
    answered = { to: wanted, ...answer };
    kit.set({});
  }) : null;
  // A function that was mended meanwhile is seen when the reader comes back.
  if (ask) for (const event of ["pointerenter", "focusin"]) kit.root.addEventListener(event, ask);

  const differs = (mine, sum) => mine === null || !(Math.abs(mine - sum) <= 1e-4 + 1e-4 * Math.abs(sum));
  const written = (mine) => (mine === null ? "no number" : number(mine));

  // What is said of it, and its values where they can be compared place by place.
  function compared(state, { found, rows, columns }, row, column) {
    if (!answered || answered.to !== JSON.stringify(problem(state))) return { said: null };
    if (answered.said) return { said: answered.said };
    const values = answered.values;
    if (values.length !== rows || (values[0]?.length ?? 0) !== columns) {
      return { said: `Your ${yours} makes a table of ${values.length} × ${values[0]?.length ?? 0} here, and there are ${rows} × ${columns} places.` };
    }
    const apart = [];
    values.forEach((line, i) => line.forEach((mine, j) => { if (differs(mine, found[i][j])) apart.push([i, j]); }));
    if (!apart.length) return { values, said: `Your ${yours} finds the sum of products at all ${rows * columns} places.` };
    const [i, j] = apart[0];
    const both = (m, n) => `yours ${written(values[m][n])}, sum of products ${number(found[m][n])}`;
    const now = differs(values[row][column], found[row][column]) ? ` Here: ${both(row, column)}.` : " Here both agree.";
    return {
      values,
      said: `Your ${yours} finds something else at ${apart.length} of ${rows * columns} places (✗), first at row ${i}, column ${j}: ${both(i, j)}.${now}`,
    };
  }

  // ---- drawing -----------------------------------------------------------------------------------------------------

  const factor = (value) => (value < 0 ? `(${number(value)})` : number(value));
  const largest = (rows) => Math.max(1e-9, ...rows.flat().map(Math.abs));
  let sizesShown = "";

  kit.stage.append(steps.node, stand, ...(yours ? [verdict] : []));
  return {
    draw(state) {
      const fits = sizes(state).every((size) => size >= 1);
      if (!fits) {
        kit.say("The kernel is larger than the image. Take a smaller one, or more padding.");
        return;
      }
      const [row, column] = place(state);
      if (row !== state.row || column !== state.column) { kit.set({ row, column }); }
      const walk = walked(state);
      const { padded, found, rows, columns } = walk;
      const [kernelHigh, kernelWide] = [state.kernel.length, state.kernel[0].length];
      const key = [padded.length, padded[0].length, state.pad, kernelHigh, kernelWide, rows, columns].join();
      if (key !== sizesShown) {
        const had = parts && [parts.looking.lastChild, parts.pen].findIndex((one) => one === document.activeElement);
        parts = build(state, walk);
        if (had >= 0 && had !== null) [parts.looking.lastChild, parts.pen][had].focus();
        sizesShown = key;
      }
      const at = row * columns + column;
      const [top, left] = [row * state.stride, column * state.stride];
      const inside = (i, j) => i >= top && i < top + kernelHigh && j >= left && j < left + kernelWide;
      const big = parts.image.cell > 35;
      const ink = largest(padded);

      parts.image.cells.forEach((line, i) => line.forEach(({ box, value, under }, j) => {
        const border = i < state.pad || j < state.pad || i >= padded.length - state.pad || j >= padded[0].length - state.pad;
        attributesOf(box, {
          fill: "var(--nnkit-input)", "fill-opacity": border ? 0 : (0.06 + (0.4 * Math.abs(padded[i][j])) / ink).toFixed(3),
          "stroke-dasharray": border ? "3 3" : false,
        });
        value.textContent = number(padded[i][j]);
        under.textContent = big && inside(i, j) ? `·${number(state.kernel[i - top][j - left])}` : "";
      }));
      put(parts.looking, parts.image.cell, top, left, kernelHigh, kernelWide);
      attributesOf(parts.looking.lastChild, {
        "aria-valuemin": 1, "aria-valuemax": rows * columns, "aria-valuenow": at + 1,
        "aria-valuetext": `row ${row}, column ${column} of the result: ${number(found[row][column])}`,
      });

      const [penRow, penColumn] = cursor;
      attributesOf(parts.pen, {
        x: (penColumn + state.pad) * parts.image.cell + 3, y: (penRow + state.pad) * parts.image.cell + 3,
        display: state.draw ? false : "none",
        "aria-label": `pixel in row ${penRow}, column ${penColumn}: ${number(state.image[penRow][penColumn])}; space changes it, a digit sets it`,
      });
      parts.image.svg.style.cursor = state.draw ? "crosshair" : "pointer";
      parts.image.svg.style.touchAction = state.draw ? "none" : "";

      const { values, said } = compared(state, walk, row, column);
      const strong = largest(found);
      parts.result.cells.forEach((line, i) => line.forEach(({ box, value, mark }, j) => {
        const there = state.all || i * columns + j <= at;
        const sum = found[i][j];
        attributesOf(box, {
          fill: sum < 0 ? "var(--nnkit-second)" : "var(--nnkit-ink)",
          "fill-opacity": there ? (0.03 + (0.17 * Math.abs(sum)) / strong).toFixed(3) : 0,
        });
        const shown = there ? number(sum) : "";
        value.textContent = shown;
        value.setAttribute("font-size", shown.length > 4 ? 12 : 14);
        const wrong = there && values && differs(values[i][j], sum);
        const [x, y] = [(j + 1) * parts.result.cell - 11, (i + 1) * parts.result.cell - 11];
        attributesOf(mark, {
          d: !there || !values ? "M0 0" : wrong ? `M${x} ${y}l8 8m0 -8l-8 8` : `M${x} ${y + 5}l3 3l5 -8`,
          stroke: `var(--nnkit-${wrong ? "gradient" : "target"})`,
        });
        mark.setAttribute("class", !there || !values ? "" : wrong ? "nnkit-wrong" : "nnkit-right");
      }));
      put(parts.here, parts.result.cell, row, column, 1, 1);
      parts.boxes.forEach((line, m) => line.forEach((box, n) => {
        if (document.activeElement !== box || !box.dataset.typing) box.value = number(state.kernel[m][n]);
      }));

      const filled = state.all ? rows * columns : at + 1;
      const products = state.kernel.map((line, m) => line.map((w, n) => `${factor(padded[top + m][left + n])}·${factor(w)}`)).flat();
      const sentence = `Row ${row}, column ${column} of the result: ${products.join(" + ")} = ${number(found[row][column])}.`;
      parts.image.drawing.setAttribute("aria-label",
        `An image of ${state.image.length} × ${state.image[0].length}${state.pad ? ` in a border of ${state.pad} zeros` : ""}, row by row: ${state.image.map((line) => line.map(number).join(" ")).join("; ")}.`);
      parts.result.drawing.setAttribute("aria-label",
        `A result of ${rows} × ${columns}; ${filled} of ${rows * columns} are there: ${found.map((line, i) => line.filter((_, j) => state.all || i * columns + j <= at).map(number).join(" ")).filter(Boolean).join("; ")}.`);
      const name = Object.keys(images).find((one) => same(images[one], state.image));
      chosen.value = name ?? "";
      kernelRows.show();
      kernelColumns.show();
      steps.show(at);
      kit.say(sentence);
      if (said !== null) verdict.textContent = said;
      if (ask && wanted !== JSON.stringify(problem(state))) ask();
    },
    again: (state) => `${kit.call}(${pythonText(state)}${yours ? `, yours=${lookedUp ? `"${yours}"` : yours}` : ""})`,
  };
}
