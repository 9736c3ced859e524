// Writes go to the JSON API one after the other, each with the version that the one before left. Once nothing waits,
// the facts are fetched anew as the server shows them.

import { record, setVersion, version } from "./desk.js";
import { complain, quiet, say } from "./say.js";
import { refresh } from "./refresh.js";

let last = Promise.resolve();
let waiting = 0;
let known = { version: 0, findings: [] }; // as the last answer had them; the page may still show earlier ones
let broken = false; // whether something failed since nothing waited

/**
 * Sends one write; true when it was done. said: what to tell then; stay: false when the page is left afterwards, which
 * is not done when a write before it failed: what was meant to be said first would be lost.
 * path: of the record's address, or a function that gives it when the turn has come, "" when nothing is to be done.
 */
export function send(method, path, body, { said = "", stay = true } = {}) {
  waiting += 1;
  const done = last.then(() => write(method, path, body, said, stay));
  last = done.catch(() => false);
  return done;
}

/** Whether nothing waits to be written. */
export function isIdle() {
  return waiting === 0;
}

async function write(method, path, body, said, stay) {
  let done = false;
  let stale = false;
  try {
    if (broken && !stay) return false;
    const there = typeof path === "function" ? path() : path;
    if (!there) return (done = true);
    const answer = await fetch(record.path + there, {
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
    broken = waiting > 0 && (broken || !done);
  }
  if (waiting === 0 && (stale || (done && stay))) await refresh();
  return done;
}

/**
 * The address of what is done with a finding. `told` is its place and its name as the page shows them; earlier writes
 * may have moved it since, or answered it.
 */
export function findingPath({ place, name }, what) {
  return () => {
    if (known.version !== version()) return `/findings/${Number(place)}/${what}`;
    const now = known.findings.findIndex((one) => nameOf(one) === name && !one.settled);
    return now < 0 ? "" : `/findings/${now}/${what}`;
  };
}

function nameOf(finding) {
  return `${finding.code}/${finding.field || ""}/${finding.row || ""}/${finding.message}`;
}

function succeeded(told, said) {
  if (told.record) {
    setVersion(told.record.version);
    known = told.record;
  }
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
