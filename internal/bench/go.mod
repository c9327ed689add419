module github.com/provision-go/provision/internal/bench

go 1.26.0

require github.com/provision-go/provision v0.0.0

require golang.org/x/time v0.16.0 // indirect

replace github.com/provision-go/provision => ../..
