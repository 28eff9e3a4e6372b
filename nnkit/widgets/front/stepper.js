// Pictures one after the other, made in advance: step, back, play, jump. Each has a sentence that says what happens.

function view(kit) {
  const { pictures, sentences, pause } = kit.material;
  const steps = stepper(kit, { name: "step", last: () => pictures.length - 1, label: "step of the walk", pause });
  const place = element("div", { class: "nnkit-picture" });
  kit.stage.append(steps.node, place);
  let at = null;
  return {
    draw({ step }) {
      if (at !== step) place.innerHTML = pictures[step];
      at = step;
      steps.show(step);
      kit.say(sentences[step]);
    },
  };
}
