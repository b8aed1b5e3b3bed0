package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Description gives the description of the API to the tests from outside.
func Description() *huma.OpenAPI {
	return describe(http.NewServeMux(), Config{Version: "test"}).OpenAPI()
}
