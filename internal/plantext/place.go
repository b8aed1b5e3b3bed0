package plantext

import (
	"slices"
	"strings"
)

// finder finds the places and bodies that a sentence names: those that are
// given, and those told by their endings.
type finder struct {
	places, bodies map[rune][]string // by their first character
}

func newFinder(o Options) *finder {
	f := &finder{places: map[rune][]string{}, bodies: map[rune][]string{}}
	fill := func(m map[rune][]string, names []string) {
		for _, n := range names {
			r := []rune(n)
			if len(r) >= 2 {
				m[r[0]] = append(m[r[0]], n)
			}
		}
		for k := range m {
			slices.SortFunc(m[k], func(a, b string) int {
				if len(a) != len(b) {
					return len(b) - len(a)
				}
				return strings.Compare(a, b)
			})
		}
	}
	fill(f.places, o.Places)
	fill(f.bodies, o.Bodies)
	return f
}

// groups of places, by which a plan promises for each of several.
var placeGroups = []string{"六城区", "各县（市、区）", "各县市区", "各县区", "各区县", "县县", "各乡镇", "各街道", "各县", "各区", "每个县", "每个乡镇", "各城区"}

// Endings of places and bodies; and words that end like one and are none.
var (
	placeEnds  = []string{"开发区", "示范区", "高新区", "经开区", "新区", "自治县", "自治州", "街道", "区", "县", "镇", "乡"}
	notPlaces  = []string{"服务区", "社区", "园区", "景区", "小区", "城区", "地区", "片区", "街区", "山区", "库区", "校区", "灾区", "市区", "县区", "全区", "我区", "该区", "集聚区", "功能区", "商务区", "试验区", "先行区", "厂区", "辖区", "老区", "林区", "牧区", "农区", "矿区", "港区", "保税区", "禁区", "误区", "居住区", "住宅区", "保护区", "示范区", "中心区", "旅游区", "度假区", "展区", "专区", "各区", "病区", "核心区", "改革区", "样板区", "产业区", "全县", "我县", "该县", "各县", "县县", "乡镇", "城镇", "村镇", "城乡", "我市", "特区", "沿线乡", "美丽镇", "街镇", "台区", "两镇", "首区", "强县", "大县", "市县", "重点镇", "特色镇", "中心镇", "建制镇", "工业区", "开发区", "新区", "示范县", "试点县", "先进县", "县", "区", "棚户区", "普惠县", "居民区", "院区", "湖区", "库区", "汇水区", "水源区", "湿地区", "林场区", "主城区", "老城区", "新城区", "开放区", "产区", "片镇", "强镇", "名镇", "百强镇", "入区", "营区", "楼区", "战区", "全镇", "全乡", "边区", "震区", "禁养区", "禁燃区", "控制区", "缓冲区", "自贸区", "综保区", "物流区", "合作区", "集中区", "引领区", "承载区", "融合区", "聚集区", "单元区", "分区", "大区", "校地区"}
	bodyEnds   = []string{"委员会", "管理局", "监督局", "发改委", "工信局", "人社局", "住建局", "局", "委", "办公室", "府办", "委办", "厅"}
	bodyStarts = []string{"市", "县", "区", "省", "由", "各", "：", "、", "，", "（", "委"}
)

// find names the places and bodies in [i, j) of a sentence.
func (f *finder) find(s *sentence, i, j int) (places, bodies []string) {
	for k := i; k < j; k++ {
		if name := given(f.bodies[s.r[k]], s.r, k, j); name != "" {
			bodies = addNew(bodies, name)
			k += len([]rune(name)) - 1
			continue
		}
		if name := given(f.places[s.r[k]], s.r, k, j); name != "" {
			places = addNew(places, name)
			k += len([]rune(name)) - 1
			continue
		}
		if k == i || boundary(s.r[k-1]) {
			if n := ending(s.r, k, j, 2, 6, placeEnds); n > 0 && !suffixOf(s.text(k, k+n), notPlaces) && clean(s.r[k:k+n]) {
				places = addNew(places, s.text(k, k+n))
				k += n - 1
				continue
			}
			if n := ending(s.r, k, j, 3, 12, bodyEnds); n > 0 && (startOf(s.text(k, k+2), bodyStarts) != "" || n <= 5) && cleanBody(s.r[k:k+n]) && !suffixOf(s.text(k, k+n), []string{"布局", "格局", "结局", "破局", "开局", "举办", "创办", "督办", "承办", "全局", "新局", "大局", "好办", "经办", "政局", "邮局", "交办", "主办", "兴办", "领办", "联办", "协办", "快办", "通办", "一窗办", "代办", "能办", "网办", "易办", "掌上办", "马上办", "委"}) {
				bodies = addNew(bodies, strings.TrimPrefix(s.text(k, k+n), "由"))
				k += n - 1
			}
		}
	}
	for _, g := range placeGroups {
		if strings.Contains(s.text(i, j), g) {
			places = addNew(places, g)
			break
		}
	}
	return places, bodies
}

func given(names []string, r []rune, k, j int) string {
	for _, n := range names {
		end := k + len([]rune(n))
		if end <= j && hasAt(r, k, n) && (end >= len(r) || !strings.ContainsRune("大街路桥湖河山", r[end])) {
			return n
		}
	}
	return ""
}

func addNew(list []string, name string) []string {
	if slices.Contains(list, name) {
		return list
	}
	return append(list, name)
}

// boundary says that a name may begin behind the character.
func boundary(r rune) bool { return !han(r) || strings.ContainsRune("在由对", r) }

// ending is the length of the shortest run from k that ends with one of the
// endings, between shortest and longest characters; 0 when there is none.
func ending(r []rune, k, j, shortest, longest int, ends []string) int {
	for n := shortest; n <= longest && k+n <= j; n++ {
		if !han(r[k+n-1]) {
			return 0
		}
		for _, e := range ends {
			size := len([]rune(e))
			if n > size && hasAt(r, k+n-size, e) && (k+n >= len(r) || !strings.ContainsRune("村域级城化情", r[k+n])) {
				return n
			}
		}
	}
	return 0
}

func suffixOf(text string, words []string) bool {
	for _, w := range words {
		if len(w) > len("区") && strings.HasSuffix(text, w) || text == w {
			return true
		}
	}
	return false
}

// clean says that a name holds no particle or verb that a name would not.
func clean(r []rune) bool {
	text := string(r)
	return !strings.ContainsAny(text, "的了是在把将和与及全各每个") && firstOf(text, []string{"建设", "推进", "打造", "支持", "加快", "开展", "实施", "完成", "新增", "提升", "建成", "实现"}) == ""
}

// cleanBody is clean for a body, whose name may well hold 建设.
func cleanBody(r []rune) bool { return !strings.ContainsAny(string(r), "的了是在把将每个") }
