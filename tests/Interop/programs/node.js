import * as artery from "../../../clients/typescript/artery.js";
import { beLimb } from "./limb.js";

await beLimb(artery, { ...JSON.parse(process.argv[2]), runtime: "node" }, console.log);
