package city

// Named is the name of a declared thing and its title.
type Named struct {
	Name  string `json:"name"`
	Title Text   `json:"title"`
}

// OrganisationNamed gives an organisation by name with its short title. One that
// is not declared is called by its name.
func (c *City) OrganisationNamed(name string) Named {
	o, err := c.Organisation(name)
	if err != nil {
		return Named{Name: name, Title: Text{ZH: name, EN: name}}
	}
	return Named{Name: name, Title: o.Short}
}

// UnitNamed gives a unit by name. One that is not declared is called by its
// name.
func (c *City) UnitNamed(name string) Named {
	u, err := c.Unit(name)
	if err != nil {
		return Named{Name: name, Title: Text{ZH: name, EN: name}}
	}
	return Named{Name: name, Title: u.Title}
}

// IndicatorNamed gives an indicator by name. One that is not declared is called
// by its name.
func (c *City) IndicatorNamed(name string) Named {
	ind, err := c.Indicator(name)
	if err != nil {
		return Named{Name: name, Title: Text{ZH: name, EN: name}}
	}
	return Named{Name: name, Title: ind.Title}
}
