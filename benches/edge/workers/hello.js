// The least that a JavaScript Worker answers: what an empty request costs on workerd. It is also the application
// behind the gateways.
export default { fetch: () => Response.json({ ok: true }) };
