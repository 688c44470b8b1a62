import * as artery from "../../../clients/typescript/artery.ts";
import { beLimb } from "./limb.js";

await beLimb(artery, { ...JSON.parse(Deno.args[0]), runtime: "deno" }, console.log);
