// Writes go to the JSON API one after the other, each with the version that the one before left. Once nothing waits,
// the facts are fetched anew as the server shows them.

import { record, setVersion, version } from "./desk.js";
import { complain, quiet, say } from "./say.js";
import { refresh } from "./refresh.js";

let last = Promise.resolve();
let waiting = 0;

/** Sends one write; true when it was done. said: what to tell then; stay: false when the page is left afterwards. */
export function send(method, path, body, { said = "", stay = true } = {}) {
  waiting += 1;
  const done = last.then(() => write(method, path, body, said, stay));
  last = done.catch(() => false);
  return done;
}

async function write(method, path, body, said, stay) {
  let done = false;
  let stale = false;
  try {
    const answer = await fetch(record.path + path, {
      method,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...body, version: version() }),
    });
    const told = await answer.json().catch(() => ({}));
    done = answer.ok;
    stale = answer.status === 409;
    if (done) succeeded(told, said);
    else failed(answer.status, told);
  } catch {
    complain("没有连上服务器，刚才的改动没有保存。请检查网络后再试。");
  } finally {
    waiting -= 1;
  }
  if (waiting === 0 && (stale || (done && stay))) await refresh();
  return done;
}

function succeeded(told, said) {
  if (told.record && told.record.version) setVersion(told.record.version);
  quiet();
  if (said) say(said);
}

function failed(status, told) {
  if (status === 401) {
    complain("登录已过期，请在另一个标签页重新登录后再试。");
    return;
  }
  if (told.version) setVersion(told.version);
  const changes = (told.changes || []).map((change) => change.sentence);
  complain(told.detail || "没有保存成功，请再试一次。", changes);
}
