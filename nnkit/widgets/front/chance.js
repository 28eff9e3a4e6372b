// Numbers by chance that come again: T. Ettinger's mulberry32, a counter whose every value is mixed to 32 bits. The same
// seed gives the same numbers here and in nnkit/widgets/chance.py, so that a picture and its static twin agree.

function chance(seed) {
  let counter = Math.imul(seed, 0x85ebca6b);
  let second = null;
  const uniform = () => {
    counter = (counter + 0x6d2b79f5) | 0;
    let mixed = Math.imul(counter ^ (counter >>> 15), counter | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  // From two even numbers two normal ones, by Box and Muller.
  const normal = () => {
    if (second !== null) {
      const kept = second;
      second = null;
      return kept;
    }
    const length = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    second = length * Math.sin(angle);
    return length * Math.cos(angle);
  };
  return { uniform, normal, below: (count) => Math.floor(count * uniform()) };
}
