package scimtarget

// RFC is a service that does what RFC 7643 and RFC 7644 demand, and none of what they
// leave to it. It is the base of the other profiles.
func RFC() Profile {
	return Profile{
		Name:           "rfc",
		Filters:        []string{"userName", "externalId"},
		Disable:        true,
		CreateDisabled: true,
		Delete:         true,
		Groups:         GroupProfile{Supported: true, Create: true, MaxChanges: 100, FindByName: true, Exclude: true},
	}
}
