package fetch

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"syscall"
)

// errAddress is wrapped by the errors of CheckAddress.
var errAddress = errors.New("address must not be connected to")

// CheckAddress says whether a system whose host somebody else named may be
// reached at an address. Only globally reachable unicast addresses are permitted
// (the IANA special-purpose address registries, RFC 6890), and IPv6 addresses that
// embed an IPv4 address (IPv4-mapped, NAT64, 6to4) only if that one is. With
// private, loopback, private networks (RFC 1918, RFC 4193) and shared address
// space (RFC 6598) are permitted too, but no address where a cloud is known to
// hand out credentials.
func CheckAddress(addr netip.Addr, private bool) error {
	addr = embedded(addr.WithZone(""))
	switch {
	case !addr.IsValid():
		return fmt.Errorf("%w: it is none", errAddress)
	case contains(addr, "169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32"):
		// The last two: AWS over IPv6, Alibaba.
		return fmt.Errorf("%w: %s may be a metadata service", errAddress, addr)
	case contains(addr, "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7"):
		if private {
			return nil
		}
		return fmt.Errorf("%w: %s is private", errAddress, addr)
	case addr.Is4() && contains(addr,
		"0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
		addr.Is6() && !contains(addr, "2000::/3"), // IANA has given out no other unicast space
		contains(addr, "2001::/23", "2001:db8::/32", "3fff::/20"):
		return fmt.Errorf("%w: %s is reserved", errAddress, addr)
	}
	return nil
}

// embedded returns the IPv4 address to which a gateway would pass packets on, or
// addr itself.
func embedded(addr netip.Addr) netip.Addr {
	addr = addr.Unmap()
	if !addr.Is6() {
		return addr
	}
	b := addr.As16()
	switch {
	case contains(addr, "64:ff9b::/96"): // NAT64, RFC 6052
		return netip.AddrFrom4([4]byte(b[12:]))
	case contains(addr, "2002::/16"): // 6to4, RFC 3056
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return addr
}

func contains(addr netip.Addr, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return netip.MustParsePrefix(p).Contains(addr) })
}

// control is a [net.Dialer.Control]. It sees the address after names were
// resolved, just before the connection is made, so a name that resolves
// differently a moment later gains nothing.
func control(private bool) func(network, address string, _ syscall.RawConn) error {
	return func(network, address string, _ syscall.RawConn) error {
		if network != "tcp4" && network != "tcp6" {
			return fmt.Errorf("%w: network %s", errAddress, network)
		}
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: it cannot be read", errAddress)
		}
		return CheckAddress(to.Addr(), private)
	}
}
