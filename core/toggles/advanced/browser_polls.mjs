// Has Chromium poll a list and a row of an engine, and prints how many bytes went over the wire each time.
// Usage: node browser_polls.mjs CHROMIUM PORT PROFILE_FOLDER. Speaks the DevTools protocol over two pipes.

import { spawn } from "node:child_process";

const [chromium, port, folder] = process.argv.slice(2);
const browser = spawn(chromium, ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
    "--disable-dev-shm-usage", "--remote-debugging-pipe", `--user-data-dir=${folder}`, "about:blank"],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });

const waiting = new Map();
let lastId = 0, text = "";
browser.stdio[4].on("data", (piece) => {
    text += piece;
    for (let end; (end = text.indexOf("\0")) >= 0; text = text.slice(end + 1)) {
        const message = JSON.parse(text.slice(0, end));
        waiting.get(message.id)?.(message);
    }
});
const ask = (method, params = {}, sessionId = undefined) => new Promise((resolve, reject) => {
    const id = ++lastId;
    waiting.set(id, (message) => (message.error ? reject(new Error(message.error.message)) : resolve(message.result)));
    browser.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
});

/** Runs in the page: polls until an answer takes that few bytes, or for the last time. */
async function polls(target, times, fewEnough) {
    const seen = [];
    for (let i = 0; i < times; ++i) {
        performance.clearResourceTimings();
        const body = await (await fetch(target, { cache: "no-cache" })).text();
        const timing = performance.getEntriesByType("resource").at(-1);
        seen.push({ wire: timing.encodedBodySize, bytes: timing.decodedBodySize, length: body.length });
        if (timing.encodedBodySize <= fewEnough)
            break;
        await new Promise((resolve) => setTimeout(resolve, 300));
    }
    return seen;
}

async function main() {
    const { targetId } = await ask("Target.createTarget", { url: `http://localhost:${port}/api` });
    const { sessionId } = await ask("Target.attachToTarget", { targetId, flatten: true });
    const run = async (expression) => {
        const done = await ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, sessionId);
        if (done.exceptionDetails)
            throw new Error(done.exceptionDetails.exception?.description ?? done.exceptionDetails.text);
        return done.result.value;
    };
    while (await run("document.readyState + location.host") !== `completelocalhost:${port}`)
        await new Promise((resolve) => setTimeout(resolve, 50));
    const dictionary = await run("fetch('/dictionaries/orders').then((r) => r.status)");
    const row = await run(`(${polls})('/api/orders/17', 20, 100)`);
    const list = await run(`(${polls})('/api/orders?limit=50', 20, 150)`);
    console.log(JSON.stringify({ dictionary, row, list }));
}

const deadline = setTimeout(() => { console.error("the browser takes too long"); browser.kill("SIGKILL"); process.exit(1); }, 90_000);
main().catch((error) => { console.error(error.message); process.exitCode = 1; })
    .finally(() => { clearTimeout(deadline); browser.kill("SIGKILL"); });
