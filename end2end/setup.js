// One server for all tests: a generated company of thirty weeks, enough for every signal.

import { start } from './server.js';

export default async function setup() {
  const server = await start({ weeks: 30 });
  process.env.ONEHOP_TEST_URL = server.url;
  process.env.ONEHOP_TEST_SESSION = server.session;
  return server.stop;
}
