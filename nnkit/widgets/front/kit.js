// What every moving widget shares on the page: its frame, controls made from the description of its state, ways to
// play, step and drag, questions to Python, and numbers written as the course writes them. Plain JavaScript, read by
// the browser as it stands; beneath it comes the file of one widget, which defines
//
//     function view(kit) { …; return { draw(state) { … }, end() { … } }; }
//
// Where Python makes the picture, `draw` asks with kit.follow and returns "later". A view may also have `again(state)`,
// the line of Python that makes the picture again, "" for none; left out, it is the widget's call with the state.
//
// kit.stage     the element into which the widget draws
// kit.state     the state as it is now; kit.set({name: value}) changes it, and draw follows in the next picture
// kit.material  what Python gave it at the start
// kit.say(text) the sentence beneath the picture, read aloud when it has settled
// kit.ask(…)    a question that Python answers; kit.follow(…) asks again for each state, never two at once

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 500; // milliseconds without a change, before a sentence is read aloud and the state is handed to Python

// ---- elements -------------------------------------------------------------------------------------------------------

function attributesOf(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === false || value === null || value === undefined) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? "" : value);
  }
  return node;
}

function element(name, attributes = {}, ...children) {
  const node = attributesOf(document.createElement(name), attributes);
  node.append(...children);
  return node;
}

function shape(name, attributes = {}, ...children) {
  const node = attributesOf(document.createElementNS(SVG, name), attributes);
  node.append(...children);
  return node;
}

// A picture of its own coordinates; its words are for whoever does not see it.
function picture(width, height, words, attributes = {}) {
  return shape("svg", {
    viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words,
    style: `width:${width}px;max-width:100%;height:auto;display:block`, ...attributes,
  });
}

// ---- numbers --------------------------------------------------------------------------------------------------------

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

// Three significant digits and a real minus sign, as nnkit.draw.style.number writes them.
function number(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  let text;
  if (size < 10000 && Number.isInteger(value)) text = String(value === 0 ? 0 : value);
  else if (size >= 0.001 && size < 9999.5) text = size < 999.5 ? trimmed(value.toPrecision(3)) : String(Math.round(value));
  else {
    const [digits, exponent] = value.toExponential(2).split("e");
    text = `${trimmed(digits)}·10${String(Number(exponent)).replace(/./g, (sign) => RAISED[sign])}`;
  }
  return text.replace("-", "−");
}

function trimmed(digits) {
  return digits.includes(".") ? digits.replace(/0+$/, "").replace(/\.$/, "") : digits;
}

// What a person types for a number, as a fraction too, or NaN.
function typedNumber(text) {
  const parts = text.replace(/[−–]/g, "-").split("/").map((part) => part.trim().replace(",", "."));
  if (parts.length > 2 || parts.includes("")) return NaN;
  const value = Number(parts[0]) / Number(parts[1] ?? 1);
  return Number.isFinite(value) ? value : NaN;
}

function pythonText(value) {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return `"${value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")}"`;
  if (Array.isArray(value)) return `[${value.map(pythonText).join(", ")}]`;
  if (typeof value === "object") {
    return `{${Object.entries(value).map(([name, entry]) => `"${name}": ${pythonText(entry)}`).join(", ")}}`;
  }
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
}

function clamp(value, low, high) {
  return Math.min(high ?? Infinity, Math.max(low ?? -Infinity, value));
}

// ---- controls, made from the description of the state ---------------------------------------------------------------

// Every widget on a page has a program of its own, so a name counts from a place of its own.
let controlNumber = 0;
const ownPlace = Math.random().toString(36).slice(2);

function newId() {
  controlNumber += 1;
  return `nnkit-${ownPlace}-${controlNumber}`;
}

function control(field, kit) {
  const id = newId();
  const label = element("label", { for: id }, field.label);
  if (field.kind === "choice") {
    const list = element("select", { id, onchange: () => kit.set({ [field.name]: list.value }) });
    list.append(...field.options.map((option) => element("option", { value: option }, option)));
    return row(label, [list], (value) => (list.value = value));
  }
  if (field.kind === "switch") {
    const box = element("input", { id, type: "checkbox", onchange: () => kit.set({ [field.name]: box.checked }) });
    return row(label, [box], (value) => (box.checked = value));
  }
  if (field.kind === "words") {
    const box = element("input", { id, type: "text", maxlength: field.longest });
    typedInto(box, kit, field, (text) => text);
    return row(label, [box], (value) => (box.value = value));
  }
  if (field.kind === "listed") {
    const slider = element("input", {
      id, type: "range", min: 0, max: field.options.length - 1, step: 1,
      oninput: () => kit.set({ [field.name]: field.options[Number(slider.value)] }),
    });
    const told = element("span", { class: "nnkit-told", "aria-hidden": "true" });
    return row(label, [slider, told], (value) => {
      slider.value = field.options.indexOf(value);
      slider.setAttribute("aria-valuetext", number(value));
      told.textContent = number(value);
    });
  }
  return numberControl(field, kit, id, label);
}

function numberControl(field, kit, id, label) {
  const whole = field.kind === "whole";
  const place = (value) => (field.logarithmic ? Math.log10(value) : value);
  const at = (position) => {
    const value = field.logarithmic ? Number((10 ** position).toPrecision(3)) : Number(position.toPrecision(12));
    return clamp(whole ? Math.round(value) : value, field.low, field.high);
  };
  const slider = element("input", {
    id, type: "range", min: place(field.low), max: place(field.high), step: whole ? 1 : field.step,
    oninput: () => { reply.textContent = ""; kit.set({ [field.name]: at(Number(slider.value)) }); },
  });
  const box = element("input", {
    type: "text", inputmode: "decimal", size: 6, "aria-label": `${field.label}, typed`, autocomplete: "off",
    oninput: () => (reply.textContent = ""),
  });
  // What is typed and not taken as it stands is taken back; why, is said beside it.
  const reply = element("span", { class: "nnkit-reply", role: "status" });
  typedInto(box, kit, field, (text) => {
    const value = typedNumber(text);
    if (Number.isNaN(value)) {
      if (text.trim() !== "") reply.textContent = `“${text.trim()}” is no number.`;
      return undefined;
    }
    if (value < field.low) reply.textContent = `${number(field.low)} is the least.`;
    if (value > field.high) reply.textContent = `${number(field.high)} is the most.`;
    return clamp(whole ? Math.round(value) : value, field.low, field.high);
  });
  return row(label, [slider, box, reply], (value) => {
    slider.value = place(value);
    slider.setAttribute("aria-valuetext", number(value));
    if (document.activeElement !== box || !box.dataset.typing) box.value = number(value);
  });
}

// Enter and leaving commit what is typed; Escape takes it back; what cannot be read is taken back, too.
function typedInto(box, kit, field, read) {
  const commit = () => {
    if (!box.dataset.typing) return;
    delete box.dataset.typing;
    const value = read(box.value);
    kit.set(value === undefined ? {} : { [field.name]: value });
  };
  box.addEventListener("input", () => (box.dataset.typing = "yes"));
  box.addEventListener("blur", commit);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") commit();
    if (event.key === "Escape") {
      delete box.dataset.typing;
      kit.set({});
    }
  });
}

function row(label, inputs, show) {
  const node = element("div", { class: "nnkit-control" }, label, ...inputs);
  return { node, show };
}

function button(words, act, attributes = {}) {
  return element("button", { type: "button", onclick: act, ...attributes }, words);
}

// ---- playing, stepping, dragging ------------------------------------------------------------------------------------

// Play and pause. `forward` makes the next picture and says whether there is one; it may be a promise.
// `pause` is the time between two pictures in milliseconds; 0 is as fast as the screen.
function player(kit, { forward, pause = 0, play = "Play", stop = "Pause" }) {
  let running = false;
  let last = 0;
  const toggle = button(play, () => (running ? end() : begin()), { class: "nnkit-play" });
  const next = async (now) => {
    if (!running) return;
    if (now - last >= pause) {
      last = now;
      let more = false;
      try {
        more = await forward();
      } catch (problem) {
        end();
        throw problem;
      }
      if (!more) end();
    }
    if (running) requestAnimationFrame(next);
  };
  const begin = () => {
    running = true;
    last = -Infinity;
    toggle.textContent = stop;
    requestAnimationFrame(next);
  };
  const end = () => {
    running = false;
    toggle.textContent = play;
  };
  kit.whenGone(end);
  return { node: toggle, begin, end, get running() { return running; } };
}

// Back, step, play and jump along the whole numbers from 0 to `last()`, kept in the state under `name`.
// `words(step)` says what the slider stands at.
function stepper(kit, { name, last, pause = 900, label = "step", words = (step) => `${step} of ${last()}` }) {
  const go = (step) => kit.set({ [name]: clamp(step, 0, last()) });
  const play = player(kit, {
    pause,
    forward: () => {
      go(kit.state[name] + 1);
      return kit.state[name] < last();
    },
  });
  const by = (move) => () => {
    play.end();
    go(kit.state[name] + move);
  };
  const back = button("Back", by(-1));
  const step = button("Step", by(1));
  play.node.addEventListener("click", () => { if (play.running && kit.state[name] >= last()) go(0); }, true);
  const slider = element("input", {
    type: "range", min: 0, step: 1, "aria-label": label,
    oninput: () => { play.end(); go(Number(slider.value)); },
  });
  const told = element("span", { class: "nnkit-told", "aria-hidden": "true" });
  const node = element("div", { class: "nnkit-player", role: "group", "aria-label": label }, back, step, play.node, slider, told);
  // The arrows go on and back from anywhere among these buttons; on the slider they do so of themselves.
  node.addEventListener("keydown", (event) => {
    if (event.target === slider) return;
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (move) { by(move)(); event.preventDefault(); }
    if (event.key === "Home") { play.end(); go(0); event.preventDefault(); }
    if (event.key === "End") { play.end(); go(last()); event.preventDefault(); }
  });
  const show = (at) => {
    slider.max = last();
    slider.value = at;
    slider.setAttribute("aria-valuetext", words(at));
    told.textContent = words(at);
  };
  return { node, show, play };
}

// Let a shape be dragged, and moved by the arrow keys (ten times as far with Shift, or by the page keys); with bounds,
// Home and End lead to them. `get` and `set` speak in the picture's own numbers, as lists of one or two; `from(event)`
// turns a pointer's place into such numbers.
function draggable(kit, node, { name, get, set, from, step, bounds }) {
  attributesOf(node, { tabindex: 0, role: "slider", "aria-label": name, class: `${node.getAttribute("class") ?? ""} nnkit-handle` });
  if (bounds) attributesOf(node, { "aria-valuemin": bounds[0], "aria-valuemax": bounds[1] });
  const tell = () => {
    const values = get();
    node.setAttribute("aria-valuenow", values[0]);
    node.setAttribute("aria-valuetext", values.map(number).join(", "));
  };
  let offset = null;
  node.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    event.preventDefault();
    node.setPointerCapture(event.pointerId);
    node.focus();
    const at = from(event);
    offset = get().map((value, index) => value - at[index]);
  });
  node.addEventListener("pointermove", (event) => {
    if (offset === null) return;
    const at = from(event);
    set(offset.map((value, index) => value + at[index]));
  });
  const release = () => (offset = null);
  node.addEventListener("pointerup", release);
  node.addEventListener("pointercancel", release);
  node.addEventListener("keydown", (event) => {
    const values = get();
    const bound = bounds && values.length === 1 ? { Home: bounds[0], End: bounds[1] }[event.key] : undefined;
    const page = { PageDown: [0, -1], PageUp: [0, 1] }[event.key];
    const way = page ?? { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
    if (!way && bound === undefined) return;
    event.preventDefault();
    const many = page || event.shiftKey ? 10 : 1;
    if (bound !== undefined) set([bound]);
    else if (values.length === 1) set([values[0] + (way[0] + way[1]) * step[0] * many]);
    else set(values.map((value, index) => value + way[index] * step[index] * many));
  });
  return { show: tell };
}

// The place of a pointer in the coordinates of an SVG picture.
function pointIn(svg, event) {
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [place.x, place.y];
}

// A map from numbers to places of a picture and back.
function scale([low, high], [start, end]) {
  const to = (value) => start + ((value - low) / (high - low)) * (end - start);
  to.back = (place) => low + ((place - start) / (end - start)) * (high - low);
  return to;
}

// ---- areas of colour ------------------------------------------------------------------------------------------------

// From purple (negative) by white to orange (positive), as the course's maps of single neurons.
const NEGATIVE = [84, 39, 136];
const POSITIVE = [179, 88, 6];

function heat(canvas, values, width, height, largest) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let index = 0; index < width * height; index += 1) {
    const share = clamp(values[index] / (largest || 1), -1, 1);
    const end = share < 0 ? NEGATIVE : POSITIVE;
    for (let channel = 0; channel < 3; channel += 1) {
      image.data[4 * index + channel] = 255 + (end[channel] - 255) * Math.abs(share);
    }
    image.data[4 * index + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

// ---- the frame around a widget --------------------------------------------------------------------------------------

function mount(model, el) {
  const setup = model.get("setup");
  const stage = element("div", { class: "nnkit-stage" });
  const words = element("p", { class: "nnkit-words" });
  const aloud = element("div", { class: "nnkit-aloud", role: "status", "aria-live": "polite" });
  const code = element("code");
  const settings = element(
    "details", { class: "nnkit-settings" },
    element("summary", {}, "This picture again"),
    code,
  );
  const panel = element("div", { class: "nnkit-controls" });
  const root = element(
    "div",
    // JupyterLab leaves the keys to an element with this mark; without it a letter typed here would edit the notebook.
    { class: "nnkit-widget", "data-lm-suppress-shortcuts": "true", role: "group", "aria-label": setup.title, "data-drawn": 0 },
    panel, stage, words, aloud, settings,
  );
  // It looks for the mark first at whatever has the focus, and a list or a button there would lose its keys otherwise.
  root.addEventListener("focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true"));
  const gone = [];
  const controls = new Map();
  let drawn = 0;
  let answered = 0;
  let asked = false; // whether a picture is due
  let later = null;
  let shown = null;

  const kit = {
    root, stage, panel, words,
    material: setup.material,
    fields: Object.fromEntries(setup.fields.map((field) => [field.name, field])),
    state: structuredClone(model.get("state")),
    set(changes) {
      kit.state = { ...kit.state, ...changes };
      if (!asked) {
        asked = true;
        requestAnimationFrame(draw);
      }
    },
    say(text) {
      if (words.textContent !== text) words.textContent = text;
    },
    complain(text) {
      kit.say(text);
      root.dataset.problem = text;
    },
    ask(question, buffers = []) {
      return new Promise((resolve) => {
        questions += 1;
        waiting.set(questions, resolve);
        model.send({ number: questions, question }, undefined, buffers);
      });
    },
    // For each call one question, made when the last one was answered: what is dragged never queues up.
    follow(question, take) {
      let busy = false;
      let due = false;
      const next = async () => {
        if (busy) { due = true; return; }
        busy = true;
        due = false;
        const begun = performance.now();
        const answer = await kit.ask(question());
        busy = false;
        if (ended) return;
        requestAnimationFrame(async () => {
          if (ended) return;
          if (answer.problem) kit.complain(answer.problem);
          else { delete root.dataset.problem; await take(answer); }
          answered += 1;
          root.dataset.waited = performance.now() - begun;
          root.dataset.answered = answered;
          count();
          clearTimeout(later);
          later = setTimeout(settle, QUIET);
        });
        if (due) next();
      };
      return next;
    },
    show(name) { // a control of one field, where the widget itself wants it
      const made = control(kit.fields[name], kit);
      controls.set(name, made);
      made.show(kit.state[name]);
      return made.node;
    },
    whenGone(act) { gone.push(act); },
    count,
    settle: () => settle(),
  };

  let questions = 0;
  let ended = false;
  const waiting = new Map();
  const hear = (message, buffers) => {
    const resolve = waiting.get(message.number);
    waiting.delete(message.number);
    if (resolve) resolve(revived(message.answer, message.arrays ?? [], buffers));
  };
  model.on("msg:custom", hear);

  function count() {
    drawn += 1;
    root.dataset.drawn = drawn;
  }

  function draw() {
    asked = false;
    if (ended) return;
    for (const [name, { show }] of controls) if (name in kit.state) show(kit.state[name]);
    if (shown.draw(kit.state) !== "later") count();
    clearTimeout(later);
    later = setTimeout(settle, QUIET);
  }

  // What waits until nothing changes any more: the sentence aloud, the dictionary, the state for Python.
  function settle() {
    if (aloud.textContent !== words.textContent) aloud.textContent = words.textContent;
    // A call that needs more than the settings has "…" where they stand.
    const text = pythonText(kit.state);
    const again = setup.call.includes("…") ? setup.call.replace("…", () => text) : setup.call && `${setup.call}(${text})`;
    code.textContent = shown.again ? shown.again(kit.state) : again;
    settings.hidden = !code.textContent;
    if (JSON.stringify(model.get("state")) !== JSON.stringify(kit.state)) {
      model.set("state", kit.state);
      model.save_changes();
    }
  }

  shown = view(kit);
  for (const field of setup.fields) {
    if (field.label && !controls.has(field.name)) panel.append(kit.show(field.name));
  }
  if (!panel.childElementCount) panel.remove();
  if (!setup.call) settings.remove(); // made by something that no call makes again
  draw();
  settle();
  el.append(root);
  const twin = setup.twin && document.getElementById(setup.twin); // the static picture above; it comes back at the end
  twin?.setAttribute("hidden", "");
  return () => {
    ended = true;
    twin?.removeAttribute("hidden");
    clearTimeout(later);
    model.off("msg:custom", hear);
    gone.forEach((act) => act());
    shown.end?.();
  };
}

// Arrays travel as bytes beside the message; where each belongs is told by {array: number}.
function revived(value, arrays, buffers = []) {
  const kinds = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array };
  const go = (entry) => {
    if (Array.isArray(entry)) return entry.map(go);
    if (entry === null || typeof entry !== "object") return entry;
    if ("array" in entry && Object.keys(entry).length === 1) {
      const { dtype, shape: size } = arrays[entry.array];
      const view = buffers[entry.array];
      const bytes = view.buffer ? view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) : view;
      return Object.assign(new kinds[dtype](bytes), { size });
    }
    return Object.fromEntries(Object.entries(entry).map(([name, inner]) => [name, go(inner)]));
  };
  return go(value);
}

export default { render: ({ model, el }) => mount(model, el) };
