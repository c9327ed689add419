// Package target describes the systems in which accounts live: the product's
// own database, a SCIM service, a SaaS application.
//
// A connector implements [Target] and says with [Capabilities] what the system
// can do. Embed [Unsupported] for the optional half, run targettest against it,
// and the rest of the module does the work.
package target
