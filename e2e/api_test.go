package e2e

// The parts of the API's answers that the tests compare with the screen. They
// are written down here and not taken from the program's packages, so that a
// change of the API shows.

type words struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

type named struct {
	Name  string `json:"name"`
	Title words  `json:"title"`
}

type target struct {
	Target   named    `json:"target"`
	Light    string   `json:"light"`
	State    string   `json:"state"`
	Promise  string   `json:"promise"`
	Actual   *float64 `json:"actual"`
	Display  string   `json:"display"`
	Pace     *float64 `json:"pace"`
	Decimals int      `json:"decimals"`
}

type board struct {
	Year    int            `json:"year"`
	Today   string         `json:"today"`
	Counts  map[string]int `json:"counts"`
	Targets []target       `json:"targets"`
}

type targetDetail struct {
	target
	Quote struct {
		Text string `json:"text"`
	} `json:"quote"`
	Definition struct {
		SQL string `json:"sql"`
	} `json:"definition"`
	Districts []struct {
		Region named `json:"region"`
	} `json:"districts"`
	Deliveries []struct {
		ID string `json:"delivery_id"`
	} `json:"deliveries"`
}

type receipt struct {
	ID          string `json:"delivery_id"`
	Dataset     string `json:"dataset"`
	Status      string `json:"status"`
	Received    int    `json:"received"`
	Accepted    int    `json:"accepted"`
	Quarantined int    `json:"quarantined"`
	Duplicate   int    `json:"duplicate"`
	Snapshot    string `json:"snapshot_id"`
}
