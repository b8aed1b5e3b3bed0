package city

import "testing"

func TestDelay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, from, want string }{
		{"5d", "2024-10-31", "2024-11-05"},
		{"0d", "2024-10-31", "2024-10-31"},
		{"5wd", "2024-10-31", "2024-11-07"}, // a Thursday: Friday, then Monday to Thursday
		{"1wd", "2024-11-30", "2024-12-02"}, // a Saturday
		{"0wd", "2024-11-30", "2024-11-30"},
	} {
		d, err := ParseDelay(c.text)
		if err != nil || d.String() != c.text {
			t.Fatalf("%s: %v, %v", c.text, d, err)
		}
		from, err := ParseDate(c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.After(from).String(); got != c.want {
			t.Errorf("%s after %s is %s, want %s", c.text, c.from, got, c.want)
		}
	}
	for _, bad := range []string{"", "5", "d", "wd", "-1d", "1000d", "5 d", "5w"} {
		if _, err := ParseDelay(bad); err == nil {
			t.Errorf("%q is read as a delay", bad)
		}
	}
}
