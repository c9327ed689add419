package denied_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/internal/denied"
)

func TestField(t *testing.T) {
	for _, name := range []string{
		"ssn", "SSN", "employeeTaxType", "customBirthday", "Birth date", "payRate", "base_salary", "exempt", "city", "Home phone",
		"legalGender", "nationality", "iban", "address.line1", "personal.birthDate",
	} {
		assert.NotEmpty(t, denied.Field(name), name)
	}
	assert.Equal(t, denied.Address, denied.Field("zip"))
	for _, name := range []string{
		"", "jobTitle", "hireDate", "workEmail", "department", "manager", "customField4047",
		// Parts of other words are no names.
		"language", "capacity", "embrace", "business", "process",
	} {
		assert.Empty(t, denied.Field(name), name)
	}
	assert.Empty(t, denied.Field("person.ssn"), "a path is for the caller to take apart")
}
