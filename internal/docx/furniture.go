package docx

import (
	"fmt"
	"strings"
)

// The fonts of official documents, and what stands in for each.
const (
	fontTitle = "方正小标宋简体"
	fontText  = "仿宋_GB2312"
	fontKai   = "楷体_GB2312"
	fontHei   = "黑体"
	fontSong  = "宋体"
	fontLatin = "Times New Roman"
)

func fontTable() string {
	var b strings.Builder
	b.WriteString(`<w:fonts ` + namespaces + `>`)
	for _, f := range [][3]string{{fontTitle, "小标宋体,宋体,SimSun,Noto Serif CJK SC", "roman"}, {fontText, "仿宋,FangSong,Noto Serif CJK SC", "modern"},
		{fontKai, "楷体,KaiTi,Noto Serif CJK SC", "modern"}, {fontHei, "SimHei,Noto Sans CJK SC", "modern"}, {fontSong, "SimSun,Noto Serif CJK SC", "roman"}} {
		b.WriteString(`<w:font w:name="` + f[0] + `"><w:altName w:val="` + f[1] + `"/><w:charset w:val="86"/><w:family w:val="` + f[2] + `"/></w:font>`)
	}
	b.WriteString(`<w:font w:name="` + fontLatin + `"><w:charset w:val="00"/><w:family w:val="roman"/></w:font></w:fonts>`)
	return b.String()
}

// look is how a style looks: sizes in half points, distances in twentieths of a
// point.
type look struct {
	id, name string
	font     string
	size     int
	bold     bool
	align    string
	indent   int // of the first line, in hundredths of a character
	line     int // exact height of lines; 0 for single
	before   int
	after    int
	outline  int // 1 to 3 for headings
	keep     bool
	frame    bool
}

var looks = []look{
	{id: "Title", name: "Title", font: fontTitle, size: 44, align: "center", line: 640, before: 240, after: 120},
	{id: "Subtitle", name: "Subtitle", font: fontKai, size: 28, align: "center", line: 480, after: 240},
	{id: "Heading1", name: "heading 1", font: fontHei, size: 32, align: "left", indent: 200, line: 560, before: 120, outline: 1, keep: true},
	{id: "Heading2", name: "heading 2", font: fontKai, size: 32, align: "left", indent: 200, line: 560, outline: 2, keep: true},
	{id: "Heading3", name: "heading 3", font: fontText, size: 32, bold: true, align: "left", indent: 200, line: 560, outline: 3, keep: true},
	{id: "Notice", name: "Notice", font: fontKai, size: 24, align: "both", line: 400, before: 60, after: 60, frame: true},
	{id: "Caption", name: "caption", font: fontHei, size: 24, align: "center", line: 400, before: 160, after: 80},
	{id: "Remark", name: "Remark", font: fontSong, size: 18, align: "left", line: 280, before: 40, after: 60},
	{id: "Picture", name: "Picture", font: fontText, size: 24, align: "center", before: 120},
	{id: "Cell", name: "Cell", font: fontSong, size: 21, align: "left", before: 30, after: 30},
	{id: "Head", name: "Head", font: fontHei, size: 21, align: "center", before: 30, after: 30},
	{id: "EndnoteText", name: "endnote text", font: fontSong, size: 18, align: "left", line: 280, after: 20},
	{id: "Header", name: "header", font: fontSong, size: 18, align: "left"},
	{id: "Footer", name: "footer", font: fontSong, size: 28, align: "center"},
}

func (l look) xml() string {
	var b strings.Builder
	b.WriteString(`<w:style w:type="paragraph" w:styleId="` + l.id + `"><w:name w:val="` + l.name + `"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>`)
	if l.keep {
		b.WriteString(`<w:keepNext/>`)
	}
	if l.frame {
		b.WriteString(`<w:pBdr>`)
		for _, side := range []string{"top", "left", "bottom", "right"} {
			b.WriteString(`<w:` + side + ` w:val="single" w:sz="6" w:space="4" w:color="7F7F7F"/>`)
		}
		b.WriteString(`</w:pBdr>`)
	}
	line := `w:line="240" w:lineRule="auto"`
	if l.line > 0 {
		line = fmt.Sprintf(`w:line="%d" w:lineRule="exact"`, l.line)
	}
	fmt.Fprintf(&b, `<w:spacing w:before="%d" w:after="%d" %s/><w:ind w:firstLineChars="%d" w:firstLine="%d"/><w:jc w:val="%s"/>`, l.before, l.after, line, l.indent, l.indent*l.size/10, l.align)
	if l.outline > 0 {
		fmt.Fprintf(&b, `<w:outlineLvl w:val="%d"/>`, l.outline-1)
	}
	b.WriteString(`</w:pPr><w:rPr>` + fonts(l.font))
	if l.bold {
		b.WriteString(`<w:b/>`)
	}
	fmt.Fprintf(&b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr></w:style>`, l.size, l.size)
	return b.String()
}

func fonts(eastAsia string) string {
	return `<w:rFonts w:ascii="` + fontLatin + `" w:hAnsi="` + fontLatin + `" w:cs="` + fontLatin + `" w:eastAsia="` + eastAsia + `"/>`
}

func styles(lang string) string {
	var b strings.Builder
	b.WriteString(`<w:styles ` + namespaces + `><w:docDefaults><w:rPrDefault><w:rPr>` + fonts(fontText) + `<w:sz w:val="32"/><w:szCs w:val="32"/>` +
		`<w:lang w:val="` + escape(latinLang(lang)) + `" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`)
	b.WriteString(`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:line="560" w:lineRule="exact"/>` +
		`<w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/></w:pPr></w:style>`)
	for _, l := range looks {
		b.WriteString(l.xml())
	}
	b.WriteString(`<w:style w:type="character" w:styleId="EndnoteReference"><w:name w:val="endnote reference"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>`)
	b.WriteString(`<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		b.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="auto"/>`)
	}
	b.WriteString(`</w:tblBorders><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>`)
	return b.String()
}

// latinLang is the language of what is not Chinese.
func latinLang(lang string) string {
	if strings.HasPrefix(lang, "zh") || lang == "" {
		return "en-US"
	}
	return lang
}

func settings(string) string {
	return `<w:settings ` + namespaces + `><w:zoom w:percent="100"/><w:characterSpacingControl w:val="compressPunctuation"/>` +
		`<w:endnotePr><w:numFmt w:val="decimal"/><w:endnote w:id="-1"/><w:endnote w:id="0"/></w:endnotePr>` +
		`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`
}

// endnotes writes the notes. The first two stand for what sets them apart from
// the text, the first of them with their heading.
func endnotes(d *Document) string {
	var b strings.Builder
	b.WriteString(`<w:endnotes ` + namespaces + `><w:endnote w:type="separator" w:id="-1"><w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>` + escape(d.Endings) + `</w:t></w:r></w:p></w:endnote>` +
		`<w:endnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:pStyle w:val="EndnoteText"/></w:pPr><w:r><w:continuationSeparator/></w:r></w:p></w:endnote>`)
	for i, text := range d.Notes {
		fmt.Fprintf(&b, `<w:endnote w:id="%d"><w:p><w:pPr><w:pStyle w:val="EndnoteText"/></w:pPr><w:r><w:endnoteRef/></w:r>`+
			`<w:r><w:t xml:space="preserve"> %s</w:t></w:r></w:p></w:endnote>`, i+1, escape(text))
	}
	b.WriteString(`</w:endnotes>`)
	return b.String()
}

func header(d *Document) string {
	mark := ""
	if d.Mark != "" {
		mark = `<w:r><w:tab/></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>` + escape(d.Mark) + `</w:t></w:r>`
	}
	return fmt.Sprintf(`<w:hdr %s><w:p><w:pPr><w:pStyle w:val="Header"/><w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs></w:pPr><w:r><w:t>%s</w:t></w:r>%s</w:p></w:hdr>`,
		namespaces, textWidth, escape(d.Header), mark)
}

// footer writes the page number between two dashes.
func footer() string {
	return `<w:ftr ` + namespaces + `><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>` +
		`<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>` +
		`<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>`
}
