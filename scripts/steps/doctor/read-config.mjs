// Prints a wrangler configuration as JSON. A process of its own: wrangler's library needs a newer Node than our scripts.

import { unstable_readConfig } from "wrangler";

const config = unstable_readConfig({ config: process.argv[2] }, { hideWarnings: true });
process.stdout.write(JSON.stringify(config));
