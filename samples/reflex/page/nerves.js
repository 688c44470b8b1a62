// @ts-check
// The picture of the zone: the core in the middle, an artery to each service, and intents as they travel.
const svg = (/** @type {string} */ name, attributes = {}, /** @type {Element | null} */ parent = null) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  parent?.append(element);
  return element;
};

const heart = { x: 220, y: 150 };
// Who sits where, and where its word goes
const places = /** @type {Record<string, {x: number, y: number, word: [number, number, string]}>} */ ({
  motion: { x: 84, y: 62, word: [0, -20, "middle"] },
  light: { x: 84, y: 238, word: [0, 32, "middle"] },
  thermometer: { x: 356, y: 62, word: [0, -20, "middle"] },
  valve: { x: 356, y: 238, word: [0, 32, "middle"] },
  page: { x: 220, y: 268, word: [22, 6, "start"] },
});

export class Nerves {
  #still = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {Record<string, {path: SVGPathElement, node: Element}>} */
  #arteries = {};
  /** @type {Element} */ #layer;
  /** @type {Element} */ #core;

  /** @param {Element} root */
  constructor(root) {
    const wires = svg("g", { class: "wires" }, root);
    this.#layer = svg("g", { class: "intents" }, root);
    this.#core = svg("g", { class: "core", transform: `translate(${heart.x} ${heart.y})` }, root);
    svg("circle", { class: "ring", r: 26 }, this.#core);
    svg("circle", { r: 26 }, this.#core);
    svg("text", { y: 5, "text-anchor": "middle" }, this.#core).textContent = "core";
    for (const [name, { x, y, word: [dx, dy, anchor] }] of Object.entries(places)) {
      const bend = (heart.x - x) * 0.15, path = svg("path", { d: `M${x} ${y}Q${(x + heart.x) / 2 + bend} ${y} ${heart.x} ${heart.y}` }, wires);
      const node = svg("g", { class: "node", transform: `translate(${x} ${y})`, "data-service": name }, root);
      svg("circle", { r: 13 }, node);
      svg("circle", { class: "eye", r: 4.5 }, node);
      svg("text", { x: dx, y: dy, "text-anchor": anchor }, node).textContent = name === "page" ? "this page" : name;
      this.#arteries[name] = { path: /** @type {SVGPathElement} */ (path), node };
    }
  }

  /** @param {string} name @param {"open" | "weak" | "gone"} how */
  show(name, how) {
    const artery = this.#arteries[name];
    for (const element of artery ? [artery.path, artery.node] : []) element.setAttribute("data-how", how);
  }

  beat() {
    if (this.#still.matches) return;
    this.#core.firstElementChild?.animate([{ transform: "scale(1)", opacity: 0.5 }, { transform: "scale(1.75)", opacity: 0 }], { duration: 900, easing: "ease-out" });
  }

  /** From its origin to the core, and on to everybody who is to hear it. @param {string} from @param {string[]} to @param {string} hue */
  async tell(from, to, hue) {
    if (document.hidden) return; // nobody looks, and a hidden page would keep them all
    if (this.#arteries[from]) await this.#travel(this.#arteries[from].path, 1, hue);
    await Promise.all(to.map(name => this.#arteries[name]?.path.getAttribute("data-how") === "gone" ? this.#lose(name, hue) : this.#travel(this.#arteries[name]?.path, -1, hue)));
  }

  /** @param {SVGPathElement | undefined} path @param {1 | -1} direction */
  async #travel(path, direction, /** @type {string} */ hue, share = 1) {
    if (!path || this.#still.matches) return null;
    const dot = svg("circle", { r: 5, class: `dot ${hue}` }, this.#layer), length = path.getTotalLength();
    const frames = Array.from({ length: 17 }, (_, step) => {
      const along = step / 16 * share, { x, y } = path.getPointAtLength(length * (direction > 0 ? along : 1 - along));
      return { transform: `translate(${x}px, ${y}px)` };
    });
    await dot.animate(frames, { duration: 520 * share, easing: "ease-in-out", fill: "forwards" }).finished;
    if (share === 1) dot.remove();
    return dot;
  }

  /** Halfway to who is not there, an intent ends. @param {string} name @param {string} hue */
  async #lose(name, hue) {
    const dot = await this.#travel(this.#arteries[name].path, -1, hue, 0.45);
    await dot?.animate([{ opacity: 1 }, { opacity: 0 }], { duration: 500, fill: "forwards" }).finished;
    dot?.remove();
  }
}
