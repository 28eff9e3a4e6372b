// A prediction: a question, a box or choices, and the answer that Python tells once there is one.

function view(kit) {
  const { question, choices, expects } = kit.material;
  const id = newId();
  const asked = element("p", { id, class: "nnkit-question" }, question);
  const inputs = choices.length ? choices.map((choice) => element("input", { type: "radio", name: id, value: choice }))
    : [element("input", { type: "text", placeholder: expects, "aria-labelledby": id, autocomplete: "off", style: "width:18em" })];
  const box = choices.length
    ? element("div", { role: "radiogroup", "aria-labelledby": id },
      ...inputs.map((input, index) => element("label", { style: "display:flex;gap:0.5em;align-items:center" }, input, choices[index])))
    : element("label", { style: "display:flex;gap:0.5em;align-items:center" }, "My prediction", inputs[0]);
  let done = false;
  const commit = button("Commit", () => tell());
  // What has been committed to stays where it is, with the keyboard on it, and does nothing any more. A choice keeps the
  // keyboard only while it is enabled; with all others disabled it cannot be left for another one.
  const close = ({ yours }) => {
    done = true;
    commit.setAttribute("aria-disabled", "true");
    commit.style.opacity = 0.6;
    inputs.forEach((input) => {
      if (!choices.length) input.setAttribute("readonly", "");
      else if (input.value === yours) { input.checked = true; input.setAttribute("aria-disabled", "true"); }
      else input.setAttribute("disabled", "");
    });
  };
  const prediction = () => (choices.length ? inputs.find((input) => input.checked)?.value ?? null : inputs[0].value);
  const tell = kit.follow(() => ({ prediction: prediction() }), (answer) => {
    if (done) return;
    if (answer.again) { kit.say(answer.again); return; }
    close(answer);
    kit.words.replaceChildren(
      "You: ", element("strong", {}, answer.yours), ". Answer: ", element("strong", {}, answer.answer),
      ` (${answer.verdict}). ${answer.explanation}`.trimEnd());
    const shown = element("div");
    shown.innerHTML = answer.picture;
    kit.words.after(shown);
    kit.settle();
  });
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); if (!done) tell(); } });
  commit.addEventListener("click", (event) => { if (done) event.stopImmediatePropagation(); }, true);
  kit.stage.append(asked, element("div", { class: "nnkit-answer" }, box, commit));
  return { draw() {} };
}
