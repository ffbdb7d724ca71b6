/**
 * What asks an address, in words that every runtime's types know: those of a page are not needed.
 *
 * @packageDocumentation
 */

/**
 * In place of the global `fetch`: a function that is called by itself, or something with a method `fetch`, as a
 * service binding and a `Directory` are. A service binding's method works on the binding only: hand in `env.GUILDHALL`,
 * or `(url, init) => env.GUILDHALL.fetch(url, init)`, and not `env.GUILDHALL.fetch`.
 */
export type Fetching =
  | ((input: string, init?: RequestInit) => Promise<Response>)
  | { fetch(input: string, init?: RequestInit): Promise<Response> };

/** Headers to be sent: what `new Headers` takes. */
export type HeadersGiven =
  | Headers
  | Iterable<readonly [string, string]>
  | { readonly [name: string]: string };
