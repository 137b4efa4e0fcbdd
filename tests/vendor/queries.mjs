// Holds our GraphQL queries against the schema that GitHub publishes.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, parse, validate } from 'graphql';

const folder = path.resolve(import.meta.dirname, '../../server/src/connectors/github');
const published = path.resolve(import.meta.dirname, 'node_modules/@octokit/graphql-schema/schema.graphql');
// The published schema defines one field twice.
const schema = buildSchema(readFileSync(published, 'utf8'), { assumeValidSDL: true, assumeValid: true });

let wrong = 0;
for (const name of readdirSync(folder).filter((name) => name.endsWith('.graphql'))) {
  const errors = validate(schema, parse(readFileSync(path.join(folder, name), 'utf8')));
  console.log(errors.length === 0 ? `${name} is valid` : `${name}: ${errors.join('; ')}`);
  wrong += errors.length;
}
process.exit(wrong === 0 ? 0 : 1);
