// The drawing pad: strokes by pointer or by arrow keys, the image that the network gets, its ten probabilities.

const SIDE = 280;
const INK = 0.06; // the pen's width, in sides of the pad
const NEAR = 0.004; // a point nearer than this to the last one tells nothing new
const STEP = 0.02; // that an arrow key moves the pen

function view(kit) {
  const { own, stored } = kit.material;
  const drawn = shape("g", { fill: "none", stroke: "#111111", "stroke-width": INK, "stroke-linecap": "round", "stroke-linejoin": "round" });
  const tip = shape("g", { visibility: "hidden" },
    shape("circle", { r: 0.045, fill: "none", stroke: "#0072B2", "stroke-width": 0.012 }),
    shape("circle", { r: 0.012, fill: "#0072B2" }));
  const pad = shape("svg", {
    viewBox: "0 0 1 1", width: SIDE, height: SIDE, tabindex: 0, role: "application", class: "nnkit-pad",
    // Paper stays white on a dark page, as the images of MNIST do; a touch draws and does not scroll.
    style: "touch-action:none;cursor:crosshair;background:#ffffff;border:1px solid var(--nnkit-axis);max-width:100%",
  }, drawn, tip);
  const clear = button("Clear", () => kit.set({ digit: own, strokes: [] }));
  const image = element("canvas", {
    width: 28, height: 28, role: "img",
    style: "width:196px;height:196px;image-rendering:pixelated;border:1px solid var(--nnkit-axis)",
  });
  const bars = picture(200, 236, "");
  const columns = Array.from({ length: 10 }, (_, digit) => {
    const y = 4 + 23 * digit;
    const bar = shape("rect", { x: 22, y, height: 17, width: 0, fill: "var(--nnkit-input)" });
    const words = shape("text", { x: 26, y: y + 14, "font-size": 13 });
    bars.append(shape("text", { x: 4, y: y + 14, "font-size": 14 }, String(digit)), bar, words);
    return { bar, words };
  });
  const place = (title, ...nodes) => element("div", { class: "nnkit-part" }, element("div", { class: "nnkit-part-title" }, title), ...nodes);
  const parts = element(
    "div", { style: "display:flex;flex-wrap:wrap;gap:1em;align-items:flex-start" },
    place("the pad", pad, element("div", { style: "margin-top:0.3em" }, clear)),
    place("what the network gets", image),
    place("its probabilities", bars),
  );
  kit.stage.append(parts);
  // One's own drawing is where it was drawn: the place is that of a stored digit.
  const [digitRow, placeRow] = [kit.show("digit"), kit.show("place")];
  kit.panel.append(digitRow, placeRow);

  const strokesOf = (state) => (state.digit === own ? state.strokes : stored[state.digit][state.place]);
  const begin = () => (kit.state.digit === own ? kit.state.strokes : []); // a stored digit goes when one draws oneself
  const rounded = (value) => Number(clamp(value, 0, 1).toFixed(3));

  // With a pointer.
  let line = null;
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [rounded((event.clientX - box.left) / box.width), rounded((event.clientY - box.top) / box.height)];
  };
  const grow = (point) => {
    const last = line[line.length - 1];
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < NEAR) return;
    line = [...line, point];
    kit.set({ strokes: [...kit.state.strokes.slice(0, -1), line] });
  };
  pad.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    event.preventDefault();
    pad.focus();
    pad.setPointerCapture(event.pointerId);
    tip.setAttribute("visibility", "hidden");
    down = false;
    line = [at(event)];
    kit.set({ digit: own, strokes: [...begin(), line] });
  });
  pad.addEventListener("pointermove", (event) => {
    if (line === null || !pad.hasPointerCapture(event.pointerId)) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) grow(at(one));
    grow(at(event));
  });
  const lift = () => { if (!down) line = null; };
  pad.addEventListener("pointerup", lift);
  pad.addEventListener("pointercancel", lift);

  // With the keyboard: the arrows move the pen, the space bar sets it down and lifts it.
  let down = false;
  let here = [0.5, 0.2];
  const showTip = () => {
    tip.setAttribute("visibility", "visible");
    tip.setAttribute("transform", `translate(${here[0]} ${here[1]})`);
  };
  pad.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      const far = event.shiftKey ? 5 * STEP : STEP;
      here = [rounded(here[0] + far * way[0]), rounded(here[1] + far * way[1])];
      if (down) grow(here);
    } else if (event.key === " " || event.key === "Enter") {
      down = !down;
      line = down ? [here] : null;
      if (down) kit.set({ digit: own, strokes: [...begin(), line] });
    } else return;
    event.preventDefault();
    showTip();
  });
  pad.addEventListener("focus", () => { if (pad.matches(":focus-visible")) showTip(); });
  pad.addEventListener("blur", () => { down = false; line = null; tip.setAttribute("visibility", "hidden"); });

  const show = ({ image: pixels, shares }) => {
    if (!strokesOf(kit.state).length) return; // cleared, while the answer was on its way
    const context = image.getContext("2d");
    const paint = context.createImageData(28, 28);
    // White on black, as the network has it: 1 is ink.
    pixels.forEach((value, index) => paint.data.set([255 * value, 255 * value, 255 * value, 255], 4 * index));
    context.putImageData(paint, 0, 0);
    const order = Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]);
    const percent = (digit) => `${Math.round(100 * shares[digit])} %`;
    columns.forEach(({ bar, words }, digit) => {
      bar.setAttribute("width", 130 * shares[digit]);
      words.setAttribute("x", 28 + 130 * shares[digit]);
      words.textContent = percent(digit);
      words.setAttribute("font-weight", digit === order[0] ? 700 : 400);
    });
    image.setAttribute("aria-label", "The image of 28 × 28 pixels that the network gets");
    bars.setAttribute("aria-label", `Probabilities: ${order.map((digit) => `${digit}: ${percent(digit)}`).join(", ")}`);
    kit.say(`The network takes it for a ${order[0]}, at ${percent(order[0])}; next comes ${order[1]}, at ${percent(order[1])}.`);
  };
  const nothing = (words) => {
    image.getContext("2d").clearRect(0, 0, 28, 28);
    image.setAttribute("aria-label", words);
    bars.setAttribute("aria-label", "No probabilities yet");
    columns.forEach(({ bar, words: share }) => { bar.setAttribute("width", 0); share.textContent = ""; });
  };
  // What a drawing before this one was taken for does not stay beside a network that failed.
  const complain = kit.complain;
  kit.complain = (text) => { nothing("The network gave no answer"); complain(text); };
  const ask = kit.follow(() => kit.state, show);

  let before = null;
  return {
    draw(state) {
      const strokes = strokesOf(state);
      placeRow.querySelector("select").disabled = state.digit === own;
      const points = (one) => (one.length > 1 ? one : [one[0], one[0]]).map((point) => point.join(" ")).join(" ");
      drawn.replaceChildren(...strokes.map((one) => shape("polyline", { points: points(one) })));
      const count = strokes.length;
      pad.setAttribute("aria-label", "A pad to draw a digit on: the arrow keys move the pen, the space bar sets it down or lifts it. "
        + (count ? `${count} stroke${count > 1 ? "s" : ""} on it.` : "It is empty."));
      if (!count) {
        nothing("The network gets nothing yet");
        kit.say("The pad is empty. Draw a digit on it, or choose a stored one.");
      } else if (before !== state) ask();
      before = state;
    },
  };
}
