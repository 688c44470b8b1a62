// Calls the component that jco is partly made of, as jco runs it, with the files that are named, and prints what it says as JSON.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [transpiled, ...files] = process.argv.slice(2);
const { $init, tools } = await import(pathToFileURL(transpiled).href);
await $init;

// an error is the text that the component gives, wherever jco puts it
const outcome = (call) => {
  try {
    const value = call();
    return { ok: value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value };
  } catch (error) {
    if (error.payload === undefined) throw error;
    return { error: error.payload };
  }
};

console.log(
  JSON.stringify(
    files.map((file) => {
      const bytes = readFileSync(file);
      return {
        print: outcome(() => tools.print(bytes)),
        wit: outcome(() => tools.componentWit(bytes)),
        parse: outcome(() => tools.parse(bytes.toString("latin1"))),
        metadata: outcome(() => tools.metadataShow(bytes).map(({ name, metaType, range }) => [name ?? null, metaType.tag, ...range].join(" "))),
        added: outcome(() => tools.metadataAdd(bytes, [["language", [["Tea", "1.0"]]]])),
      };
    }),
  ),
);
