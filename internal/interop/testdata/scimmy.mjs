// A SCIM service on SCIMMY, which keeps users and groups in memory. It listens on a free
// port of the loopback interface, writes {"port":…} as a line, and ends with its standard
// input, so that it does not outlive the test. TOKEN is the bearer token that it wants.
//
// It runs on Express 4, or on the package that EXPRESS names. On Express 5, where
// request.query cannot be written to, the router of SCIMMY does not understand startIndex
// and count: every page is the first, of 20.
import crypto from "node:crypto";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const { default: express } = await import(process.env.EXPRESS ?? "express");
const { Error: SCIMError } = SCIMMY.Types;
const now = () => new Date().toISOString();

// connect lets a resource of SCIMMY read and write a Map; unique is the attribute that
// no two of them share, apart from case.
function connect(Resource, name, unique) {
  const all = new Map();
  const get = (id) => {
    if (!all.has(id)) throw new SCIMError(404, null, `Resource ${id} not found`);
    return structuredClone(all.get(id));
  };
  Resource.egress((resource) => {
    if (resource.id) return get(resource.id);
    const list = [...all.keys()].map(get);
    return resource.filter ? resource.filter.match(list) : list;
  });
  Resource.ingress((resource, instance) => {
    const old = resource.id ? get(resource.id) : undefined;
    const data = JSON.parse(JSON.stringify(instance));
    const key = String(data[unique]).toLowerCase();
    for (const other of all.values()) {
      if (other.id !== resource.id && String(other[unique]).toLowerCase() === key) {
        throw new SCIMError(409, "uniqueness", `${unique} is taken`);
      }
    }
    const id = old?.id ?? crypto.randomUUID();
    all.set(id, { ...data, id, meta: { resourceType: name, created: old?.meta.created ?? now(), lastModified: now() } });
    return get(id);
  });
  Resource.degress((resource) => {
    get(resource.id);
    all.delete(resource.id);
  });
}

SCIMMY.Resources.declare(SCIMMY.Resources.User).extend(SCIMMY.Schemas.EnterpriseUser, false);
SCIMMY.Resources.declare(SCIMMY.Resources.Group);
connect(SCIMMY.Resources.User, "User", "userName");
connect(SCIMMY.Resources.Group, "Group", "displayName");
SCIMMY.Config.set({ patch: true, filter: true, bulk: true, sort: true, changePassword: false });

const app = express();
app.use("/scim", new SCIMMYRouters({
  type: "bearer",
  handler: (request) => {
    if (request.header("Authorization") !== `Bearer ${process.env.TOKEN}`) throw new Error("wrong token");
    return "tester";
  },
}));
const listener = app.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: listener.address().port })));
process.stdin.on("end", () => process.exit(0)).resume();
