// The load: requests as bytes on kept connections, and their answers.
//
// Owns: the sockets, and when an operation began and ended. Never does: measure the server, or judge an answer.

import { connect } from "node:net";

const end = Buffer.from("\r\n\r\n");

/** `{method, path, headers, body}` as the bytes that go over the wire. */
export function encode({ method = "GET", path, headers = {}, body }) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const all = { host: "127.0.0.1:8787", ...headers };
  if (body !== undefined) Object.assign(all, { "content-type": "application/json" });
  if (body !== undefined || method !== "GET") all["content-length"] = Buffer.byteLength(text);
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${text}`);
}

/** The length of a chunked body's bytes, or `undefined` while some are missing; the chunks go to `parts`. */
function chunks(bytes, from, parts) {
  for (let at = from; ;) {
    const line = bytes.indexOf("\r\n", at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, line), 16);
    const next = line + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return next;
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = next;
  }
}

/** The first whole answer in `bytes`, or `undefined`. */
function parse(bytes) {
  const head = bytes.indexOf(end);
  if (head < 0) return undefined;
  const text = bytes.toString("latin1", 0, head);
  const status = Number(text.slice(9, 12));
  const from = head + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text);
  if (length) {
    const used = from + Number(length[1]);
    return bytes.length < used ? undefined : { status, head: text, body: bytes.subarray(from, used), used };
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(text)) return { status, head: text, body: Buffer.alloc(0), used: from };
  const parts = [];
  const used = chunks(bytes, from, parts);
  return used === undefined ? undefined : { status, head: text, body: Buffer.concat(parts), used };
}

/** One kept connection: one request at a time. */
class Connection {
  #socket;
  #bytes = Buffer.alloc(0);
  #waiting;

  constructor(port) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (bytes) => this.#take(bytes));
    for (const event of ["error", "close"]) this.#socket.on(event, (error) => this.#fail(error));
    this.ready = new Promise((resolve, reject) => this.#socket.once("connect", resolve).once("error", reject));
  }

  #take(bytes) {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    const answer = parse(this.#bytes);
    if (!answer) return;
    this.#bytes = this.#bytes.subarray(answer.used);
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve(answer);
  }

  #fail(error) {
    this.#waiting?.reject(error instanceof Error ? error : new Error("the connection was closed"));
    this.#waiting = undefined;
  }

  send(bytes) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(bytes);
    });
  }

  close() {
    this.#socket.destroy();
  }
}

async function open(port, count) {
  const connections = Array.from({ length: count }, () => new Connection(port));
  await Promise.all(connections.map(({ ready }) => ready));
  return connections;
}

/** One operation: its requests one after the other. */
async function perform(connection, requests) {
  const answers = [];
  const from = performance.now();
  for (const bytes of requests) answers.push(await connection.send(bytes));
  return { answers, took: performance.now() - from };
}

/**
 * Sends operations (each a list of requests' bytes), each connection taking the next as soon as it is free.
 *
 * @returns `{done: [{answers, took}], all}`, `all` being the milliseconds from first to last
 */
export async function load(port, operations, connections = 1) {
  const open_ = await open(port, Math.min(connections, operations.length));
  const done = [];
  let next = 0;
  const from = performance.now();
  const drain = async (connection) => {
    while (next < operations.length) {
      const place = next++;
      done[place] = await perform(connection, operations[place]);
    }
  };
  try {
    await Promise.all(open_.map(drain));
    return { done, all: performance.now() - from };
  } finally {
    for (const connection of open_) connection.close();
  }
}

/** One request, by itself; its body as JSON if it is. */
export async function ask(port, request) {
  const { done } = await load(port, [[encode(request)]]);
  const [{ status, head, body }] = done[0].answers;
  const text = body.toString();
  return { status, head, text, json: /\r\ncontent-type: [^\r]*json/i.test(head) && text ? JSON.parse(text) : undefined };
}
