// @ts-check
// The page as a service of the house: it hears what everybody says, and says what people want. It decides nothing; the rules are in the devices.
import { prepareService } from "../../../clients/typescript/artery.js";
import { Nerves } from "./nerves.js";

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
const $ = id => /** @type {T} */ (document.getElementById(id));
const tab = sessionStorage.tab ??= `tab-${Array.from(crypto.getRandomValues(new Uint8Array(4)), byte => byte.toString(16).padStart(2, "0")).join("")}`;
const devices = ["motion", "light", "thermometer", "valve"];
/** @type {Record<string, string[]>} Who hears what, as compose.yaml has it */
const hearers = { "hall.motion": ["light", "page"], "hall.light": ["page"], "living.temperature": ["valve", "page"], "living.valve": ["thermometer", "page"],
  "light.mode": ["light"], "target.set": ["valve"], "window.set": ["thermometer"] };
const hues = (/** @type {string} */ intent) => intent.startsWith("hall") || intent.startsWith("light") ? "warm" : intent.startsWith("PULSE") ? "core" : "cool";
const ms = (/** @type {number | null | undefined} */ micros) => micros == null ? "–" : micros < 10_000 ? `${(micros / 1000).toFixed(1)} ms` : `${Math.round(micros / 1000)} ms`;
const times = (/** @type {number} */ count, word = "intent") => `${count} ${word}${count === 1 ? "" : "s"}`;

const nerves = new Nerves($("nerves")), service = prepareService();

// --- rooms ---

/** @type {Record<string, (data: any) => void>} */
const react = {
  "hall.motion"() { walk(); },
  "hall.light": showLight,
  "living.temperature": showTemperature,
  "living.valve": showValve,
};

/** @param {any} said */
function showLight({ on, mode, because = "", took = null }) {
  $("hall").classList.toggle("lit", on);
  $("light-word").textContent = on ? "the light is on" : "the light is off";
  for (const button of document.querySelectorAll("[data-mode]")) button.setAttribute("aria-checked", String(button.getAttribute("data-mode") === mode));
  if (because === "motion") $("light-note").textContent = `On ${ms(took)} after somebody moved.`;
  else if (because) $("light-note").textContent = because === "nobody moves" ? "Off, for nobody moves any more." : mode === "auto" ? "Motion turns the light on." : "Motion does not matter now.";
}

/** @param {any} said */
function showTemperature({ celsius }) { $("celsius").textContent = `${celsius.toFixed(1)}°`; }

/** @param {any} said */
function showValve({ percent, target, took = null }) {
  $("heat").style.opacity = String(percent / 100);
  $("valve-word").textContent = `the valve is ${percent} % open`;
  if (document.activeElement !== $("target")) { /** @type {HTMLInputElement} */ ($("target")).value = String(target); $("wish").textContent = String(target); }
  if (took !== null) $("valve-note").textContent = `Moved ${ms(took)} after the temperature had changed.`;
}

function walk() {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  document.querySelector(".person")?.animate(
    [{ transform: "translate(-20px, 208px)", opacity: 0 }, { transform: "translate(40px, 205px)", opacity: 1, offset: 0.2 }, { transform: "translate(120px, 208px)", opacity: 1, offset: 0.5 },
      { transform: "translate(200px, 205px)", opacity: 1, offset: 0.8 }, { transform: "translate(246px, 208px)", opacity: 0 }], { duration: 2800, easing: "linear" });
}

/** Says what somebody wants, and shows it on its way. @param {string} intent @param {any} data */
function want(intent, data) {
  service.send(intent, data);
  note(intent, "this page", data);
  nerves.tell("page", hearers[intent] ?? [], hues(intent));
}

for (const button of document.querySelectorAll("[data-mode]")) button.addEventListener("click", () => want("light.mode", { mode: button.getAttribute("data-mode") }));
$("walk").addEventListener("click", () => service.invoke("motion", "walk").catch(error => tell(`Nobody can be seen in the hall: ${error.message}`)));
$("target").addEventListener("input", ({ target }) => { $("wish").textContent = /** @type {HTMLInputElement} */ (target).value; });
$("target").addEventListener("change", ({ target }) => want("target.set", { celsius: Number(/** @type {HTMLInputElement} */ (target).value) }));
$("window").addEventListener("click", () => want("window.set", { open: !$("living").classList.contains("airing") }));

// --- what is said ---

const words = /** @type {Record<string, (data: any) => string>} */ ({
  "hall.motion": () => "somebody moves in the hall",
  "hall.light": ({ on, because }) => `the light is ${on ? "on" : "off"}: ${because}`,
  "living.temperature": ({ celsius }) => `${celsius.toFixed(1)} °C in the living room`,
  "living.valve": ({ percent }) => `the valve is ${percent} % open`,
  "light.mode": ({ mode }) => `the light shall be ${mode === "auto" ? "left to itself" : mode}`,
  "target.set": ({ celsius }) => `${celsius} °C are wished for`,
  "window.set": ({ open }) => `the window is ${open ? "opened" : "closed"}`,
  PULSE_FLATLINE: ({ service }) => `${service} has flat-lined`,
  PULSE_RISE: ({ service, pulse }) => `the pulse of ${service} rises to ${ms(pulse)}`,
  PULSE_DROP: ({ service, pulse }) => `the pulse of ${service} falls to ${ms(pulse)}`,
  CORE_STABLIZED: () => "everybody has answered",
});

/** @param {string} intent @param {string} who @param {any} data */
function note(intent, who, data) {
  const line = document.createElement("li"), last = $("lines").firstElementChild;
  const text = words[intent]?.(data) ?? JSON.stringify(data);
  // What comes every second would push everything else away
  if (last instanceof HTMLElement && last.dataset.intent === intent && intent.startsWith("living.")) last.remove();
  line.dataset.intent = intent;
  line.className = hues(intent);
  line.title = new Date().toLocaleTimeString();
  for (const [name, content] of [["b", who], ["span", text], ["code", intent]]) {
    const part = document.createElement(name);
    part.textContent = content;
    line.append(part);
  }
  $("lines").prepend(line);
  while ($("lines").childElementCount > 14) $("lines").lastElementChild?.remove();
}

let heard = 0;
service.addListener("*", ({ intent, arteryName, data }) => {
  if (intent === "HEARTBEAT") { nerves.beat(); showState(); return; }
  const who = arteryName.split("/")[0];
  note(intent, who, data);
  if (intent === "hall.light" || intent === "living.valve") heard = Date.now();
  react[intent]?.(data);
  nerves.tell(who, arteryName === "core" ? Object.keys(seen) : hearers[intent] ?? ["page"], hues(intent));
});

// What was so before this page came, or before a device was started anew: state comes with every beat, a little behind what is said
function showState() {
  const { light, thermometer, valve } = service.state(), quiet = Date.now() - heard > 1500;
  if (light && quiet && !$("hall").classList.contains("unknown")) showLight(/** @type {any} */ (light));
  if (thermometer) showTemperature(/** @type {any} */ (thermometer));
  if (valve && quiet) showValve(/** @type {any} */ (valve));
  const open = thermometer?.window === true;
  $("living").classList.toggle("airing", open);
  $("window").setAttribute("aria-pressed", String(open));
  $("window").textContent = open ? "Close the window" : "Open the window";
}

// --- how everybody fares ---

/** @type {Record<string, {row: HTMLTableRowElement, missed: number, gone: number, back: number}>} */
const seen = {};

function rowOf(/** @type {string} */ name) {
  if (seen[name]) return seen[name];
  const row = /** @type {HTMLTableSectionElement} */ ($("services")).insertRow();
  row.dataset.service = name;
  for (let cell = 0; cell < 4; cell++) row.insertCell();
  row.cells[0].append(document.createElement("i"), name === "page" ? "this page" : name);
  if (devices.includes(name)) {
    const plug = document.createElement("button");
    plug.className = "unplug";
    plug.textContent = "unplug";
    plug.title = `Kills the process of ${name}. What started it starts it again a few seconds later.`;
    plug.addEventListener("click", () => service.invoke(name, "unplug").catch(() => {}));
    row.cells[3].append(plug);
  }
  return seen[name] = { row, missed: 0, gone: 0, back: 0 };
}

function showStatus(/** @type {any} */ zone) {
  /** @type {string[]} */ const story = [];
  for (const name of [...devices, "page"]) {
    const artery = zone.services[name === "page" ? `page/${tab}` : name];
    if (!artery) continue;
    const entry = rowOf(name), how = artery.connection !== "open" ? "gone" : artery.unanswered > 1 || zone.slowest === name ? "weak" : "open";
    entry.row.dataset.how = how;
    entry.row.cells[1].textContent = how === "gone" ? (artery.connection === "flat" ? "flat-lined" : "silent") : ms(artery.pulse);
    entry.row.cells[2].textContent = String(artery.missed);
    const plug = entry.row.querySelector("button");
    if (plug) plug.disabled = how === "gone";
    nerves.show(name, how);
    if (name === "light") $("hall").classList.toggle("unknown", how === "gone");
    if (name === "light" && how === "gone") $("light-word").textContent = "nobody knows: the light does not answer";
    story.push(...storyOf(name, how, artery, entry));
  }
  const well = `All ${["", "one", "two", "three", "four", "five"][Object.keys(seen).length]} answer every beat; the pulse of the house is ${ms(zone.pulse)}.`;
  tell(story.length > 0 ? story.join(" ") : well, story.length > 0);
  document.body.classList.toggle("hurt", story.length > 0);
}

/** In plain words, what the loss of a service means. */
function storyOf(/** @type {string} */ name, /** @type {string} */ how, /** @type {any} */ artery, /** @type {any} */ entry) {
  const now = Date.now(), told = 9000;
  if (how === "gone" && entry.gone === 0) Object.assign(entry, { gone: now, back: 0 });
  if (how !== "gone" && entry.gone > 0) Object.assign(entry, { gone: 0, back: now });
  const missed = artery.missed - entry.missed;
  if (how === "gone")
    return [`The ${name} is gone${artery.connection === "flat" ? " and has flat-lined" : ""}. The others go on. ${missed === 0 ? "It has missed nothing yet." : `${times(missed)} meant for it ${missed === 1 ? "is" : "are"} gone too, and counted.`}`];
  if (entry.back > now - told) return [`The ${name} is back${missed > 0 ? ` and has been told that it missed ${times(missed)}` : ", and missed nothing"}. Nothing was repeated.`];
  entry.missed = artery.missed;
  return how === "weak" ? [`The ${name} is slow to answer; nobody else waits for it.`] : [];
}

function tell(/** @type {string} */ text, strong = true) {
  if ($("story").textContent !== text) $("story").textContent = text;
  $("story").classList.toggle("strong", strong);
}

async function look() {
  try {
    showStatus(await service.invoke("core", "status", null, { timeout: 3000 }));
  } catch {
    tell("This page has lost the house. The devices go on among themselves; the page comes back by itself.");
    document.body.classList.add("hurt");
  }
  setTimeout(look, 1000);
}

const invitation = await (await fetch(`invitation?user=${tab}`)).json();
await service.start({}, { ...invitation, log: (/** @type {string} */ line) => console.info(line) });
look();
console.info("the page is at home");
