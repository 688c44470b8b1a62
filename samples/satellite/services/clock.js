// @ts-check
// An ordinary service. Whatever becomes of the remote, it should not notice.
import { createService, send } from "../../../clients/typescript/artery.js";

await createService();
setInterval(() => send("clock.tick", new Date().toISOString().slice(11, 19)), 1000);
