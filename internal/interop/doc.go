// Package interop holds tests of this project against other people's code for SCIM,
// run by Node.js: the service provider SCIMMY for what reads and writes services, and
// scim-patch, scim2-parse-filter and SCIMMY for what internal/scim works out.
//
// Where one of them deviates from the RFCs, a test says so: in which section, by which
// example, and how narrow the cases are that are left out for it. An example that no
// longer deviates fails, so that no exception outlives its reason.
//
// The programs are in testdata, with their packages pinned by package-lock.json, which
// .ci/need-node installs. Where Node.js or the packages are missing, tests are skipped
// and say so; with CI=true they fail. Everything runs on the loopback interface and
// ends with the test, however it ends.
//
// The race detector leaves them out: what they look for is what others understand, and
// it takes ten times as long.
package interop
