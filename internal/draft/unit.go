package draft

import (
	"encoding/hex"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// unit is a unit of the pack with what one of it is in the base unit.
type unit struct {
	name  string // of the pack, or newUnit and the title of one to be declared
	scale float64
}

// newUnit stands before the title of a unit that the pack lacks.
const newUnit = ":"

// scaleOf parts a unit's title: 亿元 is 10^8 of 元.
func scaleOf(title string) (scale float64, base string) {
	scale, base = 1, title
	for {
		switch {
		case strings.HasPrefix(base, "万") && base != "万":
			scale, base = scale*1e4, strings.TrimPrefix(base, "万")
		case strings.HasPrefix(base, "亿") && base != "亿":
			scale, base = scale*1e8, strings.TrimPrefix(base, "亿")
		default:
			return scale, base
		}
	}
}

// unitFor chooses the unit of the pack for a value in a base unit: the largest
// in which the value is at least one, and the first of those with the same title.
func unitFor(c *city.City, base string, value float64) unit {
	best := unit{name: newUnit + base, scale: 1}
	for _, u := range c.Units {
		scale, b := scaleOf(u.Title.ZH)
		if b != base || scale > 1 && abs(value) < scale {
			continue
		}
		if strings.HasPrefix(best.name, newUnit) || scale > best.scale {
			best = unit{u.Name, scale}
		}
	}
	if base == "个百分点" && strings.HasPrefix(best.name, newUnit) {
		return unitFor(c, "%", value)
	}
	return best
}

func abs(v float64) float64 {
	if v < 0 {
		return -v
	}
	return v
}

// unitWords name units that texts often count in, for their declaration.
var unitWords = map[string][2]string{
	"亩": {"mu", "mu"}, "公里": {"km", "km"}, "吨": {"tonne", "tonnes"}, "平方米": {"m2", "m²"}, "张": {"bed", "beds"}, "所": {"school", "schools"}, "套": {"home", "homes"}, "辆": {"vehicle", "vehicles"}, "座": {"building", "buildings"}, "株": {"tree", "trees"},
	"人": {"person", "people"}, "户": {"household", "households"}, "个": {"place", "places"}, "家": {"institution", "institutions"}, "项": {"project", "projects"}, "条": {"line", "lines"}, "天": {"day", "days"}, "岁": {"year_of_age", "years"}, "倍": {"times", "times"}, "‰": {"permille", "‰"},
	"人次": {"visit", "times"}, "立方米": {"m3", "m³"}, "千瓦": {"kw", "kW"}, "千瓦时": {"kwh", "kWh"}, "公顷": {"hectare", "hectares"}, "斤": {"jin", "jin"}, "元": {"yuan", "yuan"}, "件": {"case", "cases"}, "个工作日": {"working_day", "working days"}, "台": {"device", "devices"},
	"%": {"percent", "%"}, "种": {"kind", "kinds"}, "处": {"site", "sites"}, "支": {"team", "teams"}, "名": {"person", "people"}, "次": {"time", "times"}, "年": {"year", "years"}, "小时": {"hour", "hours"}, "μg/m³": {"ug_m3", "μg/m³"}, "头": {"head", "head"},
}

// written is the title of the unit that a file would declare by a name; "" of
// others.
func written(name string) string {
	for zh, words := range unitWords {
		if words[0] == strings.TrimSuffix(name, "_n") && zh != "名" {
			return zh
		}
	}
	if raw, ok := strings.CutPrefix(name, "unit_"); ok {
		if zh, err := hex.DecodeString(raw); err == nil {
			return string(zh)
		}
	}
	return ""
}

// declared is the name of a unit in the file: the pack's, or that of one that
// the file declares.
func declared(c *city.City, name string) (id string, title city.Text, isNew bool) {
	zh, lacking := strings.CutPrefix(name, newUnit)
	if _, err := c.Unit(name); !lacking && err != nil {
		zh = written(name) // declared by the file as it was written before
		lacking = zh != ""
	}
	if !lacking {
		return name, city.Text{}, false
	}
	words, known := unitWords[zh]
	if !known {
		words = [2]string{"unit_" + hex.EncodeToString([]byte(zh)), zh}
	}
	for {
		if _, err := c.Unit(words[0]); err != nil {
			break
		}
		words[0] += "_n" // the name of another unit
	}
	if zh == "" {
		words, zh = [2]string{"number_of", "-"}, "无单位"
	}
	return words[0], city.Text{ZH: zh, EN: words[1]}, true
}
