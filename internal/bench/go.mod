module github.com/provision-go/provision/internal/bench

go 1.26.0

require (
	github.com/google/go-cmp v0.7.0
	github.com/provision-go/provision v0.0.0
	github.com/stretchr/testify v1.12.1
)

require (
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace github.com/provision-go/provision => ../..
