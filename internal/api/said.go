package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/words"
)

// translated adds to a problem what it says in Chinese. Both languages are in
// the answer, like the titles of the pack, so that the console can change its
// language without asking again and support sees the words of the log.
func (p *Problem) translated() *Problem {
	said := Said{Detail: chinese(p.Detail), Hint: chinese(p.Hint)}
	for _, e := range p.Errors {
		said.Errors = append(said.Errors, chineseMistake(e))
	}
	if said.Detail != "" || said.Hint != "" || len(said.Errors) > 0 {
		p.ZH = &said
	}
	return p
}

// chinese is a sentence of the program in Chinese; empty when it is not known.
func chinese(sentence string) string {
	c, err := words.Chinese()
	if err != nil {
		return "" // embedded and held by a test; without it the English stays
	}
	said, _ := c.Told(sentence)
	return said
}

// chineseMistake words a mistake of a parameter, which names its place in
// brackets, and keeps the English of one that has no words.
func chineseMistake(mistake string) string {
	what, where, placed := strings.Cut(strings.TrimSuffix(mistake, ")"), " (")
	said := chinese(what)
	switch {
	case said == "":
		return mistake
	case !placed:
		return said
	}
	return said + "（" + where + "）"
}

// Sentences are what the program said in English: of receipts, which are signed
// as they are, of sources, of messages that did not arrive.
type Sentences struct {
	Sentences []string `json:"sentences" maxItems:"200"`
}

// InWords are sentences in Chinese.
type InWords struct {
	ZH []string `json:"zh" doc:"in the order of the sentences; empty where the program has no words for one"`
}

func (s *server) wordRoutes(api huma.API) {
	post(api, "say", "/words", "Sentences of the program in Chinese: of receipts, sources and other things that keep what was said in English", s.say)
}

func (s *server) say(_ *request, in *struct{ Body Sentences }) (*InWords, error) {
	out := InWords{ZH: make([]string, len(in.Body.Sentences))}
	for i, sentence := range in.Body.Sentences {
		out.ZH[i] = chinese(sentence)
	}
	return &out, nil
}
