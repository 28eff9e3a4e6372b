// A graph with fields to fill in. What belongs into them is not here: a number goes to Python when its field is left,
// and what comes back says whether it is right, and what is to be said.

function view(kit) {
  const { picture: drawn, width, height, size, fields, opening } = kit.material;
  const frame = element("div", { style: `position:relative;width:${width}px;height:${height}px` });
  frame.innerHTML = drawn;
  const form = element("div", { class: `nnkit-form ${kit.material.backward ? "" : "nnkit-forward"}` }, frame);
  kit.stage.append(form);
  // On a narrow page the end is seen first where the walk begins there.
  if (kit.material.backward) requestAnimationFrame(() => (form.scrollLeft = form.scrollWidth));
  kit.say(opening);
  const marks = { right: "✓", wrong: "✗", unread: "?" };
  const words = { right: "right", wrong: "not yet right", unread: "not read", empty: "empty" };
  const boxes = fields.map(({ label, x, y }, place) => {
    const input = element("input", {
      type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", maxlength: 40, "aria-label": label,
    });
    const mark = element("span", { class: "nnkit-mark", "aria-hidden": "true" });
    const node = element(
      "div",
      { class: "nnkit-field", "data-state": "empty", style: `left:${x}px;top:${y}px;width:${size[0]}px;height:${size[1]}px` },
      input, mark,
    );
    const box = { input, node, mark, label, checked: "", state: "empty" };
    input.addEventListener("blur", () => check(place, false));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { check(place, true); event.preventDefault(); }
      if (event.key === "Escape") input.value = box.checked;
    });
    frame.append(node);
    return box;
  });

  // A field that is right stays; of the others each is asked when its text is another than when it was asked last.
  async function check(place, onward) {
    const box = boxes[place];
    const typed = box.input.value;
    if (box.state === "right" || typed === box.checked) {
      if (onward) next(place);
      return;
    }
    box.checked = typed;
    box.mark.textContent = "…"; // until Python has answered, which may have something else to do first
    const answer = await kit.ask({ field: place, typed });
    if (box.checked !== typed) return; // something else was typed meanwhile, and is asked of its own
    if (answer.problem) { kit.complain(answer.problem); return; }
    take(place, answer);
    if (onward && box.state === "right") next(place);
    else if (onward) box.input.select();
    kit.set({ typed: boxes.map((one) => one.checked) });
  }

  function take(place, { state, words: said }) {
    const box = boxes[place];
    box.state = state;
    box.node.dataset.state = state;
    box.mark.textContent = marks[state] ?? "";
    box.input.readOnly = state === "right";
    attributesOf(box.input, {
      "aria-label": state === "empty" ? box.label : `${box.label}: ${words[state]}`,
      "aria-invalid": state === "wrong" || state === "unread" ? "true" : null,
      title: state === "empty" ? null : words[state],
    });
    kit.say(said);
  }

  function next(place) {
    const open = boxes.find((one, at) => at > place && one.state !== "right") ?? boxes.find((one) => one.state !== "right");
    open?.input.focus();
  }

  // What was typed before, as the settings tell it.
  kit.state.typed.forEach((text, place) => { boxes[place].input.value = text; });
  (async () => {
    for (const [place, text] of kit.state.typed.entries()) if (text) await check(place, false);
  })();

  return {
    draw() {},
  };
}
