// Static files as any host serves them, under the policy that the package promises to work with.
//
// Owns: the server. Never does: make a file, but the page that loads `page.js`.

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
const types = { ".js": "text/javascript", ".wasm": "application/wasm" };
const page = '<!doctype html><title>page</title><script type="module" src="/page.js"></script>';

/** Static files of a folder; `without` is an ending that is not there. */
export async function serveFiles(folder, without) {
  const answer = (path) => {
    if (path === "/") return [200, page, "text/html"];
    if ((without && path.endsWith(without)) || !existsSync(join(folder, path))) return [404, "", "text/plain"];
    return [200, readFileSync(join(folder, path)), types[extname(path)]];
  };
  const server = createServer((request, response) => {
    const [status, body, type] = request.url === "/favicon.ico" ? [204] : answer(request.url);
    response.writeHead(status, { ...(type && { "content-type": type }), "content-security-policy": policy }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
