package scim

// Compare orders two resources by an attribute, ascending (RFC 7644, section 3.4.2.3):
// it is negative if a comes first, 0 if neither does. Texts compare by [Fold], dates by
// the instant, numbers as such, false before true. What has no value comes last. Of
// several values the primary one counts, else the first, and of a complex attribute its
// value. For descending order negate it.
func Compare(a, b Object, by Attr) int {
	x, y := sortValue(a, by), sortValue(b, by)
	switch {
	case x == nil && y == nil:
		return 0
	case x == nil:
		return 1
	case y == nil:
		return -1
	}
	last := sortAttribute(by)
	switch x := x.(type) {
	case string:
		if y, ok := y.(string); ok {
			return compareText(last, x, y)
		}
	case bool:
		y, ok := y.(bool)
		switch {
		case !ok || x == y:
			return 0
		case y:
			return -1
		}
		return 1
	default:
		if c, ok := compareNumbers(x, y); ok {
			return c
		}
	}
	return 0
}

func compareText(a *Attribute, x, y string) int {
	if a.Type == DateTime {
		at, ok := dateTime(x)
		other, also := dateTime(y)
		if ok && also {
			return at.Compare(other)
		}
	}
	if exact(a) {
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	return compareFold(x, y)
}

// sortAttribute is the attribute whose values are compared.
func sortAttribute(by Attr) *Attribute {
	if by.Sub == nil && by.Attribute.Type == Complex {
		if v := by.Attribute.Sub("value"); v != nil {
			return v
		}
	}
	return by.last()
}

// sortValue is the value of a resource that is compared, nil for none.
func sortValue(o Object, by Attr) any {
	if by.Attribute == nil {
		return nil
	}
	v := attributesIn(o, by)[by.Attribute.Name]
	if list, ok := v.([]any); ok {
		v = nil
		for n, e := range list {
			o, _ := e.(Object)
			if primary := o["primary"] == true; n == 0 || primary {
				v = e
				if primary {
					break
				}
			}
		}
	}
	if o, ok := v.(Object); ok {
		v = o[sortAttribute(by).Name]
	}
	switch v.(type) {
	case string, bool, int64, float64:
		return v
	}
	return nil
}
