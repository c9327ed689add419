package scim

// Restore reads a canonical [Object] that was written as JSON, by [AppendJSON]. A
// decimal without a fraction, which JSON does not tell from
// an integer, becomes a float64 again. Strings are as [DecodeShared] has them.
func Restore(t *ResourceType, body []byte) (Object, error) {
	o, err := DecodeShared(body)
	if err != nil {
		return nil, err
	}
	decimals(t.Core.Attributes, o)
	for _, e := range t.Extensions {
		if part, ok := o[e.Schema.ID].(Object); ok {
			decimals(e.Schema.Attributes, part)
		}
	}
	return o, nil
}

func decimals(attributes []Attribute, o Object) {
	for n := range attributes {
		a := &attributes[n]
		if a.Type != Decimal && a.Type != Complex {
			continue
		}
		switch value := o[a.Name].(type) {
		case int64:
			if a.Type == Decimal {
				o[a.Name] = float64(value)
			}
		case Object:
			decimals(a.SubAttributes, value)
		case []any:
			for k := range value {
				switch element := value[k].(type) {
				case int64:
					if a.Type == Decimal {
						value[k] = float64(element)
					}
				case Object:
					decimals(a.SubAttributes, element)
				}
			}
		}
	}
}
