package console

import (
	"io"
	"net/http"
)

// unbuiltPage is what stands in place of a console that was not built. It
// carries no script or style, so that the policy holds for it too.
const unbuiltPage = `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>晋阳 · Jinyang</title></head>
<body>
<h1>控制台尚未构建</h1>
<p>本程序编译时没有包含网页控制台。请在源代码目录运行 <code>make web</code>，再重新编译。接口 <a href="/api/openapi.json">/api/openapi.json</a> 不受影响。</p>
<h1>The console has not been built</h1>
<p>This binary was compiled without the web console. Run <code>make web</code> in the source folder and compile again. The API, <a href="/api/openapi.json">/api/openapi.json</a>, works all the same.</p>
</body>
</html>
`

// notBuilt answers every request with how to build the console.
func notBuilt(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header(), index)
	w.WriteHeader(http.StatusServiceUnavailable)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, unbuiltPage) // the client has gone; there is nobody to tell
	}
}
