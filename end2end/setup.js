// One server for all tests: a generated company of thirty weeks, enough for every signal.

import { start } from './server.js';

export default async function setup() {
  const server = await start({ weeks: 30 });
  process.env.ONEHOP_TEST_URL = server.url;
  process.env.ONEHOP_TEST_SESSION = server.session;
  process.env.ONEHOP_TEST_EXECUTIVE = await server.signInAs('chair@example.org', 'executive');
  // Who answers for checkout delivery in this company.
  process.env.ONEHOP_TEST_DRI = await server.signInAs('mira.holm@example.com', 'dri');
  return server.stop;
}
