package words

import (
	"fmt"
	"strings"
)

// parse reads a file of sentences: a line with the sentence as the code writes
// it, below it a line with two blanks and the same in Chinese. Lines beginning
// with # and empty lines say nothing.
func (c *Catalogue) parse(name, text string) error {
	key := ""
	for i, line := range strings.Split(text, "\n") {
		bad := func(what string) error { return fmt.Errorf("%s:%d: %s", name, i+1, what) }
		said, indented := strings.CutPrefix(line, "  ")
		switch {
		case key == "" && (line == "" || strings.HasPrefix(line, "#")):
		case key == "" && indented:
			return bad("a translation stands without its sentence")
		case key == "":
			key = line
		case !indented || strings.TrimSpace(said) == "":
			return bad(fmt.Sprintf("the sentence %q has no translation below it", key))
		default:
			if err := c.add(key, said); err != nil {
				return bad(err.Error())
			}
			key = ""
		}
	}
	if key != "" {
		return fmt.Errorf("%s: the sentence %q has no translation", name, key)
	}
	return nil
}

func (c *Catalogue) add(key, said string) error {
	if c.Has(key) {
		return fmt.Errorf("the sentence %q is said twice", key)
	}
	p, err := compile(key, said)
	if err != nil {
		return err
	}
	c.exact[key] = said
	if p.form != nil {
		c.patterns = append(c.patterns, *p)
	}
	return nil
}
