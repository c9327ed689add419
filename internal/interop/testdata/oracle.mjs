// Answers questions to third-party code, one JSON value per line, in their order:
//
//   {"patch": {"resource": {}, "operations": []}}      scim-patch
//   {"filter": {"text": "", "resources": []}}          SCIMMY and scim2-parse-filter
//   {"definitions": true}                              the schemas of SCIMMY
//   {"valid": {"kind": "User", "resource": {}}}        SCIMMY, as a reader of messages
//
// It ends with its standard input.
import { createInterface } from "node:readline";
import scimPatch from "scim-patch";
import parseFilter from "scim2-parse-filter";
import SCIMMY from "scimmy";

// told is what something returns, or the error that it throws.
function told(ask) {
  try {
    return { ok: ask() };
  } catch (e) {
    return { error: { type: e.scimCode ?? e.scimType ?? "", message: String(e.message ?? e) } };
  }
}

// each says of every resource whether a filter matches it: true, false, or an error.
const each = (resources, parse) => {
  const matches = told(parse);
  return resources.map((one) => {
    const said = matches.ok ? told(() => matches.ok(one)) : matches;
    return said.error ? said.error.message : said.ok;
  });
};

const readers = {
  User: (v) => new SCIMMY.Schemas.User(v, "in"),
  Group: (v) => new SCIMMY.Schemas.Group(v, "in"),
  List: (v) => new SCIMMY.Messages.ListResponse(v),
  Error: (v) => new SCIMMY.Messages.ErrorResponse(v),
  Schema: (v) => new SCIMMY.Types.SchemaDefinition(v.name, v.id, v.description),
};

const answers = {
  // Without treatMissingAsAdd a replacement needs a target (RFC 7644, section 3.5.2.3).
  patch: ({ resource, operations }) => told(() => scimPatch.scimPatch(resource, operations, { mutateDocument: false, treatMissingAsAdd: false })),
  filter: ({ text, resources }) => ({
    "SCIMMY": each(resources, () => {
      const filter = new SCIMMY.Types.Filter(text);
      return (one) => filter.match([one]).length > 0;
    }),
    "scim2-parse-filter": each(resources, () => parseFilter.filter(parseFilter.parse(text))),
  }),
  definitions: () => [SCIMMY.Schemas.User, SCIMMY.Schemas.Group, SCIMMY.Schemas.EnterpriseUser].map((s) => s.definition.describe()),
  valid: ({ kind, resource }) => told(() => readers[kind](resource)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [[question, about]] = Object.entries(JSON.parse(line));
  console.log(JSON.stringify(answers[question](about)));
}
