module github.com/provision-go/provision/examples

go 1.26.0

require github.com/provision-go/provision v0.0.0

require (
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace github.com/provision-go/provision => ../
