package analysis

import "testing"

func TestCacheDropsTheLeastRecentlyUsed(t *testing.T) {
	t.Parallel()
	c := newCache[int](2)
	c.put("a", 1)
	c.put("b", 2)
	if v, ok := c.get("a"); !ok || v != 1 {
		t.Errorf("a is %d, %v", v, ok)
	}
	c.put("c", 3) // b was used least recently
	if _, ok := c.get("b"); ok {
		t.Error("b is still there")
	}
	c.put("a", 4)
	if v, ok := c.get("a"); !ok || v != 4 {
		t.Errorf("a is %d, %v, want the newer value", v, ok)
	}
	if v, ok := c.get("c"); !ok || v != 3 {
		t.Errorf("c is %d, %v", v, ok)
	}
}
