// Answers questions to third-party code, one JSON value per line, in their order:
//
//   {"patch": {"resource": {}, "operations": []}}      scim-patch
//   {"filter": {"text": "", "resources": []}}          SCIMMY and scim2-parse-filter
//   {"definitions": true}                              the schemas of SCIMMY
//   {"read": {"kind": "User", "message": {}}}          what SCIMMY makes of a message
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

SCIMMY.Resources.declare(SCIMMY.Resources.User).extend(SCIMMY.Schemas.EnterpriseUser, false);

const readers = {
  User: (v) => new SCIMMY.Schemas.User(v, "out"),
  Group: (v) => new SCIMMY.Schemas.Group(v, "out"),
  ListResponse: (v) => new SCIMMY.Messages.ListResponse(v),
  // With its schema SCIMMY would throw the error, instead of looking at it.
  Error: ({ schemas, ...v }) => ({ ...new SCIMMY.Messages.ErrorResponse(v), schemas }),
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
  read: ({ kind, message }) => told(() => readers[kind](message)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [[question, about]] = Object.entries(JSON.parse(line));
  console.log(JSON.stringify(answers[question](about)));
}
