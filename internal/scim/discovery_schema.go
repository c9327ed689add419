package scim

// DiscoverySchemas are the schemas of the discovery documents themselves (RFC 7643,
// section 8.7.2): clients exist that expect them under /Schemas. Descriptions are ours,
// and the service provider's configuration has the pagination of RFC 9865, section 4.
func DiscoverySchemas() []*Schema {
	supported := fixed("supported", Boolean, "Whether the service does this.", true)
	return []*Schema{
		{
			ID: ServiceProviderConfigURN, Name: "ServiceProviderConfig", Description: "What the service supports",
			Attributes: []Attribute{
				reference(fixed("documentationUri", Reference, "Where people read about the service.", false)),
				parts("patch", "PATCH.", true, supported),
				parts("bulk", "Bulk requests.", true, supported,
					fixed("maxOperations", Integer, "The most operations in one request.", true),
					fixed("maxPayloadSize", Integer, "The most bytes in one request.", true)),
				parts("filter", "Filters.", true, supported, fixed("maxResults", Integer, "The most resources in one response.", true)),
				parts("changePassword", "Changes of passwords.", true, supported),
				parts("sort", "Sorted results.", true, supported),
				parts("etag", "Versions of resources.", true, supported),
				parts("pagination", "Results in pages.", false,
					fixed("cursor", Boolean, "Whether there are pages by cursor.", true),
					fixed("index", Boolean, "Whether there are pages by index.", true),
					fixed("defaultPaginationMethod", String, "The kind of pages for clients that do not say.", false),
					fixed("defaultPageSize", Integer, "The page of clients that do not say.", false),
					fixed("maxPageSize", Integer, "The largest page.", false),
					fixed("cursorTimeout", Integer, "How many seconds a cursor lives.", false)),
				several(parts("authenticationSchemes", "How clients say who they are.", true,
					fixed("type", String, "The scheme, such as oauthbearertoken.", true),
					fixed("name", String, "What people call it.", true),
					fixed("description", String, "What it is.", true),
					reference(fixed("specUri", Reference, "Where it is specified.", false)),
					reference(fixed("documentationUri", Reference, "Where people read how to use it.", false)),
					fixed("primary", Boolean, "Whether it is the preferred one.", false))),
			},
		},
		{
			ID: ResourceTypeURN, Name: "ResourceType", Description: "A kind of resource",
			Attributes: []Attribute{
				fixed("id", String, "The same as the name.", false),
				fixed("name", String, "The name of the kind.", true),
				fixed("description", String, "What it is.", false),
				reference(fixed("endpoint", Reference, "Its address below the base of the service.", true)),
				reference(fixed("schema", Reference, "The URN of its schema.", true)),
				several(parts("schemaExtensions", "The schemas that extend it.", false,
					reference(fixed("schema", Reference, "The URN of the extension.", true)),
					fixed("required", Boolean, "Whether each resource has it.", true))),
			},
		},
		{
			ID: SchemaURN, Name: "Schema", Description: "A set of attributes",
			Attributes: []Attribute{
				fixed("id", String, "The URN of the schema.", true),
				fixed("name", String, "What people call it.", true),
				fixed("description", String, "What it is.", false),
				several(parts("attributes", "The attributes.", true,
					append(characteristics(), several(parts("subAttributes", "The parts of a complex attribute.", false, characteristics()...)))...)),
			},
		},
	}
}

// characteristics are those of attributes (RFC 7643, section 7).
func characteristics() []Attribute {
	words := func(name, description string, values ...string) Attribute {
		a := fixed(name, String, description, false)
		a.CanonicalValues = values
		return a
	}
	return []Attribute{
		fixed("name", String, "The name.", true),
		words("type", "The type of values.", string(String), string(Complex), string(Boolean), string(Decimal), string(Integer),
			string(DateTime), string(Reference), string(Binary)),
		fixed("multiValued", Boolean, "Whether there may be several values.", true),
		fixed("description", String, "What it is.", false),
		fixed("required", Boolean, "Whether there has to be a value.", false),
		several(fixed("canonicalValues", String, "Values that are suggested.", false)),
		fixed("caseExact", Boolean, "Whether case counts.", false),
		words("mutability", "Who may write it.", ReadOnly, ReadWrite, Immutable, WriteOnly),
		words("returned", "When it is in responses.", Always, Never, Default, Request),
		words("uniqueness", "Among which resources a value is unique.", None, Server, Global),
		several(fixed("referenceTypes", String, "What a reference may lead to.", false)),
	}
}

// fixed is an attribute that only the service writes.
func fixed(name string, t Type, description string, required bool) Attribute {
	return Attribute{
		Name: name, Type: t, Description: description, Required: required, CaseExact: t == String || t == Reference,
		Mutability: ReadOnly, Returned: Default, Uniqueness: None,
	}
}

func reference(a Attribute) Attribute {
	a.ReferenceTypes = []string{"uri"}
	return a
}

func parts(name, description string, required bool, sub ...Attribute) Attribute {
	a := fixed(name, Complex, description, required)
	a.SubAttributes = sub
	return a
}

func several(a Attribute) Attribute {
	a.MultiValued = true
	return a
}
