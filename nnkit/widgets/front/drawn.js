// Controls above a picture that Python draws. The first one is there from the start; each later one is asked for when
// the one before has come, so that what is dragged never queues up. The picture's own words are read aloud.

function view(kit) {
  const place = element("div", { class: "nnkit-picture" });
  kit.stage.append(place);
  kit.words.hidden = true; // they are the picture's alternative text, and stand in it already
  const show = (nodes, { words, state }) => {
    place.replaceChildren(...nodes);
    kit.say(words);
    kit.root.dataset.of = JSON.stringify(state); // which state is seen
  };
  const parsed = ({ html }) => {
    const inner = element("div");
    inner.innerHTML = html;
    return inner;
  };
  let newest = 0;
  // An image that is not decoded yet has no height, and all beneath it would leap: the last one stays until then.
  const put = async (answer) => {
    const mine = (newest += 1);
    const next = parsed(answer);
    await Promise.allSettled([...next.querySelectorAll("img")].map((image) => image.decode()));
    if (mine === newest) show(next.childNodes, answer);
  };
  show(parsed(kit.material.first).childNodes, kit.material.first);
  let asked = kit.root.dataset.of;
  const follow = kit.follow(() => ({ state: kit.state }), put);
  return {
    draw(state) {
      if (JSON.stringify(state) === asked) return null;
      asked = JSON.stringify(state);
      follow();
      return "later";
    },
    again: (state) => kit.material.again.replace(/\{([^}]+)\}/g, (_, name) => pythonText(state[name])),
  };
}
